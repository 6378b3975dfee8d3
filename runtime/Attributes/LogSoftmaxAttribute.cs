using System;

namespace Strata;

/// <summary>Logarithm of softmax along the channels, in its stable form: PyTorch's <c>nn.LogSoftmax(dim=1)</c>.</summary>
/// <remarks>
/// <para>Shape: unchanged. Formula: y[c] = x[c] − ln Σ e^x[k], for each pixel by itself. <see cref="CrossEntropyAttribute"/> behind it is
/// what PyTorch's <c>nn.NLLLoss</c> is.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class LogSoftmaxAttribute : LayerAttribute;
