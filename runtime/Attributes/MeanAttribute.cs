using System;

namespace Strata;

/// <summary>The mean along some axes: PyTorch's <c>x.mean(dim)</c>, Keras' <c>ops.mean</c>.</summary>
/// <remarks>
/// <para>
/// Shape: C×H×W → C over <see cref="Axes.Pixels"/>, H×W over <see cref="Axes.Channels"/>, 1 over <see cref="Axes.All"/>. With
/// <see cref="AxesReductionAttribute.KeepAxes"/>: C×1×1, 1×H×W and 1×1×1. Sequences, volumes and flat tensors likewise.
/// </para>
/// <para>Formula: over pixels, y[c] = Σ x[c, i, j]/(H·W).</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class MeanAttribute : AxesReductionAttribute
{
    /// <summary>The mean along some axes.</summary>
    /// <param name="axes">The axes, such as <c>Axes.Pixels</c> or <c>Axes.Channels | Axes.Width</c>.</param>
    public MeanAttribute(Axes axes)
        : base(axes)
    {
    }
}
