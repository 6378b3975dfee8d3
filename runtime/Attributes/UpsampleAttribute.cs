using System;

namespace Strata;

/// <summary>The base class of layers that enlarge (or shrink) each channel, by a factor or to a size.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public abstract class UpsampleAttribute : LayerAttribute
{
    private protected UpsampleAttribute(double scale) => Scale = scale;

    /// <summary>Factor of all extents, greater than 0. The output's extent is rounded down.</summary>
    public double Scale { get; }

    /// <summary>How values between the input's elements are computed; the nearest element by default.</summary>
    public UpsampleMode Mode { get; set; }

    /// <summary>
    /// For linear and cubic modes: whether the first and last elements of input and output have the same positions. False by default, as
    /// in PyTorch and Keras: an element then stands for an area.
    /// </summary>
    public bool AlignCorners { get; set; }

    /// <summary>
    /// Where an output is between the input's elements; by default as in PyTorch. <see cref="UpsampleCoordinates.AlignCorners"/> is
    /// the same as <see cref="AlignCorners"/>.
    /// </summary>
    public UpsampleCoordinates Coordinates { get; set; }

    /// <summary>
    /// For <see cref="UpsampleMode.Nearest"/>: which element is the nearest; by default the one at or before the place. PyTorch's
    /// <c>nearest-exact</c> is <see cref="UpsampleCoordinates.HalfPixel"/> with <see cref="UpsampleRounding.RoundPreferCeil"/>.
    /// Halves are found exactly, also where single precision would miss them.
    /// </summary>
    public UpsampleRounding Rounding { get; set; }

    /// <summary>
    /// For <see cref="UpsampleMode.Cubic"/>: the coefficient a of the weights; −0.75 by default, as in PyTorch. Pillow and
    /// TensorFlow have −0.5.
    /// </summary>
    public double CubicCoefficient { get; set; } = -0.75;
}
