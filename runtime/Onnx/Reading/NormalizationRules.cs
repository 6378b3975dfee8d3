using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Model;

namespace Strata.Onnx.Reading;

/// <summary>Normalisations. None changes the shape.</summary>
internal static class NormalizationRules
{
    /// <summary>The momentum of batch norms that the file does not give: the share of the old statistics.</summary>
    private const float UsualMomentum = 0.9f;

    /// <summary>The smallest float with all of its digits.</summary>
    private const float SmallestNorm = 1.17549435e-38f;

    public static IEnumerable<KeyValuePair<string, Rule>> All { get; } =
    [
        KeyValuePair.Create<string, Rule>("BatchNormalization", BatchNormalization),
        KeyValuePair.Create<string, Rule>("InstanceNormalization", InstanceNormalization),
        KeyValuePair.Create<string, Rule>("LayerNormalization", LayerNormalization),
        KeyValuePair.Create<string, Rule>("RMSNormalization", RootMeanSquare),
        KeyValuePair.Create<string, Rule>("SimplifiedLayerNormalization", RootMeanSquare),
        KeyValuePair.Create<string, Rule>("GroupNormalization", GroupNormalization),
        KeyValuePair.Create<string, Rule>("LRN", Lrn),
        KeyValuePair.Create<string, Rule>("LpNormalization", LpNormalization),
        KeyValuePair.Create<string, Rule>("MeanVarianceNormalization", MeanVarianceNormalization),
    ];

    /// <summary>What the page about normal form says of the nodes that come of these rules.</summary>
    public static IEnumerable<NormalRow> Rows =>
    [
        new("`BatchNormalization`", "x, scale, bias, mean, variance", "`epsilon`, [`momentum`]", "one output; a momentum that is not 0.9"),
        new("`InstanceNormalization`", "x, scale, bias", "`epsilon`"),
        new("`LayerNormalization`", "x, scale, [bias]", "`axis`, `epsilon`"),
        new("`GroupNormalization`", "x, scale, bias (one for each channel)", "`num_groups`, `epsilon`"),
        new("`LRN`", "x", "`size`, `alpha`, `beta`, `bias`"),
        new("`MeanVarianceNormalization`", "x", "`axes`"),
    ];

    /// <summary>What these rules leave out.</summary>
    public static IEnumerable<string> Gone =>
    [
        "`RMSNormalization`, `LpNormalization`, and `MeanVarianceNormalization` over other axes than pixels, which are arithmetic",
        "outputs that nothing reads, such as a dropout's mask and a batch norm's statistics",
    ];

    private static bool BatchNormalization(NodeReading node)
    {
        if (node.Opset < 9 && node.Attributes.Integer("spatial", 1) == 0 && node.Rank > 2)
        {
            return node.Refuse("spatial is 0, so each pixel has statistics of its own; a batch norm of Strata has those of channels");
        }

        if (node.IsRead.Skip(1).Any(read => read))
        {
            return node.Refuse("its statistics are read; a batch norm of Strata has one output");
        }

        // Before operator set 14, what trains has the statistics as further outputs.
        if (node.Opset >= 14 ? node.Attributes.Integer("training_mode") != 0 : node.IsRead.Length > 1)
        {
            if (node.X.Constant is not null)
            {
                // Weights that are standardised by their own mean and deviation, in inference, too.
                return node.X.Shape is [1, _, _, ..] ? InstanceNormalization(node)
                    : node.Refuse("it normalises several constants together, with their own statistics");
            }

            node.Emitter.CountTraining(node.Operator);
        }

        OnnxValue?[] parameters = [.. Enumerable.Range(1, 4).Select(index => (OnnxValue?)PerChannel(node, index))];
        Attributes attributes = Epsilon(node);
        if (node.Attributes.Float("momentum", UsualMomentum) is var momentum && !momentum.Equals(UsualMomentum))
        {
            // Only training reads it.
            attributes.Add("momentum", momentum);
        }

        return node.Give(node.Emit("BatchNormalization", [node.X, .. parameters], node.X.Shape, attributes));
    }

    private static bool InstanceNormalization(NodeReading node)
    {
        CheckPixels(node);
        return node.Give(node.Emit(
            "InstanceNormalization", [node.X, PerChannel(node, 1), PerChannel(node, 2)], node.X.Shape, Epsilon(node)));
    }

    private static bool LayerNormalization(NodeReading node)
    {
        int axis = Shapes.Axis(node.Attributes.Integer("axis", -1), node.Rank);
        OnnxValue result = LayerNormalized(node, node.X, axis, node.Required(1), node.Optional(2), 1e-5f);
        return node.Give(node.IsRead.Skip(1).Any(read => read) ? [result, .. Statistics(node, axis)] : [result]);
    }

    public static OnnxValue LayerNormalized(
        NodeReading node, OnnxValue x, int axis, OnnxValue scale, OnnxValue? bias, float usualEpsilon)
    {
        int[] normalised = [.. x.Shape.Skip(axis)];
        return node.Emit(
            "LayerNormalization", [x, Fitted(node, scale, normalised), bias is null ? null : Fitted(node, bias, normalised)], x.Shape,
            new() { { "epsilon", node.Attributes.Float("epsilon", usualEpsilon) }, { "axis", axis } });
    }

    /// <summary>The mean, and one by the deviation.</summary>
    private static OnnxValue[] Statistics(NodeReading node, int axis)
    {
        int[] axes = [.. Enumerable.Range(axis, node.Rank - axis)];
        OnnxValue mean = Mean(node, node.X, axes), apart = ElementwiseRules.Pair(node, "Sub", node.X, mean);
        OnnxValue variance = Mean(node, ElementwiseRules.Pair(node, "Mul", apart, apart), axes);
        return [mean, node.Emit("Reciprocal", [Root(node, variance, node.Attributes.Float("epsilon", 1e-5f))], mean.Shape)];
    }

    /// <summary>The parameter in the shape of the normalised axes, to which it broadcasts.</summary>
    private static OnnxValue Fitted(NodeReading node, OnnxValue value, int[] shape) =>
        Shapes.Broadcast(value.Shape, shape) is var all && Shapes.Count(all) == Shapes.Count(shape)
            ? ShapeRules.Expanded(node, value, shape)
            : throw new ReadingException($"a parameter has the shape {Shapes.Text(value.Shape)}, and {Shapes.Text(shape)} is normalised");

    private static bool RootMeanSquare(NodeReading node)
    {
        int axis = Shapes.Axis(node.Attributes.Integer("axis", -1), node.Rank);
        if (node.IsRead.Skip(1).Any(read => read))
        {
            return node.Refuse("another output than its first is read");
        }

        OnnxValue squares = Mean(node, ElementwiseRules.Pair(node, "Mul", node.X, node.X), [.. Enumerable.Range(axis, node.Rank - axis)]);
        OnnxValue normal = ElementwiseRules.Pair(node, "Div", node.X, Root(node, squares, node.Attributes.Float("epsilon", 1e-5f)));
        OnnxValue scale = Fitted(node, node.Required(1), [.. node.X.Shape.Skip(axis)]);
        return node.Give(ElementwiseRules.Pair(node, "Mul", normal, scale));
    }

    private static OnnxValue Mean(NodeReading node, OnnxValue x, int[] axes) => ReductionRules.Reduced(
        node, "ReduceMean", x, axes, [.. x.Shape.Select((extent, i) => axes.Contains(i) ? 1 : extent)], keep: true);

    private static OnnxValue Root(NodeReading node, OnnxValue variance, float epsilon)
    {
        OnnxValue sum = ElementwiseRules.Pair(node, "Add", variance, NodeReading.Known([], epsilon));
        return node.Emit("Sqrt", [sum], sum.Shape);
    }

    private static bool GroupNormalization(NodeReading node)
    {
        long groups = node.Attributes.Integer("num_groups");
        if (node.Rank < 2 || groups < 1 || node.X.Shape[1] % groups != 0)
        {
            throw new ReadingException($"{groups} groups of an input with the shape {Shapes.Text(node.X.Shape)}");
        }

        int channels = node.X.Shape[1], count = (int)groups;
        OnnxValue?[] parameters = new OnnxValue?[2];
        for (int index = 0; index < 2; index++)
        {
            OnnxValue value = node.Required(index + 1);
            // Operator set 18 has one number for each group.
            if (node.Opset < 21 && value.Shape.Count == 1 && value.Shape[0] == count && count != channels)
            {
                OnnxValue column = node.Reshaped(value, [count, 1]);
                value = node.Reshaped(ShapeRules.Expanded(node, column, [count, channels / count]), [channels]);
            }

            parameters[index] = value.Shape.SequenceEqual([channels]) ? value : throw Mismatch(node, value);
        }

        Attributes attributes = Epsilon(node);
        attributes.Add("num_groups", groups);
        return node.Give(node.Emit("GroupNormalization", [node.X, .. parameters], node.X.Shape, attributes));
    }

    private static bool Lrn(NodeReading node)
    {
        CheckPixels(node);
        long size = node.Attributes.Integer("size");
        if (size is < 1 or > int.MaxValue)
        {
            throw new ReadingException($"its size is {size}");
        }

        return node.Give(node.Emit("LRN", [node.X], node.X.Shape, new()
        {
            { "size", size },
            { "alpha", node.Attributes.Float("alpha", 0.0001f) },
            { "beta", node.Attributes.Float("beta", 0.75f) },
            { "bias", node.Attributes.Float("bias", 1) },
        }));
    }

    private static void CheckPixels(NodeReading node)
    {
        if (node.Rank < 3)
        {
            throw new ReadingException($"its input of the shape {Shapes.Text(node.X.Shape)} has no pixels");
        }
    }

    /// <summary>A norm of 0 leaves zeros.</summary>
    private static bool LpNormalization(NodeReading node)
    {
        int axis = Shapes.Axis(node.Attributes.Integer("axis", -1), node.Rank);
        long p = node.Attributes.Integer("p", 2) is (1 or 2) and var given ? given : throw new ReadingException("its p is neither 1 nor 2");
        int[] shape = [.. node.X.Shape.Select((extent, i) => i == axis ? 1 : extent)];
        OnnxValue norm = ReductionRules.Reduced(node, p == 1 ? "ReduceL1" : "ReduceL2", node.X, [axis], shape, keep: true);
        OnnxValue divisor = ElementwiseRules.Pair(node, "Max", norm, NodeReading.Known([], SmallestNorm));
        return node.Give(ElementwiseRules.Pair(node, "Div", node.X, divisor));
    }

    private static bool MeanVarianceNormalization(NodeReading node)
    {
        int[] axes = Shapes.Axes(node.Attributes.Integers("axes") ?? [0, 2, 3], node.Rank);
        if (axes.Where(axis => axis > 1).SequenceEqual(Enumerable.Range(2, Math.Max(0, node.Rank - 2))) && !axes.Contains(1)
            && (!axes.Contains(0) || node.X.Shape[0] == 1))
        {
            return node.Give(node.Emit("MeanVarianceNormalization", [node.X], node.X.Shape, new() { { "axes", axes } }));
        }

        OnnxValue apart = ElementwiseRules.Pair(node, "Sub", node.X, Mean(node, node.X, axes));
        OnnxValue variance = Mean(node, ElementwiseRules.Pair(node, "Mul", apart, apart), axes);
        OnnxValue deviation = ElementwiseRules.Pair(
            node, "Add", node.Emit("Sqrt", [variance], variance.Shape), NodeReading.Known([], 1e-9f));
        return node.Give(ElementwiseRules.Pair(node, "Div", apart, deviation));
    }

    private static Attributes Epsilon(NodeReading node) => new() { { "epsilon", node.Attributes.Float("epsilon", 1e-5f) } };

    private static OnnxValue PerChannel(NodeReading node, int index)
    {
        OnnxValue value = node.Required(index);
        int channels = node.Rank > 1 ? node.X.Shape[1] : 1;
        return value.Shape.SequenceEqual([channels]) ? value : throw Mismatch(node, value);
    }

    private static ReadingException Mismatch(NodeReading node, OnnxValue value) =>
        new($"its input has the shape {Shapes.Text(node.X.Shape)}, and a parameter has {Shapes.Text(value.Shape)}");
}
