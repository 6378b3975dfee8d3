using System;

namespace Strata.Generator.Graph;

/// <summary>
/// How many neighbouring elements of an operation's input its output depends on, at most, along one axis: n neighbours of the output on
/// ⌈Extent + (n − 1)·Stride⌉ of the input.
/// </summary>
/// <param name="Extent">How many an element depends on. A fraction where some elements depend on none.</param>
/// <param name="Stride">How far the window moves from one element to the next; less than 1 where several neighbours have the same
/// window.</param>
internal readonly record struct AxisReach(double Extent, double Stride)
{
    /// <summary>More elements than any axis has.</summary>
    public const double All = 1e15;
    /// <summary>The rounding error that a product which is a whole number may have.</summary>
    private const double Tolerance = 1e-9;

    public AxisReach(WindowAxis window)
        : this(window.Span, window.Stride)
    {
    }

    /// <summary>How many neighbours of the input a number of neighbours of the output depend on.</summary>
    public double Reads(double neighbours) => Math.Min(All, Math.Ceiling(Extent + ((neighbours - 1) * Stride) - Tolerance));
}

/// <summary>
/// What the places of an operation's output depend on: all channels of a place together. A flat tensor has the axes of the tensor that it
/// shows. What happens in training only, such as the statistics of a batch, does not count.
/// </summary>
internal readonly record struct Reach(AxisReach Depth, AxisReach Vertical, AxisReach Horizontal)
{
    private static readonly AxisReach Same = new(1, 1), All = new(AxisReach.All, 0), One = new(1, 0);

    /// <summary>A place depends on the same place.</summary>
    public static readonly Reach Place = new(Same, Same, Same);

    /// <summary>A place depends on all of the input.</summary>
    public static readonly Reach Everything = new(All, All, All);

    public Reach(WindowAxes windows)
        : this(new AxisReach(windows.Depth), new AxisReach(windows.Vertical), new AxisReach(windows.Horizontal))
    {
    }

    /// <summary>
    /// A place depends on the same place. Along an axis where the input has one element and the output several, all depend on that one.
    /// </summary>
    public static Reach Broadcast(Shape input, Shape output)
    {
        AxisReach Along(int axis) => input.Axis(axis) == output.Axis(axis) ? Same : One;
        return new(Along(0), Along(1), Along(2));
    }

    /// <summary>A place depends on all of its channels; in a flat tensor these are all elements.</summary>
    public static Reach AllChannels(Shape input) => input.Rank == 1 ? Everything : Place;

    /// <param name="axis">0 for depth, 1 for height, 2 for width.</param>
    public AxisReach this[int axis] => axis switch { 0 => Depth, 1 => Vertical, _ => Horizontal };
}
