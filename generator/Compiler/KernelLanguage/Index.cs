using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Compiler.KernelLanguage;

/// <summary>
/// An integer: a loop's variable, a distance in memory, a bound. Sums and products of known numbers are computed at once, and terms without
/// effect are left out, so that offsets stay short.
/// </summary>
internal abstract class Index : Expression
{
    private protected Index(int hash, params Expression[] operands)
        : base(ElementType.Int, hash, operands)
    {
    }

    public static implicit operator Index(int value) => new Number(value);

    public static Index operator +(Index left, Index right) => Arithmetic(BinaryOperator.Add, left, right);

    public static Index operator -(Index left, Index right) => Arithmetic(BinaryOperator.Subtract, left, right);

    public static Index operator *(Index left, Index right) => Arithmetic(BinaryOperator.Multiply, left, right);

    public static Index operator /(Index left, Index right) => Arithmetic(BinaryOperator.Divide, left, right);

    public static Index operator %(Index left, Index right) => Arithmetic(BinaryOperator.Modulo, left, right);

    public static Expression operator <(Index left, Index right) => new Binary(BinaryOperator.Less, left, right);

    public static Expression operator >(Index left, Index right) => new Binary(BinaryOperator.Greater, left, right);

    /// <summary>
    /// A sum of variable × stride. Kernels of one form may differ in their strides, except in those of columns, which are in every address
    /// of an innermost loop.
    /// </summary>
    public static Index Sum(params (Index Variable, int Stride)[] terms) => terms.Aggregate(
        (Index)0, (sum, term) => sum + (term.Variable * (term.Variable is IndexVariable { Name: not ("column" or "tileColumn") } variable
            ? Number.Named(term.Stride, variable.Name + "Stride") : term.Stride)));

    /// <summary>Whether two numbers are equal.</summary>
    public static Expression AreEqual(Index left, Index right) => new Binary(BinaryOperator.Equal, left, right);

    public static Index Min(Index left, Index right) => left is Number { Name: "" } a && right is Number { Name: "" } b
        ? Math.Min(a.Value, b.Value) : Call(IndexFunction.Min, left, right);

    public static Index Max(Index left, Index right) => Call(IndexFunction.Max, left, right);

    public static Index Abs(Index x) => Call(IndexFunction.Abs, x);

    public static Index Clamp(Index x, Index least, Index most) => Call(IndexFunction.Clamp, x, least, most);

    /// <summary>A number without its fraction.</summary>
    public static Index Truncate(Expression x) => new Truncation(x);

    /// <summary>A choice between two numbers by a condition.</summary>
    public static Index Choose(Expression condition, Index then, Index otherwise) => new IndexChoice(condition, then, otherwise);

    /// <summary>Whether this is a literal with a given value.</summary>
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
            case BinaryOperator.Add or BinaryOperator.Subtract when isNumber
                && left is IndexBinary { Operator: BinaryOperator.Add or BinaryOperator.Subtract, Right: Number { Name: "" } addend } sum:
                return sum.Left
                    + ((sum.Operator == BinaryOperator.Add ? addend.Value : -addend.Value) + (symbol == BinaryOperator.Add ? b : -b));
            case BinaryOperator.Add when right is IndexBinary { Operator: BinaryOperator.Add }:
                var terms = new Stack<Index>();
                Index rest = right;
                for (; rest is IndexBinary { Operator: BinaryOperator.Add } sum; rest = sum.Left)
                {
                    terms.Push(sum.Right);
                }

                return terms.Aggregate(left + rest, (sum, term) => sum + term);
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

    private static IndexCall Call(IndexFunction function, params Index[] arguments) => new(function, arguments);
}

/// <summary>A known number. Numbers are equal by value, since a name does not change the result.</summary>
/// <param name="name">The name of the parameter that it may become in a method that serves several kernels; empty where it stays a
/// literal.</param>
internal sealed class Number(int value, string name = "") : Index(value)
{
    public int Value { get; } = value;

    public string Name => name;

    /// <summary>Whether it becomes a native integer, which needs no conversion where it is added to an address.</summary>
    public bool IsOffset { get; init; }

    /// <summary>Whether it becomes a parameter only if the network has several sizes.</summary>
    public bool IsOfSizes { get; init; }

    /// <summary>A number in which the kernels of several sizes of a network differ. At one size it stays a literal.</summary>
    public static Number OfSizes(int value, string name) => new(value, name) { IsOfSizes = true };

    /// <summary>
    /// A number in which kernels of one form may differ: an extent, or a stride. 0 and 1 have no name, since they change the form.
    /// </summary>
    public static Number Named(int value, string name) => value is 0 or 1 ? new(value) : new(value, name);

    /// <summary>The same for an offset that is added to the address of a vector in an innermost loop.</summary>
    public static Number Offset(int value, string name) =>
        Named(value, name) is { Name.Length: > 0 } ? new(value, name) { IsOffset = true } : new(value);

    private protected override bool HasForm(Expression other) => Value == ((Number)other).Value;
}

/// <summary>A loop's variable, or one that is computed in the kernel.</summary>
internal sealed class IndexVariable(string name) : Index(StringComparer.Ordinal.GetHashCode(name))
{
    public string Name => name;

    /// <summary>Whether it is a native integer, as <see cref="Number.IsOffset"/>.</summary>
    public bool IsOffset { get; init; }

    /// <summary><c>firstRow</c> for <c>row</c>.</summary>
    public string Prefixed(string prefix) => prefix + Capital(name);

    private protected override bool HasForm(Expression other) =>
        other is IndexVariable variable && name == variable.Name && IsOffset == variable.IsOffset;
}

/// <summary>An operator of two integers.</summary>
internal sealed class IndexBinary(BinaryOperator symbol, Index left, Index right) : Index(809 + (int)symbol, left, right)
{
    public BinaryOperator Operator => symbol;

    public Index Left => (Index)Operands[0];

    public Index Right => (Index)Operands[1];

    private protected override Expression WithOperands(Expression[] operands) => Arithmetic(symbol, (Index)operands[0], (Index)operands[1]);

    private protected override bool HasForm(Expression other) => symbol == ((IndexBinary)other).Operator;
}

internal enum IndexFunction
{
    Min,
    Max,

    /// <summary>The absolute value.</summary>
    Abs,

    /// <summary>The nearest number between two bounds.</summary>
    Clamp,
}

/// <summary>A function of integers.</summary>
internal sealed class IndexCall(IndexFunction function, params Expression[] arguments) : Index(859 + (int)function, arguments)
{
    public IndexFunction Function => function;

    public IReadOnlyList<Expression> Arguments => Operands;

    private protected override Expression WithOperands(Expression[] operands) =>
        function == IndexFunction.Min ? Min((Index)operands[0], (Index)operands[1]) : new IndexCall(function, operands);

    private protected override bool HasForm(Expression other) => function == ((IndexCall)other).Function;
}

/// <summary>A number without its fraction.</summary>
internal sealed class Truncation(Expression operand) : Index(907, operand)
{
    public Expression Operand => Operands[0];

    private protected override Expression WithOperands(Expression[] operands) => new Truncation(operands[0]);

    private protected override bool HasForm(Expression other) => true;
}

/// <summary>A choice between two integers by a condition.</summary>
internal sealed class IndexChoice(Expression condition, Index then, Index otherwise) : Index(1009, condition, then, otherwise)
{
    public Expression Condition => Operands[0];

    public Index Then => (Index)Operands[1];

    public Index Else => (Index)Operands[2];

    private protected override Expression WithOperands(Expression[] operands) =>
        new IndexChoice(operands[0], (Index)operands[1], (Index)operands[2]);

    private protected override bool HasForm(Expression other) => true;
}

/// <summary>An integer in memory.</summary>
internal sealed class IndexLoad(Reference source) : Index(1103 ^ source.Pointer.GetHashCode(), source.Offset)
{
    public Reference Source => source;

    private protected override Expression WithOperands(Expression[] operands) => new IndexLoad(source with { Offset = (Index)operands[0] });

    private protected override bool HasForm(Expression other) => source.Pointer == ((IndexLoad)other).Source.Pointer;
}
