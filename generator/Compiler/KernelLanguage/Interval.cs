using System;

namespace Strata.Compiler.KernelLanguage;

/// <summary>The numbers that an expression may have while its variable is anywhere in an interval; arithmetic on them.</summary>
/// <remarks>
/// The bounds are floats, rounded outward: the interval contains the exact result, and what kernels compute in single precision. A bound is
/// not moved where the result is a float, so that the two sides of a kink can be compared. Beyond the range of floats it is infinite. Of
/// two single numbers, the result is the float that kernels compute.
/// </remarks>
/// <param name="Low">The lower bound. It is above the upper one if there is no number.</param>
/// <param name="HasNaN">Whether it may be NaN, too.</param>
/// <param name="Jumps">Whether it may be discontinuous: a choice between two values was not decided.</param>
/// <param name="Overflows">Whether something in it may be infinite although the variable is not.</param>
internal readonly record struct Interval(double Low, double High, bool HasNaN = false, bool Jumps = false, bool Overflows = false)
{
    /// <summary>The smallest power of two beyond the range of floats.</summary>
    private const double Limit = 340282366920938463463374607431768211456.0;

    /// <summary>By how much the runtime's functions of vectors may differ from the exact ones: far more than they do.</summary>
    private const double RelativeError = 1.0 / (1 << 20), LeastNormal = 1.17549435e-38;

    /// <summary>From here on, ln(1 + eˣ), x·σ(x), x·Φ(x) and Mish are x in single precision.</summary>
    private const double Linear = 20;

    public static readonly Interval None = new(double.PositiveInfinity, double.NegativeInfinity);
    public static readonly Interval NaN = None with { HasNaN = true };
    public static readonly Interval Unknown = new(double.NegativeInfinity, double.PositiveInfinity, true, true, true);

    /// <summary>A mask is 1 where it is true.</summary>
    public static readonly Interval False = At(0), True = At(1), TrueOrFalse = new(0, 1);

    /// <summary>Whether it contains no number.</summary>
    public bool IsEmpty => Low > High;

    /// <summary>Whether it contains neither NaN nor an infinity.</summary>
    public bool IsFinite => !HasNaN && !IsInfinite;

    private bool IsInfinite => double.IsInfinity(Low) || double.IsInfinity(High);

    public static Interval At(double value) => double.IsNaN(value) ? NaN : new Interval(value, value);

    public bool Contains(double value) => double.IsNaN(value) ? HasNaN : Low <= value && value <= High;

    /// <summary>What is in one of two.</summary>
    public static Interval Union(Interval left, Interval right) =>
        new Interval(Math.Min(left.Low, right.Low), Math.Max(left.High, right.High)).With(left, right);

    public Interval Above(double bound) => Restricted(Math.Max(Low, bound), High);

    public Interval Below(double bound) => Restricted(Low, Math.Min(High, bound));

    public static Interval operator -(Interval x) => x with { Low = -x.High, High = -x.Low };

    public static Interval operator +(Interval left, Interval right) => Corners(left, right, (a, b) =>
    {
        // Knuth's exact error of a sum.
        double sum = a + b, second = sum - a;
        return (sum, a - (sum - second) + (b - second) == 0);
    });

    public static Interval operator -(Interval left, Interval right) => left + -right;

    public static Interval operator *(Interval left, Interval right)
    {
        // The product of two floats is a double.
        Interval product = Corners(left, right, (a, b) => (a * b, true));
        return (left.Contains(0) && right.IsInfinite) || (right.Contains(0) && left.IsInfinite)
            ? product with { HasNaN = true } : product;
    }

    public static Interval operator /(Interval left, Interval right)
    {
        if (right.Contains(0))
        {
            return left.IsEmpty ? left.With(right) : Unknown;
        }

        return Corners(left, right, (a, b) => (a / b, double.IsInfinity(b) || (float)(a / b) * (double)b == a));
    }

    /// <summary>The product of a number with itself.</summary>
    public Interval Square()
    {
        Interval size = Abs();
        return size * size;
    }

    public Interval Abs() => IsEmpty ? this : Low >= 0 ? this : High <= 0 ? -this : this with { Low = 0, High = Math.Max(-Low, High) };

    /// <summary>The larger number; NaN if one is NaN.</summary>
    public static Interval Max(Interval left, Interval right) => left.IsEmpty ? left.With(right) : right.IsEmpty ? right.With(left)
        : new Interval(Math.Max(left.Low, right.Low), Math.Max(left.High, right.High)).With(left, right);

    /// <summary>The smaller number; NaN if one is NaN.</summary>
    public static Interval Min(Interval left, Interval right) => -Max(-left, -right);

    /// <summary>The magnitude of this with the sign of another.</summary>
    public Interval WithSignOf(Interval sign)
    {
        Interval size = Abs();
        return sign.IsEmpty && sign.HasNaN ? Union(size, -size) with { Jumps = true }
            : sign.Low > 0 && !sign.HasNaN ? size
            : sign.High < 0 && !sign.HasNaN ? -size
            : Union(size, -size) with { Jumps = true };
    }

    /// <summary>Whether one number is greater than another.</summary>
    public static Interval Greater(Interval left, Interval right) => Truth(
        left.High > right.Low && !left.IsEmpty && !right.IsEmpty,
        left.Low <= right.High || left.HasNaN || right.HasNaN);

    public static Interval GreaterOrEqual(Interval left, Interval right) => Truth(
        left.High >= right.Low && !left.IsEmpty && !right.IsEmpty,
        left.Low < right.High || left.HasNaN || right.HasNaN);

    public Interval Exp() => Rising(Math.Exp, 0);

    public Interval Log()
    {
        Interval logarithm = Above(0).Rising(Math.Log);
        return Low < 0 ? logarithm with { HasNaN = true } : logarithm;
    }

    /// <summary>eˣ − 1.</summary>
    public Interval Expm1() => Rising(Exact.Expm1, -1);

    /// <summary>A sine or a cosine, of which nothing else is known.</summary>
    public Interval Waves() => IsEmpty ? this
        : new Interval(-1 - RelativeError, 1 + RelativeError).With(this) with { HasNaN = HasNaN || IsInfinite };

    /// <summary>An increasing function that is constant between its jumps, and exact.</summary>
    public Interval Steps(Func<double, double> of) => IsEmpty ? this
        : this with { Low = of(Low), High = of(High), Jumps = Jumps || of(Low) != of(High) };

    public Interval Tanh() => Rising(Math.Tanh, -1, 1);

    public Interval Sigmoid() => Rising(Exact.Sigmoid, 0, 1);

    /// <summary>ln(1 + eˣ).</summary>
    public Interval Softplus() => Union(Above(Linear), Below(Linear).Rising(Exact.Softplus, 0));

    /// <summary>A function that is between its minimum and 0 for negative x, and between 0 and x for others.</summary>
    public Interval Gated(double least)
    {
        Interval part = Below(Linear);
        return Union(Above(Linear), part.IsEmpty ? part : part with { Low = least, High = Math.Max(0, part.High) });
    }

    public Interval Sqrt()
    {
        Interval root = Above(0).Rising(Math.Sqrt, 0);
        return Low < 0 ? root with { HasNaN = true } : root;
    }

    /// <summary>An increasing function of the runtime, which has small errors.</summary>
    /// <param name="of">The exact function.</param>
    /// <param name="min">A value that the runtime's function is never below.</param>
    public Interval Rising(Func<double, double> of, double min = double.NegativeInfinity, double max = double.PositiveInfinity)
    {
        if (IsEmpty)
        {
            return this;
        }

        double Bound(double x, int direction)
        {
            double value = of(x);

            // At 0 and at infinities it is exact, if the result is a float.
            return double.IsInfinity(value) || ((x == 0 || double.IsInfinity(x)) && (float)value == value) ? value
                : Math.Min(Math.Max(value + (direction * ((Math.Abs(value) * RelativeError) + LeastNormal)), min), max);
        }

        var values = this with { Low = Down(Bound(Low, -1), isExact: true), High = Up(Bound(High, 1), isExact: true) };
        return values.IsInfinite && !IsInfinite ? values with { Overflows = true } : values;
    }

    /// <summary>What is computed from others is NaN, discontinuous or beyond floats if one of them may be.</summary>
    public Interval With(params Interval[] operands)
    {
        Interval all = this;
        foreach (Interval operand in operands)
        {
            all = all with
            {
                HasNaN = all.HasNaN || operand.HasNaN,
                Jumps = all.Jumps || operand.Jumps,
                Overflows = all.Overflows || operand.Overflows,
            };
        }

        return all;
    }

    private static Interval Truth(bool mayBeTrue, bool mayBeFalse) => mayBeTrue ? mayBeFalse ? TrueOrFalse : True : False;

    private Interval Restricted(double low, double high) => low > high ? None.With(this) : this with { Low = low, High = high };

    /// <summary>An operation that is monotone in each operand: its bounds are among the results of the bounds.</summary>
    /// <param name="of">The result in double precision, and whether it is exact.</param>
    private static Interval Corners(Interval left, Interval right, Func<double, double, (double Value, bool IsExact)> of)
    {
        Interval all = None.With(left, right);
        if (left.IsEmpty || right.IsEmpty)
        {
            return all;
        }

        // Kernels round the result of two numbers to the nearest float. That it was rounded to a double before changes nothing
        // (Figueroa 1995).
        bool isPoint = left.Low == left.High && right.Low == right.High;
        foreach (double a in new[] { left.Low, left.High })
        {
            foreach (double b in new[] { right.Low, right.High })
            {
                (double value, bool isExact) = of(a, b);
                all = double.IsNaN(value) ? all with { HasNaN = true }
                    : isPoint ? all with { Low = (float)value, High = (float)value }
                    : all with { Low = Math.Min(all.Low, Down(value, isExact)), High = Math.Max(all.High, Up(value, isExact)) };
            }
        }

        return all.IsInfinite && !all.IsEmpty && !left.IsInfinite && !right.IsInfinite ? all with { Overflows = true } : all;
    }

    /// <summary>The largest float that is not above a result, of which the last bit is uncertain unless it is exact.</summary>
    private static double Down(double value, bool isExact)
    {
        if (Math.Abs(value) >= Limit)
        {
            return value > 0 ? double.PositiveInfinity : double.NegativeInfinity;
        }

        float nearest = (float)value;
        return nearest < value || (isExact && nearest == value) || nearest == -float.MaxValue
            ? nearest : FloatOrder.At(FloatOrder.Position(nearest) - 1);
    }

    private static double Up(double value, bool isExact) => -Down(-value, isExact);
}

/// <summary>The positions of floats in order: neighbouring floats have neighbouring positions, 0 has 0.</summary>
internal static class FloatOrder
{
    public const int Infinity = 0x7F800000;

    public static int Position(float value)
    {
        int bits = BitConverter.ToInt32(BitConverter.GetBytes(value), 0);
        return bits >= 0 ? bits : -(bits & int.MaxValue);
    }

    public static float At(int position) => BitConverter.ToSingle(
        BitConverter.GetBytes(position >= 0 ? position : -position | int.MinValue), 0);
}
