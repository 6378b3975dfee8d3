using System;

namespace Strata;

/// <summary>Logarithm of the logistic function: PyTorch's <c>nn.LogSigmoid</c>.</summary>
/// <remarks>
/// <para>Shape: unchanged. Formula: y = −ln(1 + e⁻ˣ).</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class LogSigmoidAttribute : LayerAttribute;
