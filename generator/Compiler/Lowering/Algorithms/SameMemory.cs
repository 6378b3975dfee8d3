using System.Collections.Generic;
using Strata.Compiler.Kernels;

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
