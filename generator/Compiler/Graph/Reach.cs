using System;

namespace Strata.Compiler.Graph;

/// <summary>
/// How many elements of the input an operation's output depends on along one axis, at most. n neighbouring elements of the output depend on
/// ⌈Extent + (n − 1)·Stride⌉ neighbouring elements of the input.
/// </summary>
/// <param name="Extent">
/// How many elements of the input one element of the output depends on. It may be a fraction if some elements depend on none.
/// </param>
/// <param name="Stride">
/// How far the window moves from one element of the output to the next. It is less than 1 if several neighbours have the same window.
/// </param>
internal readonly record struct AxisReach(double Extent, double Stride)
{
    /// <summary>More elements than any axis has.</summary>
    public const double All = 1e15;
    /// <summary>The largest rounding error of a product that is a whole number.</summary>
    private const double Tolerance = 1e-9;

    public AxisReach(WindowAxis window)
        : this(window.Span, window.Stride)
    {
    }

    /// <summary>How many neighbouring elements of the input a number of neighbouring elements of the output depend on.</summary>
    public double Reads(double neighbours) => Math.Min(All, Math.Ceiling(Extent + ((neighbours - 1) * Stride) - Tolerance));
}

/// <summary>
/// Which positions of the input a position of an operation's output depends on. A position has one element in each channel. A flat tensor
/// has the axes of the tensor that it is a view of. What happens in training only, such as the statistics of a batch, does not count.
/// </summary>
internal readonly record struct Reach(AxisReach Depth, AxisReach Vertical, AxisReach Horizontal)
{
    private static readonly AxisReach Same = new(1, 1), All = new(AxisReach.All, 0), One = new(1, 0);

    /// <summary>A position depends on the same position.</summary>
    public static readonly Reach Place = new(Same, Same, Same);

    /// <summary>A position depends on nothing.</summary>
    public static readonly Reach Nothing = new(default, default, default);

    /// <summary>A position depends on all of the input.</summary>
    public static readonly Reach Everything = new(All, All, All);

    public Reach(WindowAxes windows)
        : this(new AxisReach(windows.Depth), new AxisReach(windows.Vertical), new AxisReach(windows.Horizontal))
    {
    }

    /// <summary>
    /// A position depends on the same position. Along an axis where the input has one element and the output several, all of these depend
    /// on that element.
    /// </summary>
    public static Reach Broadcast(Shape input, Shape output)
    {
        AxisReach Along(int axis) => input.Axis(axis) == output.Axis(axis) ? Same : One;
        return new(Along(0), Along(1), Along(2));
    }

    /// <summary>A position depends on all channels of that position. For a flat tensor these are all elements.</summary>
    public static Reach AllChannels(Shape input) => input.Rank == 1 ? Everything : Place;

    /// <param name="axis">0 for depth, 1 for height, 2 for width.</param>
    public AxisReach this[int axis] => axis switch { 0 => Depth, 1 => Vertical, _ => Horizontal };
}
