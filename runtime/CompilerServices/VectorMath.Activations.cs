using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Strata.CompilerServices;

/// <content>Activations of one element, and their derivatives where these are not simple functions of the result.</content>
/// <remarks>
/// <para>
/// Softplus: ln(1 + e) = 2·artanh(e/(2 + e)), a minimax polynomial in the square (relative error 5·10⁻⁹). GELU: the tail of the
/// normal distribution is e^(−a²/2) times a minimax quotient of polynomials with positive coefficients (6·10⁻⁹), and not
/// ½·(1 + <see cref="Erf(Vector512{float})"/>), of which nothing is left far below 0.
/// </para>
/// <para>
/// Largest errors in units in the last place, measured like the others: Expm1 1.6, LeakyReLU 0.5, ELU 1.7, Softplus 2.8 (with beta,
/// the rounding of beta·x adds up to ½·|beta·x|), SiLU 3.0, GELU 7.0, GELUTanh 3.0, HardSigmoid 1.4, HardSwish 2.5; SiLUGradient 5.5,
/// GELUGradient 4.5, GELUTanhGradient 6.0 and HardSwishGradient 0.7 of the larger of the two terms of their sums. Subnormal results
/// are as accurate as others. NaN gives NaN; at −∞ the functions have their limits, where x·0 would be NaN.
/// </para>
/// </remarks>
public static partial class VectorMath
{
    // From the negative of these down, results round to −0 and derivatives to 0.
    private const float SiLUZero = 110f;
    private const float GELUZero = 14.7f;
    private const float GELUTanhZero = 11f;

    private const float InverseRootTwoPi = 0.398942280f;
    private const double Ln2 = 0.69314718055994531;

    // 2·√(2/π), and the share of the cubic term.
    private const double CubicScale = 1.5957691216057308;
    private const double CubicShare = 0.044715;

    private const float L0 = 0.0833330164f;
    private const float L1 = 0.012506781f;
    private const float L2 = 0.00218743289f;
    private const float L3 = 0.00054735272f;

    private const float T1 = 0.438412877f;
    private const float T2 = 0.183322502f;
    private const float T3 = 0.0406626614f;
    private const float T4 = 0.00412066497f;
    private const float U1 = 1.67471074f;
    private const float U2 = 1.20286603f;
    private const float U3 = 0.469701215f;
    private const float U4 = 0.101932584f;
    private const float U5 = 0.0103288565f;

    /// <summary>eˣ − 1 in each lane, with full relative accuracy near 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Expm1(Vector512<float> x)
    {
        Vector512<float> clamped = Vector512.MaxNative(Vector512.Create(ExpLowest), Vector512.MinNative(Vector512.Create(ExpHighest), x));
        Vector512<float> shifted = Vector512.MultiplyAddEstimate(clamped, Vector512.Create(Log2E), Vector512.Create(RoundingShift));
        Vector512<float> n = shifted - Vector512.Create(RoundingShift);
        Vector512<float> r = Vector512.MultiplyAddEstimate(n, Vector512.Create(-Ln2High), clamped);
        r = Vector512.MultiplyAddEstimate(n, Vector512.Create(-Ln2Low), r);

        // 2ⁿ·(eʳ − 1) + (2ⁿ − 1), with 2ⁿ in two factors.
        Vector512<int> exponent = shifted.AsInt32() - Vector512.Create(RoundingShift).AsInt32();
        Vector512<int> half = exponent >> 1;
        Vector512<float> scale = PowerOfTwo(half);
        Vector512<float> rest = PowerOfTwo(exponent - half);
        Vector512<float> y = Vector512.MultiplyAddEstimate(RemainderExpm1(r), scale, scale - PowerOfTwo(half - exponent)) * rest;
        return y | (x & Vector512.Create(-0f));
    }

    /// <summary>x above 0, slope·x from 0 down, in each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LeakyReLU(Vector512<float> x, float slope) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512<float>.Zero), x, x * Vector512.Create(slope));

    /// <summary>x above 0, alpha·(eˣ − 1) from 0 down, in each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> ELU(Vector512<float> x, float alpha) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512<float>.Zero), x, Vector512.Create(alpha) * Expm1(x));

    /// <summary>ln(1 + eˣ) in each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Softplus(Vector512<float> x)
    {
        // max(x, 0) + ln(1 + e) with e = e^−|x|, and ln(1 + e) = 2·artanh(w/2) with w = 2e/(2 + e).
        Vector512<float> e = Exp(-Vector512.Abs(x));
        Vector512<float> w = (e + e) / (Vector512.Create(2f) + e);
        Vector512<float> square = w * w;
        Vector512<float> p = Vector512.MultiplyAddEstimate(Vector512.Create(L3), square, Vector512.Create(L2));
        p = Vector512.MultiplyAddEstimate(p, square, Vector512.Create(L1));
        p = Vector512.MultiplyAddEstimate(p, square, Vector512.Create(L0));
        return Vector512.MaxNative(Vector512<float>.Zero, x) + Vector512.MultiplyAddEstimate(p * square, w, w);
    }

    /// <summary>ln(1 + e^(beta·x))/beta in each lane; x itself where beta·x is above the threshold.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Softplus(Vector512<float> x, float beta, float threshold)
    {
        Vector512<float> scaled = x * Vector512.Create(beta);
        Vector512<float> isLinear = Vector512.GreaterThan(scaled, Vector512.Create(threshold));
        return Vector512.ConditionalSelect(isLinear, x, Softplus(scaled) / Vector512.Create(beta));
    }

    /// <summary>x/(1 + e⁻ˣ) in each lane; −0 at −∞.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> SiLU(Vector512<float> x)
    {
        Vector512<float> a = Vector512.MinNative(Vector512.Create(SiLUZero), Vector512.Abs(x));
        Vector512<float> q = ExpOfMinus(a, out Vector512<float> scale, out Vector512<float> rest);
        return TimesSigmoid(x, SiLUZero, q, scale, rest);
    }

    /// <summary>The derivative of <see cref="SiLU(Vector512{float})"/> in each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> SiLUGradient(Vector512<float> x)
    {
        Vector512<float> a = Vector512.MinNative(Vector512.Create(SiLUZero), Vector512.Abs(x));
        Vector512<float> q = ExpOfMinus(a, out Vector512<float> scale, out Vector512<float> rest);
        return TimesSigmoidGradient(x, SiLUZero, Vector512<float>.One, q, scale, rest);
    }

    /// <summary>x·Φ(x) in each lane, Φ being the normal distribution; −0 at −∞.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> GELU(Vector512<float> x)
    {
        // Φ(−a) = e^(−a²/2)·r(a): no cancellation far from 0. The power of two comes last, since it may round to subnormals.
        Vector512<float> a = Vector512.MinNative(Vector512.Create(GELUZero), Vector512.Abs(x));
        Vector512<float> q = Gaussian(a, out Vector512<float> scale, out Vector512<float> rest) * TailRatio(a);
        Vector512<float> negative = Vector512.MaxNative(Vector512.Create(-GELUZero), x) * q * scale * rest;
        Vector512<float> positive = x * (Vector512<float>.One - (q * scale * rest));
        return Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512<float>.Zero), negative, positive);
    }

    /// <summary>The derivative of <see cref="GELU(Vector512{float})"/> in each lane: Φ(x) + x·φ(x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> GELUGradient(Vector512<float> x)
    {
        Vector512<float> a = Vector512.MinNative(Vector512.Create(GELUZero), Vector512.Abs(x));
        Vector512<float> q = Gaussian(a, out Vector512<float> scale, out Vector512<float> rest);
        Vector512<float> tail = Vector512.MultiplyAddEstimate(a, Vector512.Create(-InverseRootTwoPi), TailRatio(a)) * q * scale * rest;
        return Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512<float>.Zero), tail, Vector512<float>.One - tail);
    }

    /// <summary>½·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))) in each lane; −0 at −∞.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> GELUTanh(Vector512<float> x)
    {
        Vector512<float> a = Vector512.MinNative(Vector512.Create(GELUTanhZero), Vector512.Abs(x));
        Vector512<float> q = ExpOfMinusCubic(a, out Vector512<float> scale, out Vector512<float> rest);
        return TimesSigmoid(x, GELUTanhZero, q, scale, rest);
    }

    /// <summary>The derivative of <see cref="GELUTanh(Vector512{float})"/> in each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> GELUTanhGradient(Vector512<float> x)
    {
        Vector512<float> a = Vector512.MinNative(Vector512.Create(GELUTanhZero), Vector512.Abs(x));
        Vector512<float> q = ExpOfMinusCubic(a, out Vector512<float> scale, out Vector512<float> rest);
        Vector512<float> cubic = Vector512.Create((float)(3 * CubicScale * CubicShare));
        Vector512<float> slope = Vector512.MultiplyAddEstimate(a * a, cubic, Vector512.Create((float)CubicScale));
        return TimesSigmoidGradient(x, GELUTanhZero, slope, q, scale, rest);
    }

    /// <summary>min(max(x + 3, 0), 6)/6 in each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> HardSigmoid(Vector512<float> x)
    {
        x = Vector512.MaxNative(Vector512<float>.Zero, x + Vector512.Create(3f));
        return Vector512.MinNative(Vector512.Create(6f), x) * Vector512.Create(1f / 6);
    }

    /// <summary>x·min(max(x + 3, 0), 6)/6 in each lane; −0 at −∞.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> HardSwish(Vector512<float> x)
    {
        x = Vector512.MaxNative(Vector512.Create(-3f), x);
        return x * HardSigmoid(x);
    }

    /// <summary>The derivative of <see cref="HardSwish(Vector512{float})"/> in each lane: 0 up to −3, 1 from 3 on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> HardSwishGradient(Vector512<float> x)
    {
        Vector512<float> slope = Vector512.MultiplyAddEstimate(x, Vector512.Create(1f / 3), Vector512.Create(0.5f));
        slope = Vector512.ConditionalSelect(Vector512.LessThanOrEqual(x, Vector512.Create(-3f)), Vector512<float>.Zero, slope);
        return Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(x, Vector512.Create(3f)), Vector512<float>.One, slope);
    }

    /// <summary>2ⁿ in each lane, for exponents of normal numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> PowerOfTwo(Vector512<int> n) => ((n + Vector512.Create(127)) << 23).AsSingle();

    /// <summary>eʳ − 1 for |r| ≤ ½·ln 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> RemainderExpm1(Vector512<float> r)
    {
        Vector512<float> q = Vector512.MultiplyAddEstimate(Vector512.Create(Q4), r, Vector512.Create(Q3));
        q = Vector512.MultiplyAddEstimate(q, r, Vector512.Create(Q2));
        q = Vector512.MultiplyAddEstimate(q, r, Vector512.Create(Q1));
        q = Vector512.MultiplyAddEstimate(q, r, Vector512.Create(Q0));
        return Vector512.MultiplyAddEstimate(q, r * r, r);
    }

    /// <summary>
    /// eʳ·2ⁿ as result × scale × rest. What it is multiplied with goes in before the last factor, which may round to subnormals.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Scaled(
        Vector512<float> r, Vector512<float> shifted, out Vector512<float> scale, out Vector512<float> rest)
    {
        Vector512<int> exponent = shifted.AsInt32() - Vector512.Create(RoundingShift).AsInt32();
        Vector512<int> half = exponent >> 1;
        scale = PowerOfTwo(half);
        rest = PowerOfTwo(exponent - half);
        return RemainderExpm1(r) + Vector512<float>.One;
    }

    /// <summary>e⁻ᵃ for 0 ≤ a ≤ 128 as result × scale × rest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> ExpOfMinus(Vector512<float> a, out Vector512<float> scale, out Vector512<float> rest)
    {
        Vector512<float> shifted = Vector512.MultiplyAddEstimate(a, Vector512.Create(-Log2E), Vector512.Create(RoundingShift));
        Vector512<float> n = shifted - Vector512.Create(RoundingShift);
        Vector512<float> r = Vector512.MultiplyAddEstimate(n, Vector512.Create(-Ln2High), -a);
        return Scaled(Vector512.MultiplyAddEstimate(n, Vector512.Create(-Ln2Low), r), shifted, out scale, out rest);
    }

    /// <summary>e^(−a²/2) for 0 ≤ a ≤ 16 as result × scale × rest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Gaussian(Vector512<float> a, out Vector512<float> scale, out Vector512<float> rest)
    {
        // The square of the upper 12 bits is exact, and so is the first subtraction; a² itself would be rounded to 2⁻¹⁸ and worse.
        Vector512<float> high = a & Vector512.Create(0xFFFFF000u).AsSingle();
        Vector512<float> low = (a - high) * (a + high);
        Vector512<float> shifted = Vector512.MultiplyAddEstimate(a * a, Vector512.Create(-0.5f * Log2E), Vector512.Create(RoundingShift));
        Vector512<float> n = shifted - Vector512.Create(RoundingShift);
        Vector512<float> r = Vector512.MultiplyAddEstimate(n, Vector512.Create(-Ln2High), high * high * Vector512.Create(-0.5f));
        r = Vector512.MultiplyAddEstimate(n, Vector512.Create(-Ln2Low), r);
        return Scaled(Vector512.MultiplyAddEstimate(low, Vector512.Create(-0.5f), r), shifted, out scale, out rest);
    }

    /// <summary>Φ(−a)·e^(a²/2) for 0 ≤ a ≤ 14.7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> TailRatio(Vector512<float> a)
    {
        Vector512<float> p = Vector512.MultiplyAddEstimate(Vector512.Create(T4), a, Vector512.Create(T3));
        p = Vector512.MultiplyAddEstimate(p, a, Vector512.Create(T2));
        p = Vector512.MultiplyAddEstimate(p, a, Vector512.Create(T1));
        p = Vector512.MultiplyAddEstimate(p, a, Vector512.Create(0.5f));
        Vector512<float> q = Vector512.MultiplyAddEstimate(Vector512.Create(U5), a, Vector512.Create(U4));
        q = Vector512.MultiplyAddEstimate(q, a, Vector512.Create(U3));
        q = Vector512.MultiplyAddEstimate(q, a, Vector512.Create(U2));
        q = Vector512.MultiplyAddEstimate(q, a, Vector512.Create(U1));
        return p / Vector512.MultiplyAddEstimate(q, a, Vector512<float>.One);
    }

    /// <summary>e^(−2·√(2/π)·(a + 0.044715·a³)) for 0 ≤ a ≤ 11 as result × scale × rest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> ExpOfMinusCubic(Vector512<float> a, out Vector512<float> scale, out Vector512<float> rest)
    {
        // The exponent is as large as 113, so that its rounding to single precision would cost the result seven bits.
        (Vector512<double> lower, Vector512<double> upper) = Vector512.Widen(a);
        lower = lower * (Vector512.Create(-CubicScale) + (Vector512.Create(-CubicScale * CubicShare) * lower * lower));
        upper = upper * (Vector512.Create(-CubicScale) + (Vector512.Create(-CubicScale * CubicShare) * upper * upper));
        Vector512<float> exponent = Vector512.Narrow(lower, upper);
        Vector512<float> shifted = Vector512.MultiplyAddEstimate(exponent, Vector512.Create(Log2E), Vector512.Create(RoundingShift));
        (Vector512<double> lowerN, Vector512<double> upperN) = Vector512.Widen(shifted - Vector512.Create(RoundingShift));
        Vector512<float> r = Vector512.Narrow(lower - (lowerN * Vector512.Create(Ln2)), upper - (upperN * Vector512.Create(Ln2)));
        return Scaled(r, shifted, out scale, out rest);
    }

    /// <summary>x/(1 + e) for x ≥ 0, x·e/(1 + e) below, with e = q × scale × rest; −0 from −<paramref name="zero"/> down.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> TimesSigmoid(
        Vector512<float> x, float zero, Vector512<float> q, Vector512<float> scale, Vector512<float> rest)
    {
        Vector512<float> y = Vector512.MaxNative(Vector512.Create(-zero), x) / (Vector512<float>.One + (q * scale * rest));
        return Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512<float>.Zero), y * q * scale * rest, y);
    }

    /// <summary>s + x·s·(1 − s)·slope, where s = 1/(1 + e) for x ≥ 0 and 1 − s below; e as above.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> TimesSigmoidGradient(
        Vector512<float> x, float zero, Vector512<float> slope, Vector512<float> q, Vector512<float> scale, Vector512<float> rest)
    {
        Vector512<float> e = q * scale * rest;
        Vector512<float> large = Vector512<float>.One / (Vector512<float>.One + e);
        Vector512<float> isNegative = Vector512.LessThan(x, Vector512<float>.Zero);
        Vector512<float> other = Vector512.ConditionalSelect(isNegative, large, e * large);
        x = Vector512.MaxNative(Vector512.Create(-zero), Vector512.MinNative(Vector512.Create(zero), x));
        Vector512<float> y = Vector512.MultiplyAddEstimate(x * slope * other, large, large);
        return Vector512.ConditionalSelect(isNegative, y * q * scale * rest, y);
    }

    /// <summary>eˣ − 1 in each lane, with full relative accuracy near 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Expm1(Vector256<float> x)
    {
        Vector256<float> clamped = Vector256.MaxNative(Vector256.Create(ExpLowest), Vector256.MinNative(Vector256.Create(ExpHighest), x));
        Vector256<float> shifted = Vector256.MultiplyAddEstimate(clamped, Vector256.Create(Log2E), Vector256.Create(RoundingShift));
        Vector256<float> n = shifted - Vector256.Create(RoundingShift);
        Vector256<float> r = Vector256.MultiplyAddEstimate(n, Vector256.Create(-Ln2High), clamped);
        r = Vector256.MultiplyAddEstimate(n, Vector256.Create(-Ln2Low), r);

        // 2ⁿ·(eʳ − 1) + (2ⁿ − 1), with 2ⁿ in two factors.
        Vector256<int> exponent = shifted.AsInt32() - Vector256.Create(RoundingShift).AsInt32();
        Vector256<int> half = exponent >> 1;
        Vector256<float> scale = PowerOfTwo(half);
        Vector256<float> rest = PowerOfTwo(exponent - half);
        Vector256<float> y = Vector256.MultiplyAddEstimate(RemainderExpm1(r), scale, scale - PowerOfTwo(half - exponent)) * rest;
        return y | (x & Vector256.Create(-0f));
    }

    /// <summary>x above 0, slope·x from 0 down, in each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> LeakyReLU(Vector256<float> x, float slope) =>
        Vector256.ConditionalSelect(Vector256.GreaterThan(x, Vector256<float>.Zero), x, x * Vector256.Create(slope));

    /// <summary>x above 0, alpha·(eˣ − 1) from 0 down, in each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> ELU(Vector256<float> x, float alpha) =>
        Vector256.ConditionalSelect(Vector256.GreaterThan(x, Vector256<float>.Zero), x, Vector256.Create(alpha) * Expm1(x));

    /// <summary>ln(1 + eˣ) in each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Softplus(Vector256<float> x)
    {
        // max(x, 0) + ln(1 + e) with e = e^−|x|, and ln(1 + e) = 2·artanh(w/2) with w = 2e/(2 + e).
        Vector256<float> e = Exp(-Vector256.Abs(x));
        Vector256<float> w = (e + e) / (Vector256.Create(2f) + e);
        Vector256<float> square = w * w;
        Vector256<float> p = Vector256.MultiplyAddEstimate(Vector256.Create(L3), square, Vector256.Create(L2));
        p = Vector256.MultiplyAddEstimate(p, square, Vector256.Create(L1));
        p = Vector256.MultiplyAddEstimate(p, square, Vector256.Create(L0));
        return Vector256.MaxNative(Vector256<float>.Zero, x) + Vector256.MultiplyAddEstimate(p * square, w, w);
    }

    /// <summary>ln(1 + e^(beta·x))/beta in each lane; x itself where beta·x is above the threshold.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Softplus(Vector256<float> x, float beta, float threshold)
    {
        Vector256<float> scaled = x * Vector256.Create(beta);
        Vector256<float> isLinear = Vector256.GreaterThan(scaled, Vector256.Create(threshold));
        return Vector256.ConditionalSelect(isLinear, x, Softplus(scaled) / Vector256.Create(beta));
    }

    /// <summary>x/(1 + e⁻ˣ) in each lane; −0 at −∞.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> SiLU(Vector256<float> x)
    {
        Vector256<float> a = Vector256.MinNative(Vector256.Create(SiLUZero), Vector256.Abs(x));
        Vector256<float> q = ExpOfMinus(a, out Vector256<float> scale, out Vector256<float> rest);
        return TimesSigmoid(x, SiLUZero, q, scale, rest);
    }

    /// <summary>The derivative of <see cref="SiLU(Vector256{float})"/> in each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> SiLUGradient(Vector256<float> x)
    {
        Vector256<float> a = Vector256.MinNative(Vector256.Create(SiLUZero), Vector256.Abs(x));
        Vector256<float> q = ExpOfMinus(a, out Vector256<float> scale, out Vector256<float> rest);
        return TimesSigmoidGradient(x, SiLUZero, Vector256<float>.One, q, scale, rest);
    }

    /// <summary>x·Φ(x) in each lane, Φ being the normal distribution; −0 at −∞.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> GELU(Vector256<float> x)
    {
        // Φ(−a) = e^(−a²/2)·r(a): no cancellation far from 0. The power of two comes last, since it may round to subnormals.
        Vector256<float> a = Vector256.MinNative(Vector256.Create(GELUZero), Vector256.Abs(x));
        Vector256<float> q = Gaussian(a, out Vector256<float> scale, out Vector256<float> rest) * TailRatio(a);
        Vector256<float> negative = Vector256.MaxNative(Vector256.Create(-GELUZero), x) * q * scale * rest;
        Vector256<float> positive = x * (Vector256<float>.One - (q * scale * rest));
        return Vector256.ConditionalSelect(Vector256.LessThan(x, Vector256<float>.Zero), negative, positive);
    }

    /// <summary>The derivative of <see cref="GELU(Vector256{float})"/> in each lane: Φ(x) + x·φ(x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> GELUGradient(Vector256<float> x)
    {
        Vector256<float> a = Vector256.MinNative(Vector256.Create(GELUZero), Vector256.Abs(x));
        Vector256<float> q = Gaussian(a, out Vector256<float> scale, out Vector256<float> rest);
        Vector256<float> tail = Vector256.MultiplyAddEstimate(a, Vector256.Create(-InverseRootTwoPi), TailRatio(a)) * q * scale * rest;
        return Vector256.ConditionalSelect(Vector256.LessThan(x, Vector256<float>.Zero), tail, Vector256<float>.One - tail);
    }

    /// <summary>½·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))) in each lane; −0 at −∞.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> GELUTanh(Vector256<float> x)
    {
        Vector256<float> a = Vector256.MinNative(Vector256.Create(GELUTanhZero), Vector256.Abs(x));
        Vector256<float> q = ExpOfMinusCubic(a, out Vector256<float> scale, out Vector256<float> rest);
        return TimesSigmoid(x, GELUTanhZero, q, scale, rest);
    }

    /// <summary>The derivative of <see cref="GELUTanh(Vector256{float})"/> in each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> GELUTanhGradient(Vector256<float> x)
    {
        Vector256<float> a = Vector256.MinNative(Vector256.Create(GELUTanhZero), Vector256.Abs(x));
        Vector256<float> q = ExpOfMinusCubic(a, out Vector256<float> scale, out Vector256<float> rest);
        Vector256<float> cubic = Vector256.Create((float)(3 * CubicScale * CubicShare));
        Vector256<float> slope = Vector256.MultiplyAddEstimate(a * a, cubic, Vector256.Create((float)CubicScale));
        return TimesSigmoidGradient(x, GELUTanhZero, slope, q, scale, rest);
    }

    /// <summary>min(max(x + 3, 0), 6)/6 in each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> HardSigmoid(Vector256<float> x)
    {
        x = Vector256.MaxNative(Vector256<float>.Zero, x + Vector256.Create(3f));
        return Vector256.MinNative(Vector256.Create(6f), x) * Vector256.Create(1f / 6);
    }

    /// <summary>x·min(max(x + 3, 0), 6)/6 in each lane; −0 at −∞.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> HardSwish(Vector256<float> x)
    {
        x = Vector256.MaxNative(Vector256.Create(-3f), x);
        return x * HardSigmoid(x);
    }

    /// <summary>The derivative of <see cref="HardSwish(Vector256{float})"/> in each lane: 0 up to −3, 1 from 3 on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> HardSwishGradient(Vector256<float> x)
    {
        Vector256<float> slope = Vector256.MultiplyAddEstimate(x, Vector256.Create(1f / 3), Vector256.Create(0.5f));
        slope = Vector256.ConditionalSelect(Vector256.LessThanOrEqual(x, Vector256.Create(-3f)), Vector256<float>.Zero, slope);
        return Vector256.ConditionalSelect(Vector256.GreaterThanOrEqual(x, Vector256.Create(3f)), Vector256<float>.One, slope);
    }

    /// <summary>2ⁿ in each lane, for exponents of normal numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> PowerOfTwo(Vector256<int> n) => ((n + Vector256.Create(127)) << 23).AsSingle();

    /// <summary>eʳ − 1 for |r| ≤ ½·ln 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> RemainderExpm1(Vector256<float> r)
    {
        Vector256<float> q = Vector256.MultiplyAddEstimate(Vector256.Create(Q4), r, Vector256.Create(Q3));
        q = Vector256.MultiplyAddEstimate(q, r, Vector256.Create(Q2));
        q = Vector256.MultiplyAddEstimate(q, r, Vector256.Create(Q1));
        q = Vector256.MultiplyAddEstimate(q, r, Vector256.Create(Q0));
        return Vector256.MultiplyAddEstimate(q, r * r, r);
    }

    /// <summary>
    /// eʳ·2ⁿ as result × scale × rest. What it is multiplied with goes in before the last factor, which may round to subnormals.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Scaled(
        Vector256<float> r, Vector256<float> shifted, out Vector256<float> scale, out Vector256<float> rest)
    {
        Vector256<int> exponent = shifted.AsInt32() - Vector256.Create(RoundingShift).AsInt32();
        Vector256<int> half = exponent >> 1;
        scale = PowerOfTwo(half);
        rest = PowerOfTwo(exponent - half);
        return RemainderExpm1(r) + Vector256<float>.One;
    }

    /// <summary>e⁻ᵃ for 0 ≤ a ≤ 128 as result × scale × rest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> ExpOfMinus(Vector256<float> a, out Vector256<float> scale, out Vector256<float> rest)
    {
        Vector256<float> shifted = Vector256.MultiplyAddEstimate(a, Vector256.Create(-Log2E), Vector256.Create(RoundingShift));
        Vector256<float> n = shifted - Vector256.Create(RoundingShift);
        Vector256<float> r = Vector256.MultiplyAddEstimate(n, Vector256.Create(-Ln2High), -a);
        return Scaled(Vector256.MultiplyAddEstimate(n, Vector256.Create(-Ln2Low), r), shifted, out scale, out rest);
    }

    /// <summary>e^(−a²/2) for 0 ≤ a ≤ 16 as result × scale × rest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Gaussian(Vector256<float> a, out Vector256<float> scale, out Vector256<float> rest)
    {
        // The square of the upper 12 bits is exact, and so is the first subtraction; a² itself would be rounded to 2⁻¹⁸ and worse.
        Vector256<float> high = a & Vector256.Create(0xFFFFF000u).AsSingle();
        Vector256<float> low = (a - high) * (a + high);
        Vector256<float> shifted = Vector256.MultiplyAddEstimate(a * a, Vector256.Create(-0.5f * Log2E), Vector256.Create(RoundingShift));
        Vector256<float> n = shifted - Vector256.Create(RoundingShift);
        Vector256<float> r = Vector256.MultiplyAddEstimate(n, Vector256.Create(-Ln2High), high * high * Vector256.Create(-0.5f));
        r = Vector256.MultiplyAddEstimate(n, Vector256.Create(-Ln2Low), r);
        return Scaled(Vector256.MultiplyAddEstimate(low, Vector256.Create(-0.5f), r), shifted, out scale, out rest);
    }

    /// <summary>Φ(−a)·e^(a²/2) for 0 ≤ a ≤ 14.7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> TailRatio(Vector256<float> a)
    {
        Vector256<float> p = Vector256.MultiplyAddEstimate(Vector256.Create(T4), a, Vector256.Create(T3));
        p = Vector256.MultiplyAddEstimate(p, a, Vector256.Create(T2));
        p = Vector256.MultiplyAddEstimate(p, a, Vector256.Create(T1));
        p = Vector256.MultiplyAddEstimate(p, a, Vector256.Create(0.5f));
        Vector256<float> q = Vector256.MultiplyAddEstimate(Vector256.Create(U5), a, Vector256.Create(U4));
        q = Vector256.MultiplyAddEstimate(q, a, Vector256.Create(U3));
        q = Vector256.MultiplyAddEstimate(q, a, Vector256.Create(U2));
        q = Vector256.MultiplyAddEstimate(q, a, Vector256.Create(U1));
        return p / Vector256.MultiplyAddEstimate(q, a, Vector256<float>.One);
    }

    /// <summary>e^(−2·√(2/π)·(a + 0.044715·a³)) for 0 ≤ a ≤ 11 as result × scale × rest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> ExpOfMinusCubic(Vector256<float> a, out Vector256<float> scale, out Vector256<float> rest)
    {
        // The exponent is as large as 113, so that its rounding to single precision would cost the result seven bits.
        (Vector256<double> lower, Vector256<double> upper) = Vector256.Widen(a);
        lower = lower * (Vector256.Create(-CubicScale) + (Vector256.Create(-CubicScale * CubicShare) * lower * lower));
        upper = upper * (Vector256.Create(-CubicScale) + (Vector256.Create(-CubicScale * CubicShare) * upper * upper));
        Vector256<float> exponent = Vector256.Narrow(lower, upper);
        Vector256<float> shifted = Vector256.MultiplyAddEstimate(exponent, Vector256.Create(Log2E), Vector256.Create(RoundingShift));
        (Vector256<double> lowerN, Vector256<double> upperN) = Vector256.Widen(shifted - Vector256.Create(RoundingShift));
        Vector256<float> r = Vector256.Narrow(lower - (lowerN * Vector256.Create(Ln2)), upper - (upperN * Vector256.Create(Ln2)));
        return Scaled(r, shifted, out scale, out rest);
    }

    /// <summary>x/(1 + e) for x ≥ 0, x·e/(1 + e) below, with e = q × scale × rest; −0 from −<paramref name="zero"/> down.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> TimesSigmoid(
        Vector256<float> x, float zero, Vector256<float> q, Vector256<float> scale, Vector256<float> rest)
    {
        Vector256<float> y = Vector256.MaxNative(Vector256.Create(-zero), x) / (Vector256<float>.One + (q * scale * rest));
        return Vector256.ConditionalSelect(Vector256.LessThan(x, Vector256<float>.Zero), y * q * scale * rest, y);
    }

    /// <summary>s + x·s·(1 − s)·slope, where s = 1/(1 + e) for x ≥ 0 and 1 − s below; e as above.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> TimesSigmoidGradient(
        Vector256<float> x, float zero, Vector256<float> slope, Vector256<float> q, Vector256<float> scale, Vector256<float> rest)
    {
        Vector256<float> e = q * scale * rest;
        Vector256<float> large = Vector256<float>.One / (Vector256<float>.One + e);
        Vector256<float> isNegative = Vector256.LessThan(x, Vector256<float>.Zero);
        Vector256<float> other = Vector256.ConditionalSelect(isNegative, large, e * large);
        x = Vector256.MaxNative(Vector256.Create(-zero), Vector256.MinNative(Vector256.Create(zero), x));
        Vector256<float> y = Vector256.MultiplyAddEstimate(x * slope * other, large, large);
        return Vector256.ConditionalSelect(isNegative, y * q * scale * rest, y);
    }

    /// <summary>eˣ − 1 in each lane, with full relative accuracy near 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Expm1(Vector128<float> x)
    {
        Vector128<float> clamped = Vector128.MaxNative(Vector128.Create(ExpLowest), Vector128.MinNative(Vector128.Create(ExpHighest), x));
        Vector128<float> shifted = Vector128.MultiplyAddEstimate(clamped, Vector128.Create(Log2E), Vector128.Create(RoundingShift));
        Vector128<float> n = shifted - Vector128.Create(RoundingShift);
        Vector128<float> r = Vector128.MultiplyAddEstimate(n, Vector128.Create(-Ln2High), clamped);
        r = Vector128.MultiplyAddEstimate(n, Vector128.Create(-Ln2Low), r);

        // 2ⁿ·(eʳ − 1) + (2ⁿ − 1), with 2ⁿ in two factors.
        Vector128<int> exponent = shifted.AsInt32() - Vector128.Create(RoundingShift).AsInt32();
        Vector128<int> half = exponent >> 1;
        Vector128<float> scale = PowerOfTwo(half);
        Vector128<float> rest = PowerOfTwo(exponent - half);
        Vector128<float> y = Vector128.MultiplyAddEstimate(RemainderExpm1(r), scale, scale - PowerOfTwo(half - exponent)) * rest;
        return y | (x & Vector128.Create(-0f));
    }

    /// <summary>x above 0, slope·x from 0 down, in each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> LeakyReLU(Vector128<float> x, float slope) =>
        Vector128.ConditionalSelect(Vector128.GreaterThan(x, Vector128<float>.Zero), x, x * Vector128.Create(slope));

    /// <summary>x above 0, alpha·(eˣ − 1) from 0 down, in each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> ELU(Vector128<float> x, float alpha) =>
        Vector128.ConditionalSelect(Vector128.GreaterThan(x, Vector128<float>.Zero), x, Vector128.Create(alpha) * Expm1(x));

    /// <summary>ln(1 + eˣ) in each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Softplus(Vector128<float> x)
    {
        // max(x, 0) + ln(1 + e) with e = e^−|x|, and ln(1 + e) = 2·artanh(w/2) with w = 2e/(2 + e).
        Vector128<float> e = Exp(-Vector128.Abs(x));
        Vector128<float> w = (e + e) / (Vector128.Create(2f) + e);
        Vector128<float> square = w * w;
        Vector128<float> p = Vector128.MultiplyAddEstimate(Vector128.Create(L3), square, Vector128.Create(L2));
        p = Vector128.MultiplyAddEstimate(p, square, Vector128.Create(L1));
        p = Vector128.MultiplyAddEstimate(p, square, Vector128.Create(L0));
        return Vector128.MaxNative(Vector128<float>.Zero, x) + Vector128.MultiplyAddEstimate(p * square, w, w);
    }

    /// <summary>ln(1 + e^(beta·x))/beta in each lane; x itself where beta·x is above the threshold.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Softplus(Vector128<float> x, float beta, float threshold)
    {
        Vector128<float> scaled = x * Vector128.Create(beta);
        Vector128<float> isLinear = Vector128.GreaterThan(scaled, Vector128.Create(threshold));
        return Vector128.ConditionalSelect(isLinear, x, Softplus(scaled) / Vector128.Create(beta));
    }

    /// <summary>x/(1 + e⁻ˣ) in each lane; −0 at −∞.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> SiLU(Vector128<float> x)
    {
        Vector128<float> a = Vector128.MinNative(Vector128.Create(SiLUZero), Vector128.Abs(x));
        Vector128<float> q = ExpOfMinus(a, out Vector128<float> scale, out Vector128<float> rest);
        return TimesSigmoid(x, SiLUZero, q, scale, rest);
    }

    /// <summary>The derivative of <see cref="SiLU(Vector128{float})"/> in each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> SiLUGradient(Vector128<float> x)
    {
        Vector128<float> a = Vector128.MinNative(Vector128.Create(SiLUZero), Vector128.Abs(x));
        Vector128<float> q = ExpOfMinus(a, out Vector128<float> scale, out Vector128<float> rest);
        return TimesSigmoidGradient(x, SiLUZero, Vector128<float>.One, q, scale, rest);
    }

    /// <summary>x·Φ(x) in each lane, Φ being the normal distribution; −0 at −∞.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> GELU(Vector128<float> x)
    {
        // Φ(−a) = e^(−a²/2)·r(a): no cancellation far from 0. The power of two comes last, since it may round to subnormals.
        Vector128<float> a = Vector128.MinNative(Vector128.Create(GELUZero), Vector128.Abs(x));
        Vector128<float> q = Gaussian(a, out Vector128<float> scale, out Vector128<float> rest) * TailRatio(a);
        Vector128<float> negative = Vector128.MaxNative(Vector128.Create(-GELUZero), x) * q * scale * rest;
        Vector128<float> positive = x * (Vector128<float>.One - (q * scale * rest));
        return Vector128.ConditionalSelect(Vector128.LessThan(x, Vector128<float>.Zero), negative, positive);
    }

    /// <summary>The derivative of <see cref="GELU(Vector128{float})"/> in each lane: Φ(x) + x·φ(x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> GELUGradient(Vector128<float> x)
    {
        Vector128<float> a = Vector128.MinNative(Vector128.Create(GELUZero), Vector128.Abs(x));
        Vector128<float> q = Gaussian(a, out Vector128<float> scale, out Vector128<float> rest);
        Vector128<float> tail = Vector128.MultiplyAddEstimate(a, Vector128.Create(-InverseRootTwoPi), TailRatio(a)) * q * scale * rest;
        return Vector128.ConditionalSelect(Vector128.LessThan(x, Vector128<float>.Zero), tail, Vector128<float>.One - tail);
    }

    /// <summary>½·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))) in each lane; −0 at −∞.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> GELUTanh(Vector128<float> x)
    {
        Vector128<float> a = Vector128.MinNative(Vector128.Create(GELUTanhZero), Vector128.Abs(x));
        Vector128<float> q = ExpOfMinusCubic(a, out Vector128<float> scale, out Vector128<float> rest);
        return TimesSigmoid(x, GELUTanhZero, q, scale, rest);
    }

    /// <summary>The derivative of <see cref="GELUTanh(Vector128{float})"/> in each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> GELUTanhGradient(Vector128<float> x)
    {
        Vector128<float> a = Vector128.MinNative(Vector128.Create(GELUTanhZero), Vector128.Abs(x));
        Vector128<float> q = ExpOfMinusCubic(a, out Vector128<float> scale, out Vector128<float> rest);
        Vector128<float> cubic = Vector128.Create((float)(3 * CubicScale * CubicShare));
        Vector128<float> slope = Vector128.MultiplyAddEstimate(a * a, cubic, Vector128.Create((float)CubicScale));
        return TimesSigmoidGradient(x, GELUTanhZero, slope, q, scale, rest);
    }

    /// <summary>min(max(x + 3, 0), 6)/6 in each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> HardSigmoid(Vector128<float> x)
    {
        x = Vector128.MaxNative(Vector128<float>.Zero, x + Vector128.Create(3f));
        return Vector128.MinNative(Vector128.Create(6f), x) * Vector128.Create(1f / 6);
    }

    /// <summary>x·min(max(x + 3, 0), 6)/6 in each lane; −0 at −∞.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> HardSwish(Vector128<float> x)
    {
        x = Vector128.MaxNative(Vector128.Create(-3f), x);
        return x * HardSigmoid(x);
    }

    /// <summary>The derivative of <see cref="HardSwish(Vector128{float})"/> in each lane: 0 up to −3, 1 from 3 on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> HardSwishGradient(Vector128<float> x)
    {
        Vector128<float> slope = Vector128.MultiplyAddEstimate(x, Vector128.Create(1f / 3), Vector128.Create(0.5f));
        slope = Vector128.ConditionalSelect(Vector128.LessThanOrEqual(x, Vector128.Create(-3f)), Vector128<float>.Zero, slope);
        return Vector128.ConditionalSelect(Vector128.GreaterThanOrEqual(x, Vector128.Create(3f)), Vector128<float>.One, slope);
    }

    /// <summary>2ⁿ in each lane, for exponents of normal numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> PowerOfTwo(Vector128<int> n) => ((n + Vector128.Create(127)) << 23).AsSingle();

    /// <summary>eʳ − 1 for |r| ≤ ½·ln 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> RemainderExpm1(Vector128<float> r)
    {
        Vector128<float> q = Vector128.MultiplyAddEstimate(Vector128.Create(Q4), r, Vector128.Create(Q3));
        q = Vector128.MultiplyAddEstimate(q, r, Vector128.Create(Q2));
        q = Vector128.MultiplyAddEstimate(q, r, Vector128.Create(Q1));
        q = Vector128.MultiplyAddEstimate(q, r, Vector128.Create(Q0));
        return Vector128.MultiplyAddEstimate(q, r * r, r);
    }

    /// <summary>
    /// eʳ·2ⁿ as result × scale × rest. What it is multiplied with goes in before the last factor, which may round to subnormals.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Scaled(
        Vector128<float> r, Vector128<float> shifted, out Vector128<float> scale, out Vector128<float> rest)
    {
        Vector128<int> exponent = shifted.AsInt32() - Vector128.Create(RoundingShift).AsInt32();
        Vector128<int> half = exponent >> 1;
        scale = PowerOfTwo(half);
        rest = PowerOfTwo(exponent - half);
        return RemainderExpm1(r) + Vector128<float>.One;
    }

    /// <summary>e⁻ᵃ for 0 ≤ a ≤ 128 as result × scale × rest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ExpOfMinus(Vector128<float> a, out Vector128<float> scale, out Vector128<float> rest)
    {
        Vector128<float> shifted = Vector128.MultiplyAddEstimate(a, Vector128.Create(-Log2E), Vector128.Create(RoundingShift));
        Vector128<float> n = shifted - Vector128.Create(RoundingShift);
        Vector128<float> r = Vector128.MultiplyAddEstimate(n, Vector128.Create(-Ln2High), -a);
        return Scaled(Vector128.MultiplyAddEstimate(n, Vector128.Create(-Ln2Low), r), shifted, out scale, out rest);
    }

    /// <summary>e^(−a²/2) for 0 ≤ a ≤ 16 as result × scale × rest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Gaussian(Vector128<float> a, out Vector128<float> scale, out Vector128<float> rest)
    {
        // The square of the upper 12 bits is exact, and so is the first subtraction; a² itself would be rounded to 2⁻¹⁸ and worse.
        Vector128<float> high = a & Vector128.Create(0xFFFFF000u).AsSingle();
        Vector128<float> low = (a - high) * (a + high);
        Vector128<float> shifted = Vector128.MultiplyAddEstimate(a * a, Vector128.Create(-0.5f * Log2E), Vector128.Create(RoundingShift));
        Vector128<float> n = shifted - Vector128.Create(RoundingShift);
        Vector128<float> r = Vector128.MultiplyAddEstimate(n, Vector128.Create(-Ln2High), high * high * Vector128.Create(-0.5f));
        r = Vector128.MultiplyAddEstimate(n, Vector128.Create(-Ln2Low), r);
        return Scaled(Vector128.MultiplyAddEstimate(low, Vector128.Create(-0.5f), r), shifted, out scale, out rest);
    }

    /// <summary>Φ(−a)·e^(a²/2) for 0 ≤ a ≤ 14.7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> TailRatio(Vector128<float> a)
    {
        Vector128<float> p = Vector128.MultiplyAddEstimate(Vector128.Create(T4), a, Vector128.Create(T3));
        p = Vector128.MultiplyAddEstimate(p, a, Vector128.Create(T2));
        p = Vector128.MultiplyAddEstimate(p, a, Vector128.Create(T1));
        p = Vector128.MultiplyAddEstimate(p, a, Vector128.Create(0.5f));
        Vector128<float> q = Vector128.MultiplyAddEstimate(Vector128.Create(U5), a, Vector128.Create(U4));
        q = Vector128.MultiplyAddEstimate(q, a, Vector128.Create(U3));
        q = Vector128.MultiplyAddEstimate(q, a, Vector128.Create(U2));
        q = Vector128.MultiplyAddEstimate(q, a, Vector128.Create(U1));
        return p / Vector128.MultiplyAddEstimate(q, a, Vector128<float>.One);
    }

    /// <summary>e^(−2·√(2/π)·(a + 0.044715·a³)) for 0 ≤ a ≤ 11 as result × scale × rest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ExpOfMinusCubic(Vector128<float> a, out Vector128<float> scale, out Vector128<float> rest)
    {
        // The exponent is as large as 113, so that its rounding to single precision would cost the result seven bits.
        (Vector128<double> lower, Vector128<double> upper) = Vector128.Widen(a);
        lower = lower * (Vector128.Create(-CubicScale) + (Vector128.Create(-CubicScale * CubicShare) * lower * lower));
        upper = upper * (Vector128.Create(-CubicScale) + (Vector128.Create(-CubicScale * CubicShare) * upper * upper));
        Vector128<float> exponent = Vector128.Narrow(lower, upper);
        Vector128<float> shifted = Vector128.MultiplyAddEstimate(exponent, Vector128.Create(Log2E), Vector128.Create(RoundingShift));
        (Vector128<double> lowerN, Vector128<double> upperN) = Vector128.Widen(shifted - Vector128.Create(RoundingShift));
        Vector128<float> r = Vector128.Narrow(lower - (lowerN * Vector128.Create(Ln2)), upper - (upperN * Vector128.Create(Ln2)));
        return Scaled(r, shifted, out scale, out rest);
    }

    /// <summary>x/(1 + e) for x ≥ 0, x·e/(1 + e) below, with e = q × scale × rest; −0 from −<paramref name="zero"/> down.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> TimesSigmoid(
        Vector128<float> x, float zero, Vector128<float> q, Vector128<float> scale, Vector128<float> rest)
    {
        Vector128<float> y = Vector128.MaxNative(Vector128.Create(-zero), x) / (Vector128<float>.One + (q * scale * rest));
        return Vector128.ConditionalSelect(Vector128.LessThan(x, Vector128<float>.Zero), y * q * scale * rest, y);
    }

    /// <summary>s + x·s·(1 − s)·slope, where s = 1/(1 + e) for x ≥ 0 and 1 − s below; e as above.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> TimesSigmoidGradient(
        Vector128<float> x, float zero, Vector128<float> slope, Vector128<float> q, Vector128<float> scale, Vector128<float> rest)
    {
        Vector128<float> e = q * scale * rest;
        Vector128<float> large = Vector128<float>.One / (Vector128<float>.One + e);
        Vector128<float> isNegative = Vector128.LessThan(x, Vector128<float>.Zero);
        Vector128<float> other = Vector128.ConditionalSelect(isNegative, large, e * large);
        x = Vector128.MaxNative(Vector128.Create(-zero), Vector128.MinNative(Vector128.Create(zero), x));
        Vector128<float> y = Vector128.MultiplyAddEstimate(x * slope * other, large, large);
        return Vector128.ConditionalSelect(isNegative, y * q * scale * rest, y);
    }
}
