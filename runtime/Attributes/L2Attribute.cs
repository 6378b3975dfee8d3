using System;

namespace Strata;

/// <summary>
/// The sum of squared errors: PyTorch's <c>nn.MSELoss(reduction="sum")</c>. The mean is
/// <see cref="MeanSquaredErrorAttribute"/>.
/// </summary>
/// <remarks>
/// <para>Shape: any. Formula: Σ (x − target)² over all values of all samples.</para>
/// <para>
/// The sum and its gradients grow with the sizes of batch and output, so use a smaller learning rate than with the mean.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class L2Attribute : LossAttribute
{
    /// <summary>Whether the loss is the sum over all values of all samples (the default) or their mean.</summary>
    public Reduction Reduction { get; set; } = Reduction.Sum;
}
