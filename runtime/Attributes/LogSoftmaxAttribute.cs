using System;

namespace Strata;

/// <summary>
/// Logarithm of softmax along the channels, computed in a numerically stable way: PyTorch's <c>nn.LogSoftmax(dim=1)</c>.
/// </summary>
/// <remarks>
/// <para>
/// Shape: unchanged. Formula: y[c] = x[c] − ln Σ e^x[k], for each pixel separately. <see cref="CrossEntropyAttribute"/> after
/// it is PyTorch's <c>nn.NLLLoss</c>.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class LogSoftmaxAttribute : LayerAttribute;
