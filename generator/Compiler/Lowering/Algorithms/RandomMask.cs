using System.Collections.Generic;
using System.Globalization;
using Strata.Compiler.Kernels;
using static Strata.Compiler.Lowering.ProgramBuilder;

namespace Strata.Compiler.Lowering.Algorithms;

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
