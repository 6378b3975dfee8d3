using System;

namespace Strata;

/// <summary>
/// Squared error near 0 and absolute error beyond, for regression with outliers: PyTorch's <c>nn.HuberLoss</c>, Keras'
/// <c>Huber</c>.
/// </summary>
/// <remarks>
/// <para>Shape: any. Formula, with d = x − target: d²/2 where |d| &lt; δ, otherwise δ(|d| − δ/2); mean over all values of all
/// samples. It is <see cref="SmoothL1Attribute"/> times δ.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class HuberAttribute : LossAttribute
{
    /// <summary>Where the absolute error begins, more than 0; 1 by default.</summary>
    public double Delta { get; set; } = 1;

    /// <summary>Whether the loss is the mean over all values of all samples (the default) or their sum.</summary>
    public Reduction Reduction { get; set; }
}
