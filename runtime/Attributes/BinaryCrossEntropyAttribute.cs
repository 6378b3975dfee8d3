using System;

namespace Strata;

/// <summary>
/// Binary cross-entropy against values from 0 to 1, for yes-or-no questions, one for each output: PyTorch's
/// <c>nn.BCEWithLogitsLoss</c>, and <c>nn.BCELoss</c> behind a sigmoid; Keras' <c>BinaryCrossentropy</c>.
/// </summary>
/// <remarks>
/// <para>Shape: any. Targets: a number from 0 to 1 for each output.</para>
/// <para>Formula: −t ln σ(x) − (1 − t) ln(1 − σ(x)), mean over all values of all samples. It takes logits; behind
/// <see cref="SigmoidAttribute"/> it takes the sigmoid's own logits, so that the loss stays stable, and forward gives
/// probabilities.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class BinaryCrossEntropyAttribute : LossAttribute
{
    /// <summary>Whether the loss is the mean over all values of all samples (the default) or their sum.</summary>
    public Reduction Reduction { get; set; }
}
