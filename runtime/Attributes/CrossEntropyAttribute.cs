using System;

namespace Strata;

/// <summary>
/// Cross-entropy against class indices, for classifiers: PyTorch's <c>nn.CrossEntropyLoss</c>, Keras'
/// <c>SparseCategoricalCrossentropy</c>.
/// </summary>
/// <remarks>
/// <para>Shape: a flat tensor with one value for each class, two classes or more.</para>
/// <para>Formula: −ln(e^x[t] / Σ e^x[k]) for the target class t, mean over the samples. It takes logits; behind
/// <see cref="SoftmaxAttribute"/> it takes the softmax's own logits, so that the loss stays stable, and forward gives
/// probabilities.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class CrossEntropyAttribute : LossAttribute;
