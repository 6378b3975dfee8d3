using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Compiler.KernelLanguage;

/// <summary>
/// A computation as a value: formulas of operators and the bodies of kernels are written with it, and passes read it. Two expressions are
/// equal when they compute the same in the same order, so that whatever holds them stays cacheable. A formula knows no type of number: its
/// variables are vectors, in every lane of which the same is done, and become floats where there are no lanes.
/// </summary>
/// <remarks>
/// What passes ask of a tree again and again (type, size, hash) is computed when its root is made, from those of the operands. No member
/// here recurses, so that a sum of thousands of terms is neither slow nor too deep for the stack.
/// </remarks>
internal abstract class Expression : IEquatable<Expression>
{
    private readonly Expression[] _operands;
    private readonly int _hash;

    /// <param name="type">The type of its value.</param>
    /// <param name="hash">The hash of what it has beside its operands.</param>
    /// <param name="operands">In order.</param>
    private protected Expression(ElementType type, int hash, params Expression[] operands)
    {
        (Type, _operands) = (type, operands);
        long size = 1;
        foreach (Expression operand in operands)
        {
            size += operand.Size;
            hash = unchecked((hash * 16777619) ^ operand._hash);
        }

        (Size, _hash) = ((int)Math.Min(size, int.MaxValue), unchecked((hash * 31) + operands.Length));
    }

    public ElementType Type { get; }

    /// <summary>The number of expressions in the tree. An expression that is shared counts each time.</summary>
    public int Size { get; }

    public IReadOnlyList<Expression> Operands => _operands;

    /// <summary>
    /// The same expression of other operands; the same object if they are the same, since passes go through whole kernels.
    /// </summary>
    public Expression Map(Func<Expression, Expression> change)
    {
        Cancellation.ThrowIfRequested();
        Expression[]? changed = null;
        for (int i = 0; i < _operands.Length; i++)
        {
            Expression operand = change(_operands[i]);
            if (changed is null && !ReferenceEquals(operand, _operands[i]))
            {
                changed = [.. _operands];
            }

            if (changed is not null)
            {
                changed[i] = operand;
            }
        }

        return changed is null ? this : WithOperands(changed);
    }

    /// <summary>A copy with other operands.</summary>
    private protected virtual Expression WithOperands(Expression[] operands) => this;

    /// <summary>Whether another expression of the same class differs in its operands at most.</summary>
    private protected abstract bool HasForm(Expression other);

    public bool Equals(Expression? other)
    {
        if (ReferenceEquals(this, other))
        {
            return true;
        }

        if (other is null || !IsAlike(this, other))
        {
            return false;
        }

        // What is still to be compared. Most trees are chains, which need no stack.
        Stack<(Expression, Expression)>? open = null;
        (Expression left, Expression right) = (this, other);
        while (true)
        {
            Cancellation.ThrowIfRequested();
            (Expression Left, Expression Right)? next = null;
            for (int i = 0; i < left._operands.Length; i++)
            {
                (Expression a, Expression b) = (left._operands[i], right._operands[i]);
                if (ReferenceEquals(a, b))
                {
                    continue;
                }

                if (!IsAlike(a, b))
                {
                    return false;
                }

                if (a._operands.Length > 0)
                {
                    if (next is { } earlier)
                    {
                        (open ??= new()).Push(earlier);
                    }

                    next = (a, b);
                }
            }

            if (next is null && open is not { Count: > 0 })
            {
                return true;
            }

            (left, right) = next ?? open!.Pop();
        }
    }

    public override bool Equals(object? obj) => obj is Expression other && Equals(other);

    public override int GetHashCode() => _hash;

    /// <summary>Only its kind and size, since the text of a large tree would be unreadable.</summary>
    public override string ToString() => _operands.Length == 0 ? GetType().Name : $"{GetType().Name} of {Size} expressions";

    public static bool operator ==(Expression? left, Expression? right) => left is null ? right is null : left.Equals(right);

    public static bool operator !=(Expression? left, Expression? right) => !(left == right);

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

    /// <summary>
    /// This expression and all that it is computed from, operands behind what uses them; what is shared comes once for each use.
    /// </summary>
    public IEnumerable<Expression> All
    {
        get
        {
            var open = new Stack<Expression>();
            open.Push(this);
            while (open.Count > 0)
            {
                Cancellation.ThrowIfRequested();
                Expression next = open.Pop();
                yield return next;
                for (int i = next._operands.Length - 1; i >= 0; i--)
                {
                    open.Push(next._operands[i]);
                }
            }
        }
    }

    /// <summary>This expression and all that it is computed from, each object once, and what uses others behind them.</summary>
    public IReadOnlyList<Expression> InOrder()
    {
        if (_operands.Length == 0)
        {
            return [this];
        }

        var order = new List<Expression>();
        var known = new HashSet<Expression>(ReferenceComparer<Expression>.Instance) { this };
        var open = new Stack<(Expression Expression, int Next)>([(this, 0)]);
        while (open.Count > 0)
        {
            Cancellation.ThrowIfRequested();
            (Expression expression, int next) = open.Pop();
            if (next == expression._operands.Length)
            {
                order.Add(expression);
                continue;
            }

            open.Push((expression, next + 1));
            if (known.Add(expression._operands[next]))
            {
                open.Push((expression._operands[next], 0));
            }
        }

        return order;
    }

    public bool Reads(Variable variable) => InOrder().Any(variable.Equals);

    /// <summary>A copy in which every occurrence of an expression is replaced.</summary>
    public Expression Replace(Expression what, Expression by) => Replace(part => part == what ? by : null);

    /// <summary>A copy in which some parts are replaced.</summary>
    /// <param name="change">The replacement of a part, or null to keep it. Parts of a replacement are not visited.</param>
    public Expression Replace(Func<Expression, Expression?> change)
    {
        // Small trees are walked along as they are: what they share is little.
        const int Small = 64;
        Dictionary<Expression, Expression>? known = Size <= Small ? null : new(ReferenceComparer<Expression>.Instance);
        Func<Expression, Expression>? visit = null;
        Expression Visit(Expression expression)
        {
            if (known is not null && known.TryGetValue(expression, out Expression? replaced))
            {
                return replaced;
            }

            replaced = change(expression) ?? expression.Map(visit!);
            known?.Add(expression, replaced);
            return replaced;
        }

        visit = known is null ? Visit : expression => DeepRecursion.Call(Visit, expression);
        return Visit(this);
    }

    private static bool IsAlike(Expression left, Expression right) => left._hash == right._hash
        && left._operands.Length == right._operands.Length && left.GetType() == right.GetType() && left.HasForm(right);
}

/// <summary>A number, the same in every lane.</summary>
internal sealed class Constant : Expression
{
    /// <param name="pattern">The bits of a float or double: compared by value, 0 and −0 would be equal, and NaN not equal to
    /// itself.</param>
    public Constant(long pattern, ElementType type)
        : base(type, unchecked((int)(pattern ^ (pattern >> 32)) * 17) ^ type.GetHashCode()) => Pattern = pattern;

    /// <summary>A number in every lane.</summary>
    public Constant(float value)
        : this(BitConverter.ToInt32(BitConverter.GetBytes(value), 0), ElementType.Vector)
    {
    }

    public long Pattern { get; }

    public double Value => Type == ElementType.Double
        ? BitConverter.Int64BitsToDouble(Pattern) : BitConverter.ToSingle(BitConverter.GetBytes((int)Pattern), 0);

    /// <summary>One float.</summary>
    public static Constant Single(double value) => new Constant((float)value).As(ElementType.Float);

    public static Constant Double(double value) => new(BitConverter.DoubleToInt64Bits(value), ElementType.Double);

    /// <summary>The same bits as a number of another type.</summary>
    public Constant As(ElementType type) => new(Pattern, type);

    private protected override bool HasForm(Expression other) =>
        other is Constant constant && Pattern == constant.Pattern && Type == constant.Type;
}

/// <summary>A constant vector: a number for each lane.</summary>
internal sealed class LaneConstants(EquatableArray<int> values) : Expression(ElementType.WideInt, values.GetHashCode())
{
    public EquatableArray<int> Values => values;

    private protected override bool HasForm(Expression other) => other is LaneConstants constants && values.Equals(constants.Values);
}

/// <summary>A variable of a formula or a kernel.</summary>
internal sealed class Variable(string name, ElementType type)
    : Expression(type, StringComparer.Ordinal.GetHashCode(name)), IEquatable<Variable>
{
    /// <summary>A vector of floats.</summary>
    public Variable(string name)
        : this(name, ElementType.Vector)
    {
    }

    public string Name => name;

    public bool Equals(Variable? other) => Equals((Expression?)other);

    public override bool Equals(object? obj) => base.Equals(obj);

    public override int GetHashCode() => base.GetHashCode();

    private protected override bool HasForm(Expression other) =>
        other is Variable variable && name == variable.Name && Type == variable.Type;
}

internal enum UnaryOperator
{
    Negate,

    /// <summary>Of a mask, or of bits.</summary>
    Not,
}

/// <summary>An operator of one operand.</summary>
internal sealed class Unary(UnaryOperator symbol, Expression operand) : Expression(operand.Type, 101 + (int)symbol, operand)
{
    public UnaryOperator Operator => symbol;

    public Expression Operand => Operands[0];

    private protected override Expression WithOperands(Expression[] operands) => new Unary(symbol, operands[0]);

    private protected override bool HasForm(Expression other) => symbol == ((Unary)other).Operator;
}

internal enum BinaryOperator
{
    Add,
    Subtract,
    Multiply,
    Divide,

    /// <summary>The remainder of a division.</summary>
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
internal sealed class Binary(BinaryOperator symbol, Expression left, Expression right)
    : Expression(TypeOf(symbol, left.Type, right.Type), 211 + (int)symbol, left, right)
{
    public BinaryOperator Operator => symbol;

    public Expression Left => Operands[0];

    public Expression Right => Operands[1];

    public bool IsComparison => symbol >= BinaryOperator.Equal;

    private protected override Expression WithOperands(Expression[] operands) => new Binary(symbol, operands[0], operands[1]);

    private protected override bool HasForm(Expression other) => symbol == ((Binary)other).Operator;

    private static ElementType TypeOf(BinaryOperator symbol, ElementType left, ElementType right) =>
        symbol >= BinaryOperator.Equal ? (left.IsWide ? new(ElementKind.Bool, left.Bits, IsWide: true) : ElementType.Bool)
        : symbol == BinaryOperator.And || left == ElementType.Int ? right
        : right == ElementType.Double ? right : left;
}

/// <summary>One value where a mask is true, the other elsewhere. Both are computed, unless the mask is a single truth value.</summary>
internal sealed class Select(Expression mask, Expression then, Expression otherwise) : Expression(then.Type, 307, mask, then, otherwise)
{
    public Expression Mask => Operands[0];

    public Expression Then => Operands[1];

    public Expression Else => Operands[2];

    private protected override Expression WithOperands(Expression[] operands) => new Select(operands[0], operands[1], operands[2]);

    private protected override bool HasForm(Expression other) => true;
}

/// <summary>A call of a function.</summary>
internal sealed class Call(Function function, params Expression[] arguments)
    : Expression(function.Result ?? arguments[0].Type, function.GetHashCode(), arguments)
{
    public Function Function => function;

    public IReadOnlyList<Expression> Arguments => Operands;

    private protected override Expression WithOperands(Expression[] operands) => new Call(function, operands);

    private protected override bool HasForm(Expression other) => function.Equals(((Call)other).Function);
}

/// <summary>A vector with the same number in every lane.</summary>
internal sealed class Broadcast(Expression operand) : Expression(operand.Type with { IsWide = true }, 401, operand)
{
    public Expression Operand => Operands[0];

    private protected override Expression WithOperands(Expression[] operands) => new Broadcast(operands[0]);

    private protected override bool HasForm(Expression other) => true;
}

/// <summary>A conversion of a number to another type.</summary>
internal sealed class Conversion(ElementType target, Expression operand) : Expression(target, 503 ^ target.GetHashCode(), operand)
{
    public ElementType Target => Type;

    public Expression Operand => Operands[0];

    private protected override Expression WithOperands(Expression[] operands) => new Conversion(Type, operands[0]);

    private protected override bool HasForm(Expression other) => Type == other.Type;
}

/// <summary>
/// The contents of a place in memory: a vector that begins there, or one element. Where the place holds halves of
/// floats, they become floats.
/// </summary>
internal sealed class Load(Reference source, ElementType type)
    : Expression(type, source.Pointer.GetHashCode() ^ type.GetHashCode(), source.Offset)
{
    public Reference Source => source;

    private protected override Expression WithOperands(Expression[] operands) =>
        new Load(source with { Offset = (Index)operands[0] }, Type);

    private protected override bool HasForm(Expression other) => Type == other.Type && source.Pointer == ((Load)other).Source.Pointer;
}

/// <summary>A reference to a place in memory, as the argument of a function.</summary>
internal sealed class AddressOf(Reference target) : Expression(ElementType.None, 601 ^ target.Pointer.GetHashCode(), target.Offset)
{
    public Reference Target => target;

    private protected override Expression WithOperands(Expression[] operands) => new AddressOf(target with { Offset = (Index)operands[0] });

    private protected override bool HasForm(Expression other) => target.Pointer == ((AddressOf)other).Target.Pointer;
}

/// <summary>The initial value of a type, for example an empty sum.</summary>
internal sealed class Default(ElementType type) : Expression(type, 701 ^ type.GetHashCode())
{
    private protected override bool HasForm(Expression other) => Type == other.Type;
}
