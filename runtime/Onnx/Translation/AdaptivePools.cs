using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Layers;
using Strata.Onnx.Model;

namespace Strata.Onnx.Translation;

/// <summary>
/// Poolings to a size whose windows differ. ONNX has none: maxima of gathered elements, and products with a matrix of means, stand for
/// them.
/// </summary>
internal static class AdaptivePools
{
    /// <summary>What <see cref="Find"/> makes of a gathering and its maxima.</summary>
    public const string MaximumOperator = "AdaptiveMaxPool";

    public static readonly Dictionary<string, Action<Translation, OnnxNode>> Operators = new(StringComparer.Ordinal)
    {
        [MaximumOperator] = (translation, node) =>
        {
            View view = translation.ViewOf(node.Input);
            int axis = node.Integer("axis");
            translation.Set(node.Output, Along(translation, view, axis, "AdaptiveMaxPool", node.Output.Shape[axis])
                ?? throw new UnsupportedException($"its axis {axis} has no pixels"));
        },
    };

    /// <summary>The elements from the first of a window to the one behind its last (PyTorch's <c>AdaptiveAvgPool2d</c>).</summary>
    public static (int From, int To) Window(int at, int before, int after) =>
        (at * before / after, ((((at + 1) * before) - 1) / after) + 1);

    /// <summary>For each window as many elements as the longest has: in shorter ones, the last element stands several times.</summary>
    public static long[] Indices(int before, int after)
    {
        (int From, int To)[] windows = [.. Enumerable.Range(0, after).Select(at => Window(at, before, after))];
        int longest = windows.Max(window => window.To - window.From);
        return [.. windows.SelectMany(
            window => Enumerable.Range(window.From, longest).Select(at => (long)int.Min(at, window.To - 1)))];
    }

    /// <summary>The matrix of <paramref name="after"/> × <paramref name="before"/> that computes the means of windows.</summary>
    public static float[] Means(int before, int after)
    {
        float[] weights = new float[before * after];
        for (int i = 0; i < after; i++)
        {
            (int from, int to) = Window(i, before, after);
            weights.AsSpan((i * before) + from, to - from).Fill(1f / (to - from));
        }

        return weights;
    }

    /// <summary>The maxima of gathered elements as one node.</summary>
    public static OnnxNode? Find(OnnxNode last)
    {
        if (last.Operator != "ReduceMax" || last.Integer("keepdims", 1) != 0 || last.Integers("axes") is not [var reduced]
            || Patterns.Before(last.Input, "Gather") is not { } gather || gather.Integer("axis") != reduced - 1
            || gather.Inputs[1] is not { Constant: { } indices, Shape: [var after, _] })
        {
            return null;
        }

        int axis = reduced - 1, before = gather.Input.Shape[axis];
        return after > 0 && indices.Integers.SequenceEqual(Indices(before, after))
            ? Patterns.Node(last, MaximumOperator, [gather.Input], ("axis", (long)axis)) : null;
    }

    /// <summary>A product with a matrix that computes means; null if it is another.</summary>
    public static View? Average(Translation translation, View view, int axis, int units, int inputs, float[] matrix) =>
        view.Axes[axis] > 0 && units != inputs && matrix.AsSpan().SequenceEqual(Means(inputs, units))
            ? Along(translation, view, axis, "AdaptiveAveragePool", units) : null;

    /// <summary>Pools along one axis; null if that is none of pixels. The same along another axis becomes one layer with it.</summary>
    private static View? Along(Translation translation, View view, int axis, string stem, int size)
    {
        int place = view.Axes[axis], rank = view.Tensor.Shape.Count - 1;
        if (place < 1 || rank > 3)
        {
            return null;
        }

        string kind = Convolutions.Kind(stem, rank);
        int[] shape = [.. view.Tensor.Shape.Select((extent, i) => i == place ? size : extent)];
        LayerTensor input = view.Tensor;
        if (input is Layer before && before.Kind == kind && !translation.IsShared(before)
            && before.Shape[place] == before.Inputs[0].Shape[place])
        {
            input = before.Inputs[0];
            translation.Remove(before);
        }

        string[] names = rank == 3 ? ["Depth", "Height", "Width"] : ["Height", "Width"];
        LayerArgument[] others = rank == 1 ? []
            : [.. shape.Skip(2).Select((extent, i) => new LayerArgument(names[i + 1], extent)).Where(one => !one.Value.Equals(shape[1]))];
        return view.Of(translation.Add(kind, input, shape, [new(null, shape[1]), .. others]));
    }
}
