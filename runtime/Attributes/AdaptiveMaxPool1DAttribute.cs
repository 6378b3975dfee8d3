using System;

namespace Strata;

/// <summary>
/// Max pooling to an output size that you choose, whatever the size of the input: PyTorch's <c>nn.AdaptiveMaxPool1d</c>.
/// </summary>
/// <remarks>
/// <para>Shape: C×L → C×L′.</para>
/// <para>
/// Formula: y[c, i] is the maximum of x[c, m] over ⌊i·L/L′⌋ ≤ m &lt; ⌈(i + 1)·L/L′⌉. Where L′ does not divide L, windows have
/// different sizes and neighbouring windows overlap.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class AdaptiveMaxPool1DAttribute : LayerAttribute
{
    /// <summary>Pools each channel to <paramref name="size"/> elements; 1 is the maximum of each channel.</summary>
    /// <param name="size">Length of the output, at least 1.</param>
    public AdaptiveMaxPool1DAttribute(int size) => Size = size;

    /// <summary>Length of the output.</summary>
    public int Size { get; }
}
