using System;
using System.Linq;
using System.Numerics;

namespace Strata.Onnx.Reading;

/// <summary>The pixels that a resizing reads, by ONNX's formulas, and its values.</summary>
internal static class ResizedPlaces
{
    /// <summary>Where outputs may be.</summary>
    public static readonly string[] Coordinates =
        ["half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "align_corners", "asymmetric", "tf_half_pixel_for_nn"];

    /// <summary>Whether the mode is one that is computed.</summary>
    public static bool AreKnown(Evaluation e) => !e.Attributes.ContainsKey("antialias")
        && e.Text("mode") is "nearest" or "linear" or "cubic"
        && Coordinates.Contains(e.Text("coordinate_transformation_mode"))
        && e.Text("nearest_mode") is "floor" or "ceil" or "round_prefer_floor" or "round_prefer_ceil";

    /// <summary>No array between the axes has more elements.</summary>
    public static long Largest(Evaluation e) => (long)Math.Min(
        e.X.Shape.Zip(e.Shape).Aggregate(1.0, (count, pair) => count * Math.Max(pair.First, pair.Second)), int.MaxValue);

    /// <summary>One axis after the other: the sum of the pixels that each output reads, with their weights.</summary>
    public static Numbers<double> Resized(Evaluation e)
    {
        float[] scales = (float[])e.Attributes["scales"];
        Numbers<double> x = e.Doubles(0);
        for (int axis = 0; axis < e.Shape.Length; axis++)
        {
            int from = e.X.Shape[axis], to = e.Shape[axis];
            if (from != to || scales[axis] != 1)
            {
                (int From, double Weight)[][] sources =
                    [.. Enumerable.Range(0, to).Select(index => Sources(e, index, from, to, scales[axis]))];
                x = Enumerable.Range(0, sources[0].Length).Select(tap => x.Along(axis, [.. sources.Select(source => source[tap].From)], 0)
                        * new Numbers<double>(
                            [.. sources.Select(source => source[tap].Weight)], [to, .. Enumerable.Repeat(1, e.Shape.Length - axis - 1)]))
                    .Aggregate((sum, part) => sum + part);
            }
        }

        return x;
    }

    /// <summary>The weights of the pixels of an axis in each of its outputs, a row for each.</summary>
    public static float[] Matrix(Evaluation e, int from, int to, float scale)
    {
        double[] weights = new double[to * from];
        for (int index = 0; index < to; index++)
        {
            foreach ((int pixel, double weight) in e.Attributes.ContainsKey("antialias") && scale < 1
                ? WideSources(e, index, from, to, scale) : Sources(e, index, from, to, scale))
            {
                weights[(index * from) + pixel] += weight;
            }
        }

        return Array.ConvertAll(weights, weight => (float)weight);
    }

    /// <summary>The same where what shrinks is smoothed: the function of the weights is as wide as the pixels that become one.</summary>
    private static (int From, double Weight)[] WideSources(Evaluation e, int index, int from, int to, float scale)
    {
        double place = PlaceOf<double>(index, from, to, scale, e.Text("coordinate_transformation_mode"));
        bool isCubic = e.Text("mode") == "cubic", leavesOut = e.Integer("exclude_outside") != 0;
        double a = isCubic ? e.Number("cubic_coeff_a") : 0, reach = (isCubic ? 2 : 1) / scale;
        int first = (int)Math.Ceiling(place - reach), last = (int)Math.Floor(place + reach);
        (int Pixel, double Weight)[] taps = [.. Enumerable.Range(first, last - first + 1)
            .Where(pixel => !leavesOut || (pixel >= 0 && pixel < from))
            .Select(pixel => (Math.Clamp(pixel, 0, from - 1), Weight(Math.Abs(pixel - place) * scale)))];
        double sum = taps.Sum(tap => tap.Weight);
        return [.. taps.Select(tap => (tap.Pixel, tap.Weight / sum))];

        double Weight(double x) => isCubic ? x < 1 ? Near(x, a) : Far(x, a) : Math.Max(1 - x, 0);
    }

    /// <summary>The cubic function within a pixel of its middle.</summary>
    private static double Near(double x, double a) => ((((a + 2) * x) - (a + 3)) * x * x) + 1;

    /// <summary>The same within two pixels.</summary>
    private static double Far(double x, double a) => (((((a * x) - (5 * a)) * x) + (8 * a)) * x) - (4 * a);

    /// <summary>The pixels of which an output is the weighted sum.</summary>
    private static (int From, double Weight)[] Sources(Evaluation e, int index, int from, int to, float scale)
    {
        string mode = e.Text("coordinate_transformation_mode");
        double place = PlaceOf<double>(index, from, to, scale, mode);
        int Inside(double pixel) => (int)Math.Clamp(pixel, 0, from - 1);
        double floor = Math.Floor(place), ratio = place - floor;
        switch (e.Text("mode"))
        {
            case "nearest":
                return [(Rounded(PlaceOf<float>(index, from, to, scale, mode), e.Text("nearest_mode"), from), 1)];
            case "linear":
                return [(Inside(floor), 1 - ratio), (Inside(floor + 1), ratio)];
            default:
                double a = e.Number("cubic_coeff_a");
                double[] weights = [Far(1 + ratio, a), Near(ratio, a), Near(1 - ratio, a), Far(2 - ratio, a)];
                if (e.Integer("exclude_outside") != 0)
                {
                    weights = [.. weights.Select((weight, i) => floor - 1 + i < 0 || floor - 1 + i > from - 1 ? 0 : weight)];
                    double sum = weights.Sum();
                    weights = [.. weights.Select(weight => weight / sum)];
                }

                return [.. weights.Select((weight, i) => (Inside(floor - 1 + i), weight))];
        }
    }

    /// <summary>
    /// Where an output is between the input's elements (Operators.md, Resize). Runtimes find in single precision what is nearest.
    /// </summary>
    public static T PlaceOf<T>(int index, int from, int to, float scale, string mode)
        where T : IFloatingPoint<T>
    {
        T factor = T.CreateChecked(scale), half = T.One / T.CreateChecked(2), i = T.CreateChecked(index);
        T first = T.CreateChecked(from), last = T.CreateChecked(to);
        return mode switch
        {
            "half_pixel" => ((i + half) / factor) - half,
            "half_pixel_symmetric" => (first * half * (T.One - (last / (factor * first)))) + ((i + half) / factor) - half,
            "pytorch_half_pixel" => to > 1 ? ((i + half) / factor) - half : T.Zero,
            "tf_half_pixel_for_nn" => (i + half) / factor,
            "align_corners" => to == 1 ? T.Zero : i * (first - T.One) / (last - T.One),
            _ => i / factor,
        };
    }

    /// <summary>The element at a place.</summary>
    public static int Rounded(double at, string mode, int from)
    {
        double nearest = mode switch
        {
            "floor" => Math.Floor(at),
            "ceil" => Math.Ceiling(at),
            "round_prefer_floor" => Math.Ceiling(at - 0.5),
            _ => Math.Floor(at + 0.5),
        };
        return (int)Math.Clamp(nearest, 0, from - 1);
    }
}
