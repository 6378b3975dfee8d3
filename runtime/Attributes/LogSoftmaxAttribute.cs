using System;

namespace Strata;

/// <summary>
/// Logarithm of softmax along the channels, or along other axes, computed in a numerically stable way: PyTorch's
/// <c>nn.LogSoftmax(dim=1)</c>.
/// </summary>
/// <remarks>
/// <para>
/// Shape: unchanged. Formula: y[c] = x[c] − ln Σ e^x[k], for each pixel separately. <see cref="CrossEntropyAttribute"/> after
/// it is PyTorch's <c>nn.NLLLoss</c>.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class LogSoftmaxAttribute : LayerAttribute
{
    /// <summary>
    /// The axes along which the exponentials of the output sum to 1; the channels by default: PyTorch's <c>dim</c>, Keras'
    /// <c>axis</c>.
    /// </summary>
    public Axes Axes { get; set; } = Axes.Channels;
}
