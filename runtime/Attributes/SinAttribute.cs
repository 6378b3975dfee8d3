using System;

namespace Strata;

/// <summary>The sine of each element, in radians: PyTorch's <c>torch.sin</c>.</summary>
/// <remarks>
/// <para>Shape: unchanged. Formula: y = sin x. Its derivative is cos x.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class SinAttribute : LayerAttribute;
