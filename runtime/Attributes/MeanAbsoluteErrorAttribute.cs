using System;

namespace Strata;

/// <summary>
/// Mean absolute error, for regression with outliers: PyTorch's <c>nn.L1Loss</c>, Keras' <c>MeanAbsoluteError</c>.
/// </summary>
/// <remarks>
/// <para>Shape: any. Formula: mean of |x − target| over all values of all samples. The sum is <see cref="L1Attribute"/>.</para>
/// <para>The gradient at a difference of 0 is 0.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class MeanAbsoluteErrorAttribute : LossAttribute
{
    /// <summary>Whether the loss is the mean over all values of all samples (the default) or their sum.</summary>
    public Reduction Reduction { get; set; }
}
