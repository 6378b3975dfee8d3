using System;

namespace Strata;

/// <summary>
/// Moves channels into pixels, a cheap way to enlarge an image (Shi et al. 2016): PyTorch's <c>nn.PixelShuffle</c>,
/// TensorFlow's <c>depth_to_space</c>.
/// </summary>
/// <remarks>
/// <para>Shape: C·r²×H×W → C×r·H×r·W.</para>
/// <para>
/// Formula: y[c, r·i + m, r·j + n] = x[r²·c + r·m + n, i, j]; with <see cref="PixelOrder.PixelsFirst"/>, it is x[(r·m + n)·C + c, i, j] for
/// C channels of the result.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class PixelShuffleAttribute : LayerAttribute
{
    /// <summary>Enlarges height and width by <paramref name="factor"/>.</summary>
    /// <param name="factor">r, at least 1. Its square must divide the number of channels.</param>
    public PixelShuffleAttribute(int factor) => Factor = factor;

    /// <summary>Factor r by which height and width grow.</summary>
    public int Factor { get; }

    /// <summary>Which channels become the pixels of a square; as in PyTorch by default.</summary>
    public PixelOrder Order { get; set; }
}
