using System;

namespace Strata;

/// <summary>The smallest whole number from each element on: PyTorch's <c>torch.ceil</c>.</summary>
/// <remarks>
/// <para>Shape: unchanged. Formula: y = ⌈x⌉. Its derivative is 0.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class CeilAttribute : LayerAttribute;
