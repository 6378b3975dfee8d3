using System;

namespace Strata;

/// <summary>The maximum along some axes: PyTorch's <c>x.amax(dim)</c>, Keras' <c>ops.max</c>.</summary>
/// <remarks>
/// <para>
/// Shape: C×H×W → C over <see cref="Axes.Pixels"/>, H×W over <see cref="Axes.Channels"/>, 1 over <see cref="Axes.All"/>. With
/// <see cref="AxesReductionAttribute.KeepAxes"/>: C×1×1, 1×H×W and 1×1×1. Sequences, volumes and flat tensors likewise.
/// </para>
/// <para>
/// Formula: over pixels, y[c] = max x[c, i, j]. The gradient goes to the first of equal maxima, as in PyTorch's max pooling;
/// PyTorch's <c>amax</c> divides it among them.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class MaxAttribute : AxesReductionAttribute
{
    /// <summary>The maximum along some axes.</summary>
    /// <param name="axes">The axes, such as <c>Axes.Pixels</c> or <c>Axes.Channels | Axes.Width</c>.</param>
    public MaxAttribute(Axes axes)
        : base(axes)
    {
    }
}
