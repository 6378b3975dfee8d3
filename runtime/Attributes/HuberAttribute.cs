using System;

namespace Strata;

/// <summary>
/// Squared error for small differences and absolute error for large ones, for regression with outliers: PyTorch's
/// <c>nn.HuberLoss</c>, Keras' <c>Huber</c>.
/// </summary>
/// <remarks>
/// <para>
/// Shape: any. Formula, with d = x − target: d²/2 where |d| &lt; δ, otherwise δ(|d| − δ/2); mean over all values of all
/// samples. This is δ times <see cref="SmoothL1Attribute"/> with <c>Beta</c> = δ.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class HuberAttribute : LossAttribute
{
    /// <summary>δ, the difference from which the error is absolute; greater than 0, 1 by default.</summary>
    public double Delta { get; set; } = 1;

    /// <summary>Whether the loss is the mean over all values of all samples (the default) or their sum.</summary>
    public Reduction Reduction { get; set; }
}
