using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

internal sealed class Gather : Join
{
    public override string Kind => "Gather";

    public override OperatorFamily Family => OperatorFamily.Sampling;

    public override string Stem => "gather";

    public override OperatorDocumentation Documentation => new(
        "[Gather(\"x\", \"indices\")]", "C×H×W, K×H×W → K×H×W, or along another Axis; indices may have 1 along the others",
        "y[c, i, j] = x[index[c, i, j], i, j]", "torch.gather(x, 1, index)", "ops.take_along_axis");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        "TopK(3, Indices = true), Gather(\"input\", \"topk1\")",
        "ArgMax(Axis = Axes.Width), Gather(\"input\", \"argmax1\", Axis = Axes.Width)",
        "Max(Axes.Channels, KeepAxes = true), TopK(4, Axis = Axes.Height, Indices = true, Name = \"rows\"), "
            + "Gather(\"input\", \"rows\", Axis = Axes.Height)",
        "Branch, Branch, Conv2D(2, 1), Sigmoid, Affine(7.9, -3.9), Gather",
        .. In(Sequence, "Branch, Branch, Sum(Axes.Channels, KeepAxes = true), Sigmoid, Affine(10.9, 0), Gather(Axis = Axes.Width)"),
        .. In(Flat, "Branch, Branch, Dense(5), Sigmoid, Affine(9.9, 0), Gather"),
        .. In(Volume, "Branch, Tanh, Branch, ArgMin(Axis = Axes.Depth), Gather(Axis = Axes.Depth)"),
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(
        Property("Axis", Axes.Channels), axis => new GatherDefinition(axis));
}

/// <summary>Elements along an axis at the indices that a second tensor holds.</summary>
internal sealed record GatherDefinition(Argument<Axes> Axis) : LayerDefinition
{
    public override LayerResult? Build(LayerContext layer)
    {
        if (layer.AxisOf(Axis) is not { } axis
            || layer.Two("the elements, and their indices along the axis") is not (var from, var indices))
        {
            return null;
        }

        if (from.Rank != indices.Rank || AxisSets.Each(from).Any(
            other => other != axis && indices.Extent(other) != 1 && indices.Extent(other) != from.Extent(other)))
        {
            layer.Report(ArgumentProblems.Unsupported(
                layer.Here, $"indices of {indices} along the {from.NameOf(axis)} do not suit {from}",
                "Along the other axes, they must have the same extents, or 1"));
            return null;
        }

        int count = indices.Extent(axis);
        return !layer.HasExactIndices(Axis.Name, axis) ? null
            : new LayerResult(
                new GatheredElements(axis), from.With(axis, count), $"{Arithmetic.Number(from.Extent(axis))} → {Arithmetic.Number(count)}");
    }
}

/// <summary>
/// Elements along an axis at the indices that the second tensor holds, without their fractions. Indices below 0 count from the end. At
/// other places there is nothing: the result is NaN, and no gradient passes.
/// </summary>
internal sealed record GatheredElements(Axes Along) : LoopOperation
{
    public override Dependence Dependence => Dependence.All;

    public override Reach ReachOf(Shape input, Shape output) => AxisSets.ReachAlong(Along, input);

    public override bool IsDifferentiable(int input) => input == 0;

    public override void Forward(LoopPass pass)
    {
        LoopTensor x = pass.Input, y = pass.Output;
        pass.Step("", k => ForEach(
            k, pass.Inputs, y,
            (at, from, isInside) => y[at] = Expression.Select(isInside, x[from], k.NoElement(pass.IsTraining))));
    }

    public override void Backward(LoopPass pass)
    {
        LoopTensor dx = pass.InputGradient!, dy = pass.OutputGradient;
        pass.Clear(dx, dy.Shape.Extent(Along));
        pass.Step("", k => ForEach(
            k, pass.Inputs, dy, (at, from, isInside) => dx.Add(from, Expression.Select(isInside, dy[at], 0))));
    }

    /// <summary>
    /// Loops over the elements of the result. Those along axes where one index counts for all elements are the inner loops.
    /// </summary>
    /// <param name="body">Gets the element, the place that it is from, and whether there is such a place.</param>
    private void ForEach(
        Loops k, IReadOnlyList<LoopTensor> inputs, LoopTensor result, Action<ElementIndex, ElementIndex, Expression> body)
    {
        Shape whole = result.Shape, own = inputs[1].Shape;
        int extent = inputs[0].Shape.Extent(Along);
        Axes shared = AxisSets.Each(whole).Where(axis => own.Extent(axis) < whole.Extent(axis))
            .Aggregate(Axes.None, (axes, axis) => axes | axis);
        var at = new ElementIndex(new IndexVariable("c"));
        k.ForLanes(() => k.For(k.LoopsAlong(result, Axes.All & ~shared), () =>
        {
            Variable index = k.Let("index", inputs[1][at.Within(own, whole)]);
            Variable isInside = k.Let("isInside", (index > -extent - 1) & (index < extent));
            IndexVariable place = k.LetInt("place", Index.Truncate(index));
            Index counted = Index.Choose(place < 0, place + extent, place);
            ElementIndex from = at.With(Along, k.LetInt("from", Index.Clamp(counted, 0, extent - 1)));
            k.For(k.LoopsAlong(result, shared), () => body(at, from, isInside));
        }));
    }
}
