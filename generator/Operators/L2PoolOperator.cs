using Strata.Generator.Graph;
using Strata.Generator.Kernels;
using Strata.Generator.Lowering;
using static Strata.Generator.Kernels.Expression;

namespace Strata.Generator.Operators;

/// <summary>What the poolings by the Euclidean norm have in common.</summary>
internal abstract class L2PoolOperator(int dimensions) : LayerOperator
{
    public sealed override string Stem => "pool";

    public sealed override LayerResult? Build(LayerContext layer) => Window.Read(layer, dimensions, pooling: true) is { } window
        ? new LayerResult(new L2Pooling(window.Depth, window.Vertical, window.Horizontal), window.Output, window.Formula, window.PaddedInput)
        : null;
}

/// <summary>
/// The root of the sum of squares over a window. As in PyTorch, a window that is clipped by ceil mode counts as if it were whole: its sum is
/// multiplied by the elements of a whole one per element of its own.
/// </summary>
internal sealed record L2Pooling(WindowAxis Depth, WindowAxis Vertical, WindowAxis Horizontal) : LoopOperation
{
    public override Dependence Dependence => Dependence.Channel;

    public override Reach ReachOf(Shape input, Shape output) => new(new WindowAxes(Depth, Vertical, Horizontal));

    public override void Forward(LoopPass pass) => pass.Step("", w =>
    {
        using (ForWindows(w, pass.Input.Shape, pass.Output))
        {
            SumLoop[] window =
            [
                new("l", "front", "back", Depth.Kernel), new("m", "top", "bottom", Vertical.Kernel), new("n", "left", "right", Horizontal.Kernel),
            ];
            w.SumOver(window, "sum", () =>
            {
                w.Line($"Vector value = {w.Load(pass.Input, "c", "l", "m", "n")};");
                return "value * value";
            });

            w.Store(pass.Output, "c", "h", "i", "j", $"Simd.Sqrt(sum{(Clips(pass) ? " * scale" : "")})");
        }
    });

    public override void Backward(LoopPass pass)
    {
        if (pass.InputGradient is not { } dx)
        {
            return;
        }

        // dx = g·x/y; where y is 0 all of the window is, and so is the gradient. Where it is not a number, no gradient is.
        pass.Clear(dx, Depth.MostWindows * Vertical.MostWindows * Horizontal.MostWindows);
        pass.Step("", w =>
        {
            using (ForWindows(w, dx.Shape, pass.OutputGradient))
            {
                w.Line($"Vector norm = {w.Load(pass.Output, "c", "h", "i", "j")};");
                w.Line($"Vector share = {w.Load(pass.OutputGradient, "c", "h", "i", "j")}{(Clips(pass) ? " * scale" : "")} / norm;");
                w.Line("share = Simd.AndNot(share, Simd.Equals(norm, Vector.Zero));");
                using (ForElements(w))
                {
                    w.Add(dx, "c", "l", "m", "n", $"(share * {w.Load(pass.Input, "c", "l", "m", "n")})");
                }
            }
        });
    }

    private static bool Clips(WindowAxis axis, int extent, int outputs) =>
        ((outputs - 1) * axis.Stride) + axis.Kernel > extent + axis.PadBefore + axis.PadAfter;

    private static Emission.SourceWriter.Scope ForElements(LoopWriter w)
    {
        w.Line("for (int l = front; l < back; l++)");
        w.Line("for (int m = top; m < bottom; m++)");
        return w.Block("for (int n = left; n < right; n++)");
    }

    private bool Clips(LoopPass pass) => Clips(pass.Input.Shape, pass.Output.Shape);

    private bool Clips(Shape x, Shape y) =>
        Clips(Depth, x.Depth, y.Depth) || Clips(Vertical, x.Height, y.Height) || Clips(Horizontal, x.Width, y.Width);

    private Emission.SourceWriter.Scope ForWindows(LoopWriter w, Shape input, LoopTensor output)
    {
        Shape y = output.Shape;
        Emission.SourceWriter.Scope scope = w.For(("c", w.Channels(output)), ("h", y.Depth), ("i", y.Height), ("j", y.Width));
        w.Line(Bounds("front", "back", "h", Depth, input.Depth));
        w.Line(Bounds("top", "bottom", "i", Vertical, input.Height));
        w.Line(Bounds("left", "right", "j", Horizontal, input.Width));
        if (Clips(input, y))
        {
            string counts = $"{Count("h", Depth, input.Depth)} * {Count("i", Vertical, input.Height)} * {Count("j", Horizontal, input.Width)}";
            w.Line($"Vector scale = Simd.Create({Number(Depth.Kernel * Vertical.Kernel * Horizontal.Kernel)}f / ({counts}));");
        }

        return scope;
    }

    private static string Start(string index, WindowAxis axis) =>
        $"({index} * {Number(axis.Stride)})" + (axis.PadBefore == 0 ? "" : $" - {Number(axis.PadBefore)}");

    private static string Bounds(string first, string end, string index, WindowAxis axis, int extent) =>
        $"int {first} = Math.Max(0, {Start(index, axis)}), {end} = Math.Min({Number(extent)}, {Start(index, axis)} + {Number(axis.Kernel)});";

    /// <summary>Elements of a window in the padded input.</summary>
    private static string Count(string index, WindowAxis axis, int extent) =>
        $"Math.Min({Number(axis.Kernel)}, {Number(extent + axis.PadAfter)} - ({Start(index, axis)}))";
}
