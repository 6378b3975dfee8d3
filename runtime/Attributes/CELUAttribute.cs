using System;

namespace Strata;

/// <summary>Continuously differentiable exponential linear unit (Barron 2017): PyTorch's <c>nn.CELU</c>.</summary>
/// <remarks>
/// <para>Shape: unchanged. Formula: y = x for x &gt; 0, else alpha·(e^(x/alpha) − 1); its derivative at 0 is 1.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class CELUAttribute : LayerAttribute
{
    /// <summary>A continuously differentiable exponential linear unit.</summary>
    /// <param name="alpha">
    /// The function tends to −alpha as x goes to −∞. Any finite 32-bit float except 0; 1 by default.
    /// </param>
    public CELUAttribute(double alpha = 1) => Alpha = alpha;

    /// <summary>The function tends to −alpha as x goes to −∞.</summary>
    public double Alpha { get; }
}
