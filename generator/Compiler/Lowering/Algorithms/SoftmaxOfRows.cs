using Strata.Compiler.Kernels;
using static Strata.Compiler.Lowering.ProgramBuilder;

namespace Strata.Compiler.Lowering.Algorithms;

/// <summary>Softmax along the width for one sample. The elements of a row are in the lanes of vectors.</summary>
internal sealed class SoftmaxOfRows : Algorithm
{
    // The operator's own loops add one element after the other.
    public override bool ReordersSums => true;

    public override GroupLayout Arrange(LayoutRequest at) => at.Planar();

    public override TensorBuffer Forward(ForwardContext at)
    {
        TensorBuffer x = at.Read(), y = at.ResultToClear();
        int rows = y.Shape.Depth * y.Shape.Height;
        at.Builder.Add(
            MethodName(at.Group), $"{at.Group.Label}: {y.Shape}, along the rows",
            new RowSoftmaxKernel(at.Tier, y.Shape.Channels, rows, y.Shape.Width, VectorGrid.StridesOf(x), VectorGrid.StridesOf(y)),
            StepCosts.Softmax(at.Tier, y.Shape.Channels * rows * Arithmetic.CeilingDivide(y.Shape.Width, at.Tier.Lanes)),
            Read(x), Write(y));
        at.Builder.ClearHalo(y);
        return y;
    }
}
