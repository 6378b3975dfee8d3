using System;

namespace Strata;

/// <summary>
/// Rectified linear unit with a learned slope below 0 (He et al. 2015, §2.1): PyTorch's <c>nn.PReLU</c>.
/// </summary>
/// <remarks>
/// <para>Shape: unchanged. Formula: y = x for x &gt; 0, else w·x; its derivative at 0 is w. The parameter <c>weight</c> has one number, or
/// one for each channel (each feature of a flat tensor).</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class PReLUAttribute : LayerAttribute
{
    /// <summary>Whether each channel has a slope of its own: PyTorch's <c>num_parameters</c>; by default all share one.</summary>
    public bool PerChannel { get; set; }

    /// <summary>The slope to begin with, a finite number: PyTorch's <c>init</c>.</summary>
    public double Slope { get; set; } = 0.25;
}
