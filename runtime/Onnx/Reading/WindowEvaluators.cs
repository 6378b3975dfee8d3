using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Model;

namespace Strata.Onnx.Reading;

/// <summary>Computes convolutions and poolings.</summary>
internal static class WindowEvaluators
{
    private delegate void Tap(int window, int tap, int pixel);

    public static IEnumerable<KeyValuePair<string, Evaluator>> All { get; } =
    [
        Make("Conv", Conv, e => e.Count * (e.Y.Count / (long)Math.Max(1, e.Y.Shape[0]))),
        Make("ConvTranspose", ConvTranspose, e => e.X.Count * (e.Y.Count / (long)Math.Max(1, e.Y.Shape[0]))),
        Make("MaxPool", e => Pooled(e, double.NegativeInfinity, Math.Max, (most, _) => most), PoolingWork),
        Make("AveragePool", e => Pooled(e, 0, (sum, x) => sum + x, (sum, count) => sum / count), PoolingWork),
        Make("LpPool", LpPool, PoolingWork),
        Make("GlobalAveragePool", e => Global(e, 0, (sum, x) => sum + x, (sum, count) => sum / count)),
        Make("GlobalMaxPool", e => Global(e, double.NegativeInfinity, Math.Max, (most, _) => most)),
        Make("GlobalLpPool", GlobalLp),
    ];

    private static KeyValuePair<string, Evaluator> Make(
        string @operator, Func<Evaluation, float[]> floats, Func<Evaluation, long>? work = null) => KeyValuePair.Create(
            @operator, new Evaluator(floats, null) { Work = work ?? (e => e.X.Count), Held = Evaluator.HeldPerElement });

    private static long PoolingWork(Evaluation e) =>
        (long)Math.Min(e.Integers("kernel_shape").Aggregate((double)e.Count, (work, extent) => work * extent), long.MaxValue / 2);

    /// <summary>
    /// Visits each place of each window. A place among the pads has the pixel −1; places beyond the pads, which ceil mode brings, are left
    /// out.
    /// </summary>
    /// <param name="e">The node, for its attributes.</param>
    /// <param name="pixels">The extents of what the windows move over.</param>
    /// <param name="windows">How many windows there are along each axis.</param>
    /// <param name="visit">Gets the numbers of window, place and pixel.</param>
    private static void Visit(Evaluation e, int[] pixels, int[] windows, Tap visit)
    {
        long[] kernel = e.Integers("kernel_shape"), strides = e.Integers("strides"), dilations = e.Integers("dilations");
        long[] pads = e.Integers("pads");
        int rank = pixels.Length, taps = (int)kernel.Aggregate(1L, (product, extent) => product * extent), count = Shapes.Count(windows);
        for (int window = 0; window < count; window++)
        {
            for (int tap = 0; tap < taps; tap++)
            {
                int restOfWindow = window, restOfTap = tap, pixel = 0, stride = 1;
                bool isInside = true, isPadded = true;
                for (int axis = rank - 1; axis >= 0; axis--)
                {
                    long place = (restOfWindow % windows[axis] * strides[axis]) - pads[axis] + (restOfTap % kernel[axis] * dilations[axis]);
                    (restOfWindow, restOfTap) = (restOfWindow / windows[axis], (int)(restOfTap / kernel[axis]));
                    isInside &= place >= 0 && place < pixels[axis];
                    isPadded &= place < pixels[axis] + pads[rank + axis];
                    pixel += isInside ? (int)place * stride : 0;
                    stride *= pixels[axis];
                }

                if (isPadded)
                {
                    visit(window, tap, isInside ? pixel : -1);
                }
            }
        }
    }

    private static int[] Pixels(IReadOnlyList<int> shape) => [.. shape.Skip(2)];

    private static float[] Conv(Evaluation e)
    {
        float[] x = e.X.Floats, w = e.Y.Floats;
        int groups = e.Integer("group"), channels = e.X.Shape[1], outputs = e.Shape[1];
        int inGroup = channels / groups, outGroup = outputs / groups;
        int[] pixels = Pixels(e.X.Shape), windows = Pixels(e.Shape);
        int area = Shapes.Count(pixels), count = Shapes.Count(windows), taps = w.Length / outputs / inGroup;
        double[] sums = Biased(e, count);
        Visit(e, pixels, windows, (window, tap, pixel) =>
        {
            for (int n = 0; n < e.Shape[0] && pixel >= 0; n++)
            {
                for (int o = 0; o < outputs; o++)
                {
                    double sum = 0;
                    for (int i = 0; i < inGroup; i++)
                    {
                        int channel = (n * channels) + (o / outGroup * inGroup) + i;
                        sum += (double)w[(((o * inGroup) + i) * taps) + tap] * x[(channel * area) + pixel];
                    }

                    sums[(((n * outputs) + o) * count) + window] += sum;
                }
            }
        });
        return Array.ConvertAll(sums, sum => (float)sum);
    }

    /// <summary>The windows stand at the input's pixels and move over the output's.</summary>
    private static float[] ConvTranspose(Evaluation e)
    {
        float[] x = e.X.Floats, w = e.Y.Floats;
        int groups = e.Integer("group"), channels = e.X.Shape[1], outputs = e.Shape[1];
        int inGroup = channels / groups, outGroup = outputs / groups;
        int[] pixels = Pixels(e.Shape), windows = Pixels(e.X.Shape);
        int area = Shapes.Count(pixels), count = Shapes.Count(windows), taps = w.Length / channels / outGroup;
        double[] sums = Biased(e, area);
        Visit(e, pixels, windows, (window, tap, pixel) =>
        {
            for (int n = 0; n < e.Shape[0] && pixel >= 0; n++)
            {
                for (int i = 0; i < channels; i++)
                {
                    double value = x[(((n * channels) + i) * count) + window];
                    for (int o = 0; o < outGroup; o++)
                    {
                        int channel = (n * outputs) + (i / inGroup * outGroup) + o;
                        sums[(channel * area) + pixel] += value * w[(((i * outGroup) + o) * taps) + tap];
                    }
                }
            }
        });
        return Array.ConvertAll(sums, sum => (float)sum);
    }

    private static double[] Biased(Evaluation e, int pixels)
    {
        double[] sums = new double[e.Count];
        if (e.Inputs.Length > 2 && e.Inputs[2] is OnnxConstant bias)
        {
            for (int i = 0; i < sums.Length; i++)
            {
                sums[i] = bias.Floats[i / pixels % e.Shape[1]];
            }
        }

        return sums;
    }

    private static float[] Pooled(
        Evaluation e, double start, Func<double, double, double> add, Func<double, int, double> end)
    {
        float[] x = e.X.Floats;
        int[] pixels = Pixels(e.X.Shape), windows = Pixels(e.Shape);
        int area = Shapes.Count(pixels), count = Shapes.Count(windows), maps = e.Shape[0] * e.Shape[1];
        bool countsPads = e.Attributes.ContainsKey("count_include_pad") && e.Integer("count_include_pad") != 0;
        double[] values = new double[e.Count];
        Array.Fill(values, start);
        int[] counts = new int[count];
        Visit(e, pixels, windows, (window, _, pixel) =>
        {
            counts[window] += pixel >= 0 || countsPads ? 1 : 0;
            for (int map = 0; map < maps && pixel >= 0; map++)
            {
                ref double value = ref values[(map * count) + window];
                value = add(value, x[(map * area) + pixel]);
            }
        });
        return [.. values.Select((value, i) => (float)end(value, counts[i % count]))];
    }

    private static float[] LpPool(Evaluation e)
    {
        int power = e.Integer("p");
        return Pooled(e, 0, (sum, x) => sum + Math.Pow(Math.Abs(x), power), (sum, _) => Math.Pow(sum, 1.0 / power));
    }

    private static float[] Global(Evaluation e, double start, Func<double, double, double> add, Func<double, int, double> end) =>
        ReducingEvaluators.Reduce(e.X, ElementGroups.From(2, e.X.Shape.Count), start, add, end);

    private static float[] GlobalLp(Evaluation e)
    {
        int power = e.Integer("p");
        return Global(e, 0, (sum, x) => sum + Math.Pow(Math.Abs(x), power), (sum, _) => Math.Pow(sum, 1.0 / power));
    }
}
