using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Model;

namespace Strata.Onnx.Reading;

/// <summary>Computes products of matrices.</summary>
internal static class ProductEvaluators
{
    public static IEnumerable<KeyValuePair<string, Evaluator>> All { get; } =
    [
        KeyValuePair.Create("MatMul", new Evaluator(MatMul, null) { Work = e => e.Count * (long)e.X.Shape[^1] }),
        KeyValuePair.Create("Gemm", new Evaluator(Gemm, null)
        {
            Work = e => e.Count * (long)e.X.Shape[e.Integer("transA") != 0 ? 0 : 1],
        }),
    ];

    /// <summary>Matrices in the last two axes; those before repeat each other. A vector is a row or, on the right, a column.</summary>
    private static float[] MatMul(Evaluation e)
    {
        int[] left = e.X.Shape.Count == 1 ? [1, .. e.X.Shape] : [.. e.X.Shape];
        int[] right = e.Y.Shape.Count == 1 ? [.. e.Y.Shape, 1] : [.. e.Y.Shape];
        int rows = left[^2], inner = left[^1], columns = right[^1];
        int[] batch = Shapes.Broadcast(left[..^2], right[..^2]), lefts = Matrices(left[..^2], batch), rights = Matrices(right[..^2], batch);
        float[] x = e.X.Floats, y = e.Y.Floats, result = new float[e.Count];
        for (int i = 0; i < result.Length; i++)
        {
            int matrix = i / columns / rows, row = (lefts[matrix] * rows) + (i / columns % rows);
            int first = (rights[matrix] * inner * columns) + (i % columns);
            double sum = 0;
            for (int k = 0; k < inner; k++)
            {
                sum += (double)x[(row * inner) + k] * y[first + (k * columns)];
            }

            result[i] = (float)sum;
        }

        return result;
    }

    /// <summary>Which of an operand's matrices each of the results reads.</summary>
    private static int[] Matrices(int[] own, int[] all) => Moves.Broadcast([.. Enumerable.Range(0, Shapes.Count(own))], own, all);

    private static float[] Gemm(Evaluation e)
    {
        int rows = e.Shape[0], columns = e.Shape[1];
        bool transA = e.Integer("transA") != 0, transB = e.Integer("transB") != 0;
        int inner = e.X.Shape[transA ? 0 : 1];
        float alpha = (float)e.Attributes["alpha"], beta = (float)e.Attributes["beta"];
        float[] a = e.X.Floats, b = e.Y.Floats, result = new float[e.Count];
        float[]? c = e.Inputs.Length > 2 && e.Inputs[2] is OnnxConstant added ? Moves.Broadcast(added.Floats, added.Shape, e.Shape) : null;
        for (int i = 0; i < result.Length; i++)
        {
            int row = i / columns, column = i % columns;
            double sum = 0;
            for (int k = 0; k < inner; k++)
            {
                sum += (double)a[transA ? (k * rows) + row : (row * inner) + k] * b[transB ? (column * inner) + k : (k * columns) + column];
            }

            result[i] = (float)((alpha * sum) + (c is null ? 0 : beta * (double)c[i]));
        }

        return result;
    }
}
