using System.Collections.Generic;
using Strata.Generator.Graph;
using Strata.Generator.Kernels;
using static Strata.Generator.Lowering.ProgramBuilder;

namespace Strata.Generator.Lowering.Algorithms;

/// <summary>A function of each element that could not be fused with the step before it; in place where nobody else reads the input.</summary>
internal sealed class ElementwiseFunction(Activation activation) : Algorithm
{
    public override GroupLayout Arrange(LayoutRequest at)
    {
        // Elements stay where they are: those of a flat view of one sample in the order of what it is a view of.
        TensorLayout result = at.IsInPlace ? at.Input
            : at.Kind.SamplesInLanes ? at.Result : at.Result with { Shape = at.Input.Shape };
        return at.With(at.Input.Layout) with { Result = result };
    }

    public override TensorBuffer Forward(ForwardPass at)
    {
        TensorBuffer x = at.Read(), y = at.IsInPlace ? x : at.Result();
        Shape shape = y.Layout == Layout.SampleLanes ? at.Group.Head.Shape : y.Shape;
        at.Builder.Add(
            MethodName(at.Group), $"{at.Group.Label}: {shape}{(at.IsInPlace ? ", in place" : "")}",
            new ActivationKernel(at.Tier, activation, VectorGrid.Of(y, x), VectorGrid.WalkOf(x), VectorGrid.WalkOf(y)),
            CostModel.Elementwise(at.Tier, VectorsOf(x)), Read(x), Update(y));
        return y;
    }

    public override IReadOnlyList<TensorBuffer?> Backward(BackwardPass at)
    {
        if (!at.Step.IsActivated)
        {
            at.ApplyActivation(activation, activation.NeedsInput ? at.Saved.Read[0] : at.Saved.Output);
        }

        return [at.Gradient];
    }
}
