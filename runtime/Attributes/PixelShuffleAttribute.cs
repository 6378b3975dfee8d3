using System;

namespace Strata;

/// <summary>
/// Moves channels into pixels, a cheap way to enlarge an image (Shi et al. 2016): PyTorch's <c>nn.PixelShuffle</c>.
/// </summary>
/// <remarks>
/// <para>Shape: C·r²×H×W → C×r·H×r·W.</para>
/// <para>Formula: y[c, r·i + m, r·j + n] = x[r²·c + r·m + n, i, j].</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class PixelShuffleAttribute : LayerAttribute
{
    /// <summary>Enlarges height and width by <paramref name="factor"/>.</summary>
    /// <param name="factor">r, at least 1. Its square must divide the number of channels.</param>
    public PixelShuffleAttribute(int factor) => Factor = factor;

    /// <summary>Factor r by which height and width grow.</summary>
    public int Factor { get; }
}
