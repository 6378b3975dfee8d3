using System;

namespace Strata;

/// <summary>
/// Maximum of each channel: Keras' <c>GlobalMaxPooling2D</c> before it drops the extents of 1, PyTorch's
/// <c>nn.AdaptiveMaxPool2d(1)</c>.
/// </summary>
/// <remarks>
/// <para>Shape: C×H×W → C×1×1; <see cref="FlattenAttribute"/> behind it makes features of it.</para>
/// <para>Formula: y[c] is the maximum of x[c, m, n] over the whole channel.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class GlobalMaxPool2DAttribute : LayerAttribute;
