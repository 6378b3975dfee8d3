using System;

namespace Strata;

/// <summary>
/// Rectified linear unit with a small slope for negative inputs (Maas et al. 2013): PyTorch's <c>nn.LeakyReLU</c>.
/// </summary>
/// <remarks>
/// <para>Shape: unchanged. Formula: y = x for x &gt; 0, else slope·x; its derivative at 0 is the slope.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class LeakyReLUAttribute : LayerAttribute
{
    /// <summary>A leaky rectified linear unit.</summary>
    /// <param name="slope">
    /// Slope for x &lt; 0: PyTorch's <c>negative_slope</c>. Any finite number; 0.01 by default. In training, a layer with a negative slope
    /// is not fused with pooling.
    /// </param>
    public LeakyReLUAttribute(double slope = 0.01) => Slope = slope;

    /// <summary>Slope for x &lt; 0.</summary>
    public double Slope { get; }
}
