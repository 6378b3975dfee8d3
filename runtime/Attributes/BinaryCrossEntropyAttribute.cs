using System;

namespace Strata;

/// <summary>
/// Binary cross-entropy, for outputs that each answer a yes-or-no question: PyTorch's <c>nn.BCEWithLogitsLoss</c> (after a
/// sigmoid, <c>nn.BCELoss</c>), Keras' <c>BinaryCrossentropy</c>.
/// </summary>
/// <remarks>
/// <para>Shape: any. Targets: one number from 0 to 1 for each value of the input.</para>
/// <para>Formula: −t ln σ(x) − (1 − t) ln(1 − σ(x)), mean over all values of all samples.</para>
/// <para>
/// The input x holds logits. After <see cref="SigmoidAttribute"/>, the loss reads the sigmoid's input instead, which is
/// numerically stable; inference still gives probabilities.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class BinaryCrossEntropyAttribute : LossAttribute
{
    /// <summary>Whether the loss is the mean over all values of all samples (the default) or their sum.</summary>
    public Reduction Reduction { get; set; }
}
