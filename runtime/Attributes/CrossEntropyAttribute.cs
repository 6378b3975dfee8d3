using System;

namespace Strata;

/// <summary>
/// Cross-entropy against class indices, for classifiers and segmenters: PyTorch's <c>nn.CrossEntropyLoss</c>, Keras'
/// <c>SparseCategoricalCrossentropy</c>.
/// </summary>
/// <remarks>
/// <para>
/// Shape: a flat tensor with one value for each class, and at least two classes. Or C×L, C×H×W or C×D×H×W with one channel for
/// each class: then each pixel has its own target, in the order of the pixels.
/// </para>
/// <para>Formula: −ln(e^x[t] / Σ e^x[k]) for the target class t, mean over all targets that are not ignored.</para>
/// <para>
/// The input x holds logits. After <see cref="SoftmaxAttribute"/>, the loss reads the softmax's input instead, which is
/// numerically stable; inference still gives probabilities.
/// </para>
/// <para>
/// With label smoothing ε and class weights w: −Σ q[k] ln softmax(x)[k] with q[k] = (1 − ε) w[t] [k = t] + ε w[k]/classes.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class CrossEntropyAttribute : LossAttribute
{
    /// <summary>
    /// Label smoothing ε (Szegedy et al. 2016), from 0 to 1; 0 by default. This share of each target is spread equally over all
    /// classes.
    /// </summary>
    public double LabelSmoothing { get; set; }

    /// <summary>
    /// One weight for each class, at least 0; all 1 by default. Example: <c>new[] { 1.0, 2.5 }</c> if the second class is rare.
    /// As in PyTorch, the mean then divides by the sum of the weights of the batch's targets. If that sum is 0, the loss is 0.
    /// </summary>
    public double[]? ClassWeights { get; set; }

    /// <summary>
    /// Targets with this value are ignored, such as 255 for pixels without a label; −100 by default, as in PyTorch. The mean
    /// divides by the number of remaining targets. If none remain, the loss is 0.
    /// </summary>
    public int IgnoreIndex { get; set; } = -100;

    /// <summary>Whether the loss is the mean over the targets (the default) or their sum.</summary>
    public Reduction Reduction { get; set; }
}
