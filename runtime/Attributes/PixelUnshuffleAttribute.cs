using System;

namespace Strata;

/// <summary>
/// Moves pixels into channels, the inverse of <see cref="PixelShuffleAttribute"/>: PyTorch's <c>nn.PixelUnshuffle</c>,
/// TensorFlow's <c>space_to_depth</c>.
/// </summary>
/// <remarks>
/// <para>Shape: C×r·H×r·W → C·r²×H×W.</para>
/// <para>
/// Formula: y[r²·c + r·m + n, i, j] = x[c, r·i + m, r·j + n]; with <see cref="PixelOrder.PixelsFirst"/>, it is y[(r·m + n)·C + c, i, j].
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class PixelUnshuffleAttribute : LayerAttribute
{
    /// <summary>Reduces height and width by <paramref name="factor"/>.</summary>
    /// <param name="factor">r, at least 1. It must divide height and width.</param>
    public PixelUnshuffleAttribute(int factor) => Factor = factor;

    /// <summary>Factor r by which height and width shrink.</summary>
    public int Factor { get; }

    /// <summary>Which channels get the pixels of a square; as in PyTorch by default.</summary>
    public PixelOrder Order { get; set; }
}
