using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Onnx.Reading;

/// <summary>Computes sums and products over axes.</summary>
internal static class ReducingEvaluators
{
    /// <summary>Larger products of constants are no part of networks.</summary>
    private const long MaximumProducts = 100_000_000;

    public static IEnumerable<KeyValuePair<string, Evaluator>> All { get; } =
    [
        Make("ReduceSum", 0, (sum, x) => sum + x, (sum, _) => sum),
        Make("ReduceMean", 0, (sum, x) => sum + x, (sum, count) => sum / count),
        Make("ReduceProd", 1, (product, x) => product * x, (product, _) => product),
        Make("ReduceMax", double.NegativeInfinity, Math.Max, (max, _) => max),
        Make("ReduceMin", double.PositiveInfinity, Math.Min, (min, _) => min),
        Make("ReduceL1", 0, (sum, x) => sum + Math.Abs(x), (sum, _) => sum),
        Make("ReduceL2", 0, (sum, x) => sum + (x * x), (sum, _) => Math.Sqrt(sum)),
        Make("ReduceSumSquare", 0, (sum, x) => sum + (x * x), (sum, _) => sum),
        Make("ReduceLogSum", 0, (sum, x) => sum + x, (sum, _) => Math.Log(sum)),
        KeyValuePair.Create("MatMul", new Evaluator(Product, null) { CanEvaluate = IsSmallProduct }),
    ];

    private static KeyValuePair<string, Evaluator> Make(
        string @operator, double start, Func<double, double, double> add, Func<double, int, double> end) => KeyValuePair.Create(
            @operator,
            new Evaluator(
                e => Array.ConvertAll(Reduce(e, Array.ConvertAll(e.X.Floats, x => (double)x), start, add, end), x => (float)x),
                e => Array.ConvertAll(Reduce(e, Array.ConvertAll(e.X.Integers, x => (double)x), start, add, end), x => (long)x)));

    private static double[] Reduce(
        Evaluation e, double[] values, double start, Func<double, double, double> add, Func<double, int, double> end)
    {
        int[] kept = [.. e.X.Shape];
        foreach (long axis in e.Integers("axes"))
        {
            kept[axis] = 1;
        }

        // The place in the result of every element.
        int[] numbers = [.. Enumerable.Range(0, e.Count)];
        int[] places = Moves.Broadcast(numbers, kept, e.X.Shape);
        double[] result = new double[numbers.Length];
        Array.Fill(result, start);
        for (int index = 0; index < values.Length; index++)
        {
            result[places[index]] = add(result[places[index]], values[index]);
        }

        int each = values.Length / Math.Max(1, result.Length);
        return Array.ConvertAll(result, value => end(value, each));
    }

    private static bool IsSmallProduct(Evaluation e) =>
        e.X.Shape.Count == 2 && e.Y.Shape.Count == 2 && (long)e.Count * e.X.Shape[1] <= MaximumProducts;

    /// <summary>Two matrices.</summary>
    private static float[] Product(Evaluation e)
    {
        float[] x = e.X.Floats, y = e.Y.Floats;
        int rows = e.X.Shape[0], inner = e.X.Shape[1], columns = e.Y.Shape[1];
        float[] result = new float[e.Count];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                double sum = 0;
                for (int index = 0; index < inner; index++)
                {
                    sum += (double)x[(row * inner) + index] * y[(index * columns) + column];
                }

                result[(row * columns) + column] = (float)sum;
            }
        }

        return result;
    }
}
