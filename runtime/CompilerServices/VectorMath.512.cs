using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Doubles = System.Runtime.Intrinsics.Vector512<double>;
using Integers = System.Runtime.Intrinsics.Vector512<int>;
using Simd = System.Runtime.Intrinsics.Vector512;
using Vector = System.Runtime.Intrinsics.Vector512<float>;

namespace Strata.CompilerServices;

/// <content>The functions of vectors.</content>
public static partial class VectorMath
{
    /// <summary>eˣ in each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector Exp(Vector x)
    {
        // MinNative and MaxNative return their second operand if one is NaN.
        x = Simd.MinNative(Simd.Create(ExpHighest), x);
        x = Simd.MaxNative(Simd.Create(ExpLowest), x);
        Vector shifted = Simd.MultiplyAddEstimate(x, Simd.Create(Log2E), Simd.Create(RoundingShift));
        Vector n = shifted - Simd.Create(RoundingShift);
        Vector r = Simd.MultiplyAddEstimate(n, Simd.Create(-Ln2High), x);
        r = Simd.MultiplyAddEstimate(n, Simd.Create(-Ln2Low), r);
        Vector q = Simd.MultiplyAddEstimate(Simd.Create(Q4), r, Simd.Create(Q3));
        q = Simd.MultiplyAddEstimate(q, r, Simd.Create(Q2));
        q = Simd.MultiplyAddEstimate(q, r, Simd.Create(Q1));
        q = Simd.MultiplyAddEstimate(q, r, Simd.Create(Q0));
        q = Simd.MultiplyAddEstimate(q, r * r, r) + Vector.One;

        // The lowest nine bits of the sum are those of n, and those of its half are those of n's half. Only they count.
        Integers half = shifted.AsInt32() >> 1;
        return q * PowerOfTwo(half) * PowerOfTwo(shifted.AsInt32() - half);
    }

    /// <summary>Natural logarithm in each lane; −∞ at 0, NaN below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector Log(Vector x) => Simd.Log(x);

    /// <summary>1/(1 + e⁻ˣ) in each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector Sigmoid(Vector x)
    {
        // e^−|x| does not overflow; e/(1 + e) keeps the accuracy of small results.
        Vector e = ExpOfMinus(Simd.MinNative(Simd.Create(-ExpLowest), Simd.Abs(x)));
        Vector numerator = Simd.ConditionalSelect(Simd.LessThan(x, Vector.Zero), e, Vector.One);
        return numerator / (Vector.One + e);
    }

    /// <summary>Hyperbolic tangent in each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector Tanh(Vector x)
    {
        Vector magnitude = Simd.Abs(x);
        Vector square = x * x;
        Vector p = Simd.MultiplyAddEstimate(Simd.Create(P4), square, Simd.Create(P3));
        p = Simd.MultiplyAddEstimate(p, square, Simd.Create(P2));
        p = Simd.MultiplyAddEstimate(p, square, Simd.Create(P1));
        p = Simd.MultiplyAddEstimate(p, square, Simd.Create(P0));
        Vector small = Simd.MultiplyAddEstimate(p * square, x, x);

        Vector large = Vector.One
            - (Simd.Create(2f) / (Exp(magnitude + magnitude) + Vector.One));
        Vector y = Simd.ConditionalSelect(Simd.LessThan(magnitude, Simd.Create(TanhSmall)), small, large);
        return y | (x & Simd.Create(-0f));
    }

    /// <summary>Error function in each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector Erf(Vector x)
    {
        Vector magnitude = Simd.MinNative(Simd.Create(ErfHighest), Simd.Abs(x));
        Vector square = x * x;
        Vector p = Simd.MultiplyAddEstimate(Simd.Create(E6), square, Simd.Create(E5));
        p = Simd.MultiplyAddEstimate(p, square, Simd.Create(E4));
        p = Simd.MultiplyAddEstimate(p, square, Simd.Create(E3));
        p = Simd.MultiplyAddEstimate(p, square, Simd.Create(E2));
        p = Simd.MultiplyAddEstimate(p, square, Simd.Create(E1));
        p = Simd.MultiplyAddEstimate(p, square, Simd.Create(E0));
        Vector small = Simd.MultiplyAddEstimate(p, x, x);

        Vector w = Simd.MultiplyAddEstimate(Simd.Create(W6), magnitude, Simd.Create(W5));
        w = Simd.MultiplyAddEstimate(w, magnitude, Simd.Create(W4));
        w = Simd.MultiplyAddEstimate(w, magnitude, Simd.Create(W3));
        w = Simd.MultiplyAddEstimate(w, magnitude, Simd.Create(W2));
        w = Simd.MultiplyAddEstimate(w, magnitude, Simd.Create(W1));
        w = Simd.MultiplyAddEstimate(w, magnitude, Simd.Create(W0));
        Vector large = Vector.One - ExpOfMinus(w);
        Vector y = Simd.ConditionalSelect(Simd.LessThan(magnitude, Simd.Create(ErfSmall)), small, large);
        return y | (x & Simd.Create(-0f));
    }

    /// <summary>eˣ − 1 in each lane, with full relative accuracy near 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector Expm1(Vector x)
    {
        Vector clamped = Simd.MaxNative(Simd.Create(ExpLowest), Simd.MinNative(Simd.Create(ExpHighest), x));
        Vector shifted = Simd.MultiplyAddEstimate(clamped, Simd.Create(Log2E), Simd.Create(RoundingShift));
        Vector n = shifted - Simd.Create(RoundingShift);
        Vector r = Simd.MultiplyAddEstimate(n, Simd.Create(-Ln2High), clamped);
        r = Simd.MultiplyAddEstimate(n, Simd.Create(-Ln2Low), r);

        // 2ⁿ·(eʳ − 1) + (2ⁿ − 1), with 2ⁿ in two factors.
        Integers exponent = shifted.AsInt32() - Simd.Create(RoundingShift).AsInt32();
        Integers half = exponent >> 1;
        Vector scale = PowerOfTwo(half);
        Vector rest = PowerOfTwo(exponent - half);
        Vector y = Simd.MultiplyAddEstimate(RemainderExpm1(r), scale, scale - PowerOfTwo(half - exponent)) * rest;
        return y | (x & Simd.Create(-0f));
    }

    /// <summary>ln(1 + x) in each lane, with full relative accuracy near 0; −∞ at −1, NaN below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector Log1p(Vector x)
    {
        // ln u, plus a correction for the rounding of u = 1 + x. The correction is NaN if u is 0 or infinite; the comparison drops it then.
        Vector u = Vector.One + x;
        Vector rest = (x - (u - Vector.One)) / u;
        Vector y = Log(u) + (rest & Simd.LessThan(Simd.Abs(rest), Vector.One));
        return y | (x & Simd.Create(-0f));
    }

    /// <summary>Sine in each lane, of radians; NaN at ±∞.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector Sin(Vector x) => SinInQuarters(x);

    /// <summary>Cosine in each lane, of radians; NaN at ±∞.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector Cos(Vector x) => CosInQuarters(x);

    /// <summary>x to the power of a number other than 0, in each lane. Below 0, NaN unless the exponent is a whole number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector Pow(Vector x, float exponent)
    {
        // In double precision: exponent·ln x may be as large as 88, and rounding it to a float would cost the result seven bits.
        bool isWhole = exponent == float.Floor(exponent);
        (Doubles lower, Doubles upper) = Simd.Widen(isWhole ? Simd.Abs(x) : x);
        Vector y = Simd.Narrow(
            Simd.Exp(Simd.Create((double)exponent) * Simd.Log(lower)), Simd.Exp(Simd.Create((double)exponent) * Simd.Log(upper)));
        bool isOdd = isWhole && float.Abs(exponent) < 16777216 && float.Abs(exponent % 2) == 1;
        return isOdd ? y | (x & Simd.Create(-0f)) : y;
    }

    /// <summary>x above 0, otherwise slope·x, in each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector LeakyReLU(Vector x, float slope) =>
        Simd.ConditionalSelect(Simd.GreaterThan(x, Vector.Zero), x, x * Simd.Create(slope));

    /// <summary>x above 0, otherwise alpha·(eˣ − 1), in each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector ELU(Vector x, float alpha) =>
        Simd.ConditionalSelect(Simd.GreaterThan(x, Vector.Zero), x, Simd.Create(alpha) * Expm1(x));

    /// <summary>ln(1 + eˣ) in each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector Softplus(Vector x)
    {
        // max(x, 0) + ln(1 + e) with e = e^−|x|, and ln(1 + e) = 2·artanh(w/2) with w = 2e/(2 + e).
        Vector e = ExpOfMinus(Simd.MinNative(Simd.Create(-ExpLowest), Simd.Abs(x)));
        Vector w = (e + e) / (Simd.Create(2f) + e);
        Vector square = w * w;
        Vector p = Simd.MultiplyAddEstimate(Simd.Create(L3), square, Simd.Create(L2));
        p = Simd.MultiplyAddEstimate(p, square, Simd.Create(L1));
        p = Simd.MultiplyAddEstimate(p, square, Simd.Create(L0));
        return Simd.MaxNative(Vector.Zero, x) + Simd.MultiplyAddEstimate(p * square, w, w);
    }

    /// <summary>ln(1 + e^(beta·x))/beta in each lane; x itself if beta·x is above the threshold.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector Softplus(Vector x, float beta, float threshold)
    {
        Vector scaled = x * Simd.Create(beta);
        Vector isLinear = Simd.GreaterThan(scaled, Simd.Create(threshold));
        return Simd.ConditionalSelect(isLinear, x, Softplus(scaled) / Simd.Create(beta));
    }

    /// <summary>x/(1 + e⁻ˣ) in each lane; −0 at −∞.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector SiLU(Vector x)
    {
        Vector a = Simd.MinNative(Simd.Create(SiLUZero), Simd.Abs(x));
        Vector q = ExpOfMinus(a, out Vector scale, out Vector rest);
        return TimesSigmoid(x, SiLUZero, q, scale, rest);
    }

    /// <summary>The derivative of <see cref="SiLU(Vector)"/> in each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector SiLUGradient(Vector x)
    {
        Vector a = Simd.MinNative(Simd.Create(SiLUZero), Simd.Abs(x));
        Vector q = ExpOfMinus(a, out Vector scale, out Vector rest);
        return TimesSigmoidGradient(x, SiLUZero, Vector.One, q, scale, rest);
    }

    /// <summary>x·tanh(ln(1 + eˣ)) in each lane; −0 at −∞.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector Mish(Vector x)
    {
        Vector a = Simd.MinNative(Simd.Create(SiLUZero), Simd.Abs(x));
        Vector q = ExpOfMinus(a, out Vector scale, out Vector rest);
        Vector isNegative = Simd.LessThan(x, Vector.Zero);
        Vector numerator = MishQuotient(q * scale * rest, isNegative, out Vector denominator);
        Vector y = Simd.MaxNative(Simd.Create(-SiLUZero), x) * numerator / denominator;
        return Simd.ConditionalSelect(isNegative, y * q * scale * rest, y);
    }

    /// <summary>The derivative of <see cref="Mish(Vector)"/> in each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector MishGradient(Vector x)
    {
        // t + x·(1 − t²)·σ(x) with t = tanh(ln(1 + eˣ)), over a common denominator.
        Vector a = Simd.MinNative(Simd.Create(SiLUZero), Simd.Abs(x));
        Vector q = ExpOfMinus(a, out Vector scale, out Vector rest);
        Vector e = q * scale * rest;
        Vector isNegative = Simd.LessThan(x, Vector.Zero);
        Vector numerator = MishQuotient(e, isNegative, out Vector denominator);
        x = Simd.MaxNative(Simd.Create(-SiLUZero), Simd.MinNative(Simd.Create(SiLUZero), x));
        Vector slope = Simd.Create(4f) * x * (Vector.One + e) * Simd.ConditionalSelect(isNegative, Vector.One, e * e);
        Vector y = Simd.MultiplyAddEstimate(numerator, denominator, slope) / (denominator * denominator);
        return Simd.ConditionalSelect(isNegative, y * q * scale * rest, y);
    }

    /// <summary>x·Φ(x) in each lane, Φ being the normal distribution; −0 at −∞.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector GELU(Vector x)
    {
        // Φ(−a) = e^(−a²/2)·r(a): no cancellation far from 0. The power of two comes last, since it may round to subnormals.
        Vector a = Simd.MinNative(Simd.Create(GELUZero), Simd.Abs(x));
        Vector q = Gaussian(a, out Vector scale, out Vector rest) * TailRatio(a);
        Vector negative = Simd.MaxNative(Simd.Create(-GELUZero), x) * q * scale * rest;
        Vector positive = x * (Vector.One - (q * scale * rest));
        return Simd.ConditionalSelect(Simd.LessThan(x, Vector.Zero), negative, positive);
    }

    /// <summary>The derivative of <see cref="GELU(Vector)"/> in each lane: Φ(x) + x·φ(x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector GELUGradient(Vector x)
    {
        Vector a = Simd.MinNative(Simd.Create(GELUZero), Simd.Abs(x));
        Vector q = Gaussian(a, out Vector scale, out Vector rest);
        Vector tail = Simd.MultiplyAddEstimate(a, Simd.Create(-InverseRootTwoPi), TailRatio(a)) * q * scale * rest;
        return Simd.ConditionalSelect(Simd.LessThan(x, Vector.Zero), tail, Vector.One - tail);
    }

    /// <summary>½·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))) in each lane; −0 at −∞.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector GELUTanh(Vector x)
    {
        Vector a = Simd.MinNative(Simd.Create(GELUTanhZero), Simd.Abs(x));
        Vector q = ExpOfMinusCubic(a, out Vector scale, out Vector rest);
        return TimesSigmoid(x, GELUTanhZero, q, scale, rest);
    }

    /// <summary>The derivative of <see cref="GELUTanh(Vector)"/> in each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector GELUTanhGradient(Vector x)
    {
        Vector a = Simd.MinNative(Simd.Create(GELUTanhZero), Simd.Abs(x));
        Vector q = ExpOfMinusCubic(a, out Vector scale, out Vector rest);
        Vector cubic = Simd.Create((float)(3 * CubicScale * CubicShare));
        Vector slope = Simd.MultiplyAddEstimate(a * a, cubic, Simd.Create((float)CubicScale));
        return TimesSigmoidGradient(x, GELUTanhZero, slope, q, scale, rest);
    }

    /// <summary>min(max(x + 3, 0), 6)/6 in each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector HardSigmoid(Vector x)
    {
        x = Simd.MaxNative(Vector.Zero, x + Simd.Create(3f));
        return Simd.MinNative(Simd.Create(6f), x) * Simd.Create(1f / 6);
    }

    /// <summary>x·min(max(x + 3, 0), 6)/6 in each lane; −0 at −∞.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector HardSwish(Vector x)
    {
        x = Simd.MaxNative(Simd.Create(-3f), x);
        return x * HardSigmoid(x);
    }

    /// <summary>The derivative of <see cref="HardSwish(Vector)"/> in each lane: 0 up to −3, 1 from 3 on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector HardSwishGradient(Vector x)
    {
        Vector slope = Simd.MultiplyAddEstimate(x, Simd.Create(1f / 3), Simd.Create(0.5f));
        slope = Simd.ConditionalSelect(Simd.LessThanOrEqual(x, Simd.Create(-3f)), Vector.Zero, slope);
        return Simd.ConditionalSelect(Simd.GreaterThanOrEqual(x, Simd.Create(3f)), Vector.One, slope);
    }

    /// <summary>2ⁿ in each lane, for exponents of normal numbers. Only the lowest nine bits of n count.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector PowerOfTwo(Integers n) => ((n << 23) + Vector.One.AsInt32()).AsSingle();

    /// <summary>eʳ − 1 for |r| ≤ ½·ln 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector RemainderExpm1(Vector r)
    {
        Vector q = Simd.MultiplyAddEstimate(Simd.Create(Q4), r, Simd.Create(Q3));
        q = Simd.MultiplyAddEstimate(q, r, Simd.Create(Q2));
        q = Simd.MultiplyAddEstimate(q, r, Simd.Create(Q1));
        q = Simd.MultiplyAddEstimate(q, r, Simd.Create(Q0));
        return Simd.MultiplyAddEstimate(q, r * r, r);
    }

    /// <summary>
    /// eʳ·2ⁿ for −166 ≤ n ≤ 40 as result × scale × rest. Multiply by other numbers before <c>rest</c>: that last product may be
    /// subnormal. <c>shifted</c> is n + <see cref="LowShift"/>. Its lowest nine bits are those of n + 40.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector Scaled(
        Vector r, Vector shifted, out Vector scale, out Vector rest)
    {
        scale = PowerOfTwo(shifted.AsInt32());
        rest = Simd.Create(LowScale);
        return RemainderExpm1(r) + Vector.One;
    }

    /// <summary>e⁻ᵃ for 0 ≤ a ≤ 104, or NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector ExpOfMinus(Vector a) => ExpOfMinus(a, out Vector scale, out Vector rest) * scale * rest;

    /// <summary>e⁻ᵃ for 0 ≤ a ≤ 114 as result × scale × rest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector ExpOfMinus(Vector a, out Vector scale, out Vector rest)
    {
        Vector shifted = Simd.MultiplyAddEstimate(a, Simd.Create(-Log2E), Simd.Create(LowShift));
        Vector n = shifted - Simd.Create(LowShift);
        Vector r = Simd.MultiplyAddEstimate(n, Simd.Create(-Ln2High), -a);
        return Scaled(Simd.MultiplyAddEstimate(n, Simd.Create(-Ln2Low), r), shifted, out scale, out rest);
    }

    /// <summary>e^(−a²/2) for 0 ≤ a ≤ 15 as result × scale × rest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector Gaussian(Vector a, out Vector scale, out Vector rest)
    {
        // The square of the upper 12 bits is exact, and so is the first subtraction; a² itself would be rounded to 2⁻¹⁸ and worse.
        Vector high = a & Simd.Create(0xFFFFF000u).AsSingle();
        Vector low = (a - high) * (a + high);
        Vector shifted = Simd.MultiplyAddEstimate(a * a, Simd.Create(-0.5f * Log2E), Simd.Create(LowShift));
        Vector n = shifted - Simd.Create(LowShift);
        Vector r = Simd.MultiplyAddEstimate(n, Simd.Create(-Ln2High), high * high * Simd.Create(-0.5f));
        r = Simd.MultiplyAddEstimate(n, Simd.Create(-Ln2Low), r);
        return Scaled(Simd.MultiplyAddEstimate(low, Simd.Create(-0.5f), r), shifted, out scale, out rest);
    }

    /// <summary>Φ(−a)·e^(a²/2) for 0 ≤ a ≤ 14.7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector TailRatio(Vector a)
    {
        Vector p = Simd.MultiplyAddEstimate(Simd.Create(T4), a, Simd.Create(T3));
        p = Simd.MultiplyAddEstimate(p, a, Simd.Create(T2));
        p = Simd.MultiplyAddEstimate(p, a, Simd.Create(T1));
        p = Simd.MultiplyAddEstimate(p, a, Simd.Create(0.5f));
        Vector q = Simd.MultiplyAddEstimate(Simd.Create(U5), a, Simd.Create(U4));
        q = Simd.MultiplyAddEstimate(q, a, Simd.Create(U3));
        q = Simd.MultiplyAddEstimate(q, a, Simd.Create(U2));
        q = Simd.MultiplyAddEstimate(q, a, Simd.Create(U1));
        return p / Simd.MultiplyAddEstimate(q, a, Vector.One);
    }

    /// <summary>e^(−2·√(2/π)·(a + 0.044715·a³)) for 0 ≤ a ≤ 11 as result × scale × rest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector ExpOfMinusCubic(Vector a, out Vector scale, out Vector rest)
    {
        // In double precision: the exponent is as large as 113, and rounding it to a float would cost the result seven bits.
        (Doubles lower, Doubles upper) = Simd.Widen(a);
        lower = lower * (Simd.Create(-CubicScale) + (Simd.Create(-CubicScale * CubicShare) * lower * lower));
        upper = upper * (Simd.Create(-CubicScale) + (Simd.Create(-CubicScale * CubicShare) * upper * upper));
        Vector exponent = Simd.Narrow(lower, upper);
        Vector shifted = Simd.MultiplyAddEstimate(exponent, Simd.Create(Log2E), Simd.Create(LowShift));
        (Doubles lowerN, Doubles upperN) = Simd.Widen(shifted - Simd.Create(LowShift));
        Vector r = Simd.Narrow(lower - (lowerN * Simd.Create(Ln2)), upper - (upperN * Simd.Create(Ln2)));
        return Scaled(r, shifted, out scale, out rest);
    }

    /// <summary>x/(1 + e) for x ≥ 0, x·e/(1 + e) below, with e = q × scale × rest; −0 from −<paramref name="zero"/> down.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector TimesSigmoid(
        Vector x, float zero, Vector q, Vector scale, Vector rest)
    {
        Vector y = Simd.MaxNative(Simd.Create(-zero), x) / (Vector.One + (q * scale * rest));
        return Simd.ConditionalSelect(Simd.LessThan(x, Vector.Zero), y * q * scale * rest, y);
    }

    /// <summary>
    /// tanh(ln(1 + eˣ)) as a quotient, with e = e^−|x|: (1 + 2e)/(1 + 2e + 2e²) for x ≥ 0. Below it is e·(2 + e)/(2 + 2e + e²), of which
    /// the first factor is left out.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector MishQuotient(Vector e, Vector isNegative, out Vector denominator)
    {
        Vector two = Simd.Create(2f);
        Vector numerator = Simd.ConditionalSelect(isNegative, two + e, Simd.MultiplyAddEstimate(e, two, Vector.One));
        Vector square = e * e;
        denominator = numerator + Simd.ConditionalSelect(isNegative, e + square, square + square);
        return numerator;
    }

    /// <summary>s + x·s·(1 − s)·slope, where s = 1/(1 + e) for x ≥ 0 and 1 − s below; e = q × scale × rest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector TimesSigmoidGradient(
        Vector x, float zero, Vector slope, Vector q, Vector scale, Vector rest)
    {
        Vector e = q * scale * rest;
        Vector large = Vector.One / (Vector.One + e);
        Vector isNegative = Simd.LessThan(x, Vector.Zero);
        Vector other = Simd.ConditionalSelect(isNegative, large, e * large);
        x = Simd.MaxNative(Simd.Create(-zero), Simd.MinNative(Simd.Create(zero), x));
        Vector y = Simd.MultiplyAddEstimate(x * slope * other, large, large);
        return Simd.ConditionalSelect(isNegative, y * q * scale * rest, y);
    }
}
