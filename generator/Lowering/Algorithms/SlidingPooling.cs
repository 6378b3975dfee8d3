using System.Collections.Generic;
using Strata.Generator.Graph;
using Strata.Generator.Kernels;
using static Strata.Generator.Lowering.ProgramBuilder;

namespace Strata.Generator.Lowering.Algorithms;

/// <summary>Pooling as a step of its own, in the layout of its input.</summary>
internal sealed class SlidingPooling : Algorithm
{
    public override GroupLayout Arrange(LayoutRequest at) => at.OfBlocks().LikeInput();

    public override SavedForBackward Saves(GradientStep step) =>
        WindowOf(step.Group).Kind == PoolingKind.Max ? SavedForBackward.Indices : SavedForBackward.Nothing;

    public override TensorBuffer Forward(ForwardPass at)
    {
        LayerGroup group = at.Group;
        TensorBuffer x = at.Read(), y = at.Result();
        Add(at, WindowOf(group), group.Activation, x, y);
        return y;
    }

    /// <summary>The pooling of a group whose layer could not do it in registers.</summary>
    public static TensorBuffer Behind(ForwardPass at, TensorBuffer x, Activation? activation)
    {
        TensorBuffer y = at.Result(pooled: true);
        Add(at, at.Group.Window!, activation, x, y);
        return y;
    }

    public override IReadOnlyList<TensorBuffer?> Backward(BackwardPass at) => [at.Unpool(WindowOf(at.Group), null)];

    private static PoolingWindow WindowOf(LayerGroup group) =>
        LayerGroup.WindowOf(group.Operation.AsPooling!, group.Input.Shape, group.Head.Shape);

    private static void Add(ForwardPass at, PoolingWindow window, Activation? activation, TensorBuffer x, TensorBuffer y)
    {
        // Where the pooling belongs to a group, the layer's own step has taken the group's name.
        LayerGroup group = at.Group;
        (string name, string label) = group.Window is null ? (group.Head.Identifier, group.Label)
            : (group.Last.Identifier, group.Last.Name);
        bool records = at.Trains && window.Kind == PoolingKind.Max;
        (string, string) step = (name, $"{label}: {window.Input} → {window.Output}");
        int outputs = x.ChannelUnits * window.Output.Rows * window.Output.Width;
        if (MaximumPooling.Takes(window) && x.Layout == Layout.Blocked && !records)
        {
            var maxima = new MaximumPooling(at.Tier, window, x.ChannelUnits, StridesOf(x), StridesOf(y), activation);
            int comparisons = (window.Vertical.Kernel * window.Horizontal.Stride) + window.Horizontal.Kernel;
            at.Builder.Add(
                step.Item1, step.Item2, maxima, StepCosts.WindowPooling(at.Tier, outputs, comparisons),
                Read(x), Write(y),
                Write(at.Builder.Buffer(TensorName.Of(group.Last, "maxima"), Shape.Vector(maxima.RowLength), Layout.Flat,
                    space: MemorySpace.Scratch)));
            return;
        }

        var kernel = new WindowPooling(
            at.Tier, window, x.ChannelUnits, x.Layout != Layout.Planar, StridesOf(x), StridesOf(y), records, activation);
        Argument[] indices = records ? [at.SaveIndices(window.IndexBits)] : [];
        at.Builder.Add(
            step.Item1, step.Item2, kernel, StepCosts.WindowPooling(at.Tier, outputs, window.Area),
            [Read(x), Write(y), .. indices]);
    }
}
