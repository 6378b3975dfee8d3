using System;

namespace Strata;

/// <summary>
/// Makes each channel larger: PyTorch's <c>nn.Upsample</c> and <c>F.interpolate</c>, Keras' <c>UpSampling1D</c>.
/// </summary>
/// <remarks>
/// <para>Shape: C×L → C×⌊s·L⌋, or the sizes that are given.</para>
/// <para>Formula: y[c, i] = x[c, ⌊i/s⌋]; with <see cref="UpsampleMode.Linear"/> the linear mean at the element at (i + ½)/s − ½, or with
/// <see cref="UpsampleAttribute.AlignCorners"/> at i·(N − 1)/(N′ − 1) of each axis.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class Upsample1DAttribute : UpsampleAttribute
{
    /// <summary>To a size: set the properties of the axis.</summary>
    public Upsample1DAttribute()
        : base(0)
    {
    }

    /// <summary>By a factor.</summary>
    /// <param name="scale">More than 0; 2 doubles every extent.</param>
    public Upsample1DAttribute(double scale)
        : base(scale)
    {
    }

    /// <summary>Elements of the output, in place of a scale; at least 1.</summary>
    public int Length { get; set; }
}
