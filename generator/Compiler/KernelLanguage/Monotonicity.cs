using System.Collections.Generic;

namespace Strata.Compiler.KernelLanguage;

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
        if (Ranges.Evaluate(value, x, Interval.NaN) is not { IsEmpty: true, HasNaN: true })
        {
            return false;
        }

        Expression slope = Differentiation.Gradient(value, x, 1);
        const int Last = FloatOrder.Infinity - 1;
        var open = new Stack<(int First, int Last)>([
            (-FloatOrder.Infinity, -Last), (-Last, 0), (0, Last), (Last, FloatOrder.Infinity)]);
        for (int pieces = 0; open.Count > 0; pieces++)
        {
            Cancellation.ThrowIfRequested();
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

    private static Interval Piece(int first, int last) => new(FloatOrder.At(first), FloatOrder.At(last));

    /// <summary>Whether the value at the second of two floats is at least the one at the first.</summary>
    private static bool Rises(Expression value, Variable x, int first, int second)
    {
        Interval left = Ranges.Evaluate(value, x, Piece(first, first)), right = Ranges.Evaluate(value, x, Piece(second, second));
        return left is { HasNaN: false, IsEmpty: false } && right is { HasNaN: false, IsEmpty: false } && left.High <= right.Low;
    }

    private static bool Increases(Expression value, Expression slope, Variable x, Interval piece)
    {
        Interval values = Ranges.Evaluate(value, x, piece);
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
        return Ranges.Evaluate(value, x, Piece(finite, finite)) is { HasNaN: false, Overflows: false }
            && Ranges.Evaluate(value, x, piece) is { HasNaN: false, Jumps: false }
            && IsNowhereNegative(slope, x, piece);
    }

    private static bool IsNowhereNegative(Expression slope, Variable x, Interval piece) =>
        Ranges.Evaluate(slope, x, piece) is { HasNaN: false, Overflows: false, Low: >= 0 };
}
