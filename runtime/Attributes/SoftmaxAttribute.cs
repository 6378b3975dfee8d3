using System;

namespace Strata;

/// <summary>Softmax along the channels: positive numbers that sum to 1. This is PyTorch's <c>nn.Softmax(dim=1)</c>.</summary>
/// <remarks>
/// <para>Shape: unchanged. Formula: y[c] = e^x[c] / Σ e^x[k].</para>
/// <para>If it stands directly before <see cref="CrossEntropyAttribute"/>, training fuses the two, which is numerically stable.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class SoftmaxAttribute : LayerAttribute;
