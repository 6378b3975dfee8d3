using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Onnx.Reading;

/// <summary>Computes normalisations and softmax.</summary>
internal static class NormalizingEvaluators
{
    /// <summary>What ONNX's function MeanVarianceNormalization adds to the deviation.</summary>
    private const double SmallDeviation = 1e-9;

    public static IEnumerable<KeyValuePair<string, Evaluator>> All { get; } =
    [
        Make("Softmax", e => Softmax(e, (x, largest, sum) => Math.Exp(x - largest) / sum)),
        Make("LogSoftmax", e => Softmax(e, (x, largest, sum) => x - largest - Math.Log(sum))),
        Make("Hardmax", Hardmax),
        Make("BatchNormalization", BatchNorm),
        Make("InstanceNormalization", e => PerChannel(e, Normalised(e, ElementGroups.From(2, e.X.Shape.Count)))),
        Make("GroupNormalization", GroupNorm),
        Make("LayerNormalization", LayerNorm),
        Make("MeanVarianceNormalization", MeanVariance),
        Make("LpNormalization", LpNorm),
        KeyValuePair.Create("LRN", new Evaluator(LocalResponse, null)
        {
            Work = e => e.Count * (long)Math.Min(e.Integer("size"), e.X.Shape[1]),
            Held = Evaluator.HeldPerElement,
        }),
    ];

    private static KeyValuePair<string, Evaluator> Make(string @operator, Func<Evaluation, float[]> floats) =>
        KeyValuePair.Create(@operator, new Evaluator(floats, null) { Work = e => 8L * e.Count, Held = Evaluator.HeldPerElement });

    private static float[] Softmax(Evaluation e, Func<double, double, double, double> result)
    {
        float[] x = e.X.Floats;
        var groups = ElementGroups.Along(e.X.Shape, e.Integers("axes"));
        double[] largest = Gathered(groups, x, double.NegativeInfinity, (most, value, _) => Math.Max(most, value));
        double[] sums = Gathered(groups, x, 0, (sum, value, group) => sum + Math.Exp(value - largest[group]));
        return [.. x.Select((value, i) => (float)result(value, largest[groups.Of[i]], sums[groups.Of[i]]))];
    }

    /// <summary>1 at the first of the largest, 0 elsewhere.</summary>
    private static float[] Hardmax(Evaluation e)
    {
        float[] x = e.X.Floats, result = new float[x.Length];
        var groups = ElementGroups.Along(e.X.Shape, e.Integers("axes"));
        int[] best = new int[groups.Count];
        Array.Fill(best, -1);
        for (int i = 0; i < x.Length; i++)
        {
            ref int first = ref best[groups.Of[i]];
            first = first < 0 || x[i] > x[first] ? i : first;
        }

        foreach (int place in best.Where(place => place >= 0))
        {
            result[place] = 1;
        }

        return result;
    }

    private static double[] Gathered(ElementGroups groups, float[] values, double start, Func<double, float, int, double> add)
    {
        double[] result = new double[groups.Count];
        Array.Fill(result, start);
        for (int i = 0; i < values.Length; i++)
        {
            int group = groups.Of[i];
            result[group] = add(result[group], values[i], group);
        }

        return result;
    }

    private static double[] Normalised(Evaluation e, IEnumerable<long> axes) => Normalised(
        e, ElementGroups.Along(e.X.Shape, axes), variance => Math.Sqrt(variance + (float)e.Attributes["epsilon"]));

    /// <summary>(x − mean)/deviation in each group.</summary>
    private static double[] Normalised(Evaluation e, ElementGroups groups, Func<double, double> deviation)
    {
        float[] x = e.X.Floats;
        double[] counts = Gathered(groups, x, 0, (count, _, _) => count + 1);
        double[] means = [.. Gathered(groups, x, 0, (sum, value, _) => sum + value).Zip(counts, (sum, count) => sum / count)];
        double[] squares = Gathered(groups, x, 0, (sum, value, group) => sum + ((value - means[group]) * (value - means[group])));
        double[] deviations = [.. squares.Zip(counts, (sum, count) => deviation(sum / count))];
        return [.. x.Select((value, i) => (value - means[groups.Of[i]]) / deviations[groups.Of[i]])];
    }

    /// <summary>The channel of an element.</summary>
    private static int Channel(Evaluation e, int element) => e.X.Shape.Count < 2 ? 0
        : element / Shapes.Product(e.X.Shape, 2, e.X.Shape.Count) % e.X.Shape[1];

    private static float[] PerChannel(Evaluation e, double[] normalised)
    {
        float[] scale = e.Y.Floats, bias = e.Inputs[2]!.Floats;
        return [.. normalised.Select((value, i) => (float)((value * scale[Channel(e, i)]) + bias[Channel(e, i)]))];
    }

    private static float[] BatchNorm(Evaluation e)
    {
        float[] means = e.Inputs[3]!.Floats, variances = e.Inputs[4]!.Floats;
        float epsilon = (float)e.Attributes["epsilon"];
        return PerChannel(e,
            [.. e.X.Floats.Select((x, i) => (x - means[Channel(e, i)]) / Math.Sqrt((double)variances[Channel(e, i)] + epsilon))]);
    }

    private static float[] GroupNorm(Evaluation e)
    {
        int channels = e.X.Shape[1], count = e.Integer("num_groups"), each = channels / count;
        int sample = Shapes.Product(e.X.Shape, 1, e.X.Shape.Count);
        var groups = new ElementGroups(
            [.. Enumerable.Range(0, e.Count).Select(i => (i / sample * count) + (Channel(e, i) / each))], e.X.Shape[0] * count);
        float epsilon = (float)e.Attributes["epsilon"];
        return PerChannel(e, Normalised(e, groups, variance => Math.Sqrt(variance + epsilon)));
    }

    private static float[] LayerNorm(Evaluation e)
    {
        float[] scale = e.Y.Floats;
        float[]? bias = e.Inputs.Length > 2 ? e.Inputs[2]?.Floats : null;
        return [.. Normalised(e, ElementGroups.From(e.Integer("axis"), e.X.Shape.Count)).Select((value, i) =>
            (float)((value * scale[i % scale.Length]) + (bias is null ? 0 : bias[i % bias.Length])))];
    }

    private static float[] MeanVariance(Evaluation e) => Array.ConvertAll(
        Normalised(e, ElementGroups.Along(e.X.Shape, e.Integers("axes")), variance => Math.Sqrt(variance) + SmallDeviation),
        value => (float)value);

    /// <summary>x/‖x‖, and 0 where the norm is 0.</summary>
    private static float[] LpNorm(Evaluation e)
    {
        float[] x = e.X.Floats;
        int power = e.Integer("p");
        var groups = ElementGroups.Along(e.X.Shape, [e.Integer("axis")]);
        double[] norms = Gathered(groups, x, 0, (sum, value, _) => sum + Math.Pow(Math.Abs(value), power));
        return [.. x.Select((value, i) => norms[groups.Of[i]] == 0 ? 0 : (float)(value / Math.Pow(norms[groups.Of[i]], 1.0 / power)))];
    }

    /// <summary>x/(bias + alpha/size·Σx²)^beta over neighbouring channels.</summary>
    private static float[] LocalResponse(Evaluation e)
    {
        float[] x = e.X.Floats;
        int channels = e.X.Shape[1], pixels = Shapes.Product(e.X.Shape, 2, e.X.Shape.Count), size = e.Integer("size");
        double alpha = (float)e.Attributes["alpha"], beta = (float)e.Attributes["beta"], bias = (float)e.Attributes["bias"];
        return [.. x.Select((value, i) =>
        {
            int channel = Channel(e, i);
            int first = Math.Max(0, channel - ((size - 1) / 2)), last = (int)Math.Min(channels - 1, channel + (size / 2L));
            double sum = 0;
            for (int other = first; other <= last; other++)
            {
                double neighbour = x[i + ((other - channel) * pixels)];
                sum += neighbour * neighbour;
            }

            return (float)(value / Math.Pow(bias + (alpha / size * sum), beta));
        })];
    }
}
