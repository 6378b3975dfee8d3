using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Layers;
using Strata.Onnx.Model;
using Strata.Onnx.Nodes;

namespace Strata.Onnx.Operators;

/// <summary>Layers that go along a sequence with a state.</summary>
internal static class Recurrents
{
    /// <summary>For each gate in PyTorch's order, its place in ONNX's.</summary>
    private static readonly int[] OfLSTM = [0, 2, 3, 1], OfGRU = [1, 0, 2];

    /// <summary>Nodes that become layers.</summary>
    public static readonly Dictionary<string, NodeForm> In = new(StringComparer.Ordinal)
    {
        ["LSTM"] = (layers, node) => Add(layers, node, OfLSTM),
        ["GRU"] = (layers, node) => Add(layers, node, OfGRU),
    };

    /// <summary>Layers that become nodes.</summary>
    public static IEnumerable<(string Kind, LayerForm Form)> Out =>
    [
        ("LSTM", nodes => Write(nodes, OfLSTM)),
        ("GRU", nodes => Write(nodes, OfGRU, NodeAttribute.Create("linear_before_reset", 1))),
    ];

    public static IEnumerable<PageRow> InRows =>
    [
        new("`LSTM`, `GRU` with a first state of 0, forwards, backwards or both; all states or the last one", "`[LSTM]`, `[GRU]`"),
        new(
            "`LSTM`, `GRU` with other states, peepholes, or a last cell state that is read; `RNN`; up to 64 steps",
            "the arithmetic of each step, with weights of its own: `[Dense]`, `[Sigmoid]`, `[Multiply]`, …"),
    ];

    public static IEnumerable<PageRow> OutRows => [new("`[LSTM]`, `[GRU]`", "`LSTM`, `GRU` between `Transpose`s")];

    private static void Add(LayerBuilder layers, OnnxNode node, int[] gates)
    {
        View view = layers.ViewOf(node.Input);
        if (node.Input.Shape[1] != 1)
        {
            throw new UnsupportedException("it goes along the samples of the batch");
        }

        OnnxConstant weights = ConstantOf(node, 1), recurrent = ConstantOf(node, 2);
        OnnxConstant? bias = node.Inputs.Count > 3 && node.Inputs[3] is not null ? ConstantOf(node, 3) : null;
        int directions = weights.Shape[0], hidden = weights.Shape[1] / gates.Length, features = weights.Shape[2];
        int length = node.Input.Shape[0];
        LayerTensor tokens = layers.Shaped(layers.Ordered(view, [view.Axes[2], view.Axes[0]]), [features, length]);
        var parameters = new List<LayerParameter>();
        for (int direction = 0; direction < directions; direction++)
        {
            string end = direction == 0 ? "_l0" : "_l0_reverse";
            int rows = gates.Length * hidden, own = direction;
            parameters.Add(Of(weights, "weight_ih" + end, [rows, features], own * rows, features));
            parameters.Add(Of(recurrent, "weight_hh" + end, [rows, hidden], own * rows, hidden));
            if (bias is not null)
            {
                parameters.Add(Of(bias, "bias_ih" + end, [rows], 2 * own * rows, 1));
                parameters.Add(Of(bias, "bias_hh" + end, [rows], ((2 * own) + 1) * rows, 1));
            }
        }

        // The rows from one on. They have no key: their gates are in another order.
        LayerParameter Of(OnnxConstant constant, string suffix, int[] shape, int first, int columns) =>
            new(suffix, shape, () => Rows(constant, first, gates, hidden, columns), "") { Origin = () => constant.Origin };

        LayerTensor states = layers.Add(
            node.Operator, tokens,
            [new(null, hidden), new("Bidirectional", directions == 2), new("Bias", bias is not null)], parameters, weights);
        layers.Set(node.Output, directions == 1
            ? new View(states, [1, -1, -1, 0]) : new View(layers.Shaped(states, [2, hidden, length]), [2, 0, -1, 1]));
    }

    private static OnnxConstant ConstantOf(OnnxNode node, int input) => node.Inputs[input]!.Constant
        ?? throw new UnsupportedException("its weights depend on the input");

    /// <summary>The rows of a matrix from one on, gate by gate in PyTorch's order.</summary>
    private static float[] Rows(OnnxConstant constant, int first, int[] gates, int hidden, int columns) =>
        [.. gates.SelectMany(gate => constant.Floats.Skip((first + (gate * hidden)) * columns).Take(hidden * columns))];

    private static string Write(LayerNodes nodes, int[] gates, params IEnumerable<Schema.AttributeProto> attributes)
    {
        SavedLayer layer = nodes.Layer;
        int hidden = layer.Argument<int>("hidden"), count = layer.Argument<int>("Layers");
        string[] ends = layer.Argument<bool>("Bidirectional") ? ["", "_reverse"] : [""];
        Schema.AttributeProto[] all =
        [
            NodeAttribute.Create("hidden_size", hidden),
            NodeAttribute.Create("direction", ends.Length == 2 ? "bidirectional" : "forward"),
            .. attributes,
        ];
        string steps = nodes.Transpose(nodes.Input, 2, 0, 1);
        for (int number = 0; number < count; number++)
        {
            string Of(params string[] names) => Concatenated(nodes, 0, [.. ends.Select(end => Concatenated(
                nodes, 1, [.. names.Select(name => Ordered(nodes, $"{name}_l{number}{end}", gates, hidden))]))]);
            string bias = layer.Argument<bool>("Bias") ? Of("bias_ih", "bias_hh") : "";
            string states = nodes.Node(layer.Kind, [steps, Of("weight_ih"), Of("weight_hh"), bias], all);
            steps = nodes.Node(
                "Reshape", [nodes.Transpose(states, 0, 2, 1, 3), nodes.Integers("states", 0, 0, ends.Length * hidden)]);
        }

        return nodes.Transpose(steps, 1, 2, 0);
    }

    /// <summary>A parameter with its gates in ONNX's order, and an axis for the directions.</summary>
    private static string Ordered(LayerNodes nodes, string suffix, int[] gates, int hidden)
    {
        ParameterInfo parameter = nodes.Layer.Parameters[suffix];
        string tensor = nodes.Parameter(suffix, [1, .. parameter.Shape]);
        return Concatenated(nodes, 1, [.. Enumerable.Range(0, gates.Length).Select(place => Array.IndexOf(gates, place))
            .Select(gate => nodes.Slice(tensor, [1], [gate * hidden], [(gate + 1) * hidden]))]);
    }

    private static string Concatenated(LayerNodes nodes, int axis, string[] parts) =>
        parts.Length == 1 ? parts[0] : nodes.Node("Concat", parts, NodeAttribute.Create("axis", axis));
}
