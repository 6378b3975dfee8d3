using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Model;
using Strata.Onnx.Schema;

namespace Strata.Onnx.Reading;

/// <summary>Nodes with graphs in them. What is taken how often must follow from the file; then it is written out.</summary>
internal static class LoopRules
{
    /// <summary>More trips are no part of a network that is written out. All trips together count as nodes, too.</summary>
    private const int MostTrips = 1000;

    /// <summary>How far a condition is followed, to its inputs or to the one that a trip begins with.</summary>
    private const int MostSteps = 16, MostSeen = 1000;

    private static readonly string TooLong = $"it goes round more than {MostTrips} times; loops are written out";

    public static IEnumerable<KeyValuePair<string, Rule>> All { get; } =
    [
        KeyValuePair.Create<string, Rule>("If", If),
        KeyValuePair.Create<string, Rule>("Loop", Loop),
        KeyValuePair.Create<string, Rule>("Scan", Scan),
    ];

    /// <summary>What these rules leave out.</summary>
    public static IEnumerable<string> Gone =>
    [
        "`If` with a constant condition (the branch that is taken)",
        $"`Loop` and `Scan` of up to {MostTrips} trips (one body behind the other)",
    ];

    private static bool If(NodeReading node)
    {
        if (Truth(node, node.X) is not { } isTrue)
        {
            return node.Refuse($"its condition depends on {Cause(node.X)}");
        }

        node.Emitter.CountFolded("If");
        return node.Give(node.Inner(Body(node, isTrue ? "then_branch" : "else_branch"), []));
    }

    private static bool Loop(NodeReading node)
    {
        GraphProto body = Body(node, "body");
        OnnxValue? most = node.Optional(0), first = node.Optional(1);
        OnnxValue[] state = [.. Enumerable.Range(2, Math.Max(0, node.Inputs.Length - 2)).Select(node.Required)];
        int scanned = body.Output.Count - 1 - state.Length;
        if (body.Input.Count != 2 + state.Length || scanned < 0)
        {
            throw new ReadingException(
                $"its graph has {body.Input.Count} inputs and {body.Output.Count} outputs for {state.Length} states");
        }

        bool? goesOn = first is null ? true : Truth(node, first);
        if (goesOn is null || most is { Constant: null })
        {
            return node.Refuse($"how often it goes round depends on {Cause(goesOn is null ? first! : most!)}");
        }

        long trips = most is null ? long.MaxValue
            : node.Integers(0) is [var given] ? given : throw new ReadingException("it has no number of trips");
        if ((first is null && most is null) || (most is not null && trips > MostTrips && !EndsItself(body)))
        {
            return node.Refuse(TooLong);
        }

        List<OnnxValue>[] parts = [.. Enumerable.Range(0, scanned).Select(_ => new List<OnnxValue>())];
        for (int trip = 0; trip < trips && goesOn.Value; trip++)
        {
            if (trip == MostTrips)
            {
                return node.Refuse(TooLong);
            }

            OnnxValue[] results = node.Inner(
                body, [NodeReading.Known([], (long)trip), NodeReading.Truth(true), .. state], trip);
            if (Array.Find(results, one => one.IsUnknown) is { } unknown)
            {
                return GiveUnknown(node, unknown);
            }

            goesOn = Truth(node, results[0]);
            if (goesOn is null)
            {
                return node.Refuse($"how often it goes round depends on {Cause(results[0])}");
            }

            state = results[1..(1 + state.Length)];
            for (int k = 0; k < scanned; k++)
            {
                parts[k].Add(results[1 + state.Length + k]);
            }
        }

        node.Emitter.CountFolded("Loop");
        return GiveStacked(node, state, parts, _ => 0, _ => false);
    }

    /// <summary>Whether a body's condition is more than the one that it gets, so that a loop without a usual limit may end.</summary>
    private static bool EndsItself(GraphProto body)
    {
        string name = body.Output[0].Name;
        for (int step = 0; step < MostSteps && name != body.Input[1].Name; step++)
        {
            NodeProto? same = body.Node.FirstOrDefault(node => node.OpType == "Identity" && node.Output.Contains(name));
            name = same?.Input.FirstOrDefault() ?? name;
        }

        return name != body.Input[1].Name && body.Initializer.All(tensor => tensor.Name != name);
    }

    private static bool Scan(NodeReading node)
    {
        if (node.Opset < 9)
        {
            return node.Refuse("before operator set 9, it goes along several sequences at once");
        }

        GraphProto body = Body(node, "body");
        int read = (int)Math.Clamp(node.Attributes.Integer("num_scan_inputs"), 0, node.Inputs.Length), count = node.Inputs.Length - read;
        if (read == 0 || body.Input.Count != node.Inputs.Length || body.Output.Count < count)
        {
            throw new ReadingException(
                $"its graph has {body.Input.Count} inputs and {body.Output.Count} outputs for {node.Inputs.Length}");
        }

        OnnxValue[] state = [.. Enumerable.Range(0, count).Select(node.Required)];
        OnnxValue[] sequences = [.. Enumerable.Range(count, read).Select(node.Required)];
        long Of(string attribute, int k) => node.Attributes.Integers(attribute) is { } list && k < list.Length ? list[k] : 0;
        int[] axes = [.. sequences.Select((one, k) => Shapes.Axis(Of("scan_input_axes", k), one.Shape.Count))];
        int[] extents = [.. sequences.Select((one, k) => one.Shape[axes[k]])];
        if (extents.Distinct().Count() > 1)
        {
            throw new ReadingException($"it goes along sequences of {Shapes.Text(extents)} elements");
        }

        if (extents[0] > MostTrips)
        {
            return node.Refuse(TooLong);
        }

        List<OnnxValue>[] parts = [.. Enumerable.Range(count, body.Output.Count - count).Select(_ => new List<OnnxValue>())];
        for (int trip = 0; trip < extents[0]; trip++)
        {
            IEnumerable<OnnxValue> elements = sequences.Select((one, k) => SelectionRules.Element(
                node, one, axes[k], Of("scan_input_directions", k) != 0 ? extents[0] - 1 - trip : trip, keeps: false));
            OnnxValue[] results = node.Inner(body, [.. state, .. elements], trip);
            if (Array.Find(results, one => one.IsUnknown) is { } unknown)
            {
                return GiveUnknown(node, unknown);
            }

            state = results[..count];
            for (int k = 0; k < parts.Length; k++)
            {
                parts[k].Add(results[count + k]);
            }
        }

        node.Emitter.CountFolded("Scan");
        return GiveStacked(node, state, parts, k => Of("scan_output_axes", k), k => Of("scan_output_directions", k) != 0);
    }

    /// <summary>The last states, and what each trip gave as one tensor.</summary>
    private static bool GiveStacked(
        NodeReading node, OnnxValue[] state, List<OnnxValue>[] parts, Func<int, long> axisOf, Func<int, bool> isTurned)
    {
        var stacked = new OnnxValue?[parts.Length];
        for (int k = 0; k < parts.Length; k++)
        {
            OnnxValue[] all = [.. isTurned(k) ? parts[k].AsEnumerable().Reverse() : parts[k]];
            if (all.Any(part => part.Items is not null))
            {
                throw new ReadingException("it gathers sequences");
            }

            bool isRead = state.Length + k < node.IsRead.Length && node.IsRead[state.Length + k];
            if (isRead && all.Length == 0)
            {
                return node.Refuse("it goes round 0 times, and what it gathers is read");
            }

            stacked[k] = isRead ? JoiningRules.Stacked(node, all, axisOf(k)) : null;
        }

        return node.Give([.. state, .. stacked]);
    }

    /// <summary>Nothing that the node gives can be known, because of what stands in it. The message names that.</summary>
    private static bool GiveUnknown(NodeReading node, OnnxValue cause) => node.Give([.. node.IsRead.Select(_ => cause)]);

    /// <summary>The inputs that a truth value or a count depends on, as the end of a sentence.</summary>
    private static string Cause(OnnxValue value)
    {
        var seen = new HashSet<OnnxValue> { value };
        var open = new Stack<OnnxValue>(seen);
        var inputs = new SortedSet<string>(StringComparer.Ordinal);
        while (open.TryPop(out OnnxValue? next) && seen.Count < MostSeen)
        {
            if (next is { Producer: null, Constant: null })
            {
                inputs.Add(next.Name);
            }

            foreach (OnnxValue before in next.Producer?.Inputs.OfType<OnnxValue>().Where(seen.Add) ?? [])
            {
                open.Push(before);
            }
        }

        return inputs.Count != 1 || seen.Count >= MostSeen ? "the inputs"
            : $"the input '{inputs.Min}'; if it is always the same number, give it with --constant {inputs.Min}=…";
    }

    private static bool? Truth(NodeReading node, OnnxValue value) => value.Constant switch
    {
        { IsFloat: false } constant when constant.Count == 1 => constant.Integers[0] != 0,
        null => null,
        _ => throw new ReadingException($"'{value.Name}' of {Shapes.Text(value.Shape)} is no truth value of '{node.Operator}'"),
    };

    private static GraphProto Body(NodeReading node, string attribute) =>
        node.Attributes.Graph(attribute) ?? throw new ReadingException($"it has no graph '{attribute}'");
}
