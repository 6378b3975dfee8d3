using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Generator.KernelLanguage;

/// <summary>What an expression is in each lane.</summary>
internal enum ElementKind
{
    Float,

    /// <summary>True or false.</summary>
    Mask,
}

/// <summary>
/// A computation in every lane by itself, as a value: operators that are formulas are written with it, and passes read it. Two expressions are
/// equal when they compute the same in the same order, so that whatever holds them stays cacheable.
/// </summary>
internal abstract record Expression
{
    public abstract ElementKind Kind { get; }

    /// <summary>What it is computed from, in order.</summary>
    public virtual IReadOnlyList<Expression> Operands => [];

    /// <summary>The same of other operands.</summary>
    public virtual Expression With(IReadOnlyList<Expression> operands) => this;

    public static implicit operator Expression(double value) => new Constant((float)value);

    public static Expression operator +(Expression left, Expression right) => new Binary(BinaryOperator.Add, left, right);

    public static Expression operator -(Expression left, Expression right) => new Binary(BinaryOperator.Subtract, left, right);

    public static Expression operator *(Expression left, Expression right) => new Binary(BinaryOperator.Multiply, left, right);

    public static Expression operator /(Expression left, Expression right) => new Binary(BinaryOperator.Divide, left, right);

    public static Expression operator -(Expression x) => new Unary(UnaryOperator.Negate, x);

    public static Expression operator >(Expression left, Expression right) => new Binary(BinaryOperator.Greater, left, right);

    public static Expression operator <(Expression left, Expression right) => new Binary(BinaryOperator.Less, left, right);

    public static Expression operator >=(Expression left, Expression right) => new Binary(BinaryOperator.GreaterOrEqual, left, right);

    public static Expression operator <=(Expression left, Expression right) => new Binary(BinaryOperator.LessOrEqual, left, right);

    /// <summary>Both masks; or a value where a mask is true, and 0 elsewhere.</summary>
    public static Expression operator &(Expression mask, Expression value) => new Binary(BinaryOperator.And, mask, value);

    public static Expression operator ~(Expression mask) => new Unary(UnaryOperator.Not, mask);

    /// <summary>Whether two values are equal; <c>==</c> compares the expressions.</summary>
    public static Expression AreEqual(Expression left, Expression right) => new Binary(BinaryOperator.Equal, left, right);

    /// <summary>One value where a mask is true, the other elsewhere.</summary>
    public static Expression Select(Expression mask, Expression then, Expression otherwise) => new Select(mask, then, otherwise);

    /// <summary>This, and all that it is computed from.</summary>
    public IEnumerable<Expression> All => Operands.SelectMany(operand => operand.All).Prepend(this);

    public bool Reads(Variable variable) => All.Contains(variable);

    /// <summary>The same with another expression wherever one stands.</summary>
    public Expression Replace(Expression what, Expression by) =>
        Equals(what) ? by : Operands.Count == 0 ? this : With([.. Operands.Select(operand => operand.Replace(what, by))]);
}

/// <summary>A number, the same in every lane.</summary>
/// <param name="Bits">Of a float: by value, 0 and −0 would be one, and NaN none.</param>
internal sealed record Constant(int Bits) : Expression
{
    public Constant(float value)
        : this(BitConverter.ToInt32(BitConverter.GetBytes(value), 0))
    {
    }

    public override ElementKind Kind => ElementKind.Float;

    public float Value => BitConverter.ToSingle(BitConverter.GetBytes(Bits), 0);
}

/// <summary>A value that has a name.</summary>
internal sealed record Variable(string Name) : Expression
{
    public override ElementKind Kind => ElementKind.Float;
}

internal enum UnaryOperator
{
    Negate,

    /// <summary>Of a mask.</summary>
    Not,
}

/// <summary>An operator of one operand.</summary>
internal sealed record Unary(UnaryOperator Operator, Expression Operand) : Expression
{
    public override ElementKind Kind => Operand.Kind;

    public override IReadOnlyList<Expression> Operands => [Operand];

    public override Expression With(IReadOnlyList<Expression> operands) => this with { Operand = operands[0] };
}

internal enum BinaryOperator
{
    Add,
    Subtract,
    Multiply,
    Divide,
    And,
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// <summary>An operator of two operands.</summary>
internal sealed record Binary(BinaryOperator Operator, Expression Left, Expression Right) : Expression
{
    public bool IsComparison => Operator >= BinaryOperator.Equal;

    public override ElementKind Kind => IsComparison ? ElementKind.Mask : Operator == BinaryOperator.And ? Right.Kind : ElementKind.Float;

    public override IReadOnlyList<Expression> Operands => [Left, Right];

    public override Expression With(IReadOnlyList<Expression> operands) => this with { Left = operands[0], Right = operands[1] };
}

/// <summary>One value where a mask is true, the other elsewhere. Both are computed.</summary>
internal sealed record Select(Expression Mask, Expression Then, Expression Else) : Expression
{
    public override ElementKind Kind => Then.Kind;

    public override IReadOnlyList<Expression> Operands => [Mask, Then, Else];

    public override Expression With(IReadOnlyList<Expression> operands) => new Select(operands[0], operands[1], operands[2]);
}

/// <summary>A function of some values.</summary>
internal sealed record Call(Function Function, EquatableArray<Expression> Arguments) : Expression
{
    public override ElementKind Kind => ElementKind.Float;

    public override IReadOnlyList<Expression> Operands => [.. Arguments];

    public override Expression With(IReadOnlyList<Expression> operands) => this with { Arguments = operands.ToEquatableArray() };
}
