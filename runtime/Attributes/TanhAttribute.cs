using System;

namespace Strata;

/// <summary>Hyperbolic tangent: PyTorch's <c>nn.Tanh</c>.</summary>
/// <remarks>
/// <para>Shape: unchanged. Formula: y = (eˣ − e⁻ˣ)/(eˣ + e⁻ˣ).</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class TanhAttribute : LayerAttribute;
