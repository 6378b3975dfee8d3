using System;

namespace Strata;

/// <summary>
/// Mean squared error, for regression: PyTorch's <c>nn.MSELoss</c>, Keras' <c>MeanSquaredError</c>.
/// </summary>
/// <remarks>
/// <para>Shape: any. Formula: mean of (x − target)² over all values of all samples. The sum is <see cref="L2Attribute"/>.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class MeanSquaredErrorAttribute : LossAttribute
{
    /// <summary>Whether the loss is the mean over all values of all samples (the default) or their sum.</summary>
    public Reduction Reduction { get; set; }
}
