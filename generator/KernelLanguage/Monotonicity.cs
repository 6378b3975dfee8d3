using System.Collections.Generic;
using System.Linq;

namespace Strata.Generator.KernelLanguage;

/// <summary>Proves that a formula increases with its variable, so that max pooling may be moved in front of it.</summary>
/// <remarks>
/// The line of floats is cut into pieces. On a piece, a formula increases if it neither jumps nor overflows, and interval arithmetic says
/// that its derivative is nowhere negative. Otherwise the piece is halved. Between two neighbouring floats there is nothing more to halve:
/// there, as at a kink, the two values are compared. Of what is not proven with <see cref="MostPieces"/> pieces nothing is known.
/// </remarks>
internal static class Monotonicity
{
    private const int MostPieces = 1000;

    /// <summary>
    /// Whether a formula is proven to increase over all floats, but for rounding errors, and to be NaN for NaN and for nothing else.
    /// </summary>
    /// <param name="value">The formula, whose only variable is <paramref name="x"/>.</param>
    public static bool IsProvenIncreasing(Expression value, Variable x)
    {
        if (RangeOf(value, x, Interval.NaN) is not { IsEmpty: true, HasNaN: true })
        {
            return false;
        }

        Expression slope = Differentiation.Gradient(value, x, 1);
        const int Last = FloatOrder.Infinity - 1;
        var open = new Stack<(int First, int Last)>([
            (-FloatOrder.Infinity, -Last), (-Last, 0), (0, Last), (Last, FloatOrder.Infinity)]);
        for (int pieces = 0; open.Count > 0; pieces++)
        {
            Cancellation.Look();
            (int first, int last) = open.Pop();
            bool ends = last - first == 1, isInfinite = last == FloatOrder.Infinity || first == -FloatOrder.Infinity;
            if (ends && Rises(value, x, first, last))
            {
                continue;
            }

            if (isInfinite ? IncreasesToInfinity(value, slope, x, first, last) : Increases(value, slope, x, Piece(first, last)))
            {
                continue;
            }

            if (ends || pieces > MostPieces)
            {
                return false;
            }

            int middle = first + ((last - first) / 2);
            open.Push((middle, last));
            open.Push((first, middle));
        }

        return true;
    }

    /// <summary>The values of a formula while its variable is in an interval.</summary>
    public static Interval RangeOf(Expression value, Variable x, Interval range) => new Ranges(x, range).Of(value);

    private static Interval Piece(int first, int last) => new(FloatOrder.At(first), FloatOrder.At(last));

    /// <summary>Whether the value at the second of two floats is at least the one at the first.</summary>
    private static bool Rises(Expression value, Variable x, int first, int second)
    {
        Interval left = RangeOf(value, x, Piece(first, first)), right = RangeOf(value, x, Piece(second, second));
        return left is { HasNaN: false, IsEmpty: false } && right is { HasNaN: false, IsEmpty: false } && left.High <= right.Low;
    }

    private static bool Increases(Expression value, Expression slope, Variable x, Interval piece)
    {
        Interval values = RangeOf(value, x, piece);
        return !values.HasNaN && (values.Low == values.High
            || (values is { Jumps: false, Overflows: false } && IsNowhereNegative(slope, x, piece)));
    }

    /// <summary>
    /// The same between the last finite float and infinity. Arithmetic is continuous there unless it gives NaN, so that the value at
    /// infinity is the limit. At the finite end nothing may overflow: there is no such limit of what is computed.
    /// </summary>
    private static bool IncreasesToInfinity(Expression value, Expression slope, Variable x, int first, int last)
    {
        int finite = first == -FloatOrder.Infinity ? last : first;
        Interval piece = Piece(first, last);
        return RangeOf(value, x, Piece(finite, finite)) is { HasNaN: false, Overflows: false }
            && RangeOf(value, x, piece) is { HasNaN: false, Jumps: false }
            && IsNowhereNegative(slope, x, piece);
    }

    private static bool IsNowhereNegative(Expression slope, Variable x, Interval piece) =>
        RangeOf(slope, x, piece) is { HasNaN: false, Overflows: false, Low: >= 0 };

    /// <summary>The ranges of an expression's parts.</summary>
    private sealed class Ranges(Variable x, Interval range)
    {
        private readonly Dictionary<Expression, Interval> _known = new(ReferenceComparer<Expression>.Instance);

        public Interval Of(Expression part)
        {
            if (!_known.TryGetValue(part, out Interval known))
            {
                _known.Add(part, known = DeepRecursion.Call(Compute, part));
            }

            return known;
        }

        private Interval Compute(Expression part) => part switch
        {
            Constant constant => Interval.At(constant.Value),
            Variable variable when variable.Equals(x) => range,
            Broadcast broadcast => Of(broadcast.Operand),
            Unary { Operator: UnaryOperator.Negate } negative => -Of(negative.Operand),
            Unary { Operator: UnaryOperator.Not, Type.Kind: ElementKind.Bool } not => Interval.True - Of(not.Operand),
            Select choice => Choice(choice.Mask, choice.Then, choice.Else),
            Binary { Operator: BinaryOperator.And, Type.Kind: ElementKind.Float } masked => Choice(masked.Left, masked.Right, 0),
            Binary binary => Operation(binary),
            Call call => call.Function.Range is { } ofArguments
                ? ofArguments([.. call.Arguments.Select(Of)]) : Interval.Unknown,
            _ => Interval.Unknown,
        };

        private Interval Operation(Binary binary)
        {
            Interval left = Of(binary.Left), right = Of(binary.Right);
            return binary.Operator switch
            {
                BinaryOperator.Add => left + right,
                BinaryOperator.Subtract => left - right,
                BinaryOperator.Multiply => binary.Left == binary.Right ? left.Square() : left * right,
                BinaryOperator.Divide => left / right,
                BinaryOperator.Greater => Interval.Greater(left, right),
                BinaryOperator.Less => Interval.Greater(right, left),
                BinaryOperator.GreaterOrEqual => Interval.GreaterOrEqual(left, right),
                BinaryOperator.LessOrEqual => Interval.GreaterOrEqual(right, left),
                BinaryOperator.Equal => Interval.Min(Interval.GreaterOrEqual(left, right), Interval.GreaterOrEqual(right, left)),
                BinaryOperator.And when binary.Type.Kind == ElementKind.Bool => Interval.Min(left, right),
                BinaryOperator.Or when binary.Type.Kind == ElementKind.Bool => Interval.Max(left, right),
                _ => Interval.Unknown,
            };
        }

        /// <summary>What is not chosen anywhere in the interval does not count.</summary>
        private Interval Choice(Expression mask, Expression then, Expression otherwise)
        {
            Interval truth = Of(mask);
            return truth.Low == 1 ? Of(then)
                : truth.High == 0 ? Of(otherwise)
                : Interval.Union(Of(then), Of(otherwise)) with { Jumps = true };
        }
    }
}
