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

        if (Unsaid(node, functions, directions, steps) is { } unsaid)
        {
            return node.Refuse(unsaid);
        }

        OnnxValue sequence, last;
        OnnxValue? cell = null;
        if (Missing(node, functions, directions) is not { } missing)
        {
            OnnxValue turned = direction == "reverse" ? SelectionRules.Turned(node, x, 0) : x;
            OnnxValue states = node.Emit(
                node.Operator, [turned, weights, recurrent, node.Optional(3)], [steps, directions, batch, hidden]);
            OnnxValue end = SelectionRules.Element(node, states, 0, steps - 1, keeps: false);
            last = directions == 1 ? end : JoiningRules.Joined(
                node, [SelectionRules.Run(node, end, 0, 0, 1),
                SelectionRules.Run(node, SelectionRules.Element(node, states, 0, 0, keeps: false), 0, 1, 1)], 0);
            sequence = direction == "reverse" ? SelectionRules.Turned(node, states, 0) : states;
        }
        else if (steps > MostSteps || (long)steps * recurrent.Constant!.Count > MostWeights)
        {
            return node.Refuse($"{missing}; only up to {MostSteps} steps of {MostWeights:N0} weights are written out");
        }
        else
        {
            Direction[] all = [.. Enumerable.Range(0, directions).Select(number => WrittenOut(
                node, x, number, hidden, isTurned: direction == "reverse" || number == 1))];
            sequence = JoiningRules.Stacked(node, [.. all.Select(one => JoiningRules.Stacked(node, one.States, 0))], 1);
            last = JoiningRules.Stacked(node, [.. all.Select(one => one.Last)], 0);
            cell = node.Operator == "LSTM" ? JoiningRules.Stacked(node, [.. all.Select(one => one.Cell!)], 0) : null;
        }

        OnnxValue Ordered(OnnxValue state) => batchFirst ? ShapeRules.Transposed(node, state, [1, 0, 2]) : state;
        sequence = batchFirst ? ShapeRules.Transposed(node, sequence, [2, 0, 1, 3]) : sequence;
        return node.Give(sequence, Ordered(last), cell is null ? null : Ordered(cell));
    }

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
    private static string? Missing(NodeReading node, string[] functions, int directions) =>
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

    /// <summary>What comes of a direction: the states in the order of the sequence, the last one, and the last state of the cell.</summary>
    private sealed record Direction(OnnxValue[] States, OnnxValue Last, OnnxValue? Cell);

    private static Direction WrittenOut(NodeReading node, OnnxValue x, int number, int hidden, bool isTurned)
    {
        int steps = x.Shape[0], batch = x.Shape[1], gates = node.Required(1).Shape[1] / hidden;
        OnnxValue Own(OnnxValue value) => SelectionRules.Element(node, value, 0, number, keeps: false);
        OnnxValue Pair(string @operator, OnnxValue one, OnnxValue other) => ElementwiseRules.Pair(node, @operator, one, other);
        OnnxValue Add(OnnxValue one, OnnxValue? other) => other is null ? one : Pair("Add", one, other);
        OnnxValue Apply(string function, OnnxValue value) => node.Emit(function, [value], value.Shape);
        OnnxValue Turned(OnnxValue matrix) => ShapeRules.Transposed(node, matrix, [1, 0]);
        OnnxValue Part(OnnxValue value, int gate) => SelectionRules.Run(node, value, value.Shape.Count - 1, gate * hidden, hidden);
        OnnxValue? bias = node.Optional(3) is { } both ? Own(both) : null;
        OnnxValue? OfInput() => bias is null ? null : SelectionRules.Run(node, bias, 0, 0, gates * hidden);
        OnnxValue? OfState() => bias is null ? null : SelectionRules.Run(node, bias, 0, gates * hidden, gates * hidden);
        OnnxValue First(int input) => node.Optional(input) is not { } given ? ShapeRules.Expanded(
                node, NodeReading.Known([1, 1], 0f), [batch, hidden])
            : given.Shape.Count != 3 ? throw new ReadingException($"a first state of {Shapes.Text(given.Shape)}")
            : node.Attributes.Integer("layout") == 0 ? Own(given) : SelectionRules.Element(node, given, 1, number, keeps: false);

        // The products with the inputs are one of all steps.
        OnnxValue inputs = Add(ProductRules.Product(node, x, Turned(Own(node.Required(1)))), OfInput());
        OnnxValue recurrent = Turned(Own(node.Required(2))), state = First(5);
        OnnxValue? cell = node.Operator == "LSTM" ? First(6) : null, peepholes = node.Optional(7) is { } given ? Own(given) : null;
        var states = new OnnxValue[steps];
        for (int step = 0; step < steps; step++)
        {
            int place = isTurned ? steps - 1 - step : step;
            OnnxValue input = SelectionRules.Element(node, inputs, 0, place, keeps: false);
            OnnxValue FromState(OnnxValue of, int gate, int count) => Add(
                ProductRules.Product(node, of, SelectionRules.Run(node, recurrent, 1, gate * hidden, count * hidden)),
                OfState() is { } own ? SelectionRules.Run(node, own, 0, gate * hidden, count * hidden) : null);
            switch (node.Operator)
            {
                case "RNN":
                    state = Apply(
                        node.Attributes.Strings("activations") is { Length: > 0 } functions ? functions[number] : "Tanh",
                        Pair("Add", input, FromState(state, 0, 1)));
                    break;
                case "GRU":
                    OnnxValue open = Apply("Sigmoid", Pair(
                        "Add", SelectionRules.Run(node, input, 1, 0, 2 * hidden), FromState(state, 0, 2)));
                    OnnxValue update = Part(open, 0), reset = Part(open, 1);
                    OnnxValue before = node.Attributes.Integer("linear_before_reset") != 0 ? Pair("Mul", reset, FromState(state, 2, 1))
                        : FromState(Pair("Mul", reset, state), 2, 1);
                    OnnxValue fresh = Apply("Tanh", Pair("Add", Part(input, 2), before));

                    // (1 − z)·h + z·state
                    state = Pair("Add", fresh, Pair("Mul", update, Pair("Sub", state, fresh)));
                    break;
                default:
                    OnnxValue sums = Pair("Add", input, FromState(state, 0, 4));
                    OnnxValue Gate(int gate, OnnxValue from, int peephole) => Apply("Sigmoid", Add(
                        Part(sums, gate), peepholes is null ? null : Pair("Mul", from, Part(peepholes, peephole))));
                    OnnxValue kept = Pair("Mul", Gate(2, cell!, 2), cell!);
                    OnnxValue added = Pair("Mul", Gate(0, cell!, 0), Apply("Tanh", Part(sums, 3)));
                    cell = Pair("Add", kept, added);
                    state = Pair("Mul", Gate(1, cell, 1), Apply("Tanh", cell));
                    break;
            }

            states[place] = state;
        }

        return new Direction(states, state, cell);
    }
}
