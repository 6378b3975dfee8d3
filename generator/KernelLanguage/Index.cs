using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Generator.KernelLanguage;

/// <summary>
/// An integer: a loop's variable, a distance in memory, a bound. Sums and products of known numbers are computed at once, and terms without
/// effect are left out, so that offsets stay short.
/// </summary>
internal abstract record Index : Expression
{
    protected const string Minimum = "Math.Min";

    public sealed override ElementType Type => ElementType.Int;

    public static implicit operator Index(int value) => new Number(value);

    public static Index operator +(Index left, Index right) => Arithmetic(BinaryOperator.Add, left, right);

    public static Index operator -(Index left, Index right) => Arithmetic(BinaryOperator.Subtract, left, right);

    public static Index operator *(Index left, Index right) => Arithmetic(BinaryOperator.Multiply, left, right);

    public static Index operator /(Index left, Index right) => Arithmetic(BinaryOperator.Divide, left, right);

    public static Index operator %(Index left, Index right) => Arithmetic(BinaryOperator.Modulo, left, right);

    public static Expression operator <(Index left, Index right) => new Binary(BinaryOperator.Less, left, right);

    public static Expression operator >(Index left, Index right) => new Binary(BinaryOperator.Greater, left, right);

    /// <summary>
    /// A sum of variable × stride. Kernels of one form may differ in their strides, except in those of columns, which are in every address of an
    /// innermost loop.
    /// </summary>
    public static Index Sum(params (Index Variable, int Stride)[] terms) => terms.Aggregate(
        (Index)0, (sum, term) => sum + (term.Variable * (term.Variable is IndexVariable { Name: not ("column" or "tileColumn") } variable
            ? Number.Named(term.Stride, variable.Name + "Stride") : term.Stride)));

    /// <summary>Whether two numbers are equal.</summary>
    public static Expression AreEqual(Index left, Index right) => new Binary(BinaryOperator.Equal, left, right);

    public static Index Min(Index left, Index right) => left is Number { Name: "" } a && right is Number { Name: "" } b
        ? Math.Min(a.Value, b.Value) : Of(Minimum, left, right);

    public static Index Max(Index left, Index right) => Of("Math.Max", left, right);

    public static Index Abs(Index x) => Of("Math.Abs", x);

    public static Index Clamp(Index x, Index least, Index most) => Of("Math.Clamp", x, least, most);

    /// <summary>A number without its fraction.</summary>
    public static Index Truncate(Expression x) => new Truncation(x);

    /// <summary>One of two numbers.</summary>
    public static Index Choose(Expression condition, Index then, Index otherwise) => new IndexChoice(condition, then, otherwise);

    /// <summary>Whether this is a given number.</summary>
    public bool Is(int value) => this is Number { Name: "" } number && number.Value == value;

    /// <summary>The name of a variable as the beginning of another: <c>row</c> is <c>Row</c> in <c>firstRow</c>.</summary>
    protected static string Capital(string name) => char.ToUpperInvariant(name[0]) + name.Substring(1);

    public static Index Arithmetic(BinaryOperator symbol, Index left, Index right)
    {
        (bool known, int a) = left is Number { Name: "" } l ? (true, l.Value) : (false, 0);
        (bool isNumber, int b) = right is Number { Name: "" } r ? (true, r.Value) : (false, 0);
        switch (symbol)
        {
            case BinaryOperator.Add when known && isNumber:
                return a + b;
            case BinaryOperator.Subtract when known && isNumber:
                return a - b;
            case BinaryOperator.Multiply when known && isNumber:
                return a * b;
            case BinaryOperator.Divide when known && isNumber && b != 0:
                return a / b;
            case BinaryOperator.Modulo when known && isNumber && b != 0:
                return a % b;
            case BinaryOperator.Add when known && a == 0:
                return right;
            case BinaryOperator.Add or BinaryOperator.Subtract when isNumber && b == 0:
                return left;
            case BinaryOperator.Add or BinaryOperator.Subtract when isNumber && left is IndexBinary { Operator: BinaryOperator.Add or BinaryOperator.Subtract, Right: Number { Name: "" } addend } sum:
                return sum.Left + ((sum.Operator == BinaryOperator.Add ? addend.Value : -addend.Value) + (symbol == BinaryOperator.Add ? b : -b));
            case BinaryOperator.Add when right is IndexBinary { Operator: BinaryOperator.Add } sum:
                return left + sum.Left + sum.Right;
            case BinaryOperator.Add when isNumber && b < 0:
                return new IndexBinary(BinaryOperator.Subtract, left, -b);
            case BinaryOperator.Multiply when (known && a == 0) || (isNumber && b == 0):
                return 0;
            case BinaryOperator.Multiply when known && a == 1:
                return right;
            case BinaryOperator.Multiply or BinaryOperator.Divide when isNumber && b == 1:
                return left;
            case BinaryOperator.Modulo when isNumber && b == 1:
                return 0;
            default:
                return new IndexBinary(symbol, left, right);
        }
    }

    private static IndexCall Of(string function, params Index[] arguments) => new IndexCall(function, EquatableArray.Of(arguments));
}

/// <summary>A known number. Numbers are equal by value, since a name does not change the result.</summary>
/// <param name="Name">The name of the parameter that it may become in a method that serves several kernels; empty where it stays a literal.</param>
internal sealed record Number(int Value, string Name = "") : Index
{
    /// <summary>
    /// A number in which kernels of one form may differ: an extent, or a stride. 0 and 1 have no name, since they change the form.
    /// </summary>
    public static Number Named(int value, string name) => value is 0 or 1 ? new(value) : new(value, name);

    /// <summary>The same for an offset that is added to the address of a vector in an innermost loop.</summary>
    public static Number Offset(int value, string name) => Named(value, name) is { Name.Length: > 0 } named ? named with { IsOffset = true } : new(value);

    /// <summary>Whether it becomes a native integer, which needs no conversion where it is added to an address.</summary>
    public bool IsOffset { get; init; }

    public bool Equals(Number? other) => Value == other?.Value;

    public override int GetHashCode() => Value;
}

/// <summary>A loop's variable, or one that is computed in the kernel.</summary>
internal sealed record IndexVariable(string Name) : Index
{
    /// <summary>Whether it is a native integer, as <see cref="Number.IsOffset"/>.</summary>
    public bool IsOffset { get; init; }

    /// <summary><c>firstRow</c> for <c>row</c>.</summary>
    public string Prefixed(string prefix) => prefix + Capital(Name);
}

/// <summary>An operator of two integers.</summary>
internal sealed record IndexBinary(BinaryOperator Operator, Index Left, Index Right) : Index
{
    public override IReadOnlyList<Expression> Operands => [Left, Right];

    public override Expression Map(Func<Expression, Expression> change)
    {
        (Expression left, Expression right) = (change(Left), change(Right));
        return ReferenceEquals(left, Left) && ReferenceEquals(right, Right) ? this : Arithmetic(Operator, (Index)left, (Index)right);
    }
}

/// <summary>A function of integers.</summary>
internal sealed record IndexCall(string Function, EquatableArray<Index> Arguments) : Index
{
    public override IReadOnlyList<Expression> Operands => [.. Arguments];

    public override Expression Map(Func<Expression, Expression> change)
    {
        Index[] arguments = [.. Arguments.Select(change).Cast<Index>()];
        return arguments.SequenceEqual(Arguments) ? this : Function == Minimum ? Min(arguments[0], arguments[1]) : this with { Arguments = arguments.ToEquatableArray() };
    }
}

/// <summary>A number without its fraction.</summary>
internal sealed record Truncation(Expression Operand) : Index
{
    public override IReadOnlyList<Expression> Operands => [Operand];

    public override Expression Map(Func<Expression, Expression> change)
    {
        Expression operand = change(Operand);
        return ReferenceEquals(operand, Operand) ? this : new Truncation(operand);
    }
}

/// <summary>One of two integers.</summary>
internal sealed record IndexChoice(Expression Condition, Index Then, Index Else) : Index
{
    public override IReadOnlyList<Expression> Operands => [Condition, Then, Else];

    public override Expression Map(Func<Expression, Expression> change)
    {
        (Expression condition, Expression then, Expression otherwise) = (change(Condition), change(Then), change(Else));
        return ReferenceEquals(condition, Condition) && ReferenceEquals(then, Then) && ReferenceEquals(otherwise, Else)
            ? this : new IndexChoice(condition, (Index)then, (Index)otherwise);
    }
}

/// <summary>An integer in memory.</summary>
internal sealed record IndexLoad(Reference Source) : Index
{
    public override IReadOnlyList<Expression> Operands => [Source.Offset];

    public override Expression Map(Func<Expression, Expression> change)
    {
        Expression offset = change(Source.Offset);
        return ReferenceEquals(offset, Source.Offset) ? this : new IndexLoad(Source with { Offset = (Index)offset });
    }
}
