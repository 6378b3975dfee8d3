using System;

namespace Strata;

/// <summary>
/// Average pooling to an output size that you choose, whatever the size of the input: PyTorch's <c>nn.AdaptiveAvgPool2d</c>.
/// </summary>
/// <remarks>
/// <para>Shape: C×H×W → C×H′×W′.</para>
/// <para>
/// Formula: y[c, i, j] is the mean of x[c, m, n] over ⌊i·H/H′⌋ ≤ m &lt; ⌈(i + 1)·H/H′⌉; n has the corresponding range of
/// columns. Where H′ does not divide H, windows have different sizes and neighbouring windows overlap.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class AdaptiveAveragePool2DAttribute : LayerAttribute
{
    /// <summary>Pools to <paramref name="size"/> × <paramref name="size"/>; 1 is the mean of each channel.</summary>
    /// <param name="size">Rows and columns of the output, at least 1.</param>
    public AdaptiveAveragePool2DAttribute(int size) => Size = Height = Width = size;

    /// <summary>Rows and columns of the output.</summary>
    public int Size { get; }

    /// <summary>Rows of the output, at least 1; <see cref="Size"/> by default.</summary>
    public int Height { get; set; }

    /// <summary>Columns of the output, at least 1; <see cref="Size"/> by default.</summary>
    public int Width { get; set; }
}
