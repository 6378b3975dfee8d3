using System;

namespace Strata;

/// <summary>Moves values towards 0 by a fixed amount: PyTorch's <c>nn.Softshrink</c>.</summary>
/// <remarks>
/// <para>
/// Shape: unchanged. Formula: y = x − lambda for x &gt; lambda, x + lambda for x &lt; −lambda, else 0; its derivative is 0 or
/// 1, and 0 at ±lambda.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class SoftshrinkAttribute : LayerAttribute
{
    /// <summary>Soft shrinkage.</summary>
    /// <param name="lambda">The amount by which values move towards 0. At least 0; 0.5 by default.</param>
    public SoftshrinkAttribute(double lambda = 0.5) => Lambda = lambda;

    /// <summary>The amount by which values move towards 0.</summary>
    public double Lambda { get; }
}
