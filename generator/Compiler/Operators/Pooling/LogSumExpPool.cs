using System.Collections.Generic;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;
using static Strata.Compiler.KernelLanguage.Functions;

namespace Strata.Compiler.Operators;

internal sealed class LogSumExpPool1D() : LogSumExpPool(1)
{
    public override string Kind => "LogSumExpPool1D";

    public override OperatorDocumentation Documentation => new(
        "[LogSumExpPool1D(kernel)]",
        "C×L → C×L′, L′ = ⌊(L + 2P − F)/S⌋ + 1, S = F by default",
        "y[c, i] = ln(Σ e^(r·x[c, S·i + k − P])/N)/r",
        "torch.logsumexp of windows",
        "");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        .. In(Sequence, "LogSumExpPool1D(3)", "LogSumExpPool1D(1)", "LogSumExpPool1D(3, Stride = 2)",
            "LogSumExpPool1D(3, Stride = 2, Padding = 1, CeilMode = true)", "LogSumExpPool1D(3, Stride = 2, AutoPad = AutoPad.Same)",
            "LogSumExpPool1D(3, Stride = 1, PaddingLeft = 1, PaddingRight = 0, Sharpness = 2)"),
    ];
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

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        "LogSumExpPool2D(2)", "LogSumExpPool2D(3, Stride = 2, Padding = 1, Sharpness = 4)",
        "LogSumExpPool2D(2, CeilMode = true, Sharpness = 0.5)", "LogSumExpPool2D(3, Stride = 2, AutoPad = AutoPad.Same)",
        "LogSumExpPool2D(2, KernelHeight = 3, KernelWidth = 2, StrideHeight = 1, StrideWidth = 2)",
        "LogSumExpPool2D(2, PaddingHeight = 1, PaddingWidth = 0)",
        "LogSumExpPool2D(2, PaddingTop = 1, PaddingBottom = 0, PaddingLeft = 1, PaddingRight = 1)",
    ];
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

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        .. In(Volume, "LogSumExpPool3D(2)", "LogSumExpPool3D(3, Stride = 2, Padding = 1, CeilMode = true, Sharpness = 3)",
            "LogSumExpPool3D(3, Stride = 2, AutoPad = AutoPad.Same)",
            "LogSumExpPool3D(2, KernelDepth = 1, KernelHeight = 3, KernelWidth = 2, StrideDepth = 2, StrideHeight = 1, StrideWidth = 2)",
            "LogSumExpPool3D(2, PaddingDepth = 1, PaddingHeight = 0, PaddingWidth = 1)",
            "LogSumExpPool3D(2, PaddingFront = 1, PaddingBack = 0, PaddingTop = 0, PaddingBottom = 1, PaddingLeft = 1, PaddingRight = 1)"),
    ];
}

/// <summary>The base of log-sum-exp pooling in 1 to 3 dimensions.</summary>
internal abstract class LogSumExpPool(int dimensions) : LayerOperator
{
    public sealed override OperatorFamily Family => OperatorFamily.Pooling;

    public sealed override string Stem => "pool";

    public sealed override Signature<LayerDefinition> Signature { get; } = Takes(
        WindowArguments.OfPooling(dimensions), Property<double>("Sharpness", 1),
        (window, sharpness) => new LogSumExpPoolDefinition(window, sharpness));
}

/// <summary>A smooth maximum of each window.</summary>
internal sealed record LogSumExpPoolDefinition(WindowArguments Window, Argument<double> Sharpness) : LayerDefinition
{
    public override LayerResult? Build(LayerContext layer)
    {
        double sharpness = layer.Finite(Sharpness, 0, orEqual: false);
        return Operators.Window.Resolve(Window, layer, pooling: true) is { } window
            ? new LayerResult(
                new LogSumExpPooling(window.Depth, window.Vertical, window.Horizontal, sharpness), window.Output,
                window.Formula, window.PaddedInput)
            {
                Windows = window.Axes,
            }
            : null;
    }
}

/// <summary>ln(Σ e^(r·x)/N)/r over the N elements of a window (Pinheiro and Collobert 2015).</summary>
internal sealed record LogSumExpPooling(WindowAxis Depth, WindowAxis Vertical, WindowAxis Horizontal, double Sharpness)
    : SlidingWindow(Depth, Vertical, Horizontal)
{
    public override bool TakesActivation => false;

    public override void Forward(LoopPass pass)
    {
        LoopTensor x = pass.Input, y = pass.Output;
        pass.Step("", k => ForWindows(k, x.Shape, y, (at, window) =>
        {
            (Variable largest, Variable sum) = LetSum(k, x, at, window);
            y[at] = largest + Times(Log(sum * Share(window)), 1 / Sharpness);
        }));
    }

    public override void Backward(LoopPass pass)
    {
        if (pass.InputGradient is not { } dx)
        {
            return;
        }

        // dx = g·e^(r·x)/Σ e^(r·x), both relative to the largest element, as in forward. The sum is computed again: e^(r·y) may overflow.
        pass.Clear(dx, MostWindows);
        pass.Step("", k => ForWindows(k, dx.Shape, pass.OutputGradient, (at, window) =>
        {
            (Variable largest, Variable sum) = LetSum(k, pass.Input, at, window);
            Variable share = k.Let("share", pass.OutputGradient[at] / sum);
            k.For(window, () => dx.Add(Reached(at, window), share * Exp(Times(pass.Input[Reached(at, window)] - largest, Sharpness))));
        }));
    }

    /// <summary>The largest element of a window, and Σ e^(r·(x − largest)).</summary>
    private (Variable Largest, Variable Sum) LetSum(Loops k, LoopTensor x, ElementIndex at, SumLoop[] window)
    {
        Variable largest = k.Let("largest", double.NegativeInfinity);
        k.For(window, () => k.Set(largest, Max(largest, x[Reached(at, window)])));

        // Relative to the largest element, no exponential overflows. The largest element is clamped to finite numbers, so that ∞ − ∞ does
        // not occur.
        k.Set(largest, MaxNative(float.MinValue, MinNative(float.MaxValue, largest)));
        return (largest, k.SumOver(window, "sum", () => Exp(Times(x[Reached(at, window)] - largest, Sharpness))));
    }

    /// <summary>The weight of an element in a mean.</summary>
    private static Broadcast Share(SumLoop[] window) => new Broadcast(Constant.Single(1) / Area(window));

    private static Expression Times(Expression x, double factor) => factor == 1 ? x : x * factor;
}
