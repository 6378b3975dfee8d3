using System;

namespace Strata;

/// <summary>The cosine of each element, in radians: PyTorch's <c>torch.cos</c>.</summary>
/// <remarks>
/// <para>Shape: unchanged. Formula: y = cos x. Its derivative is −sin x.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class CosAttribute : LayerAttribute;
