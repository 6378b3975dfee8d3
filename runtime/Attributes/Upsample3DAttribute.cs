using System;

namespace Strata;

/// <summary>
/// Makes each channel larger: PyTorch's <c>nn.Upsample</c> and <c>F.interpolate</c>, Keras' <c>UpSampling3D</c>.
/// </summary>
/// <remarks>
/// <para>Shape: C×D×H×W → C×⌊s·D⌋×⌊s·H⌋×⌊s·W⌋, or the sizes that are given.</para>
/// <para>Formula: y[c, k, i, j] = x[c, ⌊k/s⌋, ⌊i/s⌋, ⌊j/s⌋]; with <see cref="UpsampleMode.Linear"/> the trilinear mean at the place (k + ½)/s − ½, (i + ½)/s − ½, (j + ½)/s − ½, or with
/// <see cref="UpsampleAttribute.AlignCorners"/> at i·(N − 1)/(N′ − 1) of each axis.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class Upsample3DAttribute : UpsampleAttribute
{
    /// <summary>To a size: set the properties of all axes.</summary>
    public Upsample3DAttribute()
        : base(0)
    {
    }

    /// <summary>By a factor.</summary>
    /// <param name="scale">More than 0; 2 doubles every extent.</param>
    public Upsample3DAttribute(double scale)
        : base(scale)
    {
    }

    /// <summary>Planes of the output, in place of a scale; at least 1.</summary>
    public int Depth { get; set; }

    /// <summary>Rows of the output, in place of a scale; at least 1.</summary>
    public int Height { get; set; }

    /// <summary>Columns of the output, in place of a scale; at least 1.</summary>
    public int Width { get; set; }

    /// <summary>Factor of the depth, where it is not <see cref="UpsampleAttribute.Scale"/>; more than 0.</summary>
    public double ScaleDepth { get; set; }

    /// <summary>Factor of the height, where it is not <see cref="UpsampleAttribute.Scale"/>; more than 0.</summary>
    public double ScaleHeight { get; set; }

    /// <summary>Factor of the width, where it is not <see cref="UpsampleAttribute.Scale"/>; more than 0.</summary>
    public double ScaleWidth { get; set; }
}
