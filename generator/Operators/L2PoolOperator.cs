using Strata.Generator.Graph;
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
internal sealed record L2Pooling(WindowAxis Depth, WindowAxis Vertical, WindowAxis Horizontal) : SlidingWindow(Depth, Vertical, Horizontal)
{
    public override void Forward(LoopPass pass) => pass.Step("", w =>
    {
        using (ForWindows(w, pass.Input.Shape, pass.Output))
        {
            WriteScale(w, pass.Input.Shape, pass.Output.Shape);
            w.SumOver(Elements, "sum", () =>
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
        pass.Clear(dx, MostWindows);
        pass.Step("", w =>
        {
            using (ForWindows(w, dx.Shape, pass.OutputGradient))
            {
                WriteScale(w, dx.Shape, pass.OutputGradient.Shape);
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

    private bool Clips(LoopPass pass) => Clips(pass.Input.Shape, pass.Output.Shape);

    private bool Clips(Shape x, Shape y) =>
        Clips(Depth, x.Depth, y.Depth) || Clips(Vertical, x.Height, y.Height) || Clips(Horizontal, x.Width, y.Width);

    /// <summary>Leaves the <c>scale</c> of a window's sum, where windows are clipped.</summary>
    private void WriteScale(LoopWriter w, Shape input, Shape output)
    {
        if (Clips(input, output))
        {
            string counts = $"{Count("h", Depth, input.Depth)} * {Count("i", Vertical, input.Height)} * {Count("j", Horizontal, input.Width)}";
            w.Line($"Vector scale = Simd.Create({Number(Depth.Kernel * Vertical.Kernel * Horizontal.Kernel)}f / ({counts}));");
        }
    }

    /// <summary>Elements of a window in the padded input.</summary>
    private static string Count(string index, WindowAxis axis, int extent) =>
        $"Math.Min({Number(axis.Kernel)}, {Number(extent + axis.PadAfter)} - ({Start(index, axis)}))";
}
