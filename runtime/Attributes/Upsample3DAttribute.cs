using System;

namespace Strata;

/// <summary>Enlarges each channel: PyTorch's <c>nn.Upsample</c> and <c>F.interpolate</c>, Keras' <c>UpSampling3D</c>.</summary>
/// <remarks>
/// <para>Shape: C×D×H×W → C×⌊s·D⌋×⌊s·H⌋×⌊s·W⌋, or the given size.</para>
/// <para>
/// Formula: y[c, k, i, j] = x[c, ⌊k/s⌋, ⌊i/s⌋, ⌊j/s⌋]; with <see cref="UpsampleMode.Linear"/>, the trilinear interpolation at
/// position (k + ½)/s − ½, (i + ½)/s − ½, (j + ½)/s − ½. With <see cref="UpsampleAttribute.AlignCorners"/>, the position along
/// an axis of N elements is i·(N − 1)/(N′ − 1), where N′ is the output's extent.
/// </para>
/// <para>
/// <see cref="UpsampleMode.Cubic"/> weighs four neighbours along each axis, and <see cref="UpsampleAttribute.Coordinates"/> has
/// the other places of ONNX's Resize.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class Upsample3DAttribute : UpsampleAttribute
{
    /// <summary>Enlarges to a size: set the properties of all axes.</summary>
    public Upsample3DAttribute()
        : base(0)
    {
    }

    /// <summary>Enlarges by a factor.</summary>
    /// <param name="scale">The factor, greater than 0; 2 doubles every extent.</param>
    public Upsample3DAttribute(double scale)
        : base(scale)
    {
    }

    /// <summary>Planes of the output, at least 1. Use it instead of a scale.</summary>
    public int Depth { get; set; }

    /// <summary>Rows of the output, at least 1. Use it instead of a scale.</summary>
    public int Height { get; set; }

    /// <summary>Columns of the output, at least 1. Use it instead of a scale.</summary>
    public int Width { get; set; }

    /// <summary>Factor of the depth, greater than 0; <see cref="UpsampleAttribute.Scale"/> by default.</summary>
    public double ScaleDepth { get; set; }

    /// <summary>Factor of the height, greater than 0; <see cref="UpsampleAttribute.Scale"/> by default.</summary>
    public double ScaleHeight { get; set; }

    /// <summary>Factor of the width, greater than 0; <see cref="UpsampleAttribute.Scale"/> by default.</summary>
    public double ScaleWidth { get; set; }
}
