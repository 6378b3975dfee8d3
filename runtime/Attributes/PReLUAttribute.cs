using System;

namespace Strata;

/// <summary>
/// Rectified linear unit with a learned slope for negative inputs (He et al. 2015, §2.1): PyTorch's <c>nn.PReLU</c>.
/// </summary>
/// <remarks>
/// <para>
/// Shape: unchanged. Formula: y = x for x &gt; 0, else w·x; its derivative at 0 is w. The parameter <c>weight</c> (w) has one
/// element, or with <see cref="PerChannel"/> one for each channel (for each feature of a flat tensor).
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class PReLUAttribute : LayerAttribute
{
    /// <summary>
    /// Whether each channel has its own slope: PyTorch's <c>num_parameters</c>. False by default: all channels share one.
    /// </summary>
    public bool PerChannel { get; set; }

    /// <summary>The initial slope, a finite number: PyTorch's <c>init</c>; 0.25 by default.</summary>
    public double Slope { get; set; } = 0.25;
}
