using System;

namespace Strata;

/// <summary>All values of a sample in one row: PyTorch's <c>nn.Flatten</c>.</summary>
/// <remarks>
/// <para>Shape: C×H×W → C·H·W, in that order. A flat tensor stays as it is.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class FlattenAttribute : LayerAttribute;
