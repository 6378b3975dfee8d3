using System;

namespace Strata;

/// <summary>The identity between two bounds, and constant beyond them: PyTorch's <c>nn.Hardtanh</c>.</summary>
/// <remarks>
/// <para>Shape: unchanged. Formula: y = min(max(x, Min), Max); its derivative at the bounds is 0.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class HardtanhAttribute : LayerAttribute
{
    /// <summary>The least output, finite.</summary>
    public double Min { get; set; } = -1;

    /// <summary>The largest output, finite and more than <see cref="Min"/>.</summary>
    public double Max { get; set; } = 1;
}
