using System.Runtime.Intrinsics;
using Strata.CompilerServices;

namespace Strata;

/// <summary>
/// Functions for the formulas of an <see cref="ElementwiseAttribute"/> that <see cref="System.MathF"/> does not have. They stay
/// accurate where their definitions overflow or cancel.
/// </summary>
/// <remarks>
/// <para>
/// In a network these functions are computed in vectors. A call computes one number by the same instructions and gives the same
/// bits.
/// </para>
/// <para>
/// Largest errors over all floats, in units in the last place, and the limits at ±∞. NaN gives NaN.
/// </para>
/// <list type="table">
/// <listheader><term>Function</term><description>Error; at −∞; at +∞</description></listheader>
/// <item><term>Sigmoid</term><description>2.4; 0; 1</description></item>
/// <item><term>LogSigmoid</term><description>2.8; −∞; −0</description></item>
/// <item><term>Softplus</term><description>2.8 (with beta, the rounding of beta·x adds up to ½·|beta·x|); 0; +∞</description></item>
/// <item><term>Log1p</term><description>3.0; NaN below −1, −∞ at −1; +∞</description></item>
/// <item><term>Expm1</term><description>1.6; −1; +∞</description></item>
/// <item><term>Erf</term><description>1.3; −1; 1</description></item>
/// <item><term>ReLU</term><description>0; 0; +∞</description></item>
/// <item><term>LeakyReLU</term><description>0.5; −∞ for a slope above 0; +∞</description></item>
/// <item><term>ELU</term><description>1.7; −alpha; +∞</description></item>
/// <item><term>SiLU</term><description>3.0; −0; +∞</description></item>
/// <item><term>GELU</term><description>7.0; −0; +∞</description></item>
/// <item><term>GELUTanh</term><description>3.0; −0; +∞</description></item>
/// <item><term>Mish</term><description>3.5; −0; +∞</description></item>
/// <item><term>HardSigmoid</term><description>1.4; 0; 1</description></item>
/// <item><term>HardSwish</term><description>2.5; −0; +∞</description></item>
/// </list>
/// </remarks>
public static class Functions
{
    /// <summary>The logistic function, 1/(1 + e⁻ˣ), from 0 to 1.</summary>
    /// <param name="x">Any number.</param>
    public static float Sigmoid(float x) => VectorMath.Sigmoid(x);

    /// <summary>The logarithm of the logistic function, −ln(1 + e⁻ˣ), from −∞ to 0.</summary>
    /// <param name="x">Any number.</param>
    public static float LogSigmoid(float x) => -Softplus(-x);

    /// <summary>ln(1 + eˣ), from 0 to +∞.</summary>
    /// <param name="x">Any number.</param>
    public static float Softplus(float x) => VectorMath.Softplus(Vector128.Create(x)).ToScalar();

    /// <summary>ln(1 + e^(beta·x))/beta; x itself where beta·x is above the threshold, as in PyTorch.</summary>
    /// <param name="x">Any number.</param>
    /// <param name="beta">A number other than 0. In a formula it must be constant.</param>
    /// <param name="threshold">From 20 on, it changes nothing in single precision. In a formula it must be constant.</param>
    public static float Softplus(float x, float beta, float threshold = 20) =>
        VectorMath.Softplus(Vector128.Create(x), beta, threshold).ToScalar();

    /// <summary>ln(1 + x), accurate near 0, too; −∞ at −1 and NaN below.</summary>
    /// <param name="x">A number from −1 on.</param>
    public static float Log1p(float x) => VectorMath.Log1p(Vector128.Create(x)).ToScalar();

    /// <summary>eˣ − 1, accurate near 0, too.</summary>
    /// <param name="x">Any number.</param>
    public static float Expm1(float x) => VectorMath.Expm1(Vector128.Create(x)).ToScalar();

    /// <summary>The error function, 2/√π·∫e^−t² dt from 0 to x, from −1 to 1.</summary>
    /// <param name="x">Any number.</param>
    public static float Erf(float x) => VectorMath.Erf(x);

    /// <summary>The larger one of x and 0. Its derivative at 0 is 0.</summary>
    /// <param name="x">Any number.</param>
    public static float ReLU(float x) => x < 0 ? 0 : x;

    /// <summary>x above 0, else slope·x. Its derivative at 0 is the slope.</summary>
    /// <param name="x">Any number.</param>
    /// <param name="slope">Any number. In a formula it must be constant.</param>
    public static float LeakyReLU(float x, float slope = 0.01f) => VectorMath.LeakyReLU(Vector128.Create(x), slope).ToScalar();

    /// <summary>x above 0, else alpha·(eˣ − 1). Its derivative at 0 is alpha.</summary>
    /// <param name="x">Any number.</param>
    /// <param name="alpha">Any number. In a formula it must be constant.</param>
    public static float ELU(float x, float alpha = 1) => VectorMath.ELU(Vector128.Create(x), alpha).ToScalar();

    /// <summary>x/(1 + e⁻ˣ), also called Swish (Ramachandran et al. 2017).</summary>
    /// <param name="x">Any number.</param>
    public static float SiLU(float x) => VectorMath.SiLU(Vector128.Create(x)).ToScalar();

    /// <summary>x·Φ(x), where Φ is the normal distribution (Hendrycks and Gimpel 2016).</summary>
    /// <param name="x">Any number.</param>
    public static float GELU(float x) => VectorMath.GELU(Vector128.Create(x)).ToScalar();

    /// <summary>½·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))), which is close to <see cref="GELU(float)"/>.</summary>
    /// <param name="x">Any number.</param>
    public static float GELUTanh(float x) => VectorMath.GELUTanh(Vector128.Create(x)).ToScalar();

    /// <summary>x·tanh(ln(1 + eˣ)) (Misra 2019).</summary>
    /// <param name="x">Any number.</param>
    public static float Mish(float x) => VectorMath.Mish(Vector128.Create(x)).ToScalar();

    /// <summary>min(max(x + 3, 0), 6)/6. Its derivative at ±3 is 0.</summary>
    /// <param name="x">Any number.</param>
    public static float HardSigmoid(float x) => VectorMath.HardSigmoid(Vector128.Create(x)).ToScalar();

    /// <summary>x·min(max(x + 3, 0), 6)/6 (Howard et al. 2019).</summary>
    /// <param name="x">Any number.</param>
    public static float HardSwish(float x) => VectorMath.HardSwish(Vector128.Create(x)).ToScalar();
}
