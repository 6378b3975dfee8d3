using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Onnx.Reading;

/// <summary>Computes Resize by ONNX's formulas, one axis after the other.</summary>
internal static class ResizingEvaluator
{
    public static IEnumerable<KeyValuePair<string, Evaluator>> All { get; } =
    [
        KeyValuePair.Create("Resize", new Evaluator(Resized, null)
        {
            CanEvaluate = e => !e.Attributes.ContainsKey("antialias") && Text(e, "mode") is "nearest" or "linear" or "cubic"
                && Text(e, "coordinate_transformation_mode") is "half_pixel" or "half_pixel_symmetric" or "pytorch_half_pixel"
                    or "align_corners" or "asymmetric"
                && Text(e, "nearest_mode") is "floor" or "ceil" or "round_prefer_floor" or "round_prefer_ceil",
            Work = e => 4 * e.Shape.Length * Largest(e),
            Held = e => 3 * Largest(e),
        }),
    ];

    private static string Text(Evaluation e, string attribute) => (string)e.Attributes[attribute];

    /// <summary>No array between the axes has more elements.</summary>
    private static long Largest(Evaluation e) => (long)Math.Min(
        e.X.Shape.Zip(e.Shape).Aggregate(1.0, (count, pair) => count * Math.Max(pair.First, pair.Second)), int.MaxValue);

    private static float[] Resized(Evaluation e)
    {
        float[] scales = (float[])e.Attributes["scales"];
        double[] values = Array.ConvertAll(e.X.Floats, x => (double)x);
        int[] shape = [.. e.X.Shape];
        for (int axis = 0; axis < shape.Length; axis++)
        {
            if (shape[axis] != e.Shape[axis] || scales[axis] != 1)
            {
                (int From, double Weight)[][] sources = [.. Enumerable.Range(0, e.Shape[axis])
                    .Select(index => Sources(e, index, shape[axis], e.Shape[axis], scales[axis]))];
                values = Along(values, shape, axis, sources);
                shape[axis] = e.Shape[axis];
            }
        }

        return Array.ConvertAll(values, value => (float)value);
    }

    private static double[] Along(double[] values, int[] shape, int axis, (int From, double Weight)[][] sources)
    {
        int outer = Shapes.Product(shape, 0, axis), inner = Shapes.Product(shape, axis + 1, shape.Length), count = sources.Length;
        double[] result = new double[outer * count * inner];
        for (int i = 0; i < result.Length; i++)
        {
            int row = i / inner / count * shape[axis];
            foreach ((int from, double weight) in sources[i / inner % count])
            {
                result[i] += weight * values[((row + from) * inner) + (i % inner)];
            }
        }

        return result;
    }

    /// <summary>The pixels of which an output is the weighted sum.</summary>
    private static (int From, double Weight)[] Sources(Evaluation e, int index, int from, int to, float scale)
    {
        double place = Text(e, "coordinate_transformation_mode") switch
        {
            "half_pixel" => ((index + 0.5) / scale) - 0.5,
            "half_pixel_symmetric" => (from / 2.0 * (1 - (to / (scale * (double)from)))) + ((index + 0.5) / scale) - 0.5,
            "pytorch_half_pixel" => to > 1 ? ((index + 0.5) / scale) - 0.5 : 0,
            "align_corners" => to == 1 ? 0 : index * (from - 1.0) / (to - 1.0),
            _ => index / (double)scale,
        };
        int Inside(double pixel) => (int)Math.Clamp(pixel, 0, from - 1);
        double floor = Math.Floor(place), ratio = place - floor;
        switch (Text(e, "mode"))
        {
            case "nearest":
                return [(Inside(Text(e, "nearest_mode") switch
                {
                    "floor" => floor,
                    "ceil" => Math.Ceiling(place),
                    "round_prefer_floor" => Math.Ceiling(place - 0.5),
                    _ => Math.Floor(place + 0.5),
                }), 1)];
            case "linear":
                return [(Inside(floor), 1 - ratio), (Inside(floor + 1), ratio)];
            default:
                double a = (float)e.Attributes["cubic_coeff_a"];
                double[] weights = [Far(1 + ratio), Near(ratio), Near(1 - ratio), Far(2 - ratio)];
                if (e.Integer("exclude_outside") != 0)
                {
                    weights = [.. weights.Select((weight, i) => floor - 1 + i < 0 || floor - 1 + i > from - 1 ? 0 : weight)];
                    double sum = weights.Sum();
                    weights = [.. weights.Select(weight => weight / sum)];
                }

                return [.. weights.Select((weight, i) => (Inside(floor - 1 + i), weight))];

                double Near(double x) => ((((a + 2) * x) - (a + 3)) * x * x) + 1;

                double Far(double x) => (((((a * x) - (5 * a)) * x) + (8 * a)) * x) - (4 * a);
        }
    }
}
