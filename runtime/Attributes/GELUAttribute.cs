using System;

namespace Strata;

/// <summary>Gaussian error linear unit (Hendrycks and Gimpel 2016): PyTorch's <c>nn.GELU</c>.</summary>
/// <remarks>
/// <para>Shape: unchanged. Formula: y = x·Φ(x) = ½·x·(1 + erf(x/√2)). The relative error is small for x far below 0, too.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class GELUAttribute : LayerAttribute
{
    /// <summary>
    /// Whether to compute the approximation y = ½·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))): PyTorch's <c>approximate='tanh'</c>,
    /// Keras' <c>approximate=True</c>. False by default. Use it for networks that were trained with it; it is no faster.
    /// </summary>
    public bool Approximate { get; set; }
}
