using System;

namespace Strata;

/// <summary>1 for each element that is 0, and 0 for the others: PyTorch's <c>torch.logical_not</c>.</summary>
/// <remarks>
/// <para>Shape: unchanged. Formula: y = 1 where x = 0, else 0; 0 of NaN. Its derivative is 0.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class NotAttribute : LayerAttribute;
