using System;

namespace Strata;

/// <summary>
/// Makes pixels of channels, which is the cheapest way to a larger image (Shi et al. 2016): PyTorch's <c>nn.PixelShuffle</c>.
/// </summary>
/// <remarks>
/// <para>Shape: C·r²×H×W → C×r·H×r·W.</para>
/// <para>Formula: y[c, r·i + m, r·j + n] = x[r²·c + r·m + n, i, j].</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class PixelShuffleAttribute : LayerAttribute
{
    /// <summary>Enlarges by <paramref name="factor"/>.</summary>
    /// <param name="factor">r, at least 1; its square divides the channels.</param>
    public PixelShuffleAttribute(int factor) => Factor = factor;

    /// <summary>By how much rows and columns become more.</summary>
    public int Factor { get; }
}
