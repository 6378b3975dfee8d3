using System;

namespace Strata;

/// <summary>The square root of each element: PyTorch's <c>torch.sqrt</c>.</summary>
/// <remarks>
/// <para>Shape: unchanged. Formula: y = √x; NaN below 0. Its derivative is 1/(2y), which is ∞ at 0.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class SqrtAttribute : LayerAttribute;
