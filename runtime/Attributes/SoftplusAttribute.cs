using System;

namespace Strata;

/// <summary>A smooth version of ReLU (Dugas et al. 2001): PyTorch's <c>nn.Softplus</c>.</summary>
/// <remarks>
/// <para>
/// Shape: unchanged. Formula: y = ln(1 + e^(Beta·x))/Beta, and y = x where Beta·x &gt; Threshold. Large inputs do not overflow.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class SoftplusAttribute : LayerAttribute
{
    /// <summary>Sharpness of the bend at 0: a finite number greater than 0; 1 by default.</summary>
    public double Beta { get; set; } = 1;

    /// <summary>
    /// The function is x itself if Beta·x exceeds this number. A finite number, 20 by default. Thresholds of 20 and more make no difference
    /// in 32-bit floats. With a smaller threshold the function jumps down a little there, as in PyTorch.
    /// </summary>
    public double Threshold { get; set; } = 20;
}
