using System;

namespace Strata;

/// <summary>The exponential function of each element: PyTorch's <c>torch.exp</c>.</summary>
/// <remarks>
/// <para>Shape: unchanged. Formula: y = eˣ; +∞ above 88.73. Its derivative is y.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class ExpAttribute : LayerAttribute;
