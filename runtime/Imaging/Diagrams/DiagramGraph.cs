using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Strata.Imaging;

/// <summary>A box of a diagram: an input, an output, a layer with those that only change its values, or a block.</summary>
internal sealed class DiagramNode(string name, DiagramNodeKind kind)
{
    private const int LongestLine = 40;

    /// <summary>The name of the block or of the first layer.</summary>
    public string Name { get; } = name;

    /// <summary>What the box is called: its name, without that of the only block that is drawn.</summary>
    public string Label { get; init; } = name;

    public DiagramNodeKind Kind { get; } = kind;

    /// <summary>The layers; none in an input or an output.</summary>
    public List<LayerInfo> Layers { get; } = [];

    public long Parameters => Layers.Sum(layer => (long)layer.ParameterCount);

    public long MultiplyAdds => Layers.Sum(layer => layer.MultiplyAdds);

    /// <summary>The lines below the name.</summary>
    public IEnumerable<string> Lines()
    {
        if (Kind == DiagramNodeKind.Block)
        {
            yield return Count(Layers.Count, "layer");
        }
        else
        {
            foreach (LayerInfo layer in Layers)
            {
                foreach (string line in Wrapped(layer.Arguments.Length == 0 ? layer.Kind : $"{layer.Kind}({layer.Arguments})"))
                {
                    yield return line;
                }
            }
        }

        if (Parameters > 0 || MultiplyAdds > 0)
        {
            yield return $"{Short(Parameters)} parameters, {Short(MultiplyAdds)} multiply-adds";
        }
    }

    /// <summary>Long arguments go to the next line, so that a row of boxes stays narrow.</summary>
    private static IEnumerable<string> Wrapped(string text)
    {
        while (text.Length > LongestLine && text.LastIndexOf(", ", LongestLine, StringComparison.Ordinal) is > 0 and var comma)
        {
            yield return text[..(comma + 1)];
            text = text[(comma + 2)..];
        }

        yield return text;
    }

    internal static string Count(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";

    /// <summary>1,234 becomes 1.23 k.</summary>
    private static string Short(long value)
    {
        (double number, string unit) = value switch
        {
            >= 1_000_000_000 => (value / 1e9, " G"),
            >= 1_000_000 => (value / 1e6, " M"),
            >= 1_000 => (value / 1e3, " k"),
            _ => (value, ""),
        };
        int digits = unit.Length == 0 || number >= 100 ? 0 : number >= 10 ? 1 : 2;
        return number.ToString("F" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) + unit;
    }
}

internal enum DiagramNodeKind
{
    Input,
    Output,
    Layer,
    Block,
}

/// <summary>A tensor on its way from one box to another.</summary>
/// <param name="From">The number of the box that computes it.</param>
/// <param name="To">The number of the box that reads it.</param>
/// <param name="Shape">Its extents.</param>
internal sealed record DiagramEdge(int From, int To, IReadOnlyList<int> Shape);

/// <summary>A network as boxes and arrows, where blocks below a level are closed. Each arrow leads to a later box.</summary>
internal sealed class DiagramGraph
{
    private readonly NetworkInfo _network;
    private readonly DiagramOptions _options;
    private readonly int _depth;
    private readonly Dictionary<string, int> _nodeOf = [];
    private readonly Dictionary<string, IReadOnlyList<int>> _shapes = [];

    public DiagramGraph(NetworkInfo network, DiagramOptions options)
    {
        (_network, _options) = (network, options);
        List<(LayerInfo Layer, string[] Inputs)> layers = Layers();
        (IReadOnlyList<TensorInfo> from, IReadOnlyList<TensorInfo> to) = (network.Inputs, network.Outputs);
        if (options.Block is { } block)
        {
            (from, layers, to) = Inside(options, layers);
            _depth = block.Split('.').Length;
        }

        var readers = layers.SelectMany(l => l.Inputs).Concat(to.Select(o => o.Layer))
            .GroupBy(name => name).ToDictionary(group => group.Key, group => group.Count());
        foreach (TensorInfo input in from)
        {
            Add(new DiagramNode(input.Name, DiagramNodeKind.Input), input.Layer, input.Shape);
        }

        foreach ((LayerInfo layer, string[] inputs) in layers)
        {
            int node = Place(layer, inputs, readers);
            Nodes[node].Layers.Add(layer);
            (_nodeOf[layer.Name], _shapes[layer.Name]) = (node, layer.OutputShape);
            foreach (string input in inputs)
            {
                Connect(input, node);
            }
        }

        foreach (TensorInfo output in to)
        {
            Nodes.Add(new DiagramNode(output.Name, DiagramNodeKind.Output));
            Connect(output.Layer, Nodes.Count - 1);
        }

        SortBlocks();
    }

    public List<DiagramNode> Nodes { get; private set; } = [];

    public List<DiagramEdge> Edges { get; private set; } = [];

    /// <summary>The layers with what each reads.</summary>
    private List<(LayerInfo Layer, string[] Inputs)> Layers()
    {
        var layers = new List<(LayerInfo, string[])>();
        string before = _network.Inputs[0].Layer;
        foreach (LayerInfo layer in _network.Layers)
        {
            if (!layer.TrainingOnly || _options.TrainingOnly)
            {
                layers.Add((layer, layer.Inputs.Count == 0 ? [before] : [.. layer.Inputs]));
            }

            before = layer.Name;
        }

        return layers;
    }

    /// <summary>A block's layers, with the tensors that come into it and go out of it.</summary>
    private (List<TensorInfo> From, List<(LayerInfo Layer, string[] Inputs)> Layers, List<TensorInfo> To) Inside(
        DiagramOptions options, List<(LayerInfo Layer, string[] Inputs)> all)
    {
        string within = options.Block + ".";
        List<(LayerInfo Layer, string[] Inputs)> inside = [.. all.Where(l => IsInside(l.Layer.Name))];
        if (inside.Count == 0)
        {
            string[] blocks =
                [.. all.Select(l => l.Layer.Name.Split('.')).Where(parts => parts.Length > 1).Select(parts => parts[0]).Distinct()];
            throw new ArgumentException(
                $"{_network.Name} has no block '{options.Block}'. "
                + (blocks.Length == 0 ? "It has none." : $"It has {string.Join(", ", blocks)}."), nameof(options));
        }

        var shapes = _network.Inputs.Select(input => (Name: input.Layer, input.Shape))
            .Concat(all.Select(l => (l.Layer.Name, Shape: l.Layer.OutputShape))).ToDictionary(t => t.Name, t => t.Shape);
        HashSet<string> read =
            [.. all.Where(l => !IsInside(l.Layer.Name)).SelectMany(l => l.Inputs), .. _network.Outputs.Select(o => o.Layer)];
        return (
            [.. inside.SelectMany(l => l.Inputs).Where(name => !IsInside(name)).Distinct().Select(Tensor)], inside,
            [.. inside.Select(l => l.Layer.Name).Where(read.Contains).Select(Tensor)]);

        bool IsInside(string name) => name.StartsWith(within, StringComparison.Ordinal);

        TensorInfo Tensor(string layer) => new(IsInside(layer) ? "output" : layer, shapes[layer], layer);
    }

    /// <summary>The box of a layer: a closed block, the box of the layer whose values it changes, or a box of its own.</summary>
    private int Place(LayerInfo layer, string[] inputs, Dictionary<string, int> readers)
    {
        if (BlockOf(layer.Name) is { } block)
        {
            int open = Nodes.FindIndex(n => n.Kind == DiagramNodeKind.Block && n.Name == block);
            return open >= 0 ? open : Add(new DiagramNode(block, DiagramNodeKind.Block) { Label = LabelOf(block) });
        }

        return inputs is [var input] && readers[input] == 1 && layer.MultiplyAdds == 0 && _nodeOf.TryGetValue(input, out int node)
            && Nodes[node].Kind == DiagramNodeKind.Layer && Parent(Nodes[node].Name) == Parent(layer.Name)
            && _shapes[input].SequenceEqual(layer.OutputShape)
            ? node : Add(new DiagramNode(layer.Name, DiagramNodeKind.Layer) { Label = LabelOf(layer.Name) });
    }

    private int Add(DiagramNode node)
    {
        Nodes.Add(node);
        return Nodes.Count - 1;
    }

    private void Add(DiagramNode node, string layer, IReadOnlyList<int> shape) => (_nodeOf[layer], _shapes[layer]) = (Add(node), shape);

    private void Connect(string layer, int node)
    {
        if (_nodeOf.TryGetValue(layer, out int from) && from != node
            && !Edges.Exists(e => e.From == from && e.To == node && e.Shape.SequenceEqual(_shapes[layer])))
        {
            Edges.Add(new DiagramEdge(from, node, _shapes[layer]));
        }
    }

    /// <summary>The block that hides a layer; null if none does.</summary>
    private string? BlockOf(string layer)
    {
        string[] parts = layer.Split('.');
        int level = _depth + _options.Level;
        return parts.Length > level ? string.Join('.', parts.Take(level)) : null;
    }

    private string LabelOf(string name) => _options.Block is { } block ? name[(block.Length + 1)..] : name;

    private static string Parent(string name) => name.LastIndexOf('.') is > 0 and var dot ? name[..dot] : "";

    /// <summary>
    /// Sorts the boxes along the arrows. A closed block may read a box that itself reads the block: one of these two arrows is left out.
    /// </summary>
    private void SortBlocks()
    {
        int[] order = new int[Nodes.Count];
        var state = new int[Nodes.Count];
        var forward = new List<DiagramEdge>();
        int next = Nodes.Count;
        ILookup<int, DiagramEdge> from = Edges.ToLookup(e => e.From);
        var stack = new Stack<(int Node, IEnumerator<DiagramEdge> Edges)>();
        for (int start = Nodes.Count - 1; start >= 0; start--)
        {
            Visit(start);
            while (stack.TryPeek(out (int Node, IEnumerator<DiagramEdge> Edges) top))
            {
                if (top.Edges.MoveNext())
                {
                    if (state[top.Edges.Current.To] != 1)
                    {
                        forward.Add(top.Edges.Current);
                        Visit(top.Edges.Current.To);
                    }
                }
                else
                {
                    (state[top.Node], order[top.Node]) = (2, --next);
                    stack.Pop();
                }
            }
        }

        var sorted = new DiagramNode[Nodes.Count];
        for (int i = 0; i < order.Length; i++)
        {
            sorted[order[i]] = Nodes[i];
        }

        Nodes = [.. sorted];
        Edges = [.. Edges.Where(forward.Contains).Select(e => e with { From = order[e.From], To = order[e.To] })];

        void Visit(int node)
        {
            if (state[node] == 0)
            {
                state[node] = 1;
                stack.Push((node, from[node].Reverse().GetEnumerator()));
            }
        }
    }
}
