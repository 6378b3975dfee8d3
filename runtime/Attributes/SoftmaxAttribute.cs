using System;

namespace Strata;

/// <summary>Positive numbers that sum to 1 along the channels: PyTorch's <c>nn.Softmax(dim=1)</c>.</summary>
/// <remarks>
/// <para>Shape: unchanged. Formula: y[c] = e^x[c] / Σ e^x[k].</para>
/// <para>Directly before <see cref="CrossEntropyAttribute"/> the two are fused in training into the stable form.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class SoftmaxAttribute : LayerAttribute;
