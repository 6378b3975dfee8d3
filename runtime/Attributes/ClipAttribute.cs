using System;

namespace Strata;

/// <summary>
/// Clamps values between two bounds, or on one side: PyTorch's <c>torch.clamp</c>. <see cref="HardtanhAttribute"/> and
/// <see cref="ReLU6Attribute"/> have the same values. Their derivative is 0 at the bounds, and training fuses them.
/// </summary>
/// <remarks>
/// <para>Shape: unchanged. Formula: y = min(max(x, Min), Max); its derivative is 1 from Min to Max, and 0 outside.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class ClipAttribute : LayerAttribute
{
    /// <summary>The smallest output, a finite number. Without it, there is none.</summary>
    public double Min { get; set; } = double.NegativeInfinity;

    /// <summary>The largest output, a finite number greater than <see cref="Min"/>. Without it, there is none.</summary>
    public double Max { get; set; } = double.PositiveInfinity;
}
