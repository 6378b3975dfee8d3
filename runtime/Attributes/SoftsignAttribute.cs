using System;

namespace Strata;

/// <summary>Softsign (Bergstra et al. 2009): PyTorch's <c>nn.Softsign</c>.</summary>
/// <remarks>
/// <para>Shape: unchanged. Formula: y = x/(1 + |x|), from −1 to 1.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class SoftsignAttribute : LayerAttribute;
