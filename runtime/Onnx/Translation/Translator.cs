using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Strata.Onnx.Layers;
using Strata.Onnx.Model;
using Strata.Onnx.Operators;
using Strata.Onnx.Reading;

namespace Strata.Onnx.Translation;

/// <summary>Turns a graph in normal form into layers.</summary>
internal static class Translator
{
    /// <param name="graph">The graph.</param>
    /// <param name="options">The loss, and names that are taken.</param>
    /// <param name="name">The network's class, whose name those of its functions begin with.</param>
    /// <exception cref="UnsupportedOnnxException">Some nodes cannot be said.</exception>
    public static LayerGraph Translate(OnnxGraph graph, OnnxImportOptions options, string name = "Network")
    {
        if (graph.Outputs.Select((output, i) => (output, i)).FirstOrDefault(one => one.output.Constant is not null) is ({ }, var number))
        {
            throw new OnnxFormatException(
                $"The output '{graph.OutputNames[number]}' is a constant: it does not depend on the inputs. "
                + "End the network at other tensors with --until.");
        }

        string FunctionName(int number)
        {
            string wanted = string.Create(CultureInfo.InvariantCulture, $"{name}Function{number}");
            return options.TakenNames.Contains(wanted) ? FunctionName(number + 100) : wanted;
        }

        var layers = new LayerBuilder(graph, FunctionName);
        UnsupportedNode[] mixing = [.. graph.Mixing.Select(one => Unsupported.DescribeNode(one.Node, one.Reason))];
        if (Translate(layers, graph, goesOn: false).Count > 0 || mixing.Length > 0)
        {
            // What stands behind a node that cannot be said may have such nodes, too.
            List<UnsupportedNode> others = Translate(new LayerBuilder(graph, FunctionName), graph, goesOn: true);
            throw Unsupported.Describe(
                graph, [.. mixing, .. others.Where(other => mixing.All(one => one.Name != other.Name))], layers);
        }

        var outputs = new List<(string, LayerTensor)>();
        foreach (OnnxValue output in graph.Outputs)
        {
            try
            {
                outputs.Add((output.Name, OutputOf(layers, output)));
            }
            catch (UnsupportedException exception)
            {
                throw output.Producer is not { } producer ? new OnnxFormatException($"The output '{output.Name}': {exception.Message}.")
                    : Unsupported.Describe(graph, [Unsupported.DescribeNode(producer, $"as an output, {exception.Message}")], layers);
            }
        }

        LayerGraph folded = RollPattern.Fold(AttentionPattern.Fold(WindowAttentionPattern.Fold(new LayerGraph
        {
            Inputs = layers.Inputs,
            Layers = [.. layers.Layers],
            Outputs = outputs,
            Loss = options.Loss,
            Functions = layers.Functions,
            Notes = layers.Notes,
        }), graph.IsOwn));
        IReadOnlyList<IReadOnlyList<Layer>> shared = SharedLayers.Find(folded.Layers);
        IEnumerable<Layer> owners = folded.Layers.Except(shared.SelectMany(same => same.Skip(1)));
        IReadOnlyList<IReadOnlyList<Layer>> withParameters = SharedLayers.Tie(folded.Layers, shared);
        return folded with
        {
            Shared = withParameters,
            Warnings = [.. graph.Warnings, .. layers.Warnings.Sentences(owners)],
        };
    }

    /// <summary>Translates all nodes that can be said, and lists the others.</summary>
    /// <param name="layers">No layers yet.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="goesOn">Whether an input stands for what a node that cannot be said computes, so that others are tried.</param>
    private static List<UnsupportedNode> Translate(LayerBuilder layers, OnnxGraph graph, bool goesOn)
    {
        foreach (OnnxValue input in graph.Inputs)
        {
            AddInput(layers, graph.IsOwn, input);
        }

        var unsupported = new List<UnsupportedNode>();
        foreach (OnnxNode node in Steps(graph))
        {
            int before = unsupported.Count;
            Translate(layers, node, unsupported);
            foreach (OnnxValue output in goesOn && unsupported.Count > before ? node.Outputs : [])
            {
                if (!output.IsUnknown && output.Shape.Count is >= 2 and <= LayerBuilder.MostAxes + 1 && output.Shape[0] == 1)
                {
                    layers.Set(output, new InputTensor(output.Name, [.. output.Shape.Skip(1)]));
                }
            }
        }

        if (unsupported.Count == 0)
        {
            unsupported.AddRange(graph.Outputs.Where(output => !layers.IsKnown(output))
                .Select(output => Unsupported.DescribeNode(output.Producer!, output.Producer!.Output == output
                    ? $"no layer computes what the output '{output.Name}' needs"
                    : $"the output '{output.Name}' is not its first result, which is all that its layer gives")));
        }

        return unsupported;
    }

    /// <summary>
    /// The nodes that the outputs need, in the order of the file. Where a pattern stands for several nodes, there is one node instead, and
    /// those that only it needs are gone.
    /// </summary>
    private static IEnumerable<OnnxNode> Steps(OnnxGraph graph)
    {
        var steps = new Dictionary<OnnxNode, OnnxNode[]>();
        var known = new HashSet<OnnxNode>(graph.Nodes);
        var open = new Stack<OnnxValue>(graph.Outputs);
        while (open.Count > 0)
        {
            if (open.Pop().Producer is { } node && !steps.ContainsKey(node))
            {
                // A pattern may be two nodes, of which the second alone reads the first.
                OnnxNode last = Patterns.Find(node) ?? node;
                OnnxNode? first = last.Inputs is [{ Producer: { } before }, ..] && !known.Contains(before) ? before : null;
                steps.Add(node, first is null ? [last] : [first, last]);
                foreach (OnnxValue input in (first ?? last).Inputs.OfType<OnnxValue>())
                {
                    open.Push(input);
                }
            }
        }

        return graph.Nodes.Where(steps.ContainsKey).SelectMany(node => steps[node]);
    }

    private static void Translate(LayerBuilder layers, OnnxNode node, List<UnsupportedNode> unsupported)
    {
        layers.Node = node;
        if (node.Inputs.FirstOrDefault(input => input is { IsUnknown: true, Producer: null }) is { } unread)
        {
            unsupported.Add(Unsupported.DescribeNode(node, $"'{unread.Name}' is text, or has complex numbers"));
            return;
        }

        NodeForm? form = Families.Find(node);
        bool isBehind = InputsOf(node).Any(input => input is { Constant: null } && !layers.IsKnown(input));
        if (isBehind && (form is not null || Rules.Find(node.Domain, node.Operator) is not null))
        {
            // Nothing is wrong with a node that only stands behind one that cannot be said.
            return;
        }

        if (form is null || node.Outputs[0].IsUnknown)
        {
            unsupported.Add(Unsupported.DescribeNode(node, Unsupported.Reason(node)));
            return;
        }

        if (node.Inputs.All(input => input is null or { Constant: not null }) && !Sources.IsLayer(node))
        {
            unsupported.Add(Unsupported.DescribeNode(node, "it reads constants only, and the importer does not compute it from these"));
            return;
        }

        try
        {
            form(layers, node);
        }
        catch (UnsupportedException exception)
        {
            unsupported.Add(Unsupported.DescribeNode(node, exception.Message));
        }
    }

    /// <summary>What must be known before a node is translated. An unpooling reads no indices, but the pooling itself.</summary>
    private static IEnumerable<OnnxValue?> InputsOf(OnnxNode node) => node.Operator != "MaxUnpool" ? node.Inputs
        : [.. node.Inputs.Take(1), node.Inputs is [_, { Producer: { Operator: "MaxPool" } pool }, ..] ? pool.Output : null];

    private static void AddInput(LayerBuilder layers, bool isOwn, OnnxValue value)
    {
        // An input with the channels last becomes one with the channels first, if all that reads it wants them there. A file of our own has
        // them first: a layer that turns its input stands there as such.
        int[] order = (value.IsWhole || isOwn ? null : BorderOrder(value)) ?? [.. Enumerable.Range(0, value.Shape.Count)];
        if (value.Shape.Count < 2 || value.IsWhole)
        {
            // A tensor without a batch, or a number: one sample has it whole.
            order = [.. Enumerable.Range(0, value.Shape.Count)];
            CheckAxes(value, value.Shape.Count);
            var whole = new InputTensor(value.Name, value.Shape.Count == 0 ? [1] : value.Shape);
            layers.Inputs.Add(whole);
            layers.Set(value, new View(whole, order));
            return;
        }

        int[] sample = [.. order.Skip(1)];
        CheckAxes(value, sample.Length);
        var tensor = new InputTensor(value.Name, [.. sample.Select(axis => value.Shape[axis])])
        {
            FileAxes = [.. sample.Select(axis => axis - 1)],
        };
        layers.Inputs.Add(tensor);
        int[] axes = [.. Enumerable.Range(0, value.Shape.Count).Select(axis => Array.IndexOf(sample, axis))];
        layers.Set(value, new View(tensor, axes));
        if (!sample.SequenceEqual(Enumerable.Range(1, sample.Length)))
        {
            layers.IsChannelsLast = true;
            layers.Notes.Add(
                $"The input '{value.Name}' is {string.Join('×', tensor.Shape)} here, channels first; "
                + $"the file has {string.Join('×', value.Shape.Skip(1))}.");
        }
    }

    private static void CheckAxes(OnnxValue input, int count)
    {
        if (count > LayerBuilder.MostAxes)
        {
            throw new OnnxFormatException(
                $"The input '{input.Name}' of {string.Join('×', input.Shape)} has {count} axes{(input.IsWhole ? "" : " besides the batch")}"
                + $". Strata's inputs have at most {LayerBuilder.MostAxes}.");
        }
    }

    /// <summary>The permutation that stands behind an input, with nothing but elementwise nodes between; null if there is none.</summary>
    private static int[]? BorderOrder(OnnxValue input)
    {
        var open = new Stack<OnnxValue>([input]);
        int[]? order = null;
        for (int steps = 0; open.Count > 0; steps++)
        {
            foreach (OnnxNode reader in open.Pop().Readers)
            {
                if (reader.Operator == "Transpose" && !reader.Output.IsUnknown)
                {
                    int[] permutation = reader.Integers("perm");
                    int last = permutation.Length - 1;
                    bool isBorder = last >= 2 && permutation[0] == 0 && permutation[1] == last
                        && permutation.Skip(2).SequenceEqual(Enumerable.Range(1, last - 1));
                    if (!isBorder || (order is not null && !order.SequenceEqual(permutation)))
                    {
                        return null;
                    }

                    order = permutation;
                }
                else if (steps < 16 && !reader.Output.IsUnknown
                    && reader.Operator is "Add" or "Sub" or "Mul" or "Div" or "Relu" or "Clip" or "Round" or "Pad")
                {
                    open.Push(reader.Output);
                }
                else
                {
                    return null;
                }
            }
        }

        return order;
    }

    /// <summary>
    /// An output in the file's order. In a file whose inputs have their channels last, an output's stay first, too, as everything does in
    /// Strata; nothing is transposed for the border's sake.
    /// </summary>
    private static LayerTensor OutputOf(LayerBuilder layers, OnnxValue output)
    {
        View view = layers.ViewOf(output);
        int rank = view.Tensor.Shape.Count;
        bool isChannelsLast = layers.IsChannelsLast && rank >= 3 && output.Shape.Count == rank + 1 && view.Axes[rank] == 0
            && view.Axes.Skip(1).Take(rank - 1).SequenceEqual(Enumerable.Range(1, rank - 1));
        if (isChannelsLast)
        {
            layers.Notes.Add(
                $"The output '{output.Name}' is {string.Join('×', view.Tensor.Shape)} here, channels first; "
                + $"the file has {string.Join('×', output.Shape.Skip(1))}.");
            return view.Tensor;
        }

        layers.Node = output.Producer;

        // Without a batch, one sample has it whole, as an input.
        LayerTensor tensor = output.Shape.Count < 2 ? view.Tensor
            : output.Shape[0] == 1 ? layers.Standard(output)
            : layers.Shaped(layers.Ordered(view, view.Axes), output.Shape);

        // A network has a layer: an output that is an input, behind nodes that do nothing, is once the input.
        return tensor is InputTensor ? layers.Add("Affine", tensor, [new(null, 1d), new(null, 0d)]) : tensor;
    }
}
