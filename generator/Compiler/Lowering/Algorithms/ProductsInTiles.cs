using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using Strata.Compiler.Operators;
using static Strata.Compiler.Lowering.ProgramBuilder;

namespace Strata.Compiler.Lowering.Algorithms;

/// <summary>Products of the matrices of one sample, and their gradients. The columns of a result are in the lanes of vectors.</summary>
/// <param name="terms">The terms of each sum.</param>
/// <param name="transposeFirst">Whether the first matrices are used transposed.</param>
/// <param name="transposeSecond">Whether the second ones are.</param>
internal sealed class ProductsInTiles(int terms, bool transposeFirst, bool transposeSecond) : Algorithm
{
    /// <summary>
    /// Whether training uses it, with samples apart, and not the operator's own loops over samples in lanes:
    /// - if each matrix has a gradient of its own. Those of a matrix that serves for several pairs would be added;
    /// - if the products take longer than to move the matrices from lanes and their gradients to lanes.
    /// </summary>
    public static bool PaysInTraining(Tier tier, LayerGroup group)
    {
        Shape shape = group.Head.Shape;
        bool hasOneEach = group.Inputs.All(
            input => input.Shape.Rank == 2 || (input.Shape.Channels == shape.Channels && input.Shape.Depth == shape.Depth));

        // One product forward and two backward.
        const int Products = 3, Directions = 2;
        int moved = group.Inputs.Sum(input => input.Shape.Length) + shape.Length;
        Cost loops = StepCosts.Loops(tier, new LoopWork(group.MultiplyAdds * Products, 0));
        Cost tiles = (StepCosts.LaneDense(tier, group.MultiplyAdds / tier.Lanes * Products) + StepCosts.Move(tier, moved * Directions))
            * tier.Lanes;
        return hasOneEach && tiles[0] < loops[0];
    }

    public override GroupLayout Arrange(LayoutRequest at) => at.Planar();

    public override SavedForBackward Saves(GradientStep step) => SavedForBackward.Input;

    public override TensorBuffer Forward(ForwardContext at)
    {
        List<TensorBuffer> inputs = at.ReadAll();
        TensorBuffer y = at.ResultToClear();
        Add(
            at.Builder, at.Group, "", $"{at.Group.Label}: {at.Group.Head.Shape}", (inputs[0], transposeFirst), (inputs[1], transposeSecond),
            y, terms);
        at.Builder.ClearHalo(y);
        return y;
    }

    // With y = a·b: da = dy·bᵀ, or its transpose b·dyᵀ; db = aᵀ·dy, or dyᵀ·a.
    public override IReadOnlyList<TensorBuffer?> Backward(BackwardContext at)
    {
        LayerGroup group = at.Group;
        TensorBuffer a = at.Saved.Read[0], b = at.Saved.Read[1], dy = at.Gradient;
        TensorBuffer? da = at.Wants(0) ? at.Target(0, group.Inputs[0].Shape) : null;
        TensorBuffer? db = at.Wants(1) ? at.Target(1, group.Inputs[1].Shape) : null;
        if (da is not null)
        {
            (TensorBuffer, bool) left = transposeFirst ? (b, transposeSecond) : (dy, false);
            (TensorBuffer, bool) right = transposeFirst ? (dy, true) : (b, !transposeSecond);
            Add(at.Builder, group, "FirstGradient", $"backward of {group.Label}: of the first", left, right, da, dy.Shape.Width);
        }

        if (db is not null)
        {
            (TensorBuffer, bool) left = transposeSecond ? (dy, true) : (a, !transposeFirst);
            (TensorBuffer, bool) right = transposeSecond ? (a, transposeFirst) : (dy, false);
            Add(at.Builder, group, "SecondGradient", $"backward of {group.Label}: of the second", left, right, db, dy.Shape.MatrixRows);
        }

        return [da, db];
    }

    /// <summary>Adds a step: the products of matrices, each of which may be used transposed.</summary>
    private static void Add(
        ProgramBuilder builder, LayerGroup group, string name, string comment, (TensorBuffer Tensor, bool IsTransposed) left,
        (TensorBuffer Tensor, bool IsTransposed) right, TensorBuffer result, int inner)
    {
        Shape shape = result.Shape;
        var kernel = new MatrixProductKernel(
            builder.Tier, shape.Rank == 2 ? 1 : shape.Channels, shape.Depth, shape.MatrixRows, shape.Width, inner,
            MatrixPlaces.Of(left.Tensor, left.IsTransposed), MatrixPlaces.Of(right.Tensor, right.IsTransposed), MatrixPlaces.Of(result));
        List<BufferOperand> operands = [Read(left.Tensor), Read(right.Tensor), Write(result)];
        if (kernel.Scratch > 0)
        {
            operands.Add(builder.Scratch(group.Head, "panel", kernel.Scratch));
        }

        builder.Add(
            MethodName(group, name), comment, kernel,
            StepCosts.Tiles(builder.Tier, kernel.MultiplyAdds, kernel.Tiles) + StepCosts.ElementMoves(builder.Tier, kernel.Copied),
            [.. operands]);
    }
}
