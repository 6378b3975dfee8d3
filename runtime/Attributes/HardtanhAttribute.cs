using System;

namespace Strata;

/// <summary>Clamps values between two bounds: PyTorch's <c>nn.Hardtanh</c>.</summary>
/// <remarks>
/// <para>Shape: unchanged. Formula: y = min(max(x, Min), Max); its derivative at the bounds is 0.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class HardtanhAttribute : LayerAttribute
{
    /// <summary>The smallest output, a finite number; −1 by default.</summary>
    public double Min { get; set; } = -1;

    /// <summary>The largest output, a finite number greater than <see cref="Min"/>; 1 by default.</summary>
    public double Max { get; set; } = 1;
}
