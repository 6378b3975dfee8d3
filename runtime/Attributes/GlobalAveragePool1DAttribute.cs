using System;

namespace Strata;

/// <summary>
/// Mean of each channel: Keras' <c>GlobalAveragePooling1D</c> before it drops the extents of 1, PyTorch's
/// <c>nn.AdaptiveAvgPool1d(1)</c>.
/// </summary>
/// <remarks>
/// <para>Shape: C×L → C×1; <see cref="FlattenAttribute"/> behind it makes features of it.</para>
/// <para>Formula: y[c] is the mean of x[c, m] over the whole channel.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class GlobalAveragePool1DAttribute : LayerAttribute;
