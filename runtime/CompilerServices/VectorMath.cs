using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Strata.CompilerServices;

/// <summary>Exponential functions, and the activations made of them, on vectors. Generated kernels call them.</summary>
/// <remarks>
/// <para>
/// Largest errors over the whole range, in units in the last place, measured against double precision. They hold with and without fused
/// multiply-add. A derivative is a sum of two terms; its error is in units in the last place of the larger term. A function of one float
/// returns a lane of the vector function.
/// </para>
/// <list type="table">
/// <listheader><term>Function</term><description>Units in the last place</description></listheader>
/// <item><term>Exp</term><description>1.1</description></item>
/// <item><term>Log</term><description>2.3</description></item>
/// <item><term>Sigmoid</term><description>2.4</description></item>
/// <item><term>Tanh</term><description>1.4</description></item>
/// <item><term>Erf</term><description>1.3</description></item>
/// <item><term>square root</term><description>0.5: the processor's, which is correctly rounded</description></item>
/// <item><term>Expm1</term><description>1.6</description></item>
/// <item><term>Log1p</term><description>3.0</description></item>
/// <item><term>Sin, Cos</term><description>1.0</description></item>
/// <item><term>Pow, by 1.5 and by −3</term><description>0.6</description></item>
/// <item><term>LeakyReLU</term><description>0.5</description></item>
/// <item><term>ELU</term><description>1.7</description></item>
/// <item><term>Softplus</term><description>2.8; with beta, the rounding of beta·x adds up to ½·|beta·x|</description></item>
/// <item><term>SiLU, its derivative</term><description>3.0, 5.5</description></item>
/// <item><term>Mish, its derivative</term><description>3.5, 6.0</description></item>
/// <item><term>GELU, its derivative</term><description>7.0, 4.5</description></item>
/// <item><term>GELUTanh, its derivative</term><description>3.0, 6.0</description></item>
/// <item><term>HardSigmoid</term><description>1.4</description></item>
/// <item><term>HardSwish, its derivative</term><description>2.5, 0.7</description></item>
/// </list>
/// <para>Special values:</para>
/// <list type="bullet">
/// <item><description>NaN gives NaN. At −∞ the functions have their limits, where x·0 would be NaN.</description></item>
/// <item><description>Subnormal results are as accurate as others. Kernels run with subnormal numbers as 0, where the host
/// can.</description></item>
/// <item><description>Exp gives +∞ above 88.73 and 0 below −103.98. In between, results may be subnormal.</description></item>
/// <item><description>Sigmoid, Tanh and Erf saturate. Tanh and Erf keep full relative accuracy near 0, and Sigmoid towards −∞ down to the
/// subnormals.</description></item>
/// </list>
/// <para>Methods:</para>
/// <list type="bullet">
/// <item><description>Exp: x = n·ln 2 + r with |r| ≤ ½·ln 2. Then eʳ = 1 + r + r²·q(r) with a minimax polynomial q (relative error 3·10⁻⁹),
/// times 2ⁿ in two factors so that neither overflows.</description></item>
/// <item><description>Tanh: x + x³·p(x²) below 0.625 (minimax, 4·10⁻⁹), 1 − 2/(e²ˣ + 1) above.</description></item>
/// <item><description>Erf: x + x·p(x²) below 1 (minimax, 1.5·10⁻⁹), 1 − e^−w(x) above, with a polynomial w ≈ −ln erfc(x) (1·10⁻⁹ of the
/// result).</description></item>
/// <item><description>Softplus: max(x, 0) + ln(1 + e) with e = e^−|x|. Here ln(1 + e) = 2·artanh(e/(2 + e)) by a minimax polynomial in the
/// square of e/(2 + e) (relative error 5·10⁻⁹).</description></item>
/// <item><description>Mish: tanh(ln(1 + eˣ)) is a quotient of polynomials in e^−|x|, whose terms have one sign.</description></item>
/// <item><description>GELU: the tail of the normal distribution is e^(−a²/2) times a minimax quotient of polynomials with positive
/// coefficients (6·10⁻⁹). It is not computed as ½·(1 + Erf), which has no correct digits far below 0.</description></item>
/// </list>
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static partial class VectorMath
{
    // Above ExpHighest eˣ is +∞, below ExpLowest it is 0. Clamping x keeps n within 8 bits, so that n·Ln2High is exact.
    private const float ExpHighest = 89f;
    private const float ExpLowest = -104f;
    private const float Log2E = 1.44269504f;
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    // 1.5·2²³: adding it to x rounds x to an integer, which is then in the low bits of the sum.
    private const float RoundingShift = 12582912f;

    // The same for n down to −166: 2^(n + 40) is a normal number. Its product with 2⁻⁴⁰ is rounded at most once.
    private const float LowShift = RoundingShift + 40;
    private const float LowScale = 1f / (1L << 40);

    private const float Q0 = 0.49999994f;
    private const float Q1 = 0.1666652f;
    private const float Q2 = 0.041668393f;
    private const float Q3 = 0.008368781f;
    private const float Q4 = 0.0013814467f;

    // Below this magnitude, 1 − 2/(e²ˣ + 1) would lose digits by cancellation.
    private const float TanhSmall = 0.625f;
    private const float P0 = -0.3333328f;
    private const float P1 = 0.13331442f;
    private const float P2 = -0.053739715f;
    private const float P3 = 0.020639088f;
    private const float P4 = -0.0057049873f;

    // From ErfSmall on, 1 − e^−w loses few digits by cancellation. From ErfHighest on, the result rounds to 1.
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

    // For x at or below the negative of these numbers, results round to −0 and derivatives to 0. That of SiLU serves Mish, too.
    private const float SiLUZero = 110f;
    private const float GELUZero = 14.7f;
    private const float GELUTanhZero = 11f;

    private const float InverseRootTwoPi = 0.398942280f;
    private const double Ln2 = 0.69314718055994531;

    // 2·√(2/π), and the factor of the cubic term.
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

    /// <summary>eˣ, by the vector function.</summary>
    /// <param name="x">Any number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Exp(float x) => Exp(Vector128.Create(x)).ToScalar();

    /// <summary>Natural logarithm, −∞ at 0 and NaN below, by the vector function.</summary>
    /// <param name="x">Any number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Log(float x) => Log(Vector128.Create(x)).ToScalar();

    /// <summary>1/(1 + e⁻ˣ), by the vector function.</summary>
    /// <param name="x">Any number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sigmoid(float x) => Sigmoid(Vector128.Create(x)).ToScalar();

    /// <summary>Hyperbolic tangent, by the vector function.</summary>
    /// <param name="x">Any number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Tanh(float x) => Tanh(Vector128.Create(x)).ToScalar();

    /// <summary>Error function, 2/√π·∫e^−t² dt from 0 to x, by the vector function.</summary>
    /// <param name="x">Any number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Erf(float x) => Erf(Vector128.Create(x)).ToScalar();

    // .NET's sine of 16 lanes rounds otherwise than that of 4. All widths must give the same bits, so that all compute 4 lanes at a time.
    private static Vector128<float> SinInQuarters(Vector128<float> x) => Vector128.Sin(x);

    private static Vector256<float> SinInQuarters(Vector256<float> x) =>
        Vector256.Create(Vector128.Sin(x.GetLower()), Vector128.Sin(x.GetUpper()));

    private static Vector512<float> SinInQuarters(Vector512<float> x) =>
        Vector512.Create(SinInQuarters(x.GetLower()), SinInQuarters(x.GetUpper()));

    private static Vector128<float> CosInQuarters(Vector128<float> x) => Vector128.Cos(x);

    private static Vector256<float> CosInQuarters(Vector256<float> x) =>
        Vector256.Create(Vector128.Cos(x.GetLower()), Vector128.Cos(x.GetUpper()));

    private static Vector512<float> CosInQuarters(Vector512<float> x) =>
        Vector512.Create(CosInQuarters(x.GetLower()), CosInQuarters(x.GetUpper()));
}
