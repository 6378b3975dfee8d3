using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Kernels;
using static Strata.Compiler.Lowering.ProgramBuilder;

namespace Strata.Compiler.Lowering.Algorithms;

/// <summary>The sum of all inputs, in the layout of the first input.</summary>
internal sealed class SumOfTensors : Algorithm
{
    public override GroupLayout Arrange(LayoutRequest at)
    {
        at = at.OfBlocks(ifAny: at.Group.Head.Shape.Rank > 1);

        // Flat views may be of tensors with different shapes. Without gaps, all of them have the same elements in the same order.
        TensorLayout Alike(TensorLayout x) => at.Group.Head.Shape.Rank > 1 ? x.In(at.Input.Layout) : at.IsInLanes ? x.Compact : x.Flat;
        TensorLayout[] inputs = [.. at.Inputs.Select(Alike)];
        return at.With(inputs[0].Layout, inputs);
    }

    public override TensorBuffer Forward(ForwardContext at)
    {
        List<TensorBuffer> inputs = at.ReadAll();
        TensorBuffer y = at.Result();
        at.Builder.Sum((MethodName(at.Group), Describe(at.Group)), inputs, Write(y), at.Group.Activation);
        return y;
    }

    public override IReadOnlyList<TensorBuffer?> Backward(BackwardContext at)
    {
        // All inputs get the same gradient. All but the first get a copy, since a gradient may be overwritten.
        bool first = true;
        var gradients = new List<TensorBuffer?>();
        for (int i = 0; i < at.Group.Inputs.Count; i++)
        {
            TensorBuffer? own = !at.Wants(i) ? null : first ? at.Gradient : at.Target(i, at.Gradient.Shape);
            if (own is not null && !first)
            {
                at.Builder.Copy(at.Gradient, own, $"{own.Name}: that of {at.Group.Label}, in a copy that may be overwritten");
            }

            first &= own is null;
            gradients.Add(own);
        }

        return gradients;
    }
}
