using System;

namespace Strata;

/// <summary>
/// Average pooling to an output size that you choose, whatever the size of the input: PyTorch's <c>nn.AdaptiveAvgPool1d</c>.
/// </summary>
/// <remarks>
/// <para>Shape: C×L → C×L′.</para>
/// <para>
/// Formula: y[c, i] is the mean of x[c, m] over ⌊i·L/L′⌋ ≤ m &lt; ⌈(i + 1)·L/L′⌉. Where L′ does not divide L, windows have
/// different sizes and neighbouring windows overlap.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class AdaptiveAveragePool1DAttribute : LayerAttribute
{
    /// <summary>Pools each channel to <paramref name="size"/> elements; 1 is the mean of each channel.</summary>
    /// <param name="size">Length of the output, at least 1.</param>
    public AdaptiveAveragePool1DAttribute(int size) => Size = size;

    /// <summary>Length of the output.</summary>
    public int Size { get; }
}

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

/// <summary>
/// Average pooling to an output size that you choose, whatever the size of the input: PyTorch's <c>nn.AdaptiveAvgPool3d</c>.
/// </summary>
/// <remarks>
/// <para>Shape: C×D×H×W → C×D′×H′×W′.</para>
/// <para>
/// Formula: y[c, k, i, j] is the mean of x[c, l, m, n] over ⌊i·H/H′⌋ ≤ m &lt; ⌈(i + 1)·H/H′⌉; l and n have the corresponding
/// ranges of depth and width. Where H′ does not divide H, windows have different sizes and neighbouring windows overlap.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class AdaptiveAveragePool3DAttribute : LayerAttribute
{
    /// <summary>
    /// Pools to <paramref name="size"/> × <paramref name="size"/> × <paramref name="size"/>; 1 is the mean of each channel.
    /// </summary>
    /// <param name="size">Planes, rows and columns of the output, at least 1.</param>
    public AdaptiveAveragePool3DAttribute(int size) => Size = Depth = Height = Width = size;

    /// <summary>Planes, rows and columns of the output.</summary>
    public int Size { get; }

    /// <summary>Planes of the output, at least 1; <see cref="Size"/> by default.</summary>
    public int Depth { get; set; }

    /// <summary>Rows of the output, at least 1; <see cref="Size"/> by default.</summary>
    public int Height { get; set; }

    /// <summary>Columns of the output, at least 1; <see cref="Size"/> by default.</summary>
    public int Width { get; set; }
}
