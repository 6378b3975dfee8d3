using System;

namespace Strata;

/// <summary>Logistic function: PyTorch's <c>nn.Sigmoid</c>.</summary>
/// <remarks>
/// <para>Shape: unchanged. Formula: y = 1/(1 + e⁻ˣ).</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class SigmoidAttribute : LayerAttribute;
