using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using Strata.Compiler.Operators;

namespace Strata.Compiler.Lowering.Algorithms;

/// <summary>Loops that an operation writes itself. They run in a layout in which the lanes are independent.</summary>
internal sealed class WrittenLoops(LoopOperation operation) : Algorithm
{
    public override bool IsDifferentiable(int input) => operation.IsDifferentiable(input);

    /// <summary>
    /// Adds the steps that compute the values which such operations derive from their parameters, whether they are fused or not.
    /// </summary>
    public static void Derive(ProgramBuilder builder)
    {
        foreach (Node node in builder.Graph.Nodes)
        {
            (node.Operation as LoopOperation)?.Derive(new ProgramPass(builder, node, LaneAxis.Channels, training: false, []));
        }
    }

    public override GroupLayout Arrange(LayoutRequest at)
    {
        if (at.Kind.Mixes
            && !(operation.TrainsInBlocks && at.Input.Layout == Layout.Blocked && at.Group.Inputs.All(input => input.Shape.Rank > 1)))
        {
            at = at.InLanes();
        }

        IEnumerable<(TensorLayout Layout, Shape Shape)> inputs = at.Inputs.Zip(at.Group.Inputs, (x, node) => (x, node.Shape));
        if (at.IsInLanes)
        {
            // The shapes are those of the nodes, since the memory of a flat view has the shape of the viewed tensor.
            return at.With(Layout.SampleLanes,
                [.. inputs.Select(i => i.Layout.Shape == i.Shape ? i.Layout : i.Layout.Compact with { Shape = i.Shape })]);
        }

        bool isSingle = operation.OnlyMoves && at.Group.Activation is null && at.Input.Layout != Layout.Blocked
            && at.Group.Inputs.Append(at.Group.Head).All(node => node.Shape is { Rank: > 1, Channels: 1 });
        Layout layout = operation.Dependence == Dependence.Channel && !isSingle ? Layout.Blocked : Layout.Planar;
        return at.With(
            at.Group.Head.Shape.Rank == 1 ? Layout.Flat : layout,
            [.. inputs.Select(i => operation.IsSource ? i.Layout : i.Shape.Rank == 1 ? i.Layout.Flat
                : IsReadInPlace(at, i.Layout, i.Shape) ? i.Layout : i.Layout.In(layout))]);
    }

    /// <summary>
    /// Whether an input is read as it lies in memory. Its one channel is repeated for all of the result, so each element is read for all
    /// lanes, and it does not matter what is beside it.
    /// </summary>
    private bool IsReadInPlace(LayoutRequest at, TensorLayout input, Shape shape) =>
        !at.Kind.Trains && operation.Dependence == Dependence.Channel && input.Layout == Layout.Planar && shape.Channels == 1
            && at.Group.Head.Shape.Channels > 1;

    // The loops read only what they need of the two.
    public override SavedForBackward Saves(GradientStep step) =>
        operation.IsSource ? SavedForBackward.Nothing : SavedForBackward.Input | SavedForBackward.Output;

    public override TensorBuffer Forward(ForwardContext at)
    {
        bool samples = at.Layout.Result.Layout == Layout.SampleLanes;
        TensorBuffer y = samples ? at.Result() : at.ResultToClear();
        LaneAxis lanes = samples ? LaneAxis.Samples : LanesOf(at.Group, at.Layout.Result.Layout);
        operation.Forward(new ProgramPass(at.Builder, at.Group.Head, lanes, at.Trains, at.LoopTensors)
        {
            Inputs = Named(at.Group, at.ReadAll(), lanes),
            Output = ProgramPass.Tensor("output", y, lanes, at.Group.Activation),
        });
        if (!samples)
        {
            // The last vector of a row may have overwritten the zeros after the row.
            at.Builder.ClearHalo(y);
        }

        return y;
    }

    public override IReadOnlyList<TensorBuffer?> Backward(BackwardContext at)
    {
        LayerGroup group = at.Group;
        List<TensorBuffer?> targets = group.Inputs.Select((node, i) => at.Wants(i) ? at.Target(i, node.Shape) : null).ToList();
        LaneAxis lanes = at.Gradient.Layout == Layout.SampleLanes ? LaneAxis.Samples : LaneAxis.Channels;
        operation.Backward(
            new ProgramPass(at.Builder, group.Head, lanes, training: true, at.Saved.LoopTensors.ToDictionary(k => k.Key, k => k.Value))
            {
                Inputs = Named(group, [.. group.Inputs.Select((node, i) => Shaped(at.Builder, at.Input(i), node.Shape))], lanes),
                Output = ProgramPass.Tensor("output", at.Saved.Output, lanes),
                OutputGradient = ProgramPass.Tensor("gradient", Shaped(at.Builder, at.Gradient, group.Head.Shape), lanes),
                InputGradients =
                    [.. targets.Select((t, i) => t is null ? null : ProgramPass.Tensor(NameOf(group, i) + "Gradient", t, lanes))],
            });

        // The gradient of a flat tensor is read with the shape of the tensor's memory.
        return [.. targets.Select((t, i) => t?.Reshape(at.Input(i).Shape))];
    }

    private LaneAxis LanesOf(LayerGroup group, Layout layout) => operation.Dependence switch
    {
        Dependence.Channel when layout != Layout.Planar => LaneAxis.Channels,
        Dependence.Pixel when (operation.IsSource || group.Inputs.All(i => i.Shape.Rank > 1)) && group.Head.Shape.Rank > 1 =>
            LaneAxis.Pixels,
        _ => LaneAxis.None,
    };

    private static List<LoopTensor> Named(LayerGroup group, List<TensorBuffer> inputs, LaneAxis lanes) =>
        inputs.Select((x, i) => ProgramPass.Tensor(NameOf(group, i), x, lanes)).ToList();

    private static string NameOf(LayerGroup group, int input) => group.Inputs.Count == 1 ? "input" : $"input{input}";

    private static TensorBuffer Shaped(ProgramBuilder builder, TensorBuffer x, Shape shape) =>
        x.Shape == shape ? x : builder.Compact(x).Reshape(shape);
}
