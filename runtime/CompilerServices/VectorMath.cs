using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Strata.CompilerServices;

/// <summary>Exponential functions on vectors, for the emitted kernels.</summary>
/// <remarks>
/// <para>
/// Largest errors in units in the last place, against double precision over the whole range, with and without fused
/// multiply-add: Exp 1.1, Log 2.3, Sigmoid 2.4, Tanh 1.4, Erf 1.3. Square roots are the processor's, which are correctly rounded: 0.5.
/// Functions of one float are lanes of those of vectors. NaN gives NaN. Exp gives +∞ above 88.73 and 0 below −103.98, subnormal results
/// included. Sigmoid, Tanh and Erf saturate and keep full relative accuracy near 0 (Sigmoid: towards −∞ down to the subnormals).
/// </para>
/// <para>
/// Exp: x = n·ln 2 + r with |r| ≤ ½·ln 2, eʳ = 1 + r + r²·q(r) with a minimax polynomial q (relative error 3·10⁻⁹), times 2ⁿ in
/// two factors so that neither overflows. Tanh: x + x³·p(x²) below 0.625 (minimax, 4·10⁻⁹), 1 − 2/(e²ˣ + 1) above. Erf: x + x·p(x²)
/// below 1 (minimax, 1.5·10⁻⁹), 1 − e^−w(x) above, with a polynomial w ≈ −ln erfc(x) (1·10⁻⁹ of the result).
/// </para>
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static partial class VectorMath
{
    // Above and below, e^x is +∞ and 0; clamping keeps n within 8 bits, for which n·ln2High is exact.
    private const float ExpHighest = 89f;
    private const float ExpLowest = -104f;
    private const float Log2E = 1.44269504f;
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    // 1.5·2²³: adding it rounds to an integer, which then stands in the low bits.
    private const float RoundingShift = 12582912f;

    private const float Q0 = 0.49999994f;
    private const float Q1 = 0.1666652f;
    private const float Q2 = 0.041668393f;
    private const float Q3 = 0.008368781f;
    private const float Q4 = 0.0013814467f;

    // Below, 1 − 2/(e²ˣ + 1) would cancel.
    private const float TanhSmall = 0.625f;
    private const float P0 = -0.3333328f;
    private const float P1 = 0.13331442f;
    private const float P2 = -0.053739715f;
    private const float P3 = 0.020639088f;
    private const float P4 = -0.0057049873f;

    // Above, 1 − e^−w has fewer digits to lose; from the highest on, single precision knows 1 only.
    private const float ErfSmall = 1;
    private const float ErfHighest = 4;
    private const float E0 = 0.12837917f;
    private const float E1 = -0.37612626f;
    private const float E2 = 0.11283579f;
    private const float E3 = -0.026853347f;
    private const float E4 = 0.005187162f;
    private const float E5 = -0.0007997853f;
    private const float E6 = 7.806904e-05f;
    private const float W0 = 0.00035371952f;
    private const float W1 = 1.12704f;
    private const float W2 = 0.6382257f;
    private const float W3 = 0.10303742f;
    private const float W4 = -0.021805385f;
    private const float W5 = 0.0029396424f;
    private const float W6 = -0.0001855805f;

    /// <summary>eˣ: a lane of the vectors' function.</summary>
    /// <param name="x">Any number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Exp(float x) => Exp(Vector128.Create(x)).ToScalar();

    /// <summary>Natural logarithm, −∞ at 0 and NaN below: a lane of the vectors' function.</summary>
    /// <param name="x">Any number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Log(float x) => Log(Vector128.Create(x)).ToScalar();

    /// <summary>1/(1 + e⁻ˣ): a lane of the vectors' function.</summary>
    /// <param name="x">Any number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sigmoid(float x) => Sigmoid(Vector128.Create(x)).ToScalar();

    /// <summary>Hyperbolic tangent: a lane of the vectors' function.</summary>
    /// <param name="x">Any number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Tanh(float x) => Tanh(Vector128.Create(x)).ToScalar();

    /// <summary>Error function, 2/√π·∫e^−t² dt from 0 to x: a lane of the vectors' function.</summary>
    /// <param name="x">Any number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Erf(float x) => Erf(Vector128.Create(x)).ToScalar();

    /// <summary>eˣ in each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp(Vector512<float> x)
    {
        // The native forms return their second operand where one is NaN.
        x = Vector512.MinNative(Vector512.Create(ExpHighest), x);
        x = Vector512.MaxNative(Vector512.Create(ExpLowest), x);
        Vector512<float> shifted = Vector512.MultiplyAddEstimate(x, Vector512.Create(Log2E), Vector512.Create(RoundingShift));
        Vector512<float> n = shifted - Vector512.Create(RoundingShift);
        Vector512<float> r = Vector512.MultiplyAddEstimate(n, Vector512.Create(-Ln2High), x);
        r = Vector512.MultiplyAddEstimate(n, Vector512.Create(-Ln2Low), r);
        Vector512<float> q = Vector512.MultiplyAddEstimate(Vector512.Create(Q4), r, Vector512.Create(Q3));
        q = Vector512.MultiplyAddEstimate(q, r, Vector512.Create(Q2));
        q = Vector512.MultiplyAddEstimate(q, r, Vector512.Create(Q1));
        q = Vector512.MultiplyAddEstimate(q, r, Vector512.Create(Q0));
        q = Vector512.MultiplyAddEstimate(q, r * r, r) + Vector512<float>.One;

        Vector512<int> exponent = shifted.AsInt32() - Vector512.Create(RoundingShift).AsInt32();
        Vector512<int> half = exponent >> 1;
        Vector512<float> scale = ((half + Vector512.Create(127)) << 23).AsSingle();
        Vector512<float> rest = ((exponent - half + Vector512.Create(127)) << 23).AsSingle();
        return q * scale * rest;
    }

    /// <summary>Natural logarithm in each lane; −∞ at 0, NaN below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Log(Vector512<float> x) => Vector512.Log(x);

    /// <summary>1/(1 + e⁻ˣ) in each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sigmoid(Vector512<float> x)
    {
        // e^−|x| does not overflow; e/(1 + e) keeps the accuracy of small results.
        Vector512<float> e = Exp(-Vector512.Abs(x));
        Vector512<float> numerator = Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512<float>.Zero), e, Vector512<float>.One);
        return numerator / (Vector512<float>.One + e);
    }

    /// <summary>Hyperbolic tangent in each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Tanh(Vector512<float> x)
    {
        Vector512<float> magnitude = Vector512.Abs(x);
        Vector512<float> square = x * x;
        Vector512<float> p = Vector512.MultiplyAddEstimate(Vector512.Create(P4), square, Vector512.Create(P3));
        p = Vector512.MultiplyAddEstimate(p, square, Vector512.Create(P2));
        p = Vector512.MultiplyAddEstimate(p, square, Vector512.Create(P1));
        p = Vector512.MultiplyAddEstimate(p, square, Vector512.Create(P0));
        Vector512<float> small = Vector512.MultiplyAddEstimate(p * square, x, x);

        Vector512<float> large = Vector512<float>.One
            - (Vector512.Create(2f) / (Exp(magnitude + magnitude) + Vector512<float>.One));
        Vector512<float> y = Vector512.ConditionalSelect(Vector512.LessThan(magnitude, Vector512.Create(TanhSmall)), small, large);
        return y | (x & Vector512.Create(-0f));
    }

    /// <summary>Error function in each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Erf(Vector512<float> x)
    {
        Vector512<float> magnitude = Vector512.MinNative(Vector512.Create(ErfHighest), Vector512.Abs(x));
        Vector512<float> square = x * x;
        Vector512<float> p = Vector512.MultiplyAddEstimate(Vector512.Create(E6), square, Vector512.Create(E5));
        p = Vector512.MultiplyAddEstimate(p, square, Vector512.Create(E4));
        p = Vector512.MultiplyAddEstimate(p, square, Vector512.Create(E3));
        p = Vector512.MultiplyAddEstimate(p, square, Vector512.Create(E2));
        p = Vector512.MultiplyAddEstimate(p, square, Vector512.Create(E1));
        p = Vector512.MultiplyAddEstimate(p, square, Vector512.Create(E0));
        Vector512<float> small = Vector512.MultiplyAddEstimate(p, x, x);

        Vector512<float> w = Vector512.MultiplyAddEstimate(Vector512.Create(W6), magnitude, Vector512.Create(W5));
        w = Vector512.MultiplyAddEstimate(w, magnitude, Vector512.Create(W4));
        w = Vector512.MultiplyAddEstimate(w, magnitude, Vector512.Create(W3));
        w = Vector512.MultiplyAddEstimate(w, magnitude, Vector512.Create(W2));
        w = Vector512.MultiplyAddEstimate(w, magnitude, Vector512.Create(W1));
        w = Vector512.MultiplyAddEstimate(w, magnitude, Vector512.Create(W0));
        Vector512<float> large = Vector512<float>.One - Exp(-w);
        Vector512<float> y = Vector512.ConditionalSelect(Vector512.LessThan(magnitude, Vector512.Create(ErfSmall)), small, large);
        return y | (x & Vector512.Create(-0f));
    }

    /// <summary>eˣ in each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Exp(Vector256<float> x)
    {
        // The native forms return their second operand where one is NaN.
        x = Vector256.MinNative(Vector256.Create(ExpHighest), x);
        x = Vector256.MaxNative(Vector256.Create(ExpLowest), x);
        Vector256<float> shifted = Vector256.MultiplyAddEstimate(x, Vector256.Create(Log2E), Vector256.Create(RoundingShift));
        Vector256<float> n = shifted - Vector256.Create(RoundingShift);
        Vector256<float> r = Vector256.MultiplyAddEstimate(n, Vector256.Create(-Ln2High), x);
        r = Vector256.MultiplyAddEstimate(n, Vector256.Create(-Ln2Low), r);
        Vector256<float> q = Vector256.MultiplyAddEstimate(Vector256.Create(Q4), r, Vector256.Create(Q3));
        q = Vector256.MultiplyAddEstimate(q, r, Vector256.Create(Q2));
        q = Vector256.MultiplyAddEstimate(q, r, Vector256.Create(Q1));
        q = Vector256.MultiplyAddEstimate(q, r, Vector256.Create(Q0));
        q = Vector256.MultiplyAddEstimate(q, r * r, r) + Vector256<float>.One;

        Vector256<int> exponent = shifted.AsInt32() - Vector256.Create(RoundingShift).AsInt32();
        Vector256<int> half = exponent >> 1;
        Vector256<float> scale = ((half + Vector256.Create(127)) << 23).AsSingle();
        Vector256<float> rest = ((exponent - half + Vector256.Create(127)) << 23).AsSingle();
        return q * scale * rest;
    }

    /// <summary>Natural logarithm in each lane; −∞ at 0, NaN below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Log(Vector256<float> x) => Vector256.Log(x);

    /// <summary>1/(1 + e⁻ˣ) in each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Sigmoid(Vector256<float> x)
    {
        // e^−|x| does not overflow; e/(1 + e) keeps the accuracy of small results.
        Vector256<float> e = Exp(-Vector256.Abs(x));
        Vector256<float> numerator = Vector256.ConditionalSelect(Vector256.LessThan(x, Vector256<float>.Zero), e, Vector256<float>.One);
        return numerator / (Vector256<float>.One + e);
    }

    /// <summary>Hyperbolic tangent in each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Tanh(Vector256<float> x)
    {
        Vector256<float> magnitude = Vector256.Abs(x);
        Vector256<float> square = x * x;
        Vector256<float> p = Vector256.MultiplyAddEstimate(Vector256.Create(P4), square, Vector256.Create(P3));
        p = Vector256.MultiplyAddEstimate(p, square, Vector256.Create(P2));
        p = Vector256.MultiplyAddEstimate(p, square, Vector256.Create(P1));
        p = Vector256.MultiplyAddEstimate(p, square, Vector256.Create(P0));
        Vector256<float> small = Vector256.MultiplyAddEstimate(p * square, x, x);

        Vector256<float> large = Vector256<float>.One
            - (Vector256.Create(2f) / (Exp(magnitude + magnitude) + Vector256<float>.One));
        Vector256<float> y = Vector256.ConditionalSelect(Vector256.LessThan(magnitude, Vector256.Create(TanhSmall)), small, large);
        return y | (x & Vector256.Create(-0f));
    }

    /// <summary>Error function in each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Erf(Vector256<float> x)
    {
        Vector256<float> magnitude = Vector256.MinNative(Vector256.Create(ErfHighest), Vector256.Abs(x));
        Vector256<float> square = x * x;
        Vector256<float> p = Vector256.MultiplyAddEstimate(Vector256.Create(E6), square, Vector256.Create(E5));
        p = Vector256.MultiplyAddEstimate(p, square, Vector256.Create(E4));
        p = Vector256.MultiplyAddEstimate(p, square, Vector256.Create(E3));
        p = Vector256.MultiplyAddEstimate(p, square, Vector256.Create(E2));
        p = Vector256.MultiplyAddEstimate(p, square, Vector256.Create(E1));
        p = Vector256.MultiplyAddEstimate(p, square, Vector256.Create(E0));
        Vector256<float> small = Vector256.MultiplyAddEstimate(p, x, x);

        Vector256<float> w = Vector256.MultiplyAddEstimate(Vector256.Create(W6), magnitude, Vector256.Create(W5));
        w = Vector256.MultiplyAddEstimate(w, magnitude, Vector256.Create(W4));
        w = Vector256.MultiplyAddEstimate(w, magnitude, Vector256.Create(W3));
        w = Vector256.MultiplyAddEstimate(w, magnitude, Vector256.Create(W2));
        w = Vector256.MultiplyAddEstimate(w, magnitude, Vector256.Create(W1));
        w = Vector256.MultiplyAddEstimate(w, magnitude, Vector256.Create(W0));
        Vector256<float> large = Vector256<float>.One - Exp(-w);
        Vector256<float> y = Vector256.ConditionalSelect(Vector256.LessThan(magnitude, Vector256.Create(ErfSmall)), small, large);
        return y | (x & Vector256.Create(-0f));
    }

    /// <summary>eˣ in each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Exp(Vector128<float> x)
    {
        // The native forms return their second operand where one is NaN.
        x = Vector128.MinNative(Vector128.Create(ExpHighest), x);
        x = Vector128.MaxNative(Vector128.Create(ExpLowest), x);
        Vector128<float> shifted = Vector128.MultiplyAddEstimate(x, Vector128.Create(Log2E), Vector128.Create(RoundingShift));
        Vector128<float> n = shifted - Vector128.Create(RoundingShift);
        Vector128<float> r = Vector128.MultiplyAddEstimate(n, Vector128.Create(-Ln2High), x);
        r = Vector128.MultiplyAddEstimate(n, Vector128.Create(-Ln2Low), r);
        Vector128<float> q = Vector128.MultiplyAddEstimate(Vector128.Create(Q4), r, Vector128.Create(Q3));
        q = Vector128.MultiplyAddEstimate(q, r, Vector128.Create(Q2));
        q = Vector128.MultiplyAddEstimate(q, r, Vector128.Create(Q1));
        q = Vector128.MultiplyAddEstimate(q, r, Vector128.Create(Q0));
        q = Vector128.MultiplyAddEstimate(q, r * r, r) + Vector128<float>.One;

        Vector128<int> exponent = shifted.AsInt32() - Vector128.Create(RoundingShift).AsInt32();
        Vector128<int> half = exponent >> 1;
        Vector128<float> scale = ((half + Vector128.Create(127)) << 23).AsSingle();
        Vector128<float> rest = ((exponent - half + Vector128.Create(127)) << 23).AsSingle();
        return q * scale * rest;
    }

    /// <summary>Natural logarithm in each lane; −∞ at 0, NaN below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Log(Vector128<float> x) => Vector128.Log(x);

    /// <summary>1/(1 + e⁻ˣ) in each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Sigmoid(Vector128<float> x)
    {
        // e^−|x| does not overflow; e/(1 + e) keeps the accuracy of small results.
        Vector128<float> e = Exp(-Vector128.Abs(x));
        Vector128<float> numerator = Vector128.ConditionalSelect(Vector128.LessThan(x, Vector128<float>.Zero), e, Vector128<float>.One);
        return numerator / (Vector128<float>.One + e);
    }

    /// <summary>Hyperbolic tangent in each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Tanh(Vector128<float> x)
    {
        Vector128<float> magnitude = Vector128.Abs(x);
        Vector128<float> square = x * x;
        Vector128<float> p = Vector128.MultiplyAddEstimate(Vector128.Create(P4), square, Vector128.Create(P3));
        p = Vector128.MultiplyAddEstimate(p, square, Vector128.Create(P2));
        p = Vector128.MultiplyAddEstimate(p, square, Vector128.Create(P1));
        p = Vector128.MultiplyAddEstimate(p, square, Vector128.Create(P0));
        Vector128<float> small = Vector128.MultiplyAddEstimate(p * square, x, x);

        Vector128<float> large = Vector128<float>.One
            - (Vector128.Create(2f) / (Exp(magnitude + magnitude) + Vector128<float>.One));
        Vector128<float> y = Vector128.ConditionalSelect(Vector128.LessThan(magnitude, Vector128.Create(TanhSmall)), small, large);
        return y | (x & Vector128.Create(-0f));
    }

    /// <summary>Error function in each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Erf(Vector128<float> x)
    {
        Vector128<float> magnitude = Vector128.MinNative(Vector128.Create(ErfHighest), Vector128.Abs(x));
        Vector128<float> square = x * x;
        Vector128<float> p = Vector128.MultiplyAddEstimate(Vector128.Create(E6), square, Vector128.Create(E5));
        p = Vector128.MultiplyAddEstimate(p, square, Vector128.Create(E4));
        p = Vector128.MultiplyAddEstimate(p, square, Vector128.Create(E3));
        p = Vector128.MultiplyAddEstimate(p, square, Vector128.Create(E2));
        p = Vector128.MultiplyAddEstimate(p, square, Vector128.Create(E1));
        p = Vector128.MultiplyAddEstimate(p, square, Vector128.Create(E0));
        Vector128<float> small = Vector128.MultiplyAddEstimate(p, x, x);

        Vector128<float> w = Vector128.MultiplyAddEstimate(Vector128.Create(W6), magnitude, Vector128.Create(W5));
        w = Vector128.MultiplyAddEstimate(w, magnitude, Vector128.Create(W4));
        w = Vector128.MultiplyAddEstimate(w, magnitude, Vector128.Create(W3));
        w = Vector128.MultiplyAddEstimate(w, magnitude, Vector128.Create(W2));
        w = Vector128.MultiplyAddEstimate(w, magnitude, Vector128.Create(W1));
        w = Vector128.MultiplyAddEstimate(w, magnitude, Vector128.Create(W0));
        Vector128<float> large = Vector128<float>.One - Exp(-w);
        Vector128<float> y = Vector128.ConditionalSelect(Vector128.LessThan(magnitude, Vector128.Create(ErfSmall)), small, large);
        return y | (x & Vector128.Create(-0f));
    }
}
