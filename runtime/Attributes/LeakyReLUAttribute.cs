using System;

namespace Strata;

/// <summary>
/// Rectified linear unit with a slope below 0, too (Maas et al. 2013): PyTorch's <c>nn.LeakyReLU</c>.
/// </summary>
/// <remarks>
/// <para>Shape: unchanged. Formula: y = x for x &gt; 0, else slope·x; its derivative at 0 is the slope.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class LeakyReLUAttribute : LayerAttribute
{
    /// <summary>A rectified linear unit with a slope below 0.</summary>
    /// <param name="slope">
    /// Slope below 0: PyTorch's <c>negative_slope</c>. Any finite number; a negative one cannot be fused with pooling in training.
    /// </param>
    public LeakyReLUAttribute(double slope = 0.01) => Slope = slope;

    /// <summary>Slope below 0.</summary>
    public double Slope { get; }
}
