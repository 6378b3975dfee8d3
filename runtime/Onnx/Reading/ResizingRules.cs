using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Model;

namespace Strata.Onnx.Reading;

/// <summary>Resizing: three forms of Resize, and two of Upsample before it.</summary>
internal static class ResizingRules
{
    public static IEnumerable<KeyValuePair<string, Rule>> All { get; } =
    [
        KeyValuePair.Create<string, Rule>("Resize", Resize),
        KeyValuePair.Create<string, Rule>("Upsample", Upsample),
    ];

    /// <summary>What the page about normal form says of the nodes that come of these rules.</summary>
    public static IEnumerable<NormalRow> Rows =>
    [
        new("`Resize`", "x", "`sizes`, `scales`, `mode` (`nearest`, `linear`, `cubic`), `coordinate_transformation_mode`, `nearest_mode`, "
            + "`cubic_coeff_a`, `exclude_outside`, [`antialias`]", "sizes and scales of all axes, these as the file has them, or sizes "
            + "divided; also `Upsample`"),
    ];

    /// <summary>What these rules leave out.</summary>
    public static IEnumerable<string> Gone =>
        ["`Resize` to the same shape", "`Resize` that no layer does, which is a `MatMul` for each axis"];

    private static bool Upsample(NodeReading node) => Old(node, node.Attributes.Floats("scales"));

    /// <summary>The forms before operator set 11: pixels are asymmetric.</summary>
    private static bool Old(NodeReading node, float[]? scales)
    {
        if (!node.IsConstantOrAbsent(1))
        {
            return false;
        }

        scales ??= node.Floats(1) ?? throw new ReadingException("it has no scales");
        long[] sizes = Sizes(node, scales);
        bool shrinks = scales.Any(scale => scale < 1);
        return shrinks && scales.Any(scale => scale > 1)
            ? node.Refuse($"its scales {Shapes.Text(scales)} shrink and enlarge, which old operator sets leave open")
            : Give(node, sizes, scales, new()
        {
            { "mode", node.Attributes.Text("mode", "nearest") },
            { "coordinate_transformation_mode", "asymmetric" },
            { "nearest_mode", shrinks ? "ceil" : "floor" },
            { "cubic_coeff_a", -0.75f },
            { "exclude_outside", false },
        });
    }

    private static bool Resize(NodeReading node)
    {
        if (node.Opset < 11)
        {
            return Old(node, null);
        }

        string transformation = node.Attributes.Text("coordinate_transformation_mode", "half_pixel");
        if (transformation == "tf_crop_and_resize")
        {
            return node.Refuse("tf_crop_and_resize cuts out a region (roi); Strata resizes whole maps");
        }

        if (!node.IsConstantOrAbsent(2) || !node.IsConstantOrAbsent(3))
        {
            return false;
        }

        int[] axes = node.Attributes.Integers("axes") is { Length: > 0 } list
            ? [.. list.Select(axis => Shapes.Axis(axis, node.Rank))]
            : [.. Enumerable.Range(0, node.Rank)];
        long[] sizes;
        float[] scales;
        if (node.Integers(3) is { Length: > 0 } givenSizes)
        {
            sizes = [.. node.X.Shape.Select(extent => (long)extent)];
            Spread(givenSizes, axes, sizes);
            if (node.FileBatch > 1 && sizes[0] == node.FileBatch)
            {
                sizes[0] = node.X.Shape[0];
            }

            scales = Scales(node, axes, sizes);
        }
        else
        {
            scales = [.. node.X.Shape.Select(_ => 1f)];
            float[] given = node.Floats(2) is { Length: > 0 } factors ? factors
                : throw new ReadingException("it has neither scales nor sizes");
            Spread(given, axes, scales);
            sizes = Sizes(node, scales);
        }

        Attributes attributes = new()
        {
            { "mode", node.Attributes.Text("mode", "nearest") },
            { "coordinate_transformation_mode", transformation },
            { "nearest_mode", node.Attributes.Choice("nearest_mode", "round_prefer_floor", "round_prefer_ceil", "floor", "ceil") },
            { "cubic_coeff_a", node.Attributes.Float("cubic_coeff_a", -0.75f) },
            { "exclude_outside", node.Attributes.Integer("exclude_outside") != 0 },
        };
        if (node.Attributes.Integer("antialias") != 0)
        {
            attributes.Add("antialias", true);
        }

        return Give(node, sizes, scales, attributes);
    }

    private static bool Give(NodeReading node, long[] sizes, float[] scales, Attributes attributes)
    {
        int[] shape = Shapes.Checked(sizes);
        if (scales.All(scale => scale == 1))
        {
            return node.Give(node.X);
        }

        if (Shapes.Count(shape) == 0)
        {
            throw new ReadingException($"its output would have the shape {Shapes.Text(shape)}");
        }

        if (NodeReading.IsQuantized(node.X) && (string)attributes["mode"] != "nearest")
        {
            return node.Refuse("it leaves fractions of integers away");
        }

        bool hasLayer = (long)attributes["exclude_outside"] == 0 && !(attributes.ContainsKey("antialias") && scales.Any(scale => scale < 1))
            && (string)attributes["coordinate_transformation_mode"] != "tf_half_pixel_for_nn";
        if (!hasLayer && node.X.Constant is null)
        {
            return ByMatrices(node, shape, scales, attributes);
        }

        attributes.Add("sizes", sizes);
        attributes.Add("scales", scales);
        return node.Give(node.Emit("Resize", [node.X], shape, attributes));
    }

    /// <summary>What no layer does is a product with a constant matrix for each axis.</summary>
    private static bool ByMatrices(NodeReading node, int[] shape, float[] scales, Attributes attributes)
    {
        int[] axes = [.. Enumerable.Range(0, node.Rank).Where(axis => scales[axis] != 1)];
        string mode = (string)attributes["mode"], coordinates = (string)attributes["coordinate_transformation_mode"];
        bool isKnown = mode is "linear" or "cubic" || (mode == "nearest" && !attributes.ContainsKey("antialias"));
        if (axes[0] < Math.Max(2, node.Rank - 2) || !isKnown || !ResizedPlaces.Coordinates.Contains(coordinates))
        {
            return node.Refuse($"it has exclude_outside or antialias in mode '{mode}', {coordinates}, along {axes.Length} axes");
        }

        var evaluation = new Evaluation([], shape, attributes);
        OnnxValue x = node.X;
        foreach (int axis in axes)
        {
            (int from, int to) = (x.Shape[axis], shape[axis]);
            if (!node.Emitter.Budget.Spend(2 * sizeof(double) * (long)from * to, (long)from * to))
            {
                return node.Refuse($"its matrix of {to}×{from} is larger than what is computed while reading");
            }

            OnnxValue weights = NodeReading.Known([to, from], ResizedPlaces.Matrix(evaluation, from, to, scales[axis]));
            int[] extents = [.. x.Shape.Select((extent, index) => index == axis ? to : extent)];
            x = node.Emit("MatMul", axis == node.Rank - 1 ? [x, ShapeRules.Transposed(node, weights, [1, 0])] : [weights, x], extents);
        }

        return node.Give(x);
    }

    private static void Spread<T>(T[] given, int[] axes, T[] all)
    {
        if (given.Length != axes.Length)
        {
            throw new ReadingException($"{given.Length} sizes or scales for {axes.Length} axes");
        }

        for (int index = 0; index < axes.Length; index++)
        {
            all[axes[index]] = given[index];
        }
    }

    private static long[] Sizes(NodeReading node, float[] scales)
    {
        if (scales.Length != node.Rank || scales.Any(scale => !(scale > 0) || scale > int.MaxValue))
        {
            throw new ReadingException($"the scales {Shapes.Text(scales)} for {node.Rank} axes");
        }

        return [.. node.X.Shape.Select((extent, axis) => (long)MathF.Floor(extent * scales[axis]))];
    }

    /// <summary>The factors of given sizes. A policy may change the sizes so that the picture keeps its proportions.</summary>
    private static float[] Scales(NodeReading node, int[] axes, long[] sizes)
    {
        if (sizes.Any(size => size < 1) || node.X.Shape.Contains(0))
        {
            throw new ReadingException($"the sizes {Shapes.Text(sizes)}");
        }

        float[] scales = [.. sizes.Select((size, axis) => (float)size / node.X.Shape[axis])];
        string policy = node.Attributes.Choice("keep_aspect_ratio_policy", "stretch", "not_larger", "not_smaller");
        if (policy != "stretch")
        {
            float scale = policy == "not_larger" ? axes.Min(axis => scales[axis]) : axes.Max(axis => scales[axis]);
            foreach (int axis in axes)
            {
                scales[axis] = scale;
                sizes[axis] = (long)MathF.Round(scale * node.X.Shape[axis], MidpointRounding.AwayFromZero);
            }
        }

        return scales;
    }
}
