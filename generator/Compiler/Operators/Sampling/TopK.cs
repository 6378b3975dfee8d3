using System.Collections.Generic;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

internal sealed class TopK : LayerOperator
{
    public override string Kind => "TopK";

    public override OperatorFamily Family => OperatorFamily.Sampling;

    public override string Stem => "topk";

    public override OperatorDocumentation Documentation => new(
        "[TopK(k)]", "C×H×W → k×H×W, or k along another Axis", "the k largest elements along the axis, in order, or their Indices",
        "torch.topk(x, k, 1)", "ops.top_k");

    // Of whole numbers, several are equal.
    public override IReadOnlyList<OperatorCase> Cases =>
    [
        "TopK(2)", "TopK(4, Axis = Axes.Height)", "TopK(3, Axis = Axes.Width, Largest = false)", "Round, TopK(3, Indices = true)",
        .. In(Flat, "TopK(1)", "Round, TopK(10, Largest = false, Indices = true)"),
        .. In(Sequence, "TopK(5, Axis = Axes.Width)", "TopK(2, Indices = true)"),
        .. In(Volume, "TopK(3, Axis = Axes.Depth)", "TopK(1)"),
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(
        Required<int>("k"), Property("Axis", Axes.Channels), Property("Largest", true), Property("Indices", false),
        (k, axis, largest, indices) => new TopKDefinition(k, axis, largest, indices));
}

/// <summary>The largest or the smallest elements along an axis, or their indices.</summary>
internal sealed record TopKDefinition(Argument<int> K, Argument<Axes> Axis, Argument<bool> Largest, Argument<bool> Indices)
    : LayerDefinition
{
    public override LayerResult? Build(LayerContext layer)
    {
        layer.AtLeast(1, K);
        if (layer.AxisOf(Axis) is not { } axis || layer.Input is not { } input || layer.HasErrors)
        {
            return null;
        }

        int extent = input.Extent(axis);
        if (K.Value > extent)
        {
            layer.Report(ArgumentProblems.OutOfRange(
                layer.At(K.Name), K.Name, K.Value,
                $"at most {Arithmetic.Number(extent)}, the {input.NameOf(axis)} of its input, {input}"));
            return null;
        }

        return !layer.HasExactIndices(Axis.Name, axis) ? null
            : new LayerResult(
                new LargestElements(axis, Largest.Value, Indices.Value), input.With(axis, K.Value),
                $"{Arithmetic.Number(extent)} → {Arithmetic.Number(K.Value)}");
    }
}

/// <summary>
/// The largest or the smallest elements along an axis in order, or their indices as floats. Of equal elements the first comes first, and
/// NaN counts as the largest, as in PyTorch.
/// </summary>
internal sealed record LargestElements(Axes Along, bool Largest, bool Indices) : LoopOperation
{
    private const string Places = "places";

    public override Dependence Dependence => Dependence.All;

    public override Reach ReachOf(Shape input, Shape output) => AxisSets.ReachAlong(Along, input);

    public override void Forward(LoopPass pass)
    {
        LoopTensor x = pass.Input, y = pass.Output;
        LoopTensor values = pass.Temporary("values", y.Shape), places = pass.Saved(Places, y.Shape);
        RuntimeMember find = Largest ? RuntimeApi.Largest : RuntimeApi.Smallest;
        pass.Step("", k =>
        {
            k.ForLanes(() => k.ForOthers(x, Along, other =>
            {
                ElementIndex first = other.With(Along, 0);
                k.Run(find.Call(
                    x.Address(first, Access.Read), Number.Named(x.Shape.Extent(Along), "count"), x.Distance(Along),
                    values.Address(first, Access.Write), places.Address(first, Access.Write),
                    Number.Named(y.Shape.Extent(Along), "most"), values.Distance(Along)));
            }));
            k.ForEach(y, at => y[at] = (Indices ? places : values)[at]);
        });
    }

    public override void Backward(LoopPass pass)
    {
        LoopTensor dx = pass.InputGradient!, dy = pass.OutputGradient;
        pass.Clear(dx);
        if (Indices)
        {
            return;
        }

        LoopTensor places = pass.Saved(Places, pass.Output.Shape);
        pass.Step("", k => k.ForLanes(() => k.ForEach(dy, at =>
        {
            Index place = Index.Clamp(Index.Truncate(places[at]), 0, dx.Shape.Extent(Along) - 1);
            dx[at.With(Along, k.LetInt("place", place))] = dy[at];
        })));
    }
}
