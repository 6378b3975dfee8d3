using Strata.Generator.Graph;
using Strata.Generator.Lowering;

namespace Strata.Generator.Operators;

internal sealed class LogSumExpPool1D() : LogSumExpPool(1)
{
    public override string Kind => "LogSumExpPool1D";

    public override OperatorDocumentation Documentation => new(
        "[LogSumExpPool1D(kernel)]",
        "C×L → C×L′, L′ = ⌊(L + 2P − F)/S⌋ + 1, S = F by default",
        "y[c, i] = ln(Σ e^(r·x[c, S·i + k − P])/N)/r",
        "torch.logsumexp of windows",
        "");
}

internal sealed class LogSumExpPool2D() : LogSumExpPool(2)
{
    public override string Kind => "LogSumExpPool2D";

    public override OperatorDocumentation Documentation => new(
        "[LogSumExpPool2D(kernel)]",
        "C×H×W → C×H′×W′, H′ = ⌊(H + 2P − F)/S⌋ + 1, S = F by default",
        "y[c, i, j] = ln(Σ e^(r·x[c, S·i + m − P, S·j + n − P])/N)/r",
        "torch.logsumexp of windows",
        "");
}

internal sealed class LogSumExpPool3D() : LogSumExpPool(3)
{
    public override string Kind => "LogSumExpPool3D";

    public override OperatorDocumentation Documentation => new(
        "[LogSumExpPool3D(kernel)]",
        "C×D×H×W → C×D′×H′×W′, D′ = ⌊(D + 2P − F)/S⌋ + 1, S = F by default",
        "y[c, h, i, j] = ln(Σ e^(r·x[c, S·h + l − P, S·i + m − P, S·j + n − P])/N)/r",
        "torch.logsumexp of windows",
        "");
}

/// <summary>What the poolings by a smooth maximum have in common.</summary>
internal abstract class LogSumExpPool(int dimensions) : LayerOperator
{
    public sealed override string Stem => "pool";

    public sealed override LayerResult? Build(LayerContext layer)
    {
        double sharpness = layer.Finite("Sharpness", 1, 0, orEqual: false);
        return Window.Read(layer, dimensions, pooling: true) is { } window
            ? new LayerResult(
                new LogSumExpPooling(window.Depth, window.Vertical, window.Horizontal, sharpness), window.Output, window.Formula, window.PaddedInput)
            : null;
    }
}

/// <summary>ln(Σ e^(r·x)/N)/r over the N elements of a window (Pinheiro and Collobert 2015).</summary>
internal sealed record LogSumExpPooling(WindowAxis Depth, WindowAxis Vertical, WindowAxis Horizontal, double Sharpness)
    : SlidingWindow(Depth, Vertical, Horizontal)
{
    public override bool TakesActivation => false;

    private const string Share = "Simd.Create(1f / ((back - front) * (bottom - top) * (right - left)))";

    public override void Forward(LoopPass pass) => pass.Step("", w =>
    {
        using (ForWindows(w, pass.Input.Shape, pass.Output))
        {
            w.Line("Vector largest = Simd.Create(float.NegativeInfinity);");
            using (ForElements(w))
            {
                w.Line($"largest = Simd.Max(largest, {w.Load(pass.Input, "c", "l", "m", "n")});");
            }

            // Relative to the largest, no power overflows. There is no difference of infinities.
            w.Line("largest = Simd.MaxNative(Simd.Create(float.MinValue), Simd.MinNative(Simd.Create(float.MaxValue), largest));");
            w.SumOver(Elements, "sum", () => $"VectorMath.Exp(({w.Load(pass.Input, "c", "l", "m", "n")} - largest){Times(Sharpness)})");
            w.Store(pass.Output, "c", "h", "i", "j", $"largest + (VectorMath.Log(sum * {Share}){Times(1 / Sharpness)})");
        }
    });

    public override void Backward(LoopPass pass)
    {
        if (pass.InputGradient is not { } dx)
        {
            return;
        }

        // dx = g·e^(r·x)/Σ e^(r·x) = g·e^(r·(x − y))/N.
        pass.Clear(dx, MostWindows);
        pass.Step("", w =>
        {
            using (ForWindows(w, dx.Shape, pass.OutputGradient))
            {
                w.Line($"Vector y = {w.Load(pass.Output, "c", "h", "i", "j")}, share = {w.Load(pass.OutputGradient, "c", "h", "i", "j")} * {Share};");
                using (ForElements(w))
                {
                    w.Add(dx, "c", "l", "m", "n", $"(share * VectorMath.Exp(({w.Load(pass.Input, "c", "l", "m", "n")} - y){Times(Sharpness)}))");
                }
            }
        });
    }

    private static string Times(double factor) => factor == 1 ? "" : $" * {LoopWriter.Constant(factor)}";
}
