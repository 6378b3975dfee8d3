using System;

namespace Strata;

/// <summary>
/// Mean of each channel: Keras' <c>GlobalAveragePooling3D</c> before it drops the extents of 1, PyTorch's
/// <c>nn.AdaptiveAvgPool3d(1)</c>.
/// </summary>
/// <remarks>
/// <para>Shape: C×D×H×W → C×1×1×1; <see cref="FlattenAttribute"/> behind it makes features of it.</para>
/// <para>Formula: y[c] is the mean of x[c, l, m, n] over the whole channel.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class GlobalAveragePool3DAttribute : LayerAttribute;
