using System;

namespace Strata;

/// <summary>
/// Squared error for small differences and absolute error for large ones, for regression with outliers: PyTorch's
/// <c>nn.SmoothL1Loss</c>.
/// </summary>
/// <remarks>
/// <para>
/// Shape: any. Formula, with d = x − target: d²/(2β) where |d| &lt; β, otherwise |d| − β/2; mean over all values of all
/// samples. This is <see cref="HuberAttribute"/> with <c>Delta</c> = β, divided by β.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class SmoothL1Attribute : LossAttribute
{
    /// <summary>
    /// β, the difference from which the error is absolute; at least 0, 1 by default. With 0 the loss is the mean absolute
    /// error.
    /// </summary>
    public double Beta { get; set; } = 1;

    /// <summary>Whether the loss is the mean over all values of all samples (the default) or their sum.</summary>
    public Reduction Reduction { get; set; }
}
