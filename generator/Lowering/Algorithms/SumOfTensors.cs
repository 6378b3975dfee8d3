using System.Collections.Generic;
using System.Linq;
using Strata.Generator.Kernels;
using static Strata.Generator.Lowering.ProgramBuilder;

namespace Strata.Generator.Lowering.Algorithms;

/// <summary>The sum of all inputs, in the layout of the first.</summary>
internal sealed class SumOfTensors : Algorithm
{
    public static readonly SumOfTensors Instance = new();

    public override GroupLayout Arrange(LayoutRequest at)
    {
        // Flat views may have kept different shapes; without gaps they are all alike.
        TensorLayout Alike(TensorLayout x) => at.Group.Head.Shape.Rank > 1 ? x.In(at.Input.Layout) : at.Kind.SamplesInLanes ? x.Compact : x.Flat;
        TensorLayout[] inputs = [.. at.Inputs.Select(Alike)];
        return at.With(inputs[0].Layout, inputs);
    }

    public override TensorBuffer Forward(ForwardPass at)
    {
        TensorBuffer first = at.Read();
        if (first.Layout == Layout.Flat)
        {
            // A second copy of what was not flat, which nobody reads: it goes with the next change of the generated text.
            _ = at.ReadAgain();
        }

        List<TensorBuffer> inputs = at.ReadAll();
        TensorBuffer y = at.Result();
        at.Builder.Add(
            MethodName(at.Group), Describe(at.Group),
            new SumKernel(
                at.Tier, VectorGrid.Of(y, [.. inputs]), inputs.Select(VectorGrid.WalkOf).ToEquatableArray(), VectorGrid.WalkOf(y),
                at.Group.Activation),
            CostModel.Elementwise(at.Tier, VectorsOf(inputs[0]), inputs.Count), [.. inputs.Select(x => Read(x)), Write(y)]);
        return y;
    }

    public override IReadOnlyList<TensorBuffer?> Backward(BackwardPass at)
    {
        // Each input gets the same gradient; each but the first a copy, since it may be overwritten.
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
