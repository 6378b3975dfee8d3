using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;

namespace Strata.Compiler.Operators;

internal sealed class Transpose : LayerOperator
{
    public override OperatorFamily Family => OperatorFamily.Shapes;

    public override string Kind => "Transpose";

    public override string Stem => "transpose";

    public override OperatorDocumentation Documentation => new(
        "[Transpose(2, 3, 1)]", "C×H×W → H×W×C, and other orders of 2 to 6 axes", "y[i, j, c] = x[c, i, j]",
        "x.permute(0, 2, 3, 1), x.transpose", "Permute((2, 3, 1))");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        .. In(Sequence, "Transpose(2, 1)"),
        .. In(Image, "Transpose(2, 3, 1)", "Transpose(1, 2, 3)", "Transpose(3, 2, 1)", "Transpose(1, 3, 2)"),
        .. In(Volume, "Transpose(4, 2, 1, 3)"),
        .. In(Image, "Reshape(4, 3, 3, 7, 1), Transpose(3, 1, 5, 2, 4), Reshape(12, 21)",
            "Reshape(2, 2, 3, 3, 7), Transpose(1, 3, 5, 4, 2), Tanh, Flatten",
            "Reshape(2, 2, 3, 3, 1, 7), Transpose(6, 4, 2, 1, 5, 3), Flatten"),
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(
        NumberList.Named(NumberList.AxisNames, required: 2), axes => new TransposeDefinition(axes));
}

/// <summary>Another order of the axes.</summary>
/// <param name="Axes">For each axis of the result, the axis of the input that it was. Axes are counted from 1.</param>
internal sealed record TransposeDefinition(EquatableArray<Argument<int>> Axes) : LayerDefinition
{
    public override bool TakesManyAxes => true;

    public override LayerResult? Build(LayerContext layer)
    {
        for (int i = 0; i < Axes.Count; i++)
        {
            Argument<int> axis = Axes[i];
            if (axis.Value < 1 || axis.Value > Axes.Count)
            {
                layer.Report(ArgumentProblems.OutOfRange(
                    layer.At(axis.Name), axis.Name, axis.Value,
                    axis.Value == 0 ? $"1 to {Arithmetic.Number(Axes.Count)}; axis 0 is the batch, which stays the first"
                        : $"1 to {Arithmetic.Number(Axes.Count)}"));
            }
            else if (Axes.Take(i).Any(other => other.Value == axis.Value))
            {
                layer.Report(ArgumentProblems.Unsupported(
                    layer.At(axis.Name), $"axis {Arithmetic.Number(axis.Value)} is there twice",
                    $"Write each of 1 to {Arithmetic.Number(Axes.Count)} once"));
            }
        }

        if (layer.HasErrors || Axes.Count == 0 || layer.Input is not { } input)
        {
            return null;
        }

        if (input.Rank != Axes.Count)
        {
            layer.Report(ArgumentProblems.Unsupported(
                layer.Here,
                $"it orders {Arithmetic.Count(Axes.Count, "axis", "axes")}, but its input has {Arithmetic.Number(input.Rank)}",
                $"Input is {input}; write the numbers of all of its axes, without the batch's 0"));
            return null;
        }

        int[] from = input.Extents, extents = [.. Axes.Select(axis => from[axis.Value - 1])];
        return new LayerResult(
            new AxisPermutation(Axes.Select(axis => axis.Value - 1).ToEquatableArray()),
            Shape.Of(extents));
    }
}

/// <summary>The same elements with their axes in another order.</summary>
/// <param name="Axes">For each axis of the result, the axis of the input, both counted from 0, without the batch.</param>
internal sealed record AxisPermutation(EquatableArray<int> Axes) : LoopOperation
{
    private bool KeepsChannels => Axes[0] == 0;

    public override Dependence Dependence => KeepsChannels ? Dependence.Channel : Dependence.All;

    public override bool TrainsInBlocks => KeepsChannels;

    public override bool OnlyMoves => true;

    public override AxisOrder? AxisOrder(Shape input, Shape output) => new(input.Extents.ToEquatableArray(), Axes);

    // An axis that stays has its own places. Along any other axis, an output may depend on any place: neighbours there were neighbours
    // along another axis, or different channels. Axes that are columns together stay if all of them do.
    public override Reach ReachOf(Shape input, Shape output)
    {
        int columns = Math.Max(1, Axes.Count - Shape.VolumeRank + 1);
        bool Stays(int axis) => axis < 0 || Axes[axis] == axis;
        AxisReach Reached(params IEnumerable<int> axes) => (axes.All(Stays) ? Reach.Place : Reach.Everything).Depth;
        return new Reach(
            Reached(Axes.Count - columns - 2), Reached(Axes.Count - columns - 1),
            Reached(Enumerable.Range(Axes.Count - columns, columns)));
    }

    public override void Forward(LoopPass pass) =>
        pass.Step("", k => k.ForEachApart(pass.Output, (at, columns) => pass.Output[at] = pass.Input[Source(pass.Input, at, columns)]));

    public override void Backward(LoopPass pass)
    {
        LoopTensor dx = pass.InputGradient!, dy = pass.OutputGradient;
        pass.Step("", k => k.ForEachApart(dy, (at, columns) => dx[Source(dx, at, columns)] = dy[at]));
    }

    /// <summary>The place in the input of an element of the result.</summary>
    /// <param name="columns">The element's index along each axis of the result's columns.</param>
    private ElementIndex Source(LoopTensor input, ElementIndex at, Index[] columns)
    {
        Index[] result = [at.C, .. new[] { at.Z, at.Y }.Skip(Math.Max(0, Shape.VolumeRank - Axes.Count)), .. columns];
        var from = new Index[Axes.Count];
        for (int i = 0; i < from.Length; i++)
        {
            from[Axes[i]] = result[i];
        }

        int columnAxes = input.Shape.ColumnAxes.Length, rows = from.Length - columnAxes;
        Index Of(int axis) => axis > 0 ? from[axis] : 0;
        return new ElementIndex(from[0], Of(rows - 2), Of(rows - 1), input.Shape.Column([.. from.Skip(rows)]));
    }
}
