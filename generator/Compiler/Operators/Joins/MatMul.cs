using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;

namespace Strata.Compiler.Operators;

internal sealed class MatMul : Join
{
    public override string Kind => "MatMul";

    public override string Stem => "matmul";

    public override OperatorDocumentation Documentation => new(
        "[MatMul]", "C×M×K, C×K×N → C×M×N, and other ranks; one matrix may serve for all C", "y[c, i, j] = Σ a[c, i, k]·b[c, k, j]",
        "torch.matmul", "Dot");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        "Branch, Conv2D(4, 1), Branch, Tanh, MatMul(TransposeB = true)",
        "Branch, Conv2D(1, 1), Branch, Tanh, MatMul(TransposeA = true)",
        "Conv2D(4, 1, Name = \"a\"), Tanh, MatMul(\"a\", \"tanh1\", TransposeB = true)",
        .. In(Sequence, "Branch, Param(2, 3, Deviation = 1), Branch, MatMul"),
        .. In(Volume, "Branch, Transpose(1, 2, 4, 3), Branch, Reshape(2, 5, 6, 4), MatMul",
            "Branch, Transpose(1, 2, 4, 3), Branch, Tanh, MatMul(TransposeA = true, TransposeB = true)"),
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(
        Property("TransposeA", false), Property("TransposeB", false), (first, second) => new MatMulDefinition(first, second));
}

/// <summary>The products of matrices, which are the last two axes.</summary>
internal sealed record MatMulDefinition(Argument<bool> TransposeA, Argument<bool> TransposeB) : LayerDefinition
{
    public override LayerResult? Build(LayerContext layer)
    {
        if (layer.Two("write another [MatMul] for the next one") is not (var a, var b))
        {
            return null;
        }

        if (a.Rank != b.Rank || a.Rank < 2)
        {
            Refuse(layer, a, b, "both need the same number of axes, at least 2", "[Reshape] gives them another shape");
            return null;
        }

        var product = new MatrixProduct(TransposeA.Value, TransposeB.Value);
        (int rows, int left) = MatrixProduct.Sides(a, product.TransposeA);
        (int right, int columns) = MatrixProduct.Sides(b, product.TransposeB);
        if (left != right)
        {
            Refuse(
                layer, a, b, $"{Arithmetic.Number(left)} columns of the first meet {Arithmetic.Number(right)} rows of the second",
                "TransposeA and TransposeB exchange rows and columns");
            return null;
        }

        if (a.Rank > 2 && (Differ(a.Channels, b.Channels) || Differ(a.Depth, b.Depth)))
        {
            Refuse(layer, a, b, "the axes before the matrices differ", "Each pair must have one extent, or 1 in one of the tensors");
            return null;
        }

        int[] batch = [.. a.Extents.Zip(b.Extents, (one, other) => one > other ? one : other).Take(a.Rank - 2)];
        int[] extents = [.. batch, rows, columns];
        return new LayerResult(product, Shape.Of(extents));
    }

    private static bool Differ(int one, int other) => one != other && one != 1 && other != 1;

    private static void Refuse(LayerContext layer, Shape a, Shape b, string reason, string remedy) => layer.Report(
        ArgumentProblems.Unsupported(layer.Here, $"a product of {a} and {b} is not defined: {reason}", remedy));
}
