using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Model;

namespace Strata.Onnx.Reading;

/// <summary>Layers that go along a sequence with a state.</summary>
internal static class RecurrentRules
{
    public static IEnumerable<KeyValuePair<string, Rule>> All { get; } =
    [
        KeyValuePair.Create<string, Rule>("LSTM", node => Recurrent(node, gates: 4, ["Sigmoid", "Tanh", "Tanh"])),
        KeyValuePair.Create<string, Rule>("GRU", node => Recurrent(node, gates: 3, ["Sigmoid", "Tanh"])),
    ];

    /// <summary>What the page about normal form says of the nodes that come of these rules.</summary>
    public static IEnumerable<NormalRow> Rows => [new("`LSTM`, `GRU`", "x, w, r, [b]; steps come first, then the batch")];

    private static bool Recurrent(NodeReading node, int gates, string[] functions)
    {
        OnnxValue x = node.X, weights = node.Required(1), recurrent = node.Required(2);
        if (x.Shape.Count != 3 || weights.Shape.Count != 3 || recurrent.Shape.Count != 3 || weights.Shape[2] != x.Shape[2]
            || weights.Shape[1] % gates != 0)
        {
            throw new ReadingException(
                $"a sequence of {Shapes.Text(x.Shape)} with weights of {Shapes.Text(weights.Shape)} and {Shapes.Text(recurrent.Shape)}");
        }

        int directions = weights.Shape[0], hidden = weights.Shape[1] / gates;
        return IsPlain(node, directions, functions)
            && node.Give(node.Emit(
                node.Operator, [x, weights, recurrent, node.Optional(3)], [x.Shape[0], directions, x.Shape[1], hidden]));
    }

    /// <summary>Whether the node has only what a layer has; else it is said why it has no normal form.</summary>
    private static bool IsPlain(NodeReading node, int directions, string[] functions)
    {
        NodeAttributes attributes = node.Attributes;
        string[] wanted = [.. Enumerable.Repeat(functions, directions).SelectMany(one => one)];
        return (attributes.Integer("layout") == 0 || node.Refuse("its batch comes before its steps (layout = 1)"))
            && (attributes.Text("direction", "forward") is not "reverse" || node.Refuse("it only goes backwards"))
            && (attributes.Strings("activations") is not { } used
                || used.SequenceEqual(wanted, StringComparer.OrdinalIgnoreCase) || node.Refuse("its gates have other functions"))
            && (!attributes.Has("clip") || node.Refuse("it limits its sums (clip)"))
            && (node.Operator != "GRU" || attributes.Integer("linear_before_reset") != 0
                || node.Refuse("its reset gate is before the product with the state (linear_before_reset = 0)"))
            && (attributes.Integer("input_forget") == 0 || node.Refuse("its input and forget gates are one"))
            && (node.Optional(4) is null || node.Refuse("its sequences have lengths of their own"))
            && Enumerable.Range(5, 2).All(state => node.Optional(state) is null || IsZero(node.Optional(state)!)
                || node.Refuse("its first state is not 0"))
            && (node.Optional(7) is null || IsZero(node.Optional(7)!) || node.Refuse("it has peepholes"))
            && (!node.IsRead.Skip(1).Any(isRead => isRead) || node.Refuse("its last state is an output of its own"));
    }

    private static bool IsZero(OnnxValue value) =>
        value.Constant is { IsFloat: true } constant && Array.TrueForAll(constant.Floats, one => one == 0);
}
