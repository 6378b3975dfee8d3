using System.Collections.Generic;
using System.Linq;
using Strata.Generator.Graph;
using Strata.Generator.Kernels;

namespace Strata.Generator.Lowering;

/// <summary>
/// A batch norm and an activation that are applied to a layer's input while it is read, in inference: a scale and a shift of each channel.
/// </summary>
internal sealed record InputNorm(Node Norm, Activation? Activation);

/// <summary>
/// Nodes that one step computes: a layer with the normalisation, addition, activation and pooling that are applied while its results are in
/// registers.
/// </summary>
/// <param name="Head">The layer.</param>
/// <param name="Inputs">The tensors it reads: the outputs of nodes. An addend comes last.</param>
/// <param name="Norm">A fused batch norm, in inference: a scale and a shift of each channel.</param>
/// <param name="Addend">The tensor that a fused addition adds behind the norm, in inference; nothing is pooled then.</param>
/// <param name="Activation">A fused activation, applied before pooling.</param>
/// <param name="Window">That of a fused pooling.</param>
/// <param name="Last">The node whose output the group's result is.</param>
/// <param name="Label">The names of its layers: <c>conv1 + relu1 + pool1</c>.</param>
internal sealed record LayerGroup(
    Node Head, IReadOnlyList<Node> Inputs, Node? Norm, Node? Addend, Activation? Activation, PoolingWindow? Window, Node Last, string Label)
{
    public Operation Operation => Head.Operation;

    public Node Input => Inputs[0];

    /// <summary>What is applied to the layer's input; null where it is read as it is.</summary>
    public InputNorm? InputNorm { get; init; }

    /// <summary>Fused pooling, as tiles do it.</summary>
    public FusedPool? Pool { get; } = Window?.AsTile;

    /// <summary>The weight of a layer that slides filters over its input.</summary>
    public FilterWeight? Filters { get; init; } = Head.Operation.WeightFormOf(Inputs[0].Shape) as FilterWeight;

    /// <summary>Whether the layer adds a learned bias.</summary>
    public bool HasBias => Operation.Parameters(Input.Shape).Any(p => p.Role == ParameterRole.Bias);

    /// <summary>Multiply-adds of the layer for a sample.</summary>
    public long MultiplyAdds => Operation.MultiplyAdds(Input.Shape, Head.Shape);

    /// <summary>Whether the layer has parameters that training changes.</summary>
    public bool IsTrained => !Head.Frozen && Operation.Parameters(Input.Shape).Any(p => p.Role != ParameterRole.Buffer);

    /// <summary>How the weights of a dense layer are packed.</summary>
    public DensePacking PanelsFor(Tier tier) => DensePacking.Of(Head.Shape.Length, Input.Shape.Length, tier);

    public static PoolingWindow WindowOf(Pooling pooling, Shape input, Shape output)
    {
        // In a window of one element maximum and mean are the same, and the mean needs no index.
        var window = new PoolingWindow(pooling, pooling.Kind, input, output);
        return window.Area == 1 ? window with { Kind = PoolingKind.Average } : window;
    }
}

/// <summary>Which layers are computed together: a network's groups of layers in order, and who reads what.</summary>
internal sealed class FusionPlan
{
    private readonly Dictionary<int, LayerGroup> _producers = [];
    private readonly ILookup<int, LayerGroup> _readers;
    private readonly HashSet<int> _exits, _onRequest;
    private readonly HashSet<int> _soleReaders = [];

    private FusionPlan(NetworkGraph graph, List<LayerGroup> all, ProgramKind kind)
    {
        (All, Kind, _exits) = (all, kind, [.. graph.Exits(kind.Trains)]);
        _onRequest = [.. FusedWithLoss(graph).Where(node => !graph.HasPlainLoss(node))];
        foreach (LayerGroup group in all.Looking())
        {
            _producers.Add(group.Last.Index, group);
        }

        _readers = all.Looking().SelectMany(g => g.Inputs.Select(i => (Node: i.Index, Group: g))).ToLookup(r => r.Node, r => r.Group);

        // Whether a tensor has one reader depends on its views: one walk over all tensors, since chains of views may be long.
        List<Node> inputs = all.Looking().SelectMany(g => g.Inputs).Where(i => ProducerOf(i) is null).ToList();
        Tensors = [.. inputs, .. all.Looking().Select(g => g.Last)];
        foreach (Node tensor in Tensors.Looking().Where(IsReadOnce))
        {
            _soleReaders.Add(tensor.Index);
        }
    }

    /// <summary>What the program is for.</summary>
    public ProgramKind Kind { get; }

    public IReadOnlyList<LayerGroup> All { get; }

    /// <summary>The tensors that groups read and compute, producers before readers; an input of the network once for each reader.</summary>
    public IReadOnlyList<Node> Tensors { get; }

    /// <summary>The group that computes a tensor; none for the network's input.</summary>
    public LayerGroup? ProducerOf(Node node) => _producers.TryGetValue(node.Index, out LayerGroup group) ? group : null;

    /// <summary>The groups that read a tensor; one that reads it twice is there twice.</summary>
    public IEnumerable<LayerGroup> ReadersOf(Node node) => _readers[node.Index];

    /// <summary>Whether a group's result is its unchanged input: a flat view, or dropout in inference.</summary>
    public bool PassesOn(LayerGroup group) => group.Operation.IsView || (group.Operation.IsForTraining && !Kind.Trains);

    /// <summary>
    /// Whether a group may overwrite its input. Not in training, where backward of the layer before may need it.
    /// </summary>
    public bool IsInPlace(LayerGroup group) =>
        !Kind.Trains && Kind.Fuses && group.Operation.AsActivation is not null && HasSoleReader(group.Input);

    /// <summary>Whether a tensor's memory is read by one group only, under this name or another.</summary>
    public bool HasSoleReader(Node node) => _soleReaders.Contains(node.Index);

    /// <summary>
    /// Whether a group is computed only when the outputs are asked for: in training a softmax in front of cross-entropy is one function
    /// with it, as is sigmoid with binary cross-entropy, and the loss works on the logits.
    /// </summary>
    public bool IsOnRequest(LayerGroup group) => Kind.Trains && _onRequest.Contains(group.Last.Index) && !ReadersOf(group.Last).Any();

    /// <summary>
    /// The activation whose output a layer reads, so that its gradient can be taken while the input's gradient is in registers;
    /// none where other readers add to that gradient.
    /// </summary>
    public Activation? SoleActivationOf(Node node)
    {
        if (!HasSoleReader(node))
        {
            return null;
        }

        // Then the tensor that a view shows has no other reader either.
        LayerGroup? producer = ProducerOf(node);
        while (producer is { Operation.IsView: true } view)
        {
            producer = ProducerOf(view.Input);
        }

        return producer switch
        {
            { Operation.AsActivation: { NeedsInput: false } activation } => activation,
            { Window: null } => producer.Activation,
            _ => null,
        };
    }

    private static HashSet<int> FusedWithLoss(NetworkGraph graph) => [.. graph.Losses.Where(graph.IsFused).Select(l => l.Node)];

    private bool IsReadOnce(Node node) => _readers[node.Index].Count() == 1 && !_exits.Contains(node.Index)
        && (ProducerOf(node) is not { } producer || !PassesOn(producer) || HasSoleReader(producer.Input));

    /// <summary>
    /// Splits a network into groups. They are in the order of their last nodes, which computes what they read before them.
    /// </summary>
    /// <remarks>
    /// In training, activations before average pooling are not fused, nor those whose derivative needs their input, since backward reads
    /// these tensors; nor is an activation that is one function with the loss.
    /// </remarks>
    public static FusionPlan Of(NetworkGraph graph, ProgramKind kind)
    {
        (bool training, bool fuse) = (kind.Trains, kind.Fuses);
        HashSet<int> needed = graph.Needed(training), exits = [.. graph.Exits(training)];
        HashSet<int> fusedWithLoss = FusedWithLoss(graph);
        List<Node> layers = graph.Nodes.Where(n => needed.Contains(n.Index)).ToList();
        ILookup<int, Node> readers = layers.Looking().SelectMany(n => n.Inputs.Select(i => (Input: i, Node: n)))
            .ToLookup(r => r.Input, r => r.Node);
        Node? SoleReader(Node node) =>
            fuse && readers[node.Index].Count() == 1 && !exits.Contains(node.Index) ? readers[node.Index].First() : null;

        // What has an effect in training only stands between layers that are fused as if it were not there.
        bool IsIdle(Node node) => !training && node.Operation.IsForTraining;
        List<Node> IdleBehind(Node node)
        {
            var idle = new List<Node>();
            for (Node? reader = SoleReader(node); reader is not null && IsIdle(reader); reader = SoleReader(reader))
            {
                Cancellation.Look();
                idle.Add(reader);
            }

            return idle;
        }

        Node BeforeIdle(Node node)
        {
            while (IsIdle(node) && graph.Nodes[node.Inputs[0]] is var input && SoleReader(input) == node)
            {
                node = input;
            }

            return node;
        }

        // What a layer that computes tiles has in registers before anything is added.
        bool IsOfTiles(Node node) => node.Operation.ComputesTiles
            || (node.Operation.AsChannelScale is not null && graph.Nodes[node.Inputs[0]] is { Operation.ComputesTiles: true } before
                && SoleReader(before) == node);

        // Of two layers that could take the addition the later one does: the result of the other is still in the cache.
        bool TakesAddition(Node summand, Node other, Node sum) =>
            BeforeIdle(other).Index < summand.Index || SoleReader(other) != sum || !IsOfTiles(BeforeIdle(other));

        // What a convolution of single pixels can do to its input: for each element it reads that once.
        (Node Reader, List<Node> Nodes, InputNorm Norm)? BeforePixels(Node norm)
        {
            if (kind.SamplesInLanes || training || norm.Operation.AsChannelScale is null || SoleReader(norm) is not { } next)
            {
                return null;
            }

            Activation? activation = next.Operation.AsActivation;
            Node? reader = activation is null ? next : SoleReader(next);
            return reader?.Operation.WeightFormOf(norm.Shape) is FilterWeight { Groups: 1, IsTransposed: false, Window.IsOneElement: true }
                ? (reader, activation is null ? [norm] : [norm, next], new InputNorm(norm, activation)) : null;
        }

        var groups = new List<LayerGroup>();
        var fused = new HashSet<int>();
        var before = new Dictionary<int, (Node Reader, List<Node> Nodes, InputNorm Norm)>();
        foreach (Node head in layers.Looking().Where(n => n.Inputs.Count > 0 && !fused.Contains(n.Index)))
        {
            if (BeforePixels(head) is { } found)
            {
                before.Add(found.Reader.Index, found);
                fused.UnionWith(found.Nodes.Select(n => n.Index));
                continue;
            }

            var nodes = new List<Node> { head };
            Node? norm = null, addend = null;
            Activation? activation = null;
            PoolingWindow? window = null;
            if (!training && head.Operation.ComputesTiles && SoleReader(head) is { Operation.AsChannelScale: not null } normalization)
            {
                norm = normalization;
                nodes.Add(norm);
            }

            Node last = nodes[nodes.Count - 1];
            List<Node> idle = head.Operation.TakesActivation || head.Operation.ComputesTiles ? IdleBehind(last) : [];
            Node summand = idle.LastOrDefault() ?? last;
            if (!training && head.Operation.ComputesTiles && SoleReader(summand) is { Operation.AddsInputs: true, Inputs.Count: 2 } sum
                && graph.Nodes[sum.Inputs.Single(i => i != summand.Index)] is var other && TakesAddition(last, other, sum))
            {
                addend = other;
                nodes.AddRange(idle);
                nodes.Add(sum);
                last = sum;
                idle = IdleBehind(last);
            }

            if (head.Operation.TakesActivation
                && SoleReader(idle.LastOrDefault() ?? last) is { Operation.AsActivation: { } function } activated
                && !(training && (function.NeedsInput || fusedWithLoss.Contains(activated.Index))))
            {
                activation = function;
                nodes.AddRange(idle);
                nodes.Add(activated);
            }

            last = nodes[nodes.Count - 1];
            if (head.Operation.ComputesTiles && addend is null && !kind.Mixes
                && SoleReader(last) is { Operation.AsPooling: { } pooling } pooled
                && LayerGroup.WindowOf(pooling, last.Shape, pooled.Shape) is var fusible && IsFusible(fusible, activation, training))
            {
                window = fusible;
                nodes.Add(pooled);
            }

            fused.UnionWith(nodes.Select(n => n.Index));
            bool isNormed = before.TryGetValue(head.Index, out (Node Reader, List<Node> Nodes, InputNorm Norm) front);
            List<Node> inputs = (isNormed ? front.Norm.Norm : head).Inputs.Select(i => graph.Nodes[i]).ToList();
            if (addend is not null)
            {
                inputs.Add(addend);
            }

            string label = string.Join(" + ", (isNormed ? front.Nodes.Concat(nodes) : nodes).Select(n => n.Name));
            groups.Add(
                new LayerGroup(head, inputs, norm, addend, activation, window, nodes[nodes.Count - 1], label) { InputNorm = front.Norm });
        }

        return new FusionPlan(graph, groups.OrderBy(g => Cancellation.Looked(g.Last.Index)).ToList(), kind);
    }

    /// <summary>Whether windows tile the input, and are small enough for the registers.</summary>
    private static bool IsFusible(PoolingWindow window, Activation? activation, bool training)
    {
        const int LargestArea = 9;
        bool keepsEnough = !training || (window.Pooling.Kind == PoolingKind.Max && activation is not { IsIncreasing: false });
        return window.Tiles && window.Depth.Kernel == 1 && window.Area is > 1 and <= LargestArea && keepsEnough;
    }
}
