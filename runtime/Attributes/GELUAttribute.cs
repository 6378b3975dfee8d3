using System;

namespace Strata;

/// <summary>Gaussian error linear unit (Hendrycks and Gimpel 2016): PyTorch's <c>nn.GELU</c>.</summary>
/// <remarks>
/// <para>Shape: unchanged. Formula: y = x·Φ(x) = ½·x·(1 + erf(x/√2)). It keeps its relative accuracy far below 0.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class GELUAttribute : LayerAttribute
{
    /// <summary>
    /// Whether y = ½·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))) instead: PyTorch's <c>approximate='tanh'</c>, Keras'
    /// <c>approximate=True</c>. For networks that were trained with it; it is no faster here.
    /// </summary>
    public bool Approximate { get; set; }
}
