using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;
using static Strata.Compiler.KernelLanguage.Functions;

namespace Strata.Compiler.Operators;

internal sealed class MeanAlongAxes() : AxesReductionOperator(Reduced.Mean, "y[c] = Σ x[c, i, j]/(H·W)", "x.mean(dim)");

internal sealed class SumAlongAxes() : AxesReductionOperator(Reduced.Sum, "y[c] = Σ x[c, i, j]", "x.sum(dim)");

internal sealed class MaxAlongAxes() : AxesReductionOperator(Reduced.Max, "y[c] = max x[c, i, j]", "x.amax(dim)");

/// <summary>What elements become one number by. The names are those of the attributes.</summary>
internal enum Reduced
{
    Mean,
    Sum,
    Max,
}

/// <summary>The base of the layers that turn all elements along some axes into one number.</summary>
internal abstract class AxesReductionOperator(Reduced reduced, string formula, string pyTorch) : LayerOperator
{
    public sealed override OperatorFamily Family => OperatorFamily.Pooling;

    public sealed override string Kind => reduced.ToString();

    public sealed override string Stem => Kind.ToLowerInvariant();

    public sealed override OperatorDocumentation Documentation => new(
        $"[{Kind}(Axes.Pixels)]", "C×H×W → C; over channels H×W; axes of extent 1 with KeepAxes", formula, pyTorch, $"ops.{Stem}");

    public sealed override IReadOnlyList<OperatorCase> Cases =>
    [
        $"{Kind}(Axes.Pixels)", $"{Kind}(Axes.Pixels, KeepAxes = true)", $"{Kind}(Axes.Channels)",
        $"{Kind}(Axes.Channels, KeepAxes = true)", $"{Kind}(Axes.Height)", $"{Kind}(Axes.Width, KeepAxes = true)", $"{Kind}(Axes.All)",
        .. In(Flat, $"{Kind}(Axes.All)"),
        .. In(Sequence, $"{Kind}(Axes.Channels)", $"{Kind}(Axes.Width, KeepAxes = true)"),
        .. In(Volume, $"{Kind}(Axes.Channels)", $"{Kind}(Axes.Channels | Axes.Height)", $"{Kind}(Axes.Depth | Axes.Width)",
            $"{Kind}(Axes.Depth, KeepAxes = true)"),
    ];

    public sealed override Signature<LayerDefinition> Signature { get; } = Takes(
        Required<Axes>("axes"), Property("KeepAxes", false), (axes, keepAxes) => new AxesReductionDefinition(reduced, axes, keepAxes));
}

/// <summary>One number in place of all elements along some axes.</summary>
internal sealed record AxesReductionDefinition(Reduced Reduced, Argument<Axes> Axes, Argument<bool> KeepAxes) : LayerDefinition
{
    public override LayerResult? Build(LayerContext layer)
    {
        if (layer.AxesOf(Axes) is not { } axes || layer.Input is not { } input)
        {
            return null;
        }

        // First along the pixels, while lanes hold channels. Then along the channels, while lanes hold pixels.
        Axes[] both = [axes & Operators.Axes.Pixels, axes & Operators.Axes.Channels], parts = [.. both.Where(part => part > 0)];
        Shape output = KeepAxes.Value ? input.Flattened(axes) : input.Without(axes), shape = input;
        bool isView = output.Rank == 1 && input.Rank > 1;
        var before = new List<ImplicitLayer>();
        foreach (Axes part in isView ? parts : parts.Take(parts.Length - 1))
        {
            shape = shape.Flattened(part);
            before.Add(new ImplicitLayer(part == Operators.Axes.Channels ? "channels" : "pixels", new AxesReduction(Reduced, part), shape));
        }

        Operation last = isView ? new FlattenOperation()
            : new AxesReduction(Reduced, parts[parts.Length - 1]) { Removed = KeepAxes.Value ? Operators.Axes.None : axes };
        int[] extents = [.. input.ExtentsOf(axes)];
        return new LayerResult(last, output, $"{Arithmetic.Product(extents)} → 1") { Before = before };
    }
}

/// <summary>The mean, the sum or the maximum along the channels, or along some of the other axes.</summary>
/// <param name="Along">The axes along which elements become one number.</param>
internal sealed record AxesReduction(Reduced Reduced, Axes Along) : LoopOperation
{
    /// <summary>The axes that the output does not have: <see cref="Along"/> and those that are reduced already, or none.</summary>
    public Axes Removed { get; init; }

    // Where another axis takes the place of the width, the pixels of a row of the output are in several rows of the input.
    public override Dependence Dependence => !Along.Has(Axes.Channels) ? Dependence.Channel
        : Removed.Has(Axes.Width) ? Dependence.All : Dependence.Pixel;

    public override bool TrainsInBlocks => Dependence == Dependence.Channel;

    public override Reach ReachOf(Shape input, Shape output)
    {
        // An axis that takes the place of another one is not followed: any place of it may be read.
        List<Axes> left = Left(input);
        bool Stays(Axes axis, int fromLast) =>
            !Along.Has(axis) && (Removed == Axes.None || (left.IndexOf(axis) > 0 && left.Count - 1 - left.IndexOf(axis) == fromLast));
        AxisReach Axis(Axes axis, int fromLast) => (input.Rank > 1 && Stays(axis, fromLast) ? Reach.Place : Reach.Everything).Depth;
        return new Reach(Axis(Axes.Depth, 2), Axis(Axes.Height, 1), Axis(Axes.Width, 0));
    }

    public override void Forward(LoopPass pass)
    {
        LoopTensor x = pass.Input, y = pass.Output;
        pass.Step("", k => k.ForOthers(x, Along, at =>
        {
            IReadOnlyList<SumLoop> loops = k.LoopsAlong(x, Along);
            if (Reduced == Reduced.Max)
            {
                Variable largest = k.Let("largest", double.NegativeInfinity);
                k.For(loops, () => k.Set(largest, Max(largest, x[at])));
                y[PlaceOf(x.Shape, at)] = largest;
                return;
            }

            Variable sum = k.SumOver(loops, "sum", () => x[at]);
            y[PlaceOf(x.Shape, at)] = Share(x.Shape, sum);
        }));
    }

    public override void Backward(LoopPass pass)
    {
        if (pass.InputGradient is not { } dx)
        {
            return;
        }

        LoopTensor x = pass.Input, dy = pass.OutputGradient;
        pass.Step("", k => k.ForOthers(dx, Along, at =>
        {
            IReadOnlyList<SumLoop> loops = k.LoopsAlong(dx, Along);
            if (Reduced != Reduced.Max)
            {
                Variable share = k.Let("share", Share(dx.Shape, dy[PlaceOf(dx.Shape, at)]));
                k.For(loops, () => dx[at] = share);
                return;
            }

            var number = new Broadcast(dx.Shape.Number(Along, at));
            Variable largest = k.Let("largest", double.NegativeInfinity), place = k.Let("place", new Broadcast((Index)0));
            k.For(loops, () =>
            {
                Variable candidate = k.Let("candidate", x[at]);
                Variable greater = k.Let("greater", Intrinsics.ReplacesMaximum(candidate, largest));
                k.Set(place, Expression.Select(greater, number, place));
                k.Set(largest, Expression.Select(greater, candidate, largest));
            });
            Variable g = k.Let("g", dy[PlaceOf(dx.Shape, at)]);
            k.For(loops, () => dx[at] = Expression.AreEqual(place, number) & g);
        }));
    }

    private Expression Share(Shape x, Expression sum) => Reduced == Reduced.Mean && x.Count(Along) > 1 ? sum / x.Count(Along) : sum;

    /// <summary>The axes of the input that the output has, too.</summary>
    private List<Axes> Left(Shape input) => [.. AxisSets.Each(input).Where(axis => !Removed.Has(axis))];

    /// <summary>The output's element of an element of the input.</summary>
    private ElementIndex PlaceOf(Shape x, ElementIndex at)
    {
        ElementIndex place = at.First(Along | Removed);
        List<Axes> left = Left(x);
        return Removed == Axes.None || left.Count == 0 ? place : new ElementIndex(
            place.Along(left[0]), 0, left.Count > 2 ? place.Along(left[1]) : 0, left.Count > 1 ? place.Along(left[left.Count - 1]) : 0);
    }
}
