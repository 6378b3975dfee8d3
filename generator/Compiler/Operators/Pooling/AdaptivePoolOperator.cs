using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;
using static Strata.Compiler.KernelLanguage.Functions;

namespace Strata.Compiler.Operators;

internal sealed class AdaptiveAveragePool1D() : AdaptivePoolOperator(1, isMax: false, isGlobal: false);

internal sealed class AdaptiveAveragePool2D() : AdaptivePoolOperator(2, isMax: false, isGlobal: false);

internal sealed class AdaptiveAveragePool3D() : AdaptivePoolOperator(3, isMax: false, isGlobal: false);

internal sealed class AdaptiveMaxPool1D() : AdaptivePoolOperator(1, isMax: true, isGlobal: false);

internal sealed class AdaptiveMaxPool2D() : AdaptivePoolOperator(2, isMax: true, isGlobal: false);

internal sealed class AdaptiveMaxPool3D() : AdaptivePoolOperator(3, isMax: true, isGlobal: false);

internal sealed class GlobalAveragePool1D() : AdaptivePoolOperator(1, isMax: false, isGlobal: true);

internal sealed class GlobalAveragePool2D() : AdaptivePoolOperator(2, isMax: false, isGlobal: true);

internal sealed class GlobalAveragePool3D() : AdaptivePoolOperator(3, isMax: false, isGlobal: true);

internal sealed class GlobalMaxPool1D() : AdaptivePoolOperator(1, isMax: true, isGlobal: true);

internal sealed class GlobalMaxPool2D() : AdaptivePoolOperator(2, isMax: true, isGlobal: true);

internal sealed class GlobalMaxPool3D() : AdaptivePoolOperator(3, isMax: true, isGlobal: true);

/// <summary>Pooling to a given number of outputs, whatever the input's size.</summary>
internal abstract class AdaptivePoolOperator(int dimensions, bool isMax, bool isGlobal) : LayerOperator
{
    public sealed override OperatorFamily Family => OperatorFamily.Pooling;

    public sealed override string Kind =>
        $"{(isGlobal ? "Global" : "Adaptive")}{(isMax ? "Max" : "Average")}Pool{Arithmetic.Number(dimensions)}D";

    public sealed override string Stem => "pool";

    public sealed override OperatorDocumentation Documentation
    {
        get
        {
            (string from, string to, string element, string window) = dimensions switch
            {
                1 => ("C×L", "C×size", "y[c, i]", "x[c, m]"),
                2 => ("C×H×W", "C×size×size", "y[c, i, j]", "x[c, m, n]"),
                _ => ("C×D×H×W", "C×size×size×size", "y[c, k, i, j]", "x[c, l, m, n]"),
            };
            string extent = dimensions == 1 ? "L" : "H", n = Arithmetic.Number(dimensions), function = isMax ? "max" : "mean of";
            return isGlobal
                ? new($"[{Kind}]", $"{from} → {to.Replace("size", "1")}", $"y[c] = {function} {window}",
                    $"nn.Adaptive{(isMax ? "Max" : "Avg")}Pool{n}d(1)", $"Global{(isMax ? "Max" : "Average")}Pooling{n}D")
                : new(
                    $"[{Kind}(size)]", $"{from} → {to}",
                    $"{element} = {function} {window} over ⌊i·{extent}/{extent}′⌋ ≤ m < ⌈(i + "
                    + $"1)·{extent}/{extent}′⌉{(dimensions > 1 ? ", other axes likewise" : "")}",
                    $"nn.Adaptive{(isMax ? "Max" : "Avg")}Pool{n}d", "");
        }
    }

    public sealed override IReadOnlyList<OperatorCase> Cases => (dimensions, isGlobal) switch
    {
        (1, true) => [.. In(Sequence, Kind)],
        (2, true) => [Kind],
        (_, true) => [.. In(Volume, Kind)],
        (1, _) => [.. In(Sequence, $"{Kind}(4)", $"{Kind}(1)"), .. In("4, 23", $"{Kind}(5)", $"{Kind}(7)")],
        (2, _) =>
        [
            $"{Kind}(1)", $"{Kind}(3, Width = 7)", $"{Kind}(3, Width = 1)", $"{Kind}(4)", $"{Kind}(12, Width = 7)",
            $"{Kind}(5, Height = 2)",
            .. In("4, 13, 12", $"{Kind}(3)", $"{Kind}(4)", $"{Kind}(5)", $"{Kind}(8)"),
        ],
        _ =>
        [
            .. In(Volume, $"{Kind}(3)", $"{Kind}(2)", $"{Kind}(5, Height = 3, Width = 2)", $"{Kind}(2, Depth = 3)"),
        ],
    };

    public sealed override Signature<LayerDefinition> Signature { get; } = isGlobal
        ? Takes(() => new AdaptivePoolDefinition(isMax, LayerAxis.Of(dimensions).Select(_ => (Argument<int>)1).ToEquatableArray()))
        : Takes(
            new AxisArguments(Required<int>("size"), DescribedPartKind.Extent, "").Each(dimensions),
            extents => new AdaptivePoolDefinition(isMax, extents));
}

/// <summary>Pooling to a number of outputs along each axis.</summary>
/// <param name="Extents">The outputs, slowest axis first.</param>
internal sealed record AdaptivePoolDefinition(bool IsMax, EquatableArray<Argument<int>> Extents) : LayerDefinition
{
    public override LayerResult? Build(LayerContext layer)
    {
        int[] extents = [.. Extents.Select(extent => layer.AtLeast(1, extent))];
        return layer.HasErrors || !layer.HasDimensions(extents.Length) || layer.Input is not { } input
            ? null
            : new LayerResult(IsMax ? new AdaptiveMaximum() : new AdaptiveAverage(), Shape.Create(input.Channels, extents));
    }
}

/// <summary>Windows that divide the input into parts of nearly equal size. Neighbouring windows may overlap.</summary>
internal abstract record AdaptivePooling : LoopOperation
{
    public sealed override Dependence Dependence => Dependence.Channel;

    public sealed override bool TrainsInBlocks => true;

    public sealed override Reach ReachOf(Shape input, Shape output) => new(
        Axis(input.Depth, output.Depth), Axis(input.Height, output.Height), Axis(input.Width, output.Width));

    /// <summary>
    /// Loops over the outputs. The body gets the loops over the output's window, whose variables are <c>l</c>, <c>m</c> and <c>n</c>.
    /// </summary>
    protected static void ForEachWindow(Loops k, LoopTensor input, LoopTensor output, Action<ElementIndex, SumLoop[]> body)
    {
        (Shape from, Shape to) = (input.Shape, output.Shape);
        k.ForEach(output, at => body(at,
        [
            Window(k, "l", at.Z, "front", "back", from.Depth, to.Depth),
            Window(k, "m", at.Y, "top", "bottom", from.Height, to.Height),
            Window(k, "n", at.X, "left", "right", from.Width, to.Width),
        ]));
    }

    /// <summary>The element at the current place of the loops over a window.</summary>
    protected static ElementIndex Reached(ElementIndex at, SumLoop[] window) =>
        new(at.C, window[0].Variable, window[1].Variable, window[2].Variable);

    /// <summary>The weight of an element in a mean.</summary>
    protected static Expression Share(SumLoop[] window) => new Broadcast(
        Constant.Single(1) / ((window[0].End - window[0].First) * (window[1].End - window[1].First) * (window[2].End - window[2].First)));

    /// <summary>The reach along an axis. Windows are rounded outwards: one may begin up to 1 − 1/n inside of an element.</summary>
    private static AxisReach Axis(int input, int output) => new(
        (input + output - (double)BigInteger.GreatestCommonDivisor(input, output)) / output, (double)input / output);

    /// <summary>The largest number of elements in a window.</summary>
    private static int Longest(int input, int output) =>
        input % output == 0 ? input / output : System.Math.Min(input, (input / output) + 2);

    /// <summary>The largest number of windows that contain one element.</summary>
    protected static long MostWindows(Shape input, Shape output)
    {
        static long Axis(int input, int output) => (output / input) + 2;
        return Axis(input.Depth, output.Depth) * Axis(input.Height, output.Height) * Axis(input.Width, output.Width);
    }

    private static SumLoop Window(Loops k, string variable, Index index, string first, string end, int input, int output)
    {
        var loop = new IndexVariable(variable);
        if (output == 1)
        {
            return new SumLoop(loop, 0, input, input);
        }

        IndexVariable[] bounds = k.LetInts((first, index * input / output), (end, (((index + 1) * input) + (output - 1)) / output));
        return new SumLoop(loop, bounds[0], bounds[1], Longest(input, output));
    }
}

/// <summary>The mean of each window.</summary>
internal sealed record AdaptiveAverage : AdaptivePooling
{
    public override void Forward(LoopPass pass) => pass.Step("", k => ForEachWindow(k, pass.Input, pass.Output, (at, window) =>
    {
        Variable sum = k.SumOver(window, "sum", () => pass.Input[Reached(at, window)]);
        pass.Output[at] = sum * Share(window);
    }));

    public override void Backward(LoopPass pass)
    {
        LoopTensor dx = pass.InputGradient!, dy = pass.OutputGradient;
        pass.Clear(dx, MostWindows(dx.Shape, dy.Shape));
        pass.Step("", k => ForEachWindow(k, dx, dy, (at, window) =>
        {
            Variable share = k.Let("share", dy[at] * Share(window));
            k.For(window, () => dx.Add(Reached(at, window), share));
        }));
    }
}

/// <summary>The largest element of each window.</summary>
internal sealed record AdaptiveMaximum : AdaptivePooling
{
    public override void Forward(LoopPass pass) => pass.Step("", k => ForEachWindow(k, pass.Input, pass.Output, (at, window) =>
    {
        Variable max = k.Let("max", double.NegativeInfinity);
        k.For(window, () => k.Set(max, Max(max, pass.Input[Reached(at, window)])));
        pass.Output[at] = max;
    }));

    public override void Backward(LoopPass pass)
    {
        LoopTensor dx = pass.InputGradient!, dy = pass.OutputGradient, x = pass.Input;
        pass.Clear(dx, MostWindows(dx.Shape, dy.Shape));
        pass.Step("", k => ForEachWindow(k, dx, dy, (at, window) =>
        {
            Expression isMaximum = k.FindMaximum(x, at.C, window);
            Variable g = k.Let("g", dy[at]);
            k.For(window, () => dx.Add(Reached(at, window), isMaximum & g));
        }));
    }
}
