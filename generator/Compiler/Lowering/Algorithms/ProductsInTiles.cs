using System.Collections.Generic;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using static Strata.Compiler.Lowering.ProgramBuilder;

namespace Strata.Compiler.Lowering.Algorithms;

/// <summary>Products of the matrices of one sample, whose columns are in the lanes of vectors.</summary>
/// <param name="terms">The terms of each sum.</param>
/// <param name="transposeFirst">Whether the first matrices are used transposed.</param>
/// <param name="transposeSecond">Whether the second ones are.</param>
internal sealed class ProductsInTiles(int terms, bool transposeFirst, bool transposeSecond) : Algorithm
{
    public override GroupLayout Arrange(LayoutRequest at) => at.Planar();

    public override TensorBuffer Forward(ForwardContext at)
    {
        List<TensorBuffer> inputs = at.ReadAll();
        TensorBuffer y = at.ResultToClear();
        Shape shape = at.Group.Head.Shape;
        bool isOne = shape.Rank == 2;
        var kernel = new MatrixProductKernel(
            at.Tier, isOne ? 1 : shape.Channels, shape.Depth, isOne ? shape.Channels : shape.Height, shape.Width, terms,
            MatrixPlaces.Of(inputs[0], transposeFirst), MatrixPlaces.Of(inputs[1], transposeSecond), MatrixPlaces.Of(y));
        List<BufferOperand> operands = [Read(inputs[0]), Read(inputs[1]), Write(y)];
        if (kernel.Scratch > 0)
        {
            operands.Add(at.Builder.Scratch(at.Group.Head, "panel", kernel.Scratch));
        }

        at.Builder.Add(
            MethodName(at.Group), $"{at.Group.Label}: {shape}", kernel,
            StepCosts.LaneDense(at.Tier, at.Group.MultiplyAdds / at.Tier.Lanes), [.. operands]);
        at.Builder.ClearHalo(y);
        return y;
    }
}
