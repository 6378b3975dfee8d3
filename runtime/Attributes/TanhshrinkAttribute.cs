using System;

namespace Strata;

/// <summary>Subtracts the hyperbolic tangent: PyTorch's <c>nn.Tanhshrink</c>.</summary>
/// <remarks>
/// <para>Shape: unchanged. Formula: y = x − tanh(x).</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class TanhshrinkAttribute : LayerAttribute;
