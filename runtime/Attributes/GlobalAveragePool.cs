using System;

namespace Strata;

/// <summary>
/// Global average pooling, the mean of each channel: Keras' <c>GlobalAveragePooling1D</c> with <c>keepdims=True</c>, PyTorch's
/// <c>nn.AdaptiveAvgPool1d(1)</c>.
/// </summary>
/// <remarks>
/// <para>Shape: C×L → C×1; <see cref="FlattenAttribute"/> after it gives a flat tensor of C features.</para>
/// <para>Formula: y[c] is the mean of x[c, m] over the whole channel.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class GlobalAveragePool1DAttribute : LayerAttribute;

/// <summary>
/// Global average pooling, the mean of each channel: Keras' <c>GlobalAveragePooling2D</c> with <c>keepdims=True</c>, PyTorch's
/// <c>nn.AdaptiveAvgPool2d(1)</c>.
/// </summary>
/// <remarks>
/// <para>Shape: C×H×W → C×1×1; <see cref="FlattenAttribute"/> after it gives a flat tensor of C features.</para>
/// <para>Formula: y[c] is the mean of x[c, m, n] over the whole channel.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class GlobalAveragePool2DAttribute : LayerAttribute;

/// <summary>
/// Global average pooling, the mean of each channel: Keras' <c>GlobalAveragePooling3D</c> with <c>keepdims=True</c>, PyTorch's
/// <c>nn.AdaptiveAvgPool3d(1)</c>.
/// </summary>
/// <remarks>
/// <para>Shape: C×D×H×W → C×1×1×1; <see cref="FlattenAttribute"/> after it gives a flat tensor of C features.</para>
/// <para>Formula: y[c] is the mean of x[c, l, m, n] over the whole channel.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class GlobalAveragePool3DAttribute : LayerAttribute;
