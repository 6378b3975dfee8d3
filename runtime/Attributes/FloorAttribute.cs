using System;

namespace Strata;

/// <summary>The largest whole number up to each element: PyTorch's <c>torch.floor</c>.</summary>
/// <remarks>
/// <para>Shape: unchanged. Formula: y = ⌊x⌋. Its derivative is 0.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class FloorAttribute : LayerAttribute;
