using System;
using System.Collections.Generic;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;
using static Strata.Compiler.KernelLanguage.Functions;

namespace Strata.Compiler.Operators;

internal sealed class L2Pool1D() : L2PoolOperator(1)
{
    public override string Kind => "L2Pool1D";

    public override OperatorDocumentation Documentation => new(
        "[L2Pool1D(kernel)]",
        "C×L → C×L′, L′ = ⌊(L + 2P − F)/S⌋ + 1, S = F by default",
        "y[c, i] = √Σ x[c, S·i + k − P]²",
        "nn.LPPool1d(2, kernel)",
        "");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        .. In(Sequence, "L2Pool1D(2, CeilMode = true)", "L2Pool1D(3, Stride = 2)", "L2Pool1D(3, Stride = 2, Padding = 1)",
            "L2Pool1D(3, Stride = 2, AutoPad = AutoPad.Same)", "L2Pool1D(3, Stride = 1, PaddingLeft = 1, PaddingRight = 0)"),
    ];
}

internal sealed class L2Pool2D() : L2PoolOperator(2)
{
    public override string Kind => "L2Pool2D";

    public override OperatorDocumentation Documentation => new(
        "[L2Pool2D(kernel)]",
        "C×H×W → C×H′×W′, H′ = ⌊(H + 2P − F)/S⌋ + 1, S = F by default",
        "y[c, i, j] = √Σ x[c, S·i + m − P, S·j + n − P]²",
        "nn.LPPool2d(2, kernel)",
        "");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        "L2Pool2D(2)", "L2Pool2D(3, Stride = 2, Padding = 1)", "L2Pool2D(4, Stride = 3, Padding = 1, CeilMode = true)",
        "L2Pool2D(3, Stride = 2, AutoPad = AutoPad.Same)",
        "L2Pool2D(2, KernelHeight = 3, KernelWidth = 2, StrideHeight = 1, StrideWidth = 2)",
        "L2Pool2D(2, PaddingHeight = 1, PaddingWidth = 0)",
        "L2Pool2D(2, PaddingTop = 1, PaddingBottom = 0, PaddingLeft = 1, PaddingRight = 1)",
    ];
}

internal sealed class L2Pool3D() : L2PoolOperator(3)
{
    public override string Kind => "L2Pool3D";

    public override OperatorDocumentation Documentation => new(
        "[L2Pool3D(kernel)]",
        "C×D×H×W → C×D′×H′×W′, D′ = ⌊(D + 2P − F)/S⌋ + 1, S = F by default",
        "y[c, h, i, j] = √Σ x[c, S·h + l − P, S·i + m − P, S·j + n − P]²",
        "nn.LPPool3d(2, kernel)",
        "");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        .. In(Volume, "L2Pool3D(2)", "L2Pool3D(3, Stride = 2, Padding = 1, CeilMode = true)",
            "L2Pool3D(3, Stride = 2, AutoPad = AutoPad.Same)",
            "L2Pool3D(2, KernelDepth = 1, KernelHeight = 3, KernelWidth = 2, StrideDepth = 2, StrideHeight = 1, StrideWidth = 2)",
            "L2Pool3D(2, PaddingDepth = 1, PaddingHeight = 0, PaddingWidth = 1)",
            "L2Pool3D(2, PaddingFront = 1, PaddingBack = 0, PaddingTop = 0, PaddingBottom = 1, PaddingLeft = 1, PaddingRight = 1)"),
    ];
}

/// <summary>The base of the poolings by Euclidean norm.</summary>
internal abstract class L2PoolOperator(int dimensions) : LayerOperator
{
    public sealed override OperatorFamily Family => OperatorFamily.Pooling;

    public sealed override string Stem => "pool";

    public override IReadOnlyList<PyTorchPlace> PyTorchPlaces => ["kernel", "Stride"];

    public sealed override Signature<LayerDefinition> Signature { get; } = Takes(
        WindowArguments.OfPooling(dimensions), window => new L2PoolDefinition(window));
}

/// <summary>The Euclidean norm of each window.</summary>
internal sealed record L2PoolDefinition(WindowArguments Window) : LayerDefinition
{
    public override LayerResult? Build(LayerContext layer) => Operators.Window.Resolve(Window, layer, pooling: true) is { } window
        ? new LayerResult(new L2Pooling(window.Depth, window.Vertical, window.Horizontal), window.Output,
            window.Formula, window.PaddedInput)
        {
            Windows = window.Axes,
        }
        : null;
}

/// <summary>
/// The square root of the sum of squares over a window. Ceil mode may clip a window. As in PyTorch, its sum is then multiplied by the
/// number of elements of a whole window, divided by the number of its own.
/// </summary>
internal sealed record L2Pooling(WindowAxis Depth, WindowAxis Vertical, WindowAxis Horizontal) : SlidingWindow(Depth, Vertical, Horizontal)
{
    /// <summary>Norms above this, or below its inverse, are scaled towards 1 before something is divided by them.</summary>
    private static readonly double Middle = Math.Pow(2, 60);

    public override void Forward(LoopPass pass)
    {
        LoopTensor x = pass.Input, y = pass.Output;
        pass.Step("", k => ForWindows(k, x.Shape, y, (at, window) =>
        {
            Variable? scale = LetScale(k, at, x.Shape, y.Shape);
            Variable norm = k.Let("norm", 0);
            Variable factor = k.Rescaled(own =>
            {
                Variable largest = k.Let("largest", 0);
                Variable sum = k.SumOver(window, "sum", () =>
                {
                    Variable value = k.Let("value", x[Reached(at, window)] * own);
                    k.Set(largest, MaxNative(largest, Abs(value)));
                    return value * value;
                });
                k.Set(norm, Sqrt(scale is null ? sum : sum * scale));
                return (sum <= float.MaxValue, (sum < Loops.SmallSquares) & (largest > 0));
            });
            y[at] = norm / factor;
        }));
    }

    public override void Backward(LoopPass pass)
    {
        if (pass.InputGradient is not { } dx)
        {
            return;
        }

        // dx = g·x/y. If y is 0, the whole window is 0, and so is the gradient. If y is NaN, the gradient is NaN. The factor is a power of
        // two, and keeps g/y in the range of floats.
        LoopTensor dy = pass.OutputGradient;
        pass.Clear(dx, MostWindows);
        pass.Step("", k => ForWindows(k, dx.Shape, dy, (at, window) =>
        {
            Variable? scale = LetScale(k, at, dx.Shape, dy.Shape);
            Variable norm = k.Let("norm", pass.Output[at]);
            Variable factor = k.Let("factor",
                Expression.Select(norm > Middle, 1 / Middle, Expression.Select(norm < 1 / Middle, Middle, 1)));
            Variable share = k.Let("share", (scale is null ? dy[at] : dy[at] * scale) / (norm * factor));
            k.Set(share, Intrinsics.AndNot(share, Expression.AreEqual(norm, 0)));
            k.For(window, () => dx.Add(Reached(at, window), share * (pass.Input[Reached(at, window)] * factor)));
        }));
    }

    private static bool Clips(WindowAxis axis, int extent, int outputs) =>
        ((outputs - 1) * axis.Stride) + axis.Kernel > extent + axis.PadBefore + axis.PadAfter;

    /// <summary>The factor of a window's sum; null if no window is clipped.</summary>
    private Variable? LetScale(Loops k, ElementIndex at, Shape x, Shape y)
    {
        if (!Clips(Depth, x.Depth, y.Depth) && !Clips(Vertical, x.Height, y.Height) && !Clips(Horizontal, x.Width, y.Width))
        {
            return null;
        }

        // How many elements of a window are in the padded input, along one axis.
        static Index Count(Index index, WindowAxis axis, int extent) => Index.Min(axis.Kernel, extent + axis.PadAfter - Start(index, axis));
        Index count = Count(at.Z, Depth, x.Depth) * Count(at.Y, Vertical, x.Height) * Count(at.X, Horizontal, x.Width);
        return k.Let("scale", new Broadcast(Constant.Single(Depth.Kernel * Vertical.Kernel * Horizontal.Kernel) / count));
    }
}
