using System;

namespace Strata;

/// <summary>
/// Mean over as many windows as the output has elements, whatever the input's size is: PyTorch's <c>nn.AdaptiveAvgPool1d</c>.
/// </summary>
/// <remarks>
/// <para>Shape: C×L → C×L′.</para>
/// <para>Formula: y[c, i] is the mean of x[c, m] over ⌊i·L/L′⌋ ≤ m &lt; ⌈(i + 1)·L/L′⌉. Where L′ does not divide L, windows are of different sizes and neighbours share elements.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class AdaptiveAveragePool1DAttribute : LayerAttribute
{
    /// <summary>Pools to <paramref name="size"/> elements; 1 is the mean of each channel.</summary>
    /// <param name="size">Elements of each channel of the output, at least 1.</param>
    public AdaptiveAveragePool1DAttribute(int size) => Size = size;

    /// <summary>Elements of each channel of the output.</summary>
    public int Size { get; }
}
