using System;

namespace Strata;

/// <summary>
/// Squared error near 0 and absolute error beyond, for regression with outliers: PyTorch's <c>nn.SmoothL1Loss</c>.
/// </summary>
/// <remarks>
/// <para>Shape: any. Formula, with d = x − target: d²/(2β) where |d| &lt; β, otherwise |d| − β/2; mean over all values of all
/// samples. It is <see cref="HuberAttribute"/> divided by β.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class SmoothL1Attribute : LossAttribute
{
    /// <summary>Where the absolute error begins, 0 or more; 1 by default. With 0 it is the mean absolute error.</summary>
    public double Beta { get; set; } = 1;

    /// <summary>Whether the loss is the mean over all values of all samples (the default) or their sum.</summary>
    public Reduction Reduction { get; set; }
}
