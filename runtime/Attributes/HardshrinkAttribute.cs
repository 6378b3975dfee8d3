using System;

namespace Strata;

/// <summary>Sets values near 0 to 0: PyTorch's <c>nn.Hardshrink</c>.</summary>
/// <remarks>
/// <para>Shape: unchanged. Formula: y = 0 for −lambda ≤ x ≤ lambda, else x; its derivative is 0 or 1, and 0 at ±lambda.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class HardshrinkAttribute : LayerAttribute
{
    /// <summary>Hard shrinkage.</summary>
    /// <param name="lambda">Values from −lambda to lambda become 0. At least 0; 0.5 by default.</param>
    public HardshrinkAttribute(double lambda = 0.5) => Lambda = lambda;

    /// <summary>Values from −lambda to lambda become 0.</summary>
    public double Lambda { get; }
}
