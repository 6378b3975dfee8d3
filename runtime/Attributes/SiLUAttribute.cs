using System;

namespace Strata;

/// <summary>Sigmoid linear unit or swish (Elfwing et al. 2017, Ramachandran et al. 2017): PyTorch's <c>nn.SiLU</c>.</summary>
/// <remarks>
/// <para>Shape: unchanged. Formula: y = x/(1 + e⁻ˣ). The relative error is small for x far below 0, too.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class SiLUAttribute : LayerAttribute;
