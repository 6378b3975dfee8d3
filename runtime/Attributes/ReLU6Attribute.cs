using System;

namespace Strata;

/// <summary>Rectified linear unit, clipped at 6 (Krizhevsky 2010), as in MobileNetV2: PyTorch's <c>nn.ReLU6</c>.</summary>
/// <remarks>
/// <para>Shape: unchanged. Formula: y = min(max(x, 0), 6); its derivative at 0 and at 6 is 0.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class ReLU6Attribute : LayerAttribute;
