using System;

namespace Strata;

/// <summary>
/// Mean over as many windows as the output has elements, whatever the input's size is: PyTorch's <c>nn.AdaptiveAvgPool3d</c>.
/// </summary>
/// <remarks>
/// <para>Shape: C×D×H×W → C×D′×H′×W′.</para>
/// <para>Formula: y[c, k, i, j] is the mean of x[c, l, m, n] over ⌊i·H/H′⌋ ≤ m &lt; ⌈(i + 1)·H/H′⌉, l and n likewise. Where H′ does not divide H, windows are of different sizes and neighbours share elements.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class AdaptiveAveragePool3DAttribute : LayerAttribute
{
    /// <summary>Pools to <paramref name="size"/> × <paramref name="size"/> × <paramref name="size"/>; 1 is the mean of each channel.</summary>
    /// <param name="size">Planes, rows and columns of the output, at least 1.</param>
    public AdaptiveAveragePool3DAttribute(int size) => Size = Depth = Height = Width = size;

    /// <summary>Planes, rows and columns of the output.</summary>
    public int Size { get; }

    /// <summary>Planes of the output, where they are not <see cref="Size"/>; at least 1.</summary>
    public int Depth { get; set; }

    /// <summary>Rows of the output, where they are not <see cref="Size"/>; at least 1.</summary>
    public int Height { get; set; }

    /// <summary>Columns of the output, where they are not <see cref="Size"/>; at least 1.</summary>
    public int Width { get; set; }
}
