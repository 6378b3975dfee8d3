using System;

namespace Strata;

/// <summary>Hard shrinkage: PyTorch's <c>nn.Hardshrink</c>.</summary>
/// <remarks>
/// <para>Shape: unchanged. Formula: y = 0 for −lambda ≤ x ≤ lambda, else x; its derivative is 0 or 1, and 0 at ±lambda.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class HardshrinkAttribute : LayerAttribute
{
    /// <summary>Hard shrinkage.</summary>
    /// <param name="lambda">What is no larger becomes 0. At least 0.</param>
    public HardshrinkAttribute(double lambda = 0.5) => Lambda = lambda;

    /// <summary>What is no larger becomes 0.</summary>
    public double Lambda { get; }
}
