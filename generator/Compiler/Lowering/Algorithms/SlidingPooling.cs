using System.Collections.Generic;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using static Strata.Compiler.Lowering.ProgramBuilder;

namespace Strata.Compiler.Lowering.Algorithms;

/// <summary>Pooling as a separate step, window by window, in the layout of its input.</summary>
internal sealed class SlidingPooling : Algorithm
{
    public override GroupLayout Arrange(LayoutRequest at) => at.OfBlocks().LikeInput();

    public override SavedForBackward Saves(GradientStep step) =>
        WindowOf(step.Group).Kind == PoolingKind.Max ? SavedForBackward.Indices : SavedForBackward.Nothing;

    public override TensorBuffer Forward(ForwardContext at)
    {
        LayerGroup group = at.Group;
        TensorBuffer x = at.Read(), y = at.Result();
        Add(at, WindowOf(group), group.Activation, x, y);
        return y;
    }

    /// <summary>The pooling of a group whose layer cannot pool in registers.</summary>
    public static TensorBuffer Behind(ForwardContext at, TensorBuffer x, Activation? activation)
    {
        TensorBuffer y = at.PooledResult();
        Add(at, at.Group.PoolWindow!, activation, x, y);
        return y;
    }

    public override IReadOnlyList<TensorBuffer?> Backward(BackwardContext at) => [at.Unpool(WindowOf(at.Group), null)];

    public static PoolingWindow WindowOf(LayerGroup group) =>
        LayerGroup.WindowOf(group.Operation.AsPooling!, group.Input.Shape, group.Head.Shape);

    /// <param name="comparisons">How many comparisons or additions each output takes.</param>
    public static Cost CyclesOf(Tier tier, PoolingWindow window, TensorBuffer x, int comparisons) =>
        StepCosts.WindowPooling(tier, x.ChannelUnits * window.Output.Rows * window.Output.Width, comparisons);

    private static void Add(ForwardContext at, PoolingWindow window, Activation? activation, TensorBuffer x, TensorBuffer y)
    {
        // If the pooling belongs to a group, the step of the group's layer already has the group's name.
        LayerGroup group = at.Group;
        (string name, string label) = group.PoolWindow is null ? (group.Head.Identifier, group.Label)
            : (group.Last.Identifier, group.Last.Name);
        bool records = at.Trains && window.Kind == PoolingKind.Max;
        var kernel = new WindowPooling(
            at.Tier, window, x.ChannelUnits, x.Layout != Layout.Planar, StridesOf(x), StridesOf(y), records, activation);
        Operand[] indices = records ? [at.SaveIndices(window.IndexBits)] : [];
        at.Builder.Add(
            name, $"{label}: {window.Input} → {window.Output}", kernel, CyclesOf(at.Tier, window, x, window.Area),
            [Read(x), Write(y), .. indices]);
    }
}
