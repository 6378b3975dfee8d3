using System;

namespace Strata;

/// <summary>Piecewise quadratic swish (Howard et al. 2019): PyTorch's <c>nn.Hardswish</c>.</summary>
/// <remarks>
/// <para>Shape: unchanged. Formula: y = x·min(max(x + 3, 0), 6)/6; its derivative is 0 at −3 and 1 at 3.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class HardSwishAttribute : LayerAttribute;
