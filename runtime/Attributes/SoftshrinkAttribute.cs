using System;

namespace Strata;

/// <summary>Soft shrinkage: PyTorch's <c>nn.Softshrink</c>.</summary>
/// <remarks>
/// <para>Shape: unchanged. Formula: y = x − lambda for x &gt; lambda, x + lambda for x &lt; −lambda, else 0; its derivative is 0 or 1, and 0 at ±lambda.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class SoftshrinkAttribute : LayerAttribute
{
    /// <summary>Soft shrinkage.</summary>
    /// <param name="lambda">By how much is shrunk. At least 0.</param>
    public SoftshrinkAttribute(double lambda = 0.5) => Lambda = lambda;

    /// <summary>By how much is shrunk.</summary>
    public double Lambda { get; }
}
