using System;

namespace Strata;

/// <summary>The base class of layers that turn all elements along some axes into one number.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public abstract class AxesReductionAttribute : LayerAttribute
{
    private protected AxesReductionAttribute(Axes axes) => Axes = axes;

    /// <summary>The axes along which elements become one number.</summary>
    public Axes Axes { get; }

    /// <summary>
    /// Whether these axes stay, with an extent of 1: PyTorch's <c>keepdim</c>, Keras' <c>keepdims</c>. False by default: the axes are
    /// removed. The first axis that is left then counts as the channels; if none is left, the output is one feature.
    /// </summary>
    public bool KeepAxes { get; set; }
}
