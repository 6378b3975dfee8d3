using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Generator.KernelLanguage;

/// <summary>
/// A computation as a value: formulas of operators and the bodies of kernels are written with it, and passes read it. Two expressions are equal
/// when they compute the same in the same order, so that whatever holds them stays cacheable. A formula knows no type of number: its variables
/// are vectors, in every lane of which the same is done, and become floats where there are no lanes.
/// </summary>
internal abstract record Expression
{
    public abstract ElementType Type { get; }

    /// <summary>Its operands, in order.</summary>
    public virtual IReadOnlyList<Expression> Operands => [];

    /// <summary>The same expression of other operands; the same object if they are the same, since passes go through whole kernels.</summary>
    public virtual Expression Map(Func<Expression, Expression> change) => this;

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

    /// <summary>One of two masks, or the bits of both numbers.</summary>
    public static Expression operator |(Expression left, Expression right) => new Binary(BinaryOperator.Or, left, right);

    public static Expression operator ~(Expression mask) => new Unary(UnaryOperator.Not, mask);

    /// <summary>Whether two values are equal; <c>==</c> compares the expressions.</summary>
    public static Expression AreEqual(Expression left, Expression right) => new Binary(BinaryOperator.Equal, left, right);

    /// <summary>One value where a mask is true, the other elsewhere.</summary>
    public static Expression Select(Expression mask, Expression then, Expression otherwise) => new Select(mask, then, otherwise);

    /// <summary>This expression, and all that it is computed from.</summary>
    public IEnumerable<Expression> All => Operands.SelectMany(operand => operand.All).Prepend(this);

    public bool Reads(Variable variable) => All.Contains(variable);

    /// <summary>The same with every occurrence of an expression replaced.</summary>
    public Expression Replace(Expression what, Expression by) =>
        Equals(what) ? by : Map(operand => operand.Replace(what, by));
}

/// <summary>A number, the same in every lane.</summary>
/// <param name="Pattern">The bits of a float or double: compared by value, 0 and −0 would be equal, and NaN not equal to itself.</param>
internal sealed record Constant(long Pattern, ElementType Kind) : Expression
{
    /// <summary>A number in every lane.</summary>
    public Constant(float value)
        : this(BitConverter.ToInt32(BitConverter.GetBytes(value), 0), ElementType.Vector)
    {
    }

    public override ElementType Type => Kind;

    public double Value => Kind.Scalar == ScalarType.Double
        ? BitConverter.Int64BitsToDouble(Pattern) : BitConverter.ToSingle(BitConverter.GetBytes((int)Pattern), 0);

    /// <summary>One float.</summary>
    public static Constant Single(double value) => new Constant((float)value) with { Kind = ElementType.Float };

    public static Constant Double(double value) => new(BitConverter.DoubleToInt64Bits(value), ElementType.Double);
}

/// <summary>A constant vector: a number for each lane.</summary>
internal sealed record LaneConstants(EquatableArray<int> Values) : Expression
{
    public override ElementType Type => ElementType.WideInt;
}

/// <summary>A value that has a name.</summary>
internal sealed record Variable(string Name, ElementType Kind) : Expression
{
    /// <summary>One in every lane.</summary>
    public Variable(string name)
        : this(name, ElementType.Vector)
    {
    }

    public override ElementType Type => Kind;
}

internal enum UnaryOperator
{
    Negate,

    /// <summary>Of a mask, or of bits.</summary>
    Not,
}

/// <summary>An operator of one operand.</summary>
internal sealed record Unary(UnaryOperator Operator, Expression Operand) : Expression
{
    public override ElementType Type => Operand.Type;

    public override IReadOnlyList<Expression> Operands => [Operand];

    public override Expression Map(Func<Expression, Expression> change)
    {
        Expression operand = change(Operand);
        return ReferenceEquals(operand, Operand) ? this : this with { Operand = operand };
    }
}

internal enum BinaryOperator
{
    Add,
    Subtract,
    Multiply,
    Divide,

    /// <summary>The rest of a division.</summary>
    Modulo,
    And,
    Or,
    ShiftLeft,
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

    public override ElementType Type => IsComparison ? new(ScalarType.Bool, Left.Type.IsWide)
        : Operator == BinaryOperator.And || (Left.Type.Scalar == ScalarType.Int && !Left.Type.IsWide) ? Right.Type
        : Right.Type.Scalar == ScalarType.Double ? Right.Type : Left.Type;

    public override IReadOnlyList<Expression> Operands => [Left, Right];

    public override Expression Map(Func<Expression, Expression> change)
    {
        (Expression left, Expression right) = (change(Left), change(Right));
        return ReferenceEquals(left, Left) && ReferenceEquals(right, Right) ? this : new Binary(Operator, left, right);
    }
}

/// <summary>One value where a mask is true, the other elsewhere. Both are computed, unless the mask is a single truth value.</summary>
internal sealed record Select(Expression Mask, Expression Then, Expression Else) : Expression
{
    public override ElementType Type => Then.Type;

    public override IReadOnlyList<Expression> Operands => [Mask, Then, Else];

    public override Expression Map(Func<Expression, Expression> change)
    {
        (Expression mask, Expression then, Expression otherwise) = (change(Mask), change(Then), change(Else));
        return ReferenceEquals(mask, Mask) && ReferenceEquals(then, Then) && ReferenceEquals(otherwise, Else) ? this : new Select(mask, then, otherwise);
    }
}

/// <summary>A function of some values.</summary>
internal sealed record Call(Function Function, EquatableArray<Expression> Arguments) : Expression
{
    public Call(Function function, params Expression[] arguments)
        : this(function, EquatableArray.Of(arguments))
    {
    }

    public override ElementType Type => Function.Result ?? Arguments[0].Type;

    public override IReadOnlyList<Expression> Operands => [.. Arguments];

    public override Expression Map(Func<Expression, Expression> change)
    {
        Expression[]? changed = null;
        for (int i = 0; i < Arguments.Count; i++)
        {
            Expression argument = change(Arguments[i]);
            if (changed is null && !ReferenceEquals(argument, Arguments[i]))
            {
                changed = [.. Arguments];
            }

            if (changed is not null)
            {
                changed[i] = argument;
            }
        }

        return changed is null ? this : new Call(Function, changed);
    }
}

/// <summary>A number in every lane.</summary>
internal sealed record Broadcast(Expression Operand) : Expression
{
    public override ElementType Type => Operand.Type with { IsWide = true };

    public override IReadOnlyList<Expression> Operands => [Operand];

    public override Expression Map(Func<Expression, Expression> change)
    {
        Expression operand = change(Operand);
        return ReferenceEquals(operand, Operand) ? this : this with { Operand = operand };
    }
}

/// <summary>A number as one of another type.</summary>
internal sealed record Conversion(ElementType Target, Expression Operand) : Expression
{
    public override ElementType Type => Target;

    public override IReadOnlyList<Expression> Operands => [Operand];

    public override Expression Map(Func<Expression, Expression> change)
    {
        Expression operand = change(Operand);
        return ReferenceEquals(operand, Operand) ? this : this with { Operand = operand };
    }
}

/// <summary>The contents of a place in memory: a vector that begins there, or one element. Where the place holds halves of floats, they become floats.</summary>
internal sealed record Load(Reference Source, ElementType Kind) : Expression
{
    public override ElementType Type => Kind;

    public override IReadOnlyList<Expression> Operands => [Source.Offset];

    public override Expression Map(Func<Expression, Expression> change)
    {
        Expression offset = change(Source.Offset);
        return ReferenceEquals(offset, Source.Offset) ? this : this with { Source = Source with { Offset = (Index)offset } };
    }
}

/// <summary>A place itself, as the argument of a function.</summary>
internal sealed record AddressOf(Reference Target) : Expression
{
    public override ElementType Type => ElementType.None;

    public override IReadOnlyList<Expression> Operands => [Target.Offset];

    public override Expression Map(Func<Expression, Expression> change)
    {
        Expression offset = change(Target.Offset);
        return ReferenceEquals(offset, Target.Offset) ? this : new AddressOf(Target with { Offset = (Index)offset });
    }
}

/// <summary>The initial value of a type: an empty sum.</summary>
internal sealed record Default(ElementType Kind) : Expression
{
    public override ElementType Type => Kind;
}
