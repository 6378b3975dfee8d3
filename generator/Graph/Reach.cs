using System;

namespace Strata.Generator.Graph;

/// <summary>
/// On how many neighbours of an operation's input neighbours of its output depend, along one axis and at most: n of them on
/// ⌈Extent + (n − 1)·Stride⌉.
/// </summary>
/// <param name="Extent">On how many an element depends. A fraction where some elements depend on none.</param>
/// <param name="Stride">By how many the input is walked from one element to the next; less than 1 where neighbours share what they read.</param>
internal readonly record struct AxisReach(double Extent, double Stride)
{
    /// <summary>More than any axis has.</summary>
    public const double All = 1e15;
    /// <summary>What a product that is a whole number may be off by.</summary>
    private const double Tolerance = 1e-9;

    public AxisReach(WindowAxis window)
        : this(window.Span, window.Stride)
    {
    }

    /// <summary>On how many neighbours of the input so many of the output depend.</summary>
    public double Reads(double neighbours) => Math.Min(All, Math.Ceiling(Extent + ((neighbours - 1) * Stride) - Tolerance));
}

/// <summary>
/// What the places of an operation's output depend on: all channels of a place together. A flat tensor has the axes of what it is a view of.
/// What training does beside, such as taking the statistics of a batch, does not count.
/// </summary>
internal readonly record struct Reach(AxisReach Depth, AxisReach Vertical, AxisReach Horizontal)
{
    private static readonly AxisReach Same = new(1, 1), All = new(AxisReach.All, 0), One = new(1, 0);

    /// <summary>A place on the same place.</summary>
    public static readonly Reach Place = new(Same, Same, Same);

    /// <summary>A place on all of the input.</summary>
    public static readonly Reach Everything = new(All, All, All);

    /// <summary>All places on one and the same.</summary>
    public static readonly Reach OneForAll = new(One, One, One);

    public Reach(WindowAxes windows)
        : this(new AxisReach(windows.Depth), new AxisReach(windows.Vertical), new AxisReach(windows.Horizontal))
    {
    }

    /// <summary>A place on all of its channels, and on no others; in a flat tensor these are all that there is.</summary>
    public static Reach AllChannels(Shape input) => input.Rank == 1 ? Everything : Place;

    /// <param name="axis">0 for depth, 1 for height, 2 for width.</param>
    public AxisReach this[int axis] => axis switch { 0 => Depth, 1 => Vertical, _ => Horizontal };
}
