using System;

namespace Strata;

/// <summary>
/// A layer that makes each channel larger (or smaller), by a scale or to a size.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public abstract class UpsampleAttribute : LayerAttribute
{
    private protected UpsampleAttribute(double scale) => Scale = scale;

    /// <summary>Factor of all extents, more than 0; fractions of an element are dropped.</summary>
    public double Scale { get; }

    /// <summary>What stands between the input's elements; the nearest one by default.</summary>
    public UpsampleMode Mode { get; set; }

    /// <summary>
    /// For linear modes: whether the first and the last elements keep their places at the corners. By default elements are areas,
    /// as in PyTorch and Keras.
    /// </summary>
    public bool AlignCorners { get; set; }
}
