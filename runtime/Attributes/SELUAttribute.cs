using System;

namespace Strata;

/// <summary>Scaled exponential linear unit (Klambauer et al. 2017): PyTorch's <c>nn.SELU</c>.</summary>
/// <remarks>
/// <para>Shape: unchanged. Formula: y = s·x for x &gt; 0, else s·α·(eˣ − 1), with s = 1.0507009873554805 and α = 1.6732632423543772.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class SELUAttribute : LayerAttribute;
