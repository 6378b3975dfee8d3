using System;

namespace Strata;

/// <summary>
/// Makes channels of pixels, the inverse of <see cref="PixelShuffleAttribute"/>: PyTorch's <c>nn.PixelUnshuffle</c>.
/// </summary>
/// <remarks>
/// <para>Shape: C×r·H×r·W → C·r²×H×W.</para>
/// <para>Formula: y[r²·c + r·m + n, i, j] = x[c, r·i + m, r·j + n].</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class PixelUnshuffleAttribute : LayerAttribute
{
    /// <summary>Reduces by <paramref name="factor"/>.</summary>
    /// <param name="factor">r, at least 1; divides rows and columns.</param>
    public PixelUnshuffleAttribute(int factor) => Factor = factor;

    /// <summary>By how much rows and columns become fewer.</summary>
    public int Factor { get; }
}
