using System.Collections.Generic;
using Strata.Compiler.Kernels;
using static Strata.Compiler.Lowering.ProgramBuilder;

namespace Strata.Compiler.Lowering.Algorithms;

/// <summary>
/// Softmax along the channels. The channels are in the lanes of vectors if one sample has features only. Otherwise each channel is in
/// another vector.
/// </summary>
internal sealed class SoftmaxOfChannels : Algorithm
{
    public override GroupLayout Arrange(LayoutRequest at)
    {
        TensorLayout x = at.Kind.SamplesInLanes || at.Kind.Mixes ? at.InLanes().Input
            : at.Group.Head.Shape.Rank == 1 ? at.Input.Flat : at.Input.In(Layout.Planar);
        return at.With(x.Layout, x);
    }

    public override SavedForBackward Saves(GradientStep step) => SavedForBackward.Output;

    public override TensorBuffer Forward(ForwardContext at)
    {
        TensorBuffer x = at.Read(), y = at.Result();
        (Kernel kernel, string axis) = y.Layout == Layout.Flat
            ? ((Kernel)new FlatSoftmaxKernel(at.Tier, x.Shape.Length), "")
            : (new SoftmaxKernel(at.Tier, ChannelsOf(at.Group, y), GridOf(at.Group, y), StridesOf(at.Group, x), StridesOf(at.Group, y)),
                ", along the channels");
        at.Builder.Add(
            MethodName(at.Group), $"{at.Group.Label}: {at.Group.Head.Shape}{axis}", kernel,
            StepCosts.Softmax(at.Tier, y.Layout == Layout.Flat ? x.Shape.Length / at.Tier.Lanes : VectorsOf(x)), Read(x), Write(y));
        return y;
    }

    public override IReadOnlyList<TensorBuffer?> Backward(BackwardContext at)
    {
        TensorBuffer y = at.Saved.Output;
        at.Builder.Add(
            MethodName(at.Group, "Gradient"), $"backward of {at.Group.Label}",
            new SoftmaxGradientKernel(
                at.Tier, ChannelsOf(at.Group, at.Gradient), GridOf(at.Group, at.Gradient), StridesOf(at.Group, y),
                StridesOf(at.Group, at.Gradient)),
            StepCosts.Elementwise(at.Tier, VectorsOf(at.Gradient), operands: 2), Read(y), Update(at.Gradient));
        return [at.Gradient];
    }

    /// <summary>A flat tensor has one pixel, whatever shape it had before it was flattened.</summary>
    private static bool IsFlat(LayerGroup group) => group.Head.Shape.Rank == 1;

    private static int ChannelsOf(LayerGroup group, TensorBuffer buffer) => IsFlat(group) ? group.Head.Shape.Length : buffer.Shape.Channels;

    private static VectorGrid GridOf(LayerGroup group, TensorBuffer buffer) => IsFlat(group) ? new VectorGrid(1, 1, 1, 0)
        : buffer.Layout == Layout.Planar ? VectorGrid.Covering(buffer) with { Channels = 1 }
        : new VectorGrid(1, buffer.Shape.Rows, buffer.Shape.Width, 0);

    private static Strides StridesOf(LayerGroup group, TensorBuffer buffer) =>
        IsFlat(group) ? new Strides(buffer.Lanes, 0, 0) : VectorGrid.StridesOf(buffer);
}
