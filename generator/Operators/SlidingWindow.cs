using Strata.Generator.Graph;
using Strata.Generator.Kernels;
using Strata.Generator.Lowering;
using static Strata.Generator.Kernels.Expression;

namespace Strata.Generator.Operators;

/// <summary>An operation on windows of each channel by itself, which have no elements in the padding.</summary>
internal abstract record SlidingWindow(WindowAxis Depth, WindowAxis Vertical, WindowAxis Horizontal) : LoopOperation
{
    public override Dependence Dependence => Dependence.Channel;

    /// <summary>The elements of a window, for a sum: the variables are <c>l</c>, <c>m</c> and <c>n</c>.</summary>
    protected SumLoop[] Elements =>
    [
        new("l", "front", "back", Depth.Kernel), new("m", "top", "bottom", Vertical.Kernel), new("n", "left", "right", Horizontal.Kernel),
    ];

    /// <summary>The most windows that an element is in.</summary>
    protected long MostWindows => Depth.MostWindows * Vertical.MostWindows * Horizontal.MostWindows;

    public override Reach ReachOf(Shape input, Shape output) => new(new WindowAxes(Depth, Vertical, Horizontal));

    /// <summary>All windows: the variables of the outputs are <c>c</c>, <c>h</c>, <c>i</c> and <c>j</c>.</summary>
    protected Printing.SourceWriter.Scope ForWindows(LoopWriter w, Shape input, LoopTensor output)
    {
        Shape y = output.Shape;
        Printing.SourceWriter.Scope scope = w.For(("c", w.Channels(output)), ("h", y.Depth), ("i", y.Height), ("j", y.Width));
        w.Line(Bounds("front", "back", "h", Depth, input.Depth));
        w.Line(Bounds("top", "bottom", "i", Vertical, input.Height));
        w.Line(Bounds("left", "right", "j", Horizontal, input.Width));
        return scope;
    }

    /// <summary>The elements of a window: the variables are <c>l</c>, <c>m</c> and <c>n</c>.</summary>
    protected static Printing.SourceWriter.Scope ForElements(LoopWriter w)
    {
        w.Line("for (int l = front; l < back; l++)");
        w.Line("for (int m = top; m < bottom; m++)");
        return w.Block("for (int n = left; n < right; n++)");
    }

    /// <summary>Where a window begins, maybe in the padding.</summary>
    protected static string Start(string index, WindowAxis axis) =>
        $"({index} * {Number(axis.Stride)})" + (axis.PadBefore == 0 ? "" : $" - {Number(axis.PadBefore)}");

    private static string Bounds(string first, string end, string index, WindowAxis axis, int extent) =>
        $"int {first} = Math.Max(0, {Start(index, axis)}), {end} = Math.Min({Number(extent)}, {Start(index, axis)} + {Number(axis.Kernel)});";
}
