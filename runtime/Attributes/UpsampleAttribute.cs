using System;

namespace Strata;

/// <summary>The base class of layers that enlarge (or shrink) each channel, by a factor or to a size.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public abstract class UpsampleAttribute : LayerAttribute
{
    private protected UpsampleAttribute(double scale) => Scale = scale;

    /// <summary>Factor of all extents, greater than 0. The output's extent is rounded down.</summary>
    public double Scale { get; }

    /// <summary>How values between the input's elements are computed; the nearest element by default.</summary>
    public UpsampleMode Mode { get; set; }

    /// <summary>
    /// For linear modes: whether the first and last elements of input and output have the same positions. False by default, as
    /// in PyTorch and Keras: an element then stands for an area.
    /// </summary>
    public bool AlignCorners { get; set; }
}
