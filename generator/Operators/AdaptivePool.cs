using System.Linq;
using System.Numerics;
using Strata.Generator.Graph;
using Strata.Generator.Kernels;
using Strata.Generator.Lowering;
using Strata.Generator.Printing;

namespace Strata.Generator.Operators;

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

/// <summary>Poolings to as many windows as the output has elements, whatever the input's size is.</summary>
internal abstract class AdaptivePoolOperator(int dimensions, bool isMax, bool isGlobal) : LayerOperator
{
    public sealed override string Kind => $"{(isGlobal ? "Global" : "Adaptive")}{(isMax ? "Max" : "Average")}Pool{Arithmetic.Number(dimensions)}D";

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
                ? new($"[{Kind}]", $"{from} → {to.Replace("size", "1")}", $"y[c] = {function} {window}", $"nn.Adaptive{(isMax ? "Max" : "Avg")}Pool{n}d(1)", $"Global{(isMax ? "Max" : "Average")}Pooling{n}D")
                : new(
                    $"[{Kind}(size)]", $"{from} → {to}",
                    $"{element} = {function} {window} over ⌊i·{extent}/{extent}′⌋ ≤ m < ⌈(i + 1)·{extent}/{extent}′⌉{(dimensions > 1 ? ", other axes likewise" : "")}",
                    $"nn.Adaptive{(isMax ? "Max" : "Avg")}Pool{n}d", "");
        }
    }

    public sealed override LayerResult? Build(LayerContext layer)
    {
        int[] extents = LayerAxis.Of(dimensions)
            .Select(axis => isGlobal ? 1 : layer.AtLeast(1, axis.Suffix.Length > 0 ? layer.FirstSet(axis.Suffix, "size") : "size"))
            .ToArray();
        if (layer.HasErrors || !layer.HasDimensions(dimensions) || layer.Input is not { } input)
        {
            return null;
        }

        return new LayerResult(isMax ? new AdaptiveMaximum() : new AdaptiveAverage(), Shape.Of(input.Channels, extents));
    }
}

/// <summary>Windows that divide the input as evenly as whole elements allow; neighbours may share some.</summary>
internal abstract record AdaptivePooling : LoopOperation
{
    public sealed override Dependence Dependence => Dependence.Channel;

    public sealed override Reach ReachOf(Shape input, Shape output) => new(
        Axis(input.Depth, output.Depth), Axis(input.Height, output.Height), Axis(input.Width, output.Width));

    /// <summary>Loops over the outputs, in each of which the bounds of its window have names.</summary>
    protected static SourceWriter.Scope ForEachWindow(LoopWriter w, LoopTensor input, LoopTensor output)
    {
        SourceWriter.Scope scope = w.ForEach(output);
        WriteBounds(w, "z", "front", "back", input.Shape.Depth, output.Shape.Depth);
        WriteBounds(w, "y", "top", "bottom", input.Shape.Height, output.Shape.Height);
        WriteBounds(w, "x", "left", "right", input.Shape.Width, output.Shape.Width);
        return scope;
    }

    /// <summary>The loops over a window, for a sum: the variables are <c>l</c>, <c>m</c> and <c>n</c>.</summary>
    protected static SumLoop[] WindowLoops(LoopTensor input, LoopTensor output) =>
    [
        new("l", "front", "back", Longest(input.Shape.Depth, output.Shape.Depth)),
        new("m", "top", "bottom", Longest(input.Shape.Height, output.Shape.Height)),
        new("n", "left", "right", Longest(input.Shape.Width, output.Shape.Width)),
    ];

    /// <summary>Loops over a window: the variables are <c>l</c>, <c>m</c> and <c>n</c>.</summary>
    protected static SourceWriter.Scope ForEachElement(LoopWriter w)
    {
        w.Line("for (int l = front; l < back; l++)");
        w.Line("for (int m = top; m < bottom; m++)");
        return w.Block("for (int n = left; n < right; n++)");
    }

    /// <summary>A window begins at a fraction of an element, 1 − 1/n of it at most, and is rounded outwards.</summary>
    private static AxisReach Axis(int input, int output) => new(
        (input + output - (double)BigInteger.GreatestCommonDivisor(input, output)) / output, (double)input / output);

    /// <summary>The most elements of a window.</summary>
    private static int Longest(int input, int output) => input % output == 0 ? input / output : System.Math.Min(input, (input / output) + 2);

    /// <summary>The most windows that an element is in.</summary>
    protected static long MostWindows(Shape input, Shape output)
    {
        static long Axis(int input, int output) => (output / input) + 2;
        return Axis(input.Depth, output.Depth) * Axis(input.Height, output.Height) * Axis(input.Width, output.Width);
    }

    private static void WriteBounds(LoopWriter w, string index, string first, string end, int input, int output)
    {
        (string from, string to) = (Expression.Number(input), Expression.Number(output));
        w.Line(output == 1
            ? $"const int {first} = 0, {end} = {from};"
            : $"int {first} = {index} * {from} / {to}, {end} = ((({index} + 1) * {from}) + {Expression.Number(output - 1)}) / {to};");
    }
}

/// <summary>The mean of each window.</summary>
internal sealed record AdaptiveAverage : AdaptivePooling
{
    private const string Scale = "Simd.Create(1f / ((back - front) * (bottom - top) * (right - left)))";

    public override void Forward(LoopPass pass) => pass.Step("", w =>
    {
        using (ForEachWindow(w, pass.Input, pass.Output))
        {
            w.SumOver(WindowLoops(pass.Input, pass.Output), "sum", () => w.Load(pass.Input, "c", "l", "m", "n"));
            w.Store(pass.Output, "c", "z", "y", "x", $"sum * {Scale}");
        }
    });

    public override void Backward(LoopPass pass)
    {
        LoopTensor dx = pass.InputGradient!;
        pass.Clear(dx, MostWindows(dx.Shape, pass.OutputGradient.Shape));
        pass.Step("", w =>
        {
            using (ForEachWindow(w, dx, pass.OutputGradient))
            {
                w.Line($"Vector share = {w.Load(pass.OutputGradient, "c", "z", "y", "x")} * {Scale};");
                using (ForEachElement(w))
                {
                    w.Add(dx, "c", "l", "m", "n", "share");
                }
            }
        });
    }
}

/// <summary>The largest element of each window.</summary>
internal sealed record AdaptiveMaximum : AdaptivePooling
{
    public override void Forward(LoopPass pass) => pass.Step("", w =>
    {
        using (ForEachWindow(w, pass.Input, pass.Output))
        {
            w.Line("Vector max = Simd.Create(float.NegativeInfinity);");
            using (ForEachElement(w))
            {
                w.Line($"max = Simd.Max(max, {w.Load(pass.Input, "c", "l", "m", "n")});");
            }

            w.Store(pass.Output, "c", "z", "y", "x", "max");
        }
    });

    public override void Backward(LoopPass pass)
    {
        LoopTensor dx = pass.InputGradient!, x = pass.Input;
        pass.Clear(dx, MostWindows(dx.Shape, pass.OutputGradient.Shape));
        pass.Step("", w =>
        {
            using (ForEachWindow(w, dx, pass.OutputGradient))
            {
                w.FindMaximum(x, WindowLoops(x, pass.OutputGradient));
                w.Line($"Vector g = {w.Load(pass.OutputGradient, "c", "z", "y", "x")};");
                using (ForEachElement(w))
                {
                    w.Add(dx, "c", "l", "m", "n", $"({LoopWriter.IsMaximum(x)} & g)");
                }
            }
        });
    }
}
