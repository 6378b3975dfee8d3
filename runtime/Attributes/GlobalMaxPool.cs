using System;

namespace Strata;

/// <summary>
/// Global max pooling, the maximum of each channel: Keras' <c>GlobalMaxPooling1D</c> with <c>keepdims=True</c>, PyTorch's
/// <c>nn.AdaptiveMaxPool1d(1)</c>.
/// </summary>
/// <remarks>
/// <para>Shape: C×L → C×1; <see cref="FlattenAttribute"/> after it gives a flat tensor of C features.</para>
/// <para>Formula: y[c] is the maximum of x[c, m] over the whole channel.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class GlobalMaxPool1DAttribute : LayerAttribute;

/// <summary>
/// Global max pooling, the maximum of each channel: Keras' <c>GlobalMaxPooling2D</c> with <c>keepdims=True</c>, PyTorch's
/// <c>nn.AdaptiveMaxPool2d(1)</c>.
/// </summary>
/// <remarks>
/// <para>Shape: C×H×W → C×1×1; <see cref="FlattenAttribute"/> after it gives a flat tensor of C features.</para>
/// <para>Formula: y[c] is the maximum of x[c, m, n] over the whole channel.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class GlobalMaxPool2DAttribute : LayerAttribute;

/// <summary>
/// Global max pooling, the maximum of each channel: Keras' <c>GlobalMaxPooling3D</c> with <c>keepdims=True</c>, PyTorch's
/// <c>nn.AdaptiveMaxPool3d(1)</c>.
/// </summary>
/// <remarks>
/// <para>Shape: C×D×H×W → C×1×1×1; <see cref="FlattenAttribute"/> after it gives a flat tensor of C features.</para>
/// <para>Formula: y[c] is the maximum of x[c, l, m, n] over the whole channel.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class GlobalMaxPool3DAttribute : LayerAttribute;
