using System;

namespace Strata;

/// <summary>Rectified linear unit: PyTorch's <c>nn.ReLU</c>.</summary>
/// <remarks>
/// <para>Shape: unchanged. Formula: y = max(x, 0); its derivative at 0 is 0.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class ReLUAttribute : LayerAttribute;
