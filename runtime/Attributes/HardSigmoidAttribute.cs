using System;

namespace Strata;

/// <summary>Piecewise linear sigmoid (Howard et al. 2019): PyTorch's <c>nn.Hardsigmoid</c>.</summary>
/// <remarks>
/// <para>Shape: unchanged. Formula: y = min(max(x + 3, 0), 6)/6; its derivative at −3 and at 3 is 0.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class HardSigmoidAttribute : LayerAttribute;
