using System;

namespace Strata;

/// <summary>The sum along some axes: PyTorch's <c>x.sum(dim)</c>, Keras' <c>ops.sum</c>.</summary>
/// <remarks>
/// <para>
/// Shape: C×H×W → C over <see cref="Axes.Pixels"/>, H×W over <see cref="Axes.Channels"/>, 1 over <see cref="Axes.All"/>. With
/// <see cref="AxesReductionAttribute.KeepAxes"/>: C×1×1, 1×H×W and 1×1×1. Sequences, volumes and flat tensors likewise.
/// </para>
/// <para>Formula: over pixels, y[c] = Σ x[c, i, j].</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class SumAttribute : AxesReductionAttribute
{
    /// <summary>The sum along some axes.</summary>
    /// <param name="axes">The axes, such as <c>Axes.Pixels</c> or <c>Axes.Channels | Axes.Width</c>.</param>
    public SumAttribute(Axes axes)
        : base(axes)
    {
    }
}
