using System;

namespace Strata;

/// <summary>Mish (Misra 2019): PyTorch's <c>nn.Mish</c>.</summary>
/// <remarks>
/// <para>Shape: unchanged. Formula: y = x·tanh(ln(1 + eˣ)).</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class MishAttribute : LayerAttribute;
