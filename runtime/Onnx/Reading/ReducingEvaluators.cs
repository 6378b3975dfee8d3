using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Model;

namespace Strata.Onnx.Reading;

/// <summary>Computes sums, products and extremes over axes.</summary>
internal static class ReducingEvaluators
{
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
        Make("ReduceLogSumExp", LogSumExp, null),
        Make("ArgMax", null, e => Best(e, (x, best) => x > best)),
        Make("ArgMin", null, e => Best(e, (x, best) => x < best)),
    ];

    private static KeyValuePair<string, Evaluator> Make(
        string @operator, double start, Func<double, double, double> add, Func<double, int, double> end) => Make(
            @operator,
            e => Reduce(e.X, e.Integers("axes"), start, add, end),
            e => Array.ConvertAll(
                Reduce(Array.ConvertAll(e.X.Integers, x => (double)x), e.X.Shape, e.Integers("axes"), start, add, end), x => (long)x));

    private static KeyValuePair<string, Evaluator> Make(
        string @operator, Func<Evaluation, float[]>? floats, Func<Evaluation, long[]>? integers) => KeyValuePair.Create(
            @operator, new Evaluator(floats, integers) { Work = e => e.X.Count, Held = Evaluator.HeldPerElement });

    /// <summary>The numbers of a constant, combined along axes.</summary>
    public static float[] Reduce(
        OnnxConstant x, IEnumerable<long> axes, double start, Func<double, double, double> add, Func<double, int, double> end) =>
        Array.ConvertAll(
            Reduce(Array.ConvertAll(x.Floats, value => (double)value), x.Shape, axes, start, add, end), value => (float)value);

    private static double[] Reduce(
        double[] values, IReadOnlyList<int> shape, IEnumerable<long> axes, double start, Func<double, double, double> add,
        Func<double, int, double> end)
    {
        var groups = ElementGroups.Along(shape, axes);
        double[] result = new double[groups.Count];
        Array.Fill(result, start);
        for (int index = 0; index < values.Length; index++)
        {
            ref double place = ref result[groups.Of[index]];
            place = add(place, values[index]);
        }

        int each = values.Length / Math.Max(1, result.Length);
        return Array.ConvertAll(result, value => end(value, each));
    }

    private static float[] LogSumExp(Evaluation e)
    {
        long[] axes = e.Integers("axes");
        var groups = ElementGroups.Along(e.X.Shape, axes);
        float[] x = e.X.Floats, most = Reduce(e.X, axes, double.NegativeInfinity, Math.Max, (max, _) => max);
        double[] sums = new double[groups.Count];
        for (int index = 0; index < x.Length; index++)
        {
            sums[groups.Of[index]] += Math.Exp(x[index] - (double)most[groups.Of[index]]);
        }

        return [.. sums.Select((sum, group) => (float)(most[group] + Math.Log(sum)))];
    }

    /// <summary>The index of the largest or smallest element along an axis; of equal ones the first, or the last.</summary>
    private static long[] Best(Evaluation e, Func<float, float, bool> isBetter)
    {
        int axis = e.Integer("axis"), stride = Shapes.Strides(e.X.Shape)[axis];
        bool last = e.Integer("select_last_index") != 0;
        var groups = ElementGroups.Along(e.X.Shape, [axis]);
        float[] x = e.X.Floats, best = new float[groups.Count];
        long[] indices = new long[groups.Count];
        Array.Fill(indices, -1);
        for (int element = 0; element < x.Length; element++)
        {
            int group = groups.Of[element];
            if (indices[group] < 0 || isBetter(x[element], best[group]) || (last && x[element].Equals(best[group])))
            {
                (best[group], indices[group]) = (x[element], element / stride % e.X.Shape[axis]);
            }
        }

        return indices;
    }
}
