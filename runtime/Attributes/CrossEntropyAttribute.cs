using System;

namespace Strata;

/// <summary>
/// Cross-entropy against class indices, for classifiers and segmenters: PyTorch's <c>nn.CrossEntropyLoss</c>, Keras'
/// <c>SparseCategoricalCrossentropy</c>.
/// </summary>
/// <remarks>
/// <para>Shape: a flat tensor with one value for each class, two classes or more; or C×L, C×H×W, C×D×H×W with one channel for each
/// class, where each pixel has a target of its own, in the order of the pixels.</para>
/// <para>Formula: −ln(e^x[t] / Σ e^x[k]) for the target class t, mean over the targets that count. It takes logits; behind
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

    /// <summary>
    /// A target that does not count, such as 255 for pixels that nobody labelled; −100 by default, as in PyTorch. The mean divides by
    /// what is left (and is 0 where nothing is).
    /// </summary>
    public int IgnoreIndex { get; set; } = -100;

    /// <summary>Whether the loss is the mean over the targets (the default) or their sum.</summary>
    public Reduction Reduction { get; set; }
}
