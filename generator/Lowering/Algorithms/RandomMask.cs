using System.Collections.Generic;
using System.Globalization;
using Strata.Generator.Kernels;
using static Strata.Generator.Lowering.ProgramBuilder;

namespace Strata.Generator.Lowering.Algorithms;

/// <summary>Dropout in training. Random bits are drawn for elements in order, so that tensors have no gaps here.</summary>
/// <param name="together">Elements that are dropped together.</param>
internal sealed class RandomMask(double rate, int together) : Algorithm
{
    public override TensorBuffer Forward(ForwardPass at)
    {
        TensorBuffer x = at.Read(), y = at.Result(), compact = y.IsCompact ? y : at.Builder.Buffer(y.Name, new TensorLayout(y.Shape, y.Layout));
        at.Builder.Add(
            MethodName(at.Group), $"{at.Group.Label}: {at.Group.Head.Shape}, rate {rate.ToString(CultureInfo.InvariantCulture)}",
            KernelOf(at.Tier, at.Group, x), CostModel.Dropout(at.Tier, x.Shape.Length), Read(x), Write(compact), PassedArgument.Step);
        if (!ReferenceEquals(compact, y))
        {
            at.Builder.Copy(compact, y, $"{y.Name} with zeros around it");
        }

        return y;
    }

    public override IReadOnlyList<TensorBuffer?> Backward(BackwardPass at)
    {
        TensorBuffer gradient = at.Builder.Compact(at.Gradient);
        at.Builder.Add(
            MethodName(at.Group, "Gradient"), $"backward of {at.Group.Label}: the same elements are dropped",
            KernelOf(at.Tier, at.Group, gradient), 0, Read(gradient), Update(gradient), PassedArgument.Step);
        return [gradient];
    }

    private DropoutKernel KernelOf(Tier tier, LayerGroup group, TensorBuffer x) => new(tier, rate, group.Head.Index, x.Shape.Length, together);
}
