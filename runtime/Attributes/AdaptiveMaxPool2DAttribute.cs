using System;

namespace Strata;

/// <summary>
/// Maximum over as many windows as the output has elements, whatever the input's size is: PyTorch's <c>nn.AdaptiveMaxPool2d</c>.
/// </summary>
/// <remarks>
/// <para>Shape: C×H×W → C×H′×W′.</para>
/// <para>Formula: y[c, i, j] is the maximum of x[c, m, n] over ⌊i·H/H′⌋ ≤ m &lt; ⌈(i + 1)·H/H′⌉ and n likewise. Where H′ does not divide H, windows are of different sizes and neighbours share elements.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class AdaptiveMaxPool2DAttribute : LayerAttribute
{
    /// <summary>Pools to <paramref name="size"/> × <paramref name="size"/>; 1 is the maximum of each channel.</summary>
    /// <param name="size">Rows and columns of the output, at least 1.</param>
    public AdaptiveMaxPool2DAttribute(int size) => Size = Height = Width = size;

    /// <summary>Rows and columns of the output.</summary>
    public int Size { get; }

    /// <summary>Rows of the output, where they are not <see cref="Size"/>; at least 1.</summary>
    public int Height { get; set; }

    /// <summary>Columns of the output, where they are not <see cref="Size"/>; at least 1.</summary>
    public int Width { get; set; }
}
