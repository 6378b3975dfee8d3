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
/// <para>With label smoothing ε and class weights w: −Σ q[k] ln softmax(x)[k] with q[k] = (1 − ε) w[t] [k = t] + ε w[k]/classes.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class CrossEntropyAttribute : LossAttribute
{
    /// <summary>The part ε of each target that is shared equally by all classes (Szegedy et al. 2016), from 0 to 1; 0 by default.</summary>
    public double LabelSmoothing { get; set; }

    /// <summary>
    /// A weight for each class, at least 0, such as <c>new[] { 1.0, 2.5 }</c> where the second class is rare; all 1 by default. As in
    /// PyTorch, the mean then divides by the sum of the weights of the batch's targets (and is 0 where this is 0).
    /// </summary>
    public double[]? ClassWeights { get; set; }

    /// <summary>Whether the loss is the mean over the samples (the default) or their sum.</summary>
    public Reduction Reduction { get; set; }
}
