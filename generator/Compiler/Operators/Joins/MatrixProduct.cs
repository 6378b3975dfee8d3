using System.Collections.Generic;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

/// <summary>The product of two matrices, for each pair of them. The last two axes of a tensor are the matrix.</summary>
/// <param name="TransposeA">Whether the first matrix is used transposed.</param>
/// <param name="TransposeB">Whether the second is.</param>
internal sealed record MatrixProduct(bool TransposeA, bool TransposeB) : LoopOperation
{
    public override Dependence Dependence => Dependence.All;

    public override Reach ReachOf(Shape input, Shape output) => Reach.Everything;

    public override long MultiplyAdds(IReadOnlyList<Shape> inputs, Shape output) =>
        (long)output.Length * Terms(inputs[0]);

    public override LoopWork WorkOf(IReadOnlyList<Shape> inputs, Shape output, bool isBackward) => new(MultiplyAdds(inputs, output), 0);

    /// <summary>The terms of each sum.</summary>
    public int Terms(Shape first) => Sides(first, TransposeA).Columns;

    /// <summary>The rows and the columns of a matrix as it is used.</summary>
    public static (int Rows, int Columns) Sides(Shape shape, bool isTransposed)
    {
        int rows = shape.MatrixRows;
        return isTransposed ? (shape.Width, rows) : (rows, shape.Width);
    }

    public override void Forward(LoopPass pass)
    {
        (LoopTensor a, LoopTensor b, LoopTensor y) = (pass.Inputs[0], pass.Inputs[1], pass.Output);
        var inner = new SumLoop("k", Terms(a.Shape));
        pass.Step("", k => k.ForEach(y, at =>
        {
            (Index row, Index column) = (Row(y.Shape, at), at.X);
            y[at] = k.SumOfProducts([inner], "sum", () =>
                (a[Place(a.Shape, y.Shape, at, row, inner.Variable, TransposeA)],
                b[Place(b.Shape, y.Shape, at, inner.Variable, column, TransposeB)]));
        }));
    }

    public override void Backward(LoopPass pass)
    {
        (LoopTensor a, LoopTensor b, LoopTensor dy) = (pass.Inputs[0], pass.Inputs[1], pass.OutputGradient);
        (int rows, int columns) = Sides(dy.Shape, isTransposed: false);

        // Of an element of the first matrix at (i, k): the sum of dy(i, j)·b(k, j). Of the second at (k, j): of a(i, k)·dy(i, j).
        if (pass.InputGradients[0] is { } da)
        {
            var sum = new SumLoop("n", columns);
            Record(pass, "gradient of the first", da, dy.Shape, sum, TransposeA, (at, row, column) =>
                (dy[Place(dy.Shape, dy.Shape, at, row, sum.Variable, false)],
                b[Place(b.Shape, dy.Shape, at, column, sum.Variable, TransposeB)]));
        }

        if (pass.InputGradients[1] is { } db)
        {
            var sum = new SumLoop("n", rows);
            Record(pass, "gradient of the second", db, dy.Shape, sum, TransposeB, (at, row, column) =>
                (a[Place(a.Shape, dy.Shape, at, sum.Variable, row, TransposeA)],
                dy[Place(dy.Shape, dy.Shape, at, sum.Variable, column, false)]));
        }
    }

    /// <summary>Adds the step for the gradient of one of the two, summed over the pairs in which its matrix is.</summary>
    /// <param name="factors">Those of a product for the element of the matrix, as it is used, at a row and a column.</param>
    private static void Record(
        LoopPass pass, string what, LoopTensor gradient, Shape result, SumLoop sum, bool isTransposed,
        System.Func<ElementIndex, Index, Index, (Expression, Expression)> factors)
    {
        Shape shape = gradient.Shape;
        List<SumLoop> loops = [];
        bool isBatched = shape.Rank > 2;
        SumLoop channels = new("batch", result.Channels), planes = new("plane", result.Depth);
        bool sumsChannels = isBatched && shape.Channels < result.Channels, sumsPlanes = shape.Depth < result.Depth;
        if (sumsChannels)
        {
            loops.Add(channels);
        }

        if (sumsPlanes)
        {
            loops.Add(planes);
        }

        loops.Add(sum);
        pass.Step(what, k => k.ForEach(gradient, at =>
        {
            (Index row, Index column) = isTransposed ? (at.X, Row(shape, at)) : (Row(shape, at), at.X);
            ElementIndex pair = new(
                sumsChannels ? channels.Variable : at.C, sumsPlanes ? planes.Variable : at.Z, at.Y, at.X);
            gradient[at] = k.SumOfProducts(loops, "sum", () => factors(pair, row, column));
        }));
    }

    private static Index Row(Shape shape, ElementIndex at) => shape.Rank == 2 ? at.C : at.Y;

    /// <summary>Where an element of a matrix is.</summary>
    /// <param name="at">The pair of matrices: its place along the axes before them.</param>
    private static ElementIndex Place(Shape shape, Shape result, ElementIndex at, Index row, Index column, bool isTransposed)
    {
        (Index y, Index x) = isTransposed ? (column, row) : (row, column);
        return shape.Rank == 2 ? new ElementIndex(y, 0, 0, x)
            : new ElementIndex(shape.Channels < result.Channels ? 0 : at.C, shape.Depth < result.Depth ? 0 : at.Z, y, x);
    }
}
