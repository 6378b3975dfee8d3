using System;

namespace Strata;

/// <summary>Enlarges each channel: PyTorch's <c>nn.Upsample</c> and <c>F.interpolate</c>, Keras' <c>UpSampling1D</c>.</summary>
/// <remarks>
/// <para>Shape: C×L → C×⌊s·L⌋, or the given size.</para>
/// <para>
/// Formula: y[c, i] = x[c, ⌊i/s⌋]; with <see cref="UpsampleMode.Linear"/>, the linear interpolation at position (i + ½)/s − ½,
/// or with <see cref="UpsampleAttribute.AlignCorners"/> at i·(L − 1)/(L′ − 1).
/// </para>
/// <para>
/// <see cref="UpsampleMode.Cubic"/> weighs four neighbours along each axis, and <see cref="UpsampleAttribute.Coordinates"/> has
/// the other places of ONNX's Resize.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class Upsample1DAttribute : UpsampleAttribute
{
    /// <summary>Enlarges to a size: set <see cref="Length"/>.</summary>
    public Upsample1DAttribute()
        : base(0)
    {
    }

    /// <summary>Enlarges by a factor.</summary>
    /// <param name="scale">The factor, greater than 0; 2 doubles every extent.</param>
    public Upsample1DAttribute(double scale)
        : base(scale)
    {
    }

    /// <summary>Length of the output, at least 1. Use it instead of a scale.</summary>
    public int Length { get; set; }
}
