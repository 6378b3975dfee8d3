using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;

namespace Strata.Compiler.Operators;

internal sealed class Transpose : LayerOperator
{
    public override OperatorFamily Family => OperatorFamily.Shapes;

    /// <summary>The names of the axes of the result.</summary>
    private static readonly string[] Places = ["first", "second", "third", "fourth"];

    public override string Kind => "Transpose";

    public override string Stem => "transpose";

    public override OperatorDocumentation Documentation => new(
        "[Transpose(2, 3, 1)]", "C×H×W → H×W×C, and other orders and ranks", "y[i, j, c] = x[c, i, j]",
        "x.permute(0, 2, 3, 1), x.transpose", "Permute((2, 3, 1))");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        .. In(Sequence, "Transpose(2, 1)"),
        .. In(Image, "Transpose(2, 3, 1)", "Transpose(1, 2, 3)", "Transpose(3, 2, 1)", "Transpose(1, 3, 2)"),
        .. In(Volume, "Transpose(4, 2, 1, 3)"),
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(
        NumberList.Named(Places, required: 2), axes => new TransposeDefinition(axes));
}

/// <summary>Another order of the axes.</summary>
/// <param name="Axes">For each axis of the result, the axis of the input that it was. Axes are counted from 1.</param>
internal sealed record TransposeDefinition(EquatableArray<Argument<int>> Axes) : LayerDefinition
{
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
            Shape.Create(extents[0], extents.Skip(1).ToArray()));
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

    // An axis that stays has its own places. Along any other axis, an output may depend on any place: neighbours there were neighbours
    // along another axis, or different channels.
    public override Reach ReachOf(Shape input, Shape output)
    {
        AxisReach Axis(int fromLast) =>
            (fromLast >= Axes.Count - 1 || Axes[Axes.Count - 1 - fromLast] == Axes.Count - 1 - fromLast ? Reach.Place : Reach.Everything)
                .Depth;
        return new Reach(Axis(2), Axis(1), Axis(0));
    }

    public override void Forward(LoopPass pass) =>
        pass.Step("", k => k.ForEachApart(pass.Output, at => pass.Output[at] = pass.Input[Source(at)]));

    public override void Backward(LoopPass pass)
    {
        LoopTensor dx = pass.InputGradient!, dy = pass.OutputGradient;
        pass.Step("", k => k.ForEachApart(dy, at => dx[Source(at)] = dy[at]));
    }

    /// <summary>The place in the input of an element of the result.</summary>
    private ElementIndex Source(ElementIndex at)
    {
        Index[] result = [at.C, .. new[] { at.Z, at.Y, at.X }.Skip(4 - Axes.Count)];
        var input = new Index[Axes.Count];
        for (int i = 0; i < input.Length; i++)
        {
            input[Axes[i]] = result[i];
        }

        Index Of(int fromLast) => input.Length - 1 > fromLast ? input[input.Length - 1 - fromLast] : 0;
        return new ElementIndex(input[0], Of(2), Of(1), Of(0));
    }
}
