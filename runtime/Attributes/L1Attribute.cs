using System;

namespace Strata;

/// <summary>
/// The L1 distance, summed: PyTorch's <c>nn.L1Loss(reduction="sum")</c>. What PyTorch's L1Loss gives by default, the mean, is
/// <see cref="MeanAbsoluteErrorAttribute"/>.
/// </summary>
/// <remarks>
/// <para>Shape: any. Formula: Σ |x − target| over all values of all samples. The slope at 0 is 0.</para>
/// <para>As a sum it grows with batch and output, and so do its gradients: the learning rate wants to be smaller.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class L1Attribute : LossAttribute
{
    /// <summary>Whether the loss is the sum over all values of all samples (the default) or their mean.</summary>
    public Reduction Reduction { get; set; } = Reduction.Sum;
}
