using System;

namespace Strata;

/// <summary>
/// Softmax along the channels, or along other axes: positive numbers that sum to 1. This is PyTorch's <c>nn.Softmax(dim=1)</c>.
/// </summary>
/// <remarks>
/// <para>Shape: unchanged. Formula: y[c] = e^x[c] / Σ e^x[k], for each pixel separately. <see cref="Axes"/> says otherwise.</para>
/// <para>If it stands directly before <see cref="CrossEntropyAttribute"/>, training fuses the two, which is numerically stable.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class SoftmaxAttribute : LayerAttribute
{
    /// <summary>
    /// The axes along which the numbers sum to 1; the channels by default: PyTorch's <c>dim</c>, Keras' <c>axis</c>. With
    /// <c>Axes.Pixels</c>, the pixels of each channel sum to 1.
    /// </summary>
    public Axes Axes { get; set; } = Axes.Channels;
}
