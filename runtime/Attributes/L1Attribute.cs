using System;

namespace Strata;

/// <summary>
/// The sum of absolute errors: PyTorch's <c>nn.L1Loss(reduction="sum")</c>. PyTorch's default, the mean, is
/// <see cref="MeanAbsoluteErrorAttribute"/>.
/// </summary>
/// <remarks>
/// <para>Shape: any. Formula: Σ |x − target| over all values of all samples. The gradient at a difference of 0 is 0.</para>
/// <para>
/// The sum and its gradients grow with the sizes of batch and output, so use a smaller learning rate than with the mean.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class L1Attribute : LossAttribute
{
    /// <summary>Whether the loss is the sum over all values of all samples (the default) or their mean.</summary>
    public Reduction Reduction { get; set; } = Reduction.Sum;
}
