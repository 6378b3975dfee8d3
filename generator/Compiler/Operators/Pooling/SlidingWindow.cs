using System;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

/// <summary>An operation on the windows of each channel. Elements of the padding are left out.</summary>
internal abstract record SlidingWindow(WindowAxis Depth, WindowAxis Vertical, WindowAxis Horizontal) : LoopOperation
{
    public override Dependence Dependence => Dependence.Channel;

    /// <summary>The largest number of windows that contain one element.</summary>
    protected long MostWindows => Depth.MostWindows * Vertical.MostWindows * Horizontal.MostWindows;

    public override Reach ReachOf(Shape input, Shape output) => new(new WindowAxes(Depth, Vertical, Horizontal));

    /// <summary>
    /// Loops over all windows. The variables of the outputs are <c>c</c>, <c>h</c>, <c>i</c> and <c>j</c>. The body gets the loops over the
    /// elements of a window, whose variables are <c>l</c>, <c>m</c> and <c>n</c>.
    /// </summary>
    protected void ForWindows(Loops k, Shape input, LoopTensor output, Action<ElementIndex, SumLoop[]> body)
    {
        Shape y = output.Shape;
        k.For([("c", k.Channels(output)), ("h", y.Depth), ("i", y.Height), ("j", y.Width)], at => body(
            new ElementIndex(at[0], at[1], at[2], at[3]),
            [
                Elements(k, "l", "front", "back", at[1], Depth, input.Depth),
                Elements(k, "m", "top", "bottom", at[2], Vertical, input.Height),
                Elements(k, "n", "left", "right", at[3], Horizontal, input.Width),
            ]));
    }

    /// <summary>The element at the current place of the loops over a window.</summary>
    protected static ElementIndex Reached(ElementIndex at, SumLoop[] window) =>
        new(at.C, window[0].Variable, window[1].Variable, window[2].Variable);

    /// <summary>How many elements a window has.</summary>
    protected static Index Area(SumLoop[] window) =>
        (window[0].End - window[0].First) * (window[1].End - window[1].First) * (window[2].End - window[2].First);

    /// <summary>Where a window begins. It may begin in the padding.</summary>
    protected static Index Start(Index index, WindowAxis axis) => (index * axis.Stride) - axis.PadBefore;

    private static SumLoop Elements(Loops k, string variable, string first, string end, Index index, WindowAxis axis, int extent)
    {
        IndexVariable[] bounds = k.LetInts((first, Index.Max(0, Start(index, axis))),
            (end, Index.Min(extent, Start(index, axis) + axis.Kernel)));
        return new SumLoop(new IndexVariable(variable), bounds[0], bounds[1], axis.Kernel);
    }
}
