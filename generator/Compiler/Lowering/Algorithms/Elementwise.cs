using System.Collections.Generic;
using System.Globalization;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using static Strata.Compiler.Lowering.ProgramBuilder;

namespace Strata.Compiler.Lowering.Algorithms;

/// <summary>Adds no step. The result is the input itself, perhaps with another shape.</summary>
internal sealed class SameMemory : Algorithm
{
    public override GroupLayout Arrange(LayoutRequest at)
    {
        // A flat view has the element order of one sample, which blocks of channels do not keep.
        at = at.Group.Input.Shape == at.Group.Head.Shape ? at : at.InLanes();
        return at.LikeInput() with { Result = at.Input };
    }

    public override TensorBuffer Forward(ForwardContext at) => at.Read();

    public override IReadOnlyList<TensorBuffer?> Backward(BackwardContext at) =>
        [at.Gradient.Layout == Layout.SampleLanes ? at.Builder.Compact(at.Gradient).Reshape(at.Saved.Read[0].Shape) : at.Gradient];
}

/// <summary>
/// A function of each element that could not be fused with the step before it. It is computed in place if no other layer reads the input.
/// </summary>
internal sealed class ElementwiseFunction(Activation activation) : Algorithm
{
    public override GroupLayout Arrange(LayoutRequest at)
    {
        // Elements keep their positions. A flat view of one sample keeps the element order of the viewed tensor.
        at = at.OfBlocks();
        TensorLayout result = at.IsInPlace ? at.Input : at.IsInLanes ? at.Result : at.Result with { Shape = at.Input.Shape };
        return at.LikeInput() with { Result = result };
    }

    public override SavedForBackward Saves(GradientStep step) => step.IsActivated ? SavedForBackward.Nothing
        : activation.NeedsInput ? SavedForBackward.Input : SavedForBackward.Output;

    public override TensorBuffer Forward(ForwardContext at)
    {
        TensorBuffer x = at.Read(), y = at.IsInPlace ? x : at.Result();
        Shape shape = y.Layout == Layout.SampleLanes ? at.Group.Head.Shape : y.Shape;
        at.Builder.Map((MethodName(at.Group), $"{at.Group.Label}: {shape}{(at.IsInPlace ? ", in place" : "")}"), activation,
            Read(x), Update(y));
        return y;
    }

    public override IReadOnlyList<TensorBuffer?> Backward(BackwardContext at)
    {
        if (!at.Step.IsActivated)
        {
            at.ApplyActivation(activation, activation.NeedsInput ? at.Saved.Read[0] : at.Saved.Output);
        }

        return [at.Gradient];
    }
}

/// <summary>
/// Dropout in training. With samples in lanes, random bits are drawn for the elements in order, so tensors must not have gaps there.
/// </summary>
/// <param name="together">How many elements are dropped together.</param>
internal sealed class RandomMask(double rate, int together) : Algorithm
{
    public override GroupLayout Arrange(LayoutRequest at) => at.OfBlocks().LikeInput();

    public override TensorBuffer Forward(ForwardContext at)
    {
        TensorBuffer x = at.Read(), y = at.Result();
        TensorBuffer masked = y.Layout == Layout.Blocked || y.IsCompact ? y : at.Builder.Buffer(y.Name, y.Shape, y.Layout);
        Add(at.Builder, at.Group, "", $"{at.Group.Label}: {at.Group.Head.Shape}, rate {rate.ToString(CultureInfo.InvariantCulture)}",
            Read(x), Write(masked));
        if (!ReferenceEquals(masked, y))
        {
            at.Builder.Copy(masked, y, $"{y.Name} with zeros around it");
        }

        return y;
    }

    public override IReadOnlyList<TensorBuffer?> Backward(BackwardContext at)
    {
        TensorBuffer gradient = at.Gradient.Layout == Layout.Blocked ? at.Gradient : at.Builder.Compact(at.Gradient);
        Add(at.Builder, at.Group, "Gradient", $"backward of {at.Group.Label}: the same elements are dropped",
            Read(gradient), Update(gradient));
        return [gradient];
    }

    private void Add(ProgramBuilder builder, LayerGroup group, string suffix, string comment, BufferOperand from, BufferOperand to)
    {
        (TensorBuffer x, int layer, int vectors) = (from.Buffer, group.Head.Index, VectorsOf(from.Buffer));
        DropoutKernel kernel = x.Layout == Layout.Blocked
            ? new BlockedDropoutKernel(
                builder.Tier, rate, layer, x.Shape.Length, together, x.ChannelUnits, x.Shape.Rows, x.Shape.Width, VectorGrid.StridesOf(x),
                VectorGrid.StridesOf(to.Buffer))
            : new LaneDropoutKernel(builder.Tier, rate, layer, x.Shape.Length, together);
        builder.Add(
            MethodName(group, suffix), comment, kernel,
            together == 1 ? StepCosts.Dropout(builder.Tier, vectors) : StepCosts.Elementwise(builder.Tier, vectors), from, to,
            PassedOperand.Context);
    }
}

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
        : buffer.Layout == Layout.Planar ? VectorGrid.Of(buffer) with { Channels = 1 }
        : new VectorGrid(1, buffer.Shape.Rows, buffer.Shape.Width, 0);

    private static Strides StridesOf(LayerGroup group, TensorBuffer buffer) =>
        IsFlat(group) ? new Strides(buffer.Lanes, 0, 0) : VectorGrid.StridesOf(buffer);
}
