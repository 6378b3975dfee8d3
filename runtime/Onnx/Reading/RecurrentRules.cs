using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Model;

namespace Strata.Onnx.Reading;

/// <summary>Layers that go along a sequence with a state. What no layer says is written out, step by step.</summary>
internal static class RecurrentRules
{
    /// <summary>More steps are not written out, nor more numbers: each step has weights of its own.</summary>
    private const int MostSteps = 64, MostWeights = 1 << 24;

    private static readonly string[] OfRNN = ["Tanh", "Relu", "Sigmoid"];

    public static IEnumerable<KeyValuePair<string, Rule>> All { get; } =
    [
        KeyValuePair.Create<string, Rule>("LSTM", node => Recurrent(node, gates: 4, ["Sigmoid", "Tanh", "Tanh"])),
        KeyValuePair.Create<string, Rule>("GRU", node => Recurrent(node, gates: 3, ["Sigmoid", "Tanh"])),
        KeyValuePair.Create<string, Rule>("RNN", node => Recurrent(node, gates: 1, ["Tanh"])),
    ];

    /// <summary>What the page about normal form says of the nodes that come of these rules.</summary>
    public static IEnumerable<NormalRow> Rows => [new("`LSTM`, `GRU`", "x, w, r, [b]; steps come first, then the batch")];

    /// <summary>What these rules leave out.</summary>
    public static IEnumerable<string> Gone =>
        [$"`LSTM` and `GRU` that no layer says, and `RNN`, up to {MostSteps} steps: the arithmetic of each step"];

    private static bool Recurrent(NodeReading node, int gates, string[] functions)
    {
        OnnxValue x = node.X, weights = node.Required(1), recurrent = node.Required(2);
        if (x.Shape.Count != 3 || weights.Shape.Count != 3 || recurrent.Shape.Count != 3 || weights.Shape[2] != x.Shape[2]
            || weights.Shape[1] % gates != 0 || weights.Shape[0] is not (1 or 2)
            || !recurrent.Shape.SequenceEqual([weights.Shape[0], weights.Shape[1], weights.Shape[1] / gates]))
        {
            throw new ReadingException(
                $"a sequence of {Shapes.Text(x.Shape)} with weights of {Shapes.Text(weights.Shape)} and {Shapes.Text(recurrent.Shape)}");
        }

        bool batchFirst = node.Attributes.Integer("layout") != 0;
        string direction = node.Attributes.Choice("direction", "forward", "reverse", "bidirectional");
        int directions = weights.Shape[0], hidden = weights.Shape[1] / gates;
        if (directions == 2 != (direction == "bidirectional"))
        {
            throw new ReadingException($"weights of {Shapes.Text(weights.Shape)} for the direction '{direction}'");
        }

        x = batchFirst ? ShapeRules.Transposed(node, x, [1, 0, 2]) : x;
        int steps = x.Shape[0], batch = x.Shape[1];
        if (steps < 1)
        {
            throw new ReadingException("its sequence has no steps");
        }

        CheckShape(node, 3, directions, 2 * weights.Shape[1]);
        CheckShape(node, 5, [.. batchFirst ? [batch, directions] : (int[])[directions, batch], hidden]);
        CheckShape(node, 6, [.. batchFirst ? [batch, directions] : (int[])[directions, batch], hidden]);
        CheckShape(node, 7, directions, 3 * hidden);
        if (Unsaid(node, functions, directions, steps) is { } unsaid)
        {
            return node.Refuse(unsaid);
        }

        string? missing = Missing(node);
        if (missing is not null && (steps > MostSteps || (long)steps * recurrent.Constant!.Count > MostWeights))
        {
            return node.Refuse($"{missing}; only up to {MostSteps} steps of {MostWeights:N0} weights are written out");
        }

        bool isTurned = direction == "reverse";
        OnnxValue?[] results = missing is null ? OfLayer(node, x, [steps, directions, batch, hidden], isTurned)
            : OfSteps(node, [.. Enumerable.Range(0, directions).Select(
                number => new RecurrentSteps(node, x, number, hidden, isTurned || number == 1))]);
        return node.Give([.. results.Select(result => result is null || !batchFirst ? result
            : ShapeRules.Transposed(node, result, result.Shape.Count == 4 ? [2, 0, 1, 3] : [1, 0, 2]))]);
    }

    private static void CheckShape(NodeReading node, int input, params int[] shape)
    {
        if (node.Optional(input) is { } value && !value.Shape.SequenceEqual(shape))
        {
            throw new ReadingException($"input {input} has the shape {Shapes.Text(value.Shape)}, not {Shapes.Text(shape)}");
        }
    }

    /// <summary>All states, and the last one of each direction.</summary>
    private static OnnxValue?[] OfLayer(NodeReading node, OnnxValue x, int[] shape, bool isTurned)
    {
        OnnxValue states = node.Emit(
            node.Operator, [isTurned ? SelectionRules.Turned(node, x, 0) : x, .. node.Inputs.Skip(1).Take(3)], shape);
        OnnxValue At(int step) => SelectionRules.Element(node, states, 0, step, keeps: false);
        OnnxValue last = At(shape[0] - 1);
        return
        [
            isTurned ? SelectionRules.Turned(node, states, 0) : states,
            shape[1] == 1 ? last
                : JoiningRules.Joined(node, [SelectionRules.Run(node, last, 0, 0, 1), SelectionRules.Run(node, At(0), 0, 1, 1)], 0),
        ];
    }

    /// <summary>All states, the last one of each direction, and the last states of the cells.</summary>
    private static OnnxValue?[] OfSteps(NodeReading node, RecurrentSteps[] directions) =>
    [
        JoiningRules.Stacked(node, [.. directions.Select(one => JoiningRules.Stacked(node, one.States, 0))], 1),
        JoiningRules.Stacked(node, [.. directions.Select(one => one.Last)], 0),
        node.Operator == "LSTM" ? JoiningRules.Stacked(node, [.. directions.Select(one => one.Cell!)], 0) : null,
    ];

    /// <summary>Why neither a layer nor arithmetic says the node; null if one does.</summary>
    private static string? Unsaid(NodeReading node, string[] functions, int directions, int steps)
    {
        NodeAttributes attributes = node.Attributes;
        string[] used = attributes.Strings("activations") ?? [];
        bool areUsual = used.Length == 0
            || used.SequenceEqual(Enumerable.Repeat(functions, directions).SelectMany(one => one), StringComparer.OrdinalIgnoreCase)
            || (node.Operator == "RNN" && used.Length == directions && used.All(OfRNN.Contains));
        return !areUsual ? "its gates have other functions"
            : attributes.Has("clip") ? "it limits its sums (clip)"
            : attributes.Integer("input_forget") != 0 ? "its input and forget gates are one"
            : node.Optional(4) is { } lengths && (lengths.Constant is not { IsFloat: false } own || own.Integers.Any(one => one != steps))
                ? "its sequences have lengths of their own"
            : node.Required(1).Constant is null || node.Required(2).Constant is null || node.Optional(3) is { Constant: null }
                ? "its weights depend on the input" : null;
    }

    /// <summary>What a layer does not say of the node; null if it says all.</summary>
    private static string? Missing(NodeReading node) =>
        node.Operator == "RNN" ? "Strata's recurrent layers are LSTM and GRU"
        : node.Operator == "GRU" && node.Attributes.Integer("linear_before_reset") == 0
            ? "its reset gate is before the product with the state (linear_before_reset = 0)"
        : Enumerable.Range(5, 2).Any(state => node.Optional(state) is { } value && !IsZero(value)) ? "its first state is not 0"
        : node.Optional(7) is { } peepholes && !IsZero(peepholes) ? "it has peepholes"
        : node.X.Constant is not null ? "it reads constants only"
        : node.Operator == "LSTM" && node.IsRead.Skip(2).Any(isRead => isRead) ? "its last cell state is an output of its own"
        : null;

    private static bool IsZero(OnnxValue value) =>
        value.Constant is { IsFloat: true } constant && Array.TrueForAll(constant.Floats, one => one == 0);
}
