using System;

namespace Strata;

/// <summary>Exponential linear unit (Clevert et al. 2015): PyTorch's <c>nn.ELU</c>.</summary>
/// <remarks>
/// <para>Shape: unchanged. Formula: y = x for x &gt; 0, else alpha·(eˣ − 1); its derivative at 0 is alpha.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class ELUAttribute : LayerAttribute
{
    /// <summary>An exponential linear unit.</summary>
    /// <param name="alpha">
    /// The function tends to −alpha as x goes to −∞. Any finite number; 1 by default. In training, a layer with a negative alpha is not
    /// fused with pooling.
    /// </param>
    public ELUAttribute(double alpha = 1) => Alpha = alpha;

    /// <summary>The function tends to −alpha as x goes to −∞.</summary>
    public double Alpha { get; }
}
