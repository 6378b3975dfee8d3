using System;

namespace Strata;

/// <summary>The base class of layers that enlarge (or shrink) each channel, by a factor or to a size.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public abstract class UpsampleAttribute : LayerAttribute
{
    private protected UpsampleAttribute(double scale) => Scale = scale;

    /// <summary>Factor of all extents, greater than 0. The output's extent is rounded down.</summary>
    public double Scale { get; }

    /// <summary>How values between the input's elements are computed; the nearest element by default.</summary>
    public UpsampleMode Mode { get; set; }

    /// <summary>
    /// For linear and cubic modes: whether the first and last elements of input and output have the same positions. False by default, as
    /// in PyTorch and Keras: an element then stands for an area.
    /// </summary>
    public bool AlignCorners { get; set; }

    /// <summary>
    /// Where an output is between the input's elements; by default as in PyTorch. <see cref="UpsampleCoordinates.AlignCorners"/> is
    /// the same as <see cref="AlignCorners"/>.
    /// </summary>
    public UpsampleCoordinates Coordinates { get; set; }

    /// <summary>
    /// For <see cref="UpsampleMode.Nearest"/>: which element is the nearest; by default the one at or before the place. PyTorch's
    /// <c>nearest-exact</c> is <see cref="UpsampleCoordinates.HalfPixel"/> with <see cref="UpsampleRounding.RoundPreferCeil"/>.
    /// Halves are found exactly, also where single precision would miss them.
    /// </summary>
    public UpsampleRounding Rounding { get; set; }

    /// <summary>
    /// For <see cref="UpsampleMode.Cubic"/>: the coefficient a of the weights; −0.75 by default, as in PyTorch. Pillow and
    /// TensorFlow have −0.5.
    /// </summary>
    public double CubicCoefficient { get; set; } = -0.75;
}

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

/// <summary>Enlarges each channel: PyTorch's <c>nn.Upsample</c> and <c>F.interpolate</c>, Keras' <c>UpSampling2D</c>.</summary>
/// <remarks>
/// <para>Shape: C×H×W → C×⌊s·H⌋×⌊s·W⌋, or the given size.</para>
/// <para>
/// Formula: y[c, i, j] = x[c, ⌊i/s⌋, ⌊j/s⌋]; with <see cref="UpsampleMode.Linear"/>, the bilinear interpolation at position (i
/// + ½)/s − ½, (j + ½)/s − ½. With <see cref="UpsampleAttribute.AlignCorners"/>, the position along an axis of N elements is
/// i·(N − 1)/(N′ − 1), where N′ is the output's extent.
/// </para>
/// <para>
/// <see cref="UpsampleMode.Cubic"/> weighs four neighbours along each axis, and <see cref="UpsampleAttribute.Coordinates"/> has
/// the other places of ONNX's Resize.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class Upsample2DAttribute : UpsampleAttribute
{
    /// <summary>Enlarges to a size: set the properties of all axes.</summary>
    public Upsample2DAttribute()
        : base(0)
    {
    }

    /// <summary>Enlarges by a factor.</summary>
    /// <param name="scale">The factor, greater than 0; 2 doubles every extent.</param>
    public Upsample2DAttribute(double scale)
        : base(scale)
    {
    }

    /// <summary>Rows of the output, at least 1. Use it instead of a scale.</summary>
    public int Height { get; set; }

    /// <summary>Columns of the output, at least 1. Use it instead of a scale.</summary>
    public int Width { get; set; }

    /// <summary>Factor of the height, greater than 0; <see cref="UpsampleAttribute.Scale"/> by default.</summary>
    public double ScaleHeight { get; set; }

    /// <summary>Factor of the width, greater than 0; <see cref="UpsampleAttribute.Scale"/> by default.</summary>
    public double ScaleWidth { get; set; }
}

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
