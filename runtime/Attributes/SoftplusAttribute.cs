using System;

namespace Strata;

/// <summary>Smooth rectifier (Dugas et al. 2001): PyTorch's <c>nn.Softplus</c>.</summary>
/// <remarks>
/// <para>
/// Shape: unchanged. Formula: y = ln(1 + e^(Beta·x))/Beta, and y = x where Beta·x &gt; Threshold. Both are computed without overflow.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class SoftplusAttribute : LayerAttribute
{
    /// <summary>How sharp the bend at 0 is: a finite number greater than 0.</summary>
    public double Beta { get; set; } = 1;

    /// <summary>
    /// From where on the function is x itself: a finite number. From 20 on it makes no difference in single precision; below, the
    /// function falls there a little, as in PyTorch.
    /// </summary>
    public double Threshold { get; set; } = 20;
}
