using System;

namespace Strata;

/// <summary>
/// The squared L2 distance, summed: PyTorch's <c>nn.MSELoss(reduction="sum")</c>. The mean is <see cref="MeanSquaredErrorAttribute"/>.
/// </summary>
/// <remarks>
/// <para>Shape: any. Formula: Σ (x − target)² over all values of all samples.</para>
/// <para>As a sum it grows with batch and output, and so do its gradients: the learning rate wants to be smaller.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class L2Attribute : LossAttribute
{
    /// <summary>Whether the loss is the sum over all values of all samples (the default) or their mean.</summary>
    public Reduction Reduction { get; set; } = Reduction.Sum;
}
