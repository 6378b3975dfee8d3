using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Model;

namespace Strata.Onnx.Reading;

/// <summary>Computes convolutions and poolings: the windows' elements are moved together, then multiplied or reduced.</summary>
internal static class WindowEvaluators
{
    /// <summary>The pixel along an axis that a window reads at one of its taps, which may lie among the pads.</summary>
    private delegate long Place(int axis, int window, int tap);

    public static IEnumerable<KeyValuePair<string, Evaluator>> All { get; } =
    [
        Make("Conv", Conv, e => Size(e, e.Y.Count / Math.Max(1.0, e.Y.Shape[0]))),
        Make("ConvTranspose", ConvTranspose, e => Size(e, e.Y.Count / Math.Max(1.0, e.Y.Shape[1] * e.Integer("group")))),
        Make("MaxPool", e => Reduced(e, e.Doubles(0), double.NegativeInfinity, Math.Max), Taps),
        Make("AveragePool", e => Reduced(e, e.Doubles(0), 0, (sum, x) => sum + x) / Counts(e), Taps),
        Make("LpPool", e => Reduced(e, e.Doubles(0).Map(x => Math.Pow(Math.Abs(x), e.Integer("p"))), 0, (sum, x) => sum + x)
            .Map(sum => Math.Pow(sum, 1.0 / e.Integer("p"))), Taps),
    ];

    private static KeyValuePair<string, Evaluator> Make(
        string @operator, Func<Evaluation, Numbers<double>> numbers, Func<Evaluation, long> work) => KeyValuePair.Create(
            @operator, new Evaluator(e => numbers(e).Map(x => (float)x).Values, null)
            {
                Work = work,
                Held = e => Evaluator.HeldPerElement(e)
                    + (2 * Size(e, (double)Taps(e) / Math.Max(1, e.Count) * e.X.Shape[1] / Math.Max(1, e.Shape[1]))),
            });

    private static long Size(Evaluation e, double each) => (long)Math.Min(e.Count * each, long.MaxValue / 4);

    /// <summary>How many elements all windows of all output channels have.</summary>
    private static long Taps(Evaluation e) =>
        Size(e, e.Integers("kernel_shape").Aggregate(1.0, (product, extent) => product * extent));

    private static Place PlaceOf(Evaluation e) => (axis, window, tap) => (window * e.Integers("strides")[axis])
        - e.Integers("pads")[axis] + (tap * e.Integers("dilations")[axis]);

    /// <summary>Samples, channels, and for each axis its windows and their taps. Among the pads is the fill value.</summary>
    private static Numbers<double> Windows(Evaluation e, Numbers<double> x, Place placeOf, double fill)
    {
        List<int> shape = [.. x.Shape.Take(2)];
        for (int axis = 0; axis < x.Shape.Count - 2; axis++)
        {
            int windows = e.Shape[axis + 2], taps = (int)e.Integers("kernel_shape")[axis], extent = x.Shape[axis + 2];
            x = x.Along(axis + 2, [.. Enumerable.Range(0, windows * taps).Select(i => placeOf(axis, i / taps, i % taps))
                .Select(place => place >= 0 && place < extent ? (int)place : Numbers.Outside)], fill);
            shape.AddRange([windows, taps]);
        }

        return x.Reshaped(shape);
    }

    private static Numbers<double> Reduced(Evaluation e, Numbers<double> x, double start, Func<double, double, double> add) =>
        Windows(e, x, PlaceOf(e), start).Reduced(Enumerable.Range(0, x.Shape.Count - 2).Select(axis => (2L * axis) + 3), start, add)
            .Reshaped(e.Shape);

    /// <summary>How many elements of each window count: those that are pixels, or pads if these count, too.</summary>
    private static Numbers<double> Counts(Evaluation e)
    {
        long[] pads = e.Integers("pads"), kernel = e.Integers("kernel_shape");
        int counted = e.Integer("count_include_pad") != 0 ? 1 : 0, rank = kernel.Length;
        Place placeOf = PlaceOf(e);
        return Enumerable.Range(0, rank).Select(axis => new Numbers<double>(
            [.. Enumerable.Range(0, e.Shape[axis + 2]).Select(window => (double)Enumerable.Range(0, (int)kernel[axis])
                .Select(tap => placeOf(axis, window, tap))
                .Count(place => place >= -counted * pads[axis] && place < e.X.Shape[axis + 2] + (counted * pads[rank + axis])))],
            [e.Shape[axis + 2], .. Enumerable.Repeat(1, rank - axis - 1)])).Aggregate((product, axis) => product * axis);
    }

    private static Numbers<double> Conv(Evaluation e)
    {
        int groups = e.Integer("group"), outputs = e.Shape[1] / groups;
        return Product(e, PlaceOf(e), e.Doubles(1).Reshaped(groups, outputs, e.Y.Count / e.Shape[1]).Transposed(0, 2, 1));
    }

    /// <summary>The windows stand at the output's pixels, and read those of the input that reach there.</summary>
    private static Numbers<double> ConvTranspose(Evaluation e)
    {
        int groups = e.Integer("group"), outputs = e.Shape[1] / groups, inputs = e.X.Shape[1] / groups;
        long[] strides = e.Integers("strides"), pads = e.Integers("pads"), dilations = e.Integers("dilations");
        Numbers<double> weights = e.Doubles(1).Reshaped(groups, inputs, outputs, e.Y.Count / e.X.Shape[1] / outputs).Transposed(0, 1, 3, 2);
        return Product(
            e, (axis, window, tap) => Math.DivRem(window + pads[axis] - (tap * dilations[axis]), strides[axis]) is (var place, 0)
                ? place : Numbers.Outside,
            weights.Reshaped(groups, e.Y.Count / e.Shape[1], outputs));
    }

    /// <summary>Windows times weights, which have the groups, the elements of a window and the outputs, and the bias.</summary>
    private static Numbers<double> Product(Evaluation e, Place placeOf, Numbers<double> weights)
    {
        int rank = e.Shape.Length - 2, samples = e.Shape[0], groups = weights.Shape[0];
        Numbers<double> windows = Windows(e, e.Doubles(0), placeOf, 0);
        int[] apart = [samples, groups, e.X.Shape[1] / groups, .. windows.Shape.Skip(2)];
        int[] order = [0, 1, .. Enumerable.Range(0, rank).Select(axis => (2 * axis) + 3), 2,
            .. Enumerable.Range(0, rank).Select(axis => (2 * axis) + 4)];
        int count = Shapes.Product(e.Shape, 2, e.Shape.Length);
        Numbers<double> product = windows.Reshaped(apart).Transposed(order).Reshaped(samples, groups, count, weights.Shape[1])
            .Times(weights).Transposed(0, 1, 3, 2).Reshaped(e.Shape);
        return e.Inputs.Length > 2 && e.Inputs[2] is OnnxConstant ? product + e.Column(2) : product;
    }
}
