using System.Collections.Generic;
using Strata.Generator.Kernels;

namespace Strata.Generator.Lowering.Algorithms;

/// <summary>No step: the result is the input as it stands, under another shape perhaps.</summary>
internal sealed class SameMemory : Algorithm
{
    public static readonly SameMemory Instance = new();

    public override GroupLayout Arrange(LayoutRequest at) => at.With(at.Input.Layout) with { Result = at.Input };

    public override TensorBuffer Forward(ForwardPass at) => at.Read();

    public override IReadOnlyList<TensorBuffer?> Backward(BackwardPass at) => [at.Builder.Compact(at.Gradient).Reshape(at.Saved.Read[0].Shape)];
}
