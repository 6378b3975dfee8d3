using System;

namespace Strata;

/// <summary>Flattens a sample to one dimension: PyTorch's <c>nn.Flatten</c>.</summary>
/// <remarks>
/// <para>Shape: C×H×W → C·H·W, in the order of channels, rows and columns. A flat tensor stays as it is.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class FlattenAttribute : LayerAttribute;
