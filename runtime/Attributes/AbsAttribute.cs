using System;

namespace Strata;

/// <summary>The magnitude of each element: PyTorch's <c>torch.abs</c>.</summary>
/// <remarks>
/// <para>Shape: unchanged. Formula: y = |x|. Its derivative is the sign of x, and 0 at 0.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class AbsAttribute : LayerAttribute;
