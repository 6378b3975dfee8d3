using System.Collections.Generic;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using static Strata.Compiler.Lowering.ProgramBuilder;

namespace Strata.Compiler.Lowering.Algorithms;

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
