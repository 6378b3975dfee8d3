using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Model;

namespace Strata.Onnx.Reading;

/// <summary>Sequences of tensors. Their elements are known one by one, so that nothing is left of a sequence.</summary>
internal static class SequenceRules
{
    public static IEnumerable<KeyValuePair<string, Rule>> All { get; } =
    [
        KeyValuePair.Create<string, Rule>("SequenceEmpty", node => Give(node, [])),
        KeyValuePair.Create<string, Rule>("SequenceConstruct", node => Give(
            node, [.. Enumerable.Range(0, node.Inputs.Length).Select(node.Required)])),
        KeyValuePair.Create<string, Rule>("SequenceInsert", node => PlaceOf(node, 2, isEnd: true) is { } place
            && Give(node, [.. Items(node).Take(place), node.Required(1), .. Items(node).Skip(place)])),
        KeyValuePair.Create<string, Rule>("SequenceErase", node => PlaceOf(node, 1, isEnd: false) is { } place
            && Give(node, [.. Items(node).Where((_, number) => number != place)])),
        KeyValuePair.Create<string, Rule>("SequenceAt", node => PlaceOf(node, 1, isEnd: false) is { } place
            && node.Give(Items(node)[place])),
        KeyValuePair.Create<string, Rule>("SequenceLength", node => node.Give(NodeReading.Known([], (long)Items(node).Count))),
        KeyValuePair.Create<string, Rule>("SplitToSequence", SplitToSequence),
        KeyValuePair.Create<string, Rule>("ConcatFromSequence", ConcatFromSequence),
    ];

    /// <summary>What these rules leave out.</summary>
    public static IEnumerable<string> Gone => ["sequences of tensors, where the places in them are constant"];

    /// <summary>Whether an operator reads sequences.</summary>
    public static bool Reads(string @operator) =>
        @operator is "Identity" or "Loop" or "If" || @operator.Contains("Sequence", StringComparison.Ordinal);

    private static IReadOnlyList<OnnxValue> Items(NodeReading node) =>
        node.X.Items ?? throw new ReadingException($"'{node.X.Name}' is no sequence");

    private static bool Give(NodeReading node, OnnxValue[] items)
    {
        if (Array.Find(items, item => item.Items is not null) is { } inner)
        {
            throw new ReadingException($"'{inner.Name}' is a sequence in a sequence");
        }

        node.Emitter.Budget.CountNodes(items.Length);
        node.Emitter.CountFolded(node.Operator);
        return node.Give(new OnnxValue("", []) { Items = items });
    }

    /// <summary>A place in the sequence; the last one, or that behind it, if it is left out. Null if it is refused.</summary>
    private static int? PlaceOf(NodeReading node, int input, bool isEnd)
    {
        int count = Items(node).Count + (isEnd ? 1 : 0);
        if (!node.IsConstantOrAbsent(input))
        {
            return null;
        }

        long place = node.Integers(input) is [var given, ..] ? (given < 0 ? given + Items(node).Count : given) : count - 1;
        return place >= 0 && place < count ? (int)place
            : throw new ReadingException($"place {place} in a sequence of {Items(node).Count} tensors");
    }

    private static bool SplitToSequence(NodeReading node)
    {
        if (!node.IsConstantOrAbsent(1))
        {
            return false;
        }

        int axis = Shapes.Axis(node.Attributes.Integer("axis"), node.Rank), extent = node.X.Shape[axis];
        bool isEach = node.Optional(1) is null, keeps = !isEach || node.Attributes.Integer("keepdims", 1) != 0;
        long[] sizes = isEach ? [1] : node.Integers(1)!;
        if (sizes.Any(size => size <= 0))
        {
            throw new ReadingException($"an extent of {extent} in parts of {Shapes.Text(sizes)}");
        }

        if (isEach || node.Required(1).Shape.Count == 0)
        {
            long count = (extent + sizes[0] - 1) / sizes[0];
            node.Emitter.Budget.CountNodes((int)count);
            sizes = [.. Enumerable.Range(0, (int)count).Select(number => Math.Min(sizes[0], extent - (number * sizes[0])))];
        }

        if (sizes.Sum() != extent)
        {
            throw new ReadingException($"an extent of {extent} in parts of {Shapes.Text(sizes)}");
        }

        var parts = new OnnxValue[sizes.Length];
        for (int number = 0, start = 0; number < sizes.Length; start += (int)sizes[number++])
        {
            parts[number] = keeps ? SelectionRules.Run(node, node.X, axis, start, (int)sizes[number])
                : SelectionRules.Element(node, node.X, axis, start, keeps: false);
        }

        return Give(node, parts);
    }

    private static bool ConcatFromSequence(NodeReading node)
    {
        OnnxValue[] items = [.. Items(node)];
        if (items.Length == 0)
        {
            return node.Refuse("its sequence is empty");
        }

        long axis = node.Attributes.Integer("axis");
        return node.Give(Array.Find(items, item => item.IsUnknown)
            ?? (node.Attributes.Integer("new_axis") != 0 ? JoiningRules.Stacked(node, items, axis) : JoiningRules.Joined(
                node, items, Shapes.Axis(axis, items[0].Shape.Count))));
    }
}
