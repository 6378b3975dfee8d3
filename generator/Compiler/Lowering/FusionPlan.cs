using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;

namespace Strata.Compiler.Lowering;

/// <summary>The groups of layers that are computed together, in order, and which group reads which tensor.</summary>
internal sealed class FusionPlan
{
    private readonly Dictionary<int, LayerGroup> _producers = [];
    private readonly ILookup<int, LayerGroup> _readers;
    private readonly HashSet<int> _exits, _onRequest, _differentiated;
    private readonly HashSet<int> _soleReaders = [];

    /// <param name="differentiated">
    /// Tensors whose gradients are wanted: those that depend on trained parameters, and the network's inputs if the user asks for their
    /// gradients.
    /// </param>
    private FusionPlan(NetworkGraph graph, List<LayerGroup> all, HashSet<int> differentiated, ProgramKind kind)
    {
        (All, _differentiated, Kind, _exits) = (all, differentiated, kind, [.. graph.Exits(kind.Trains)]);
        _onRequest = [.. FusedWithLoss(graph).Where(node => !graph.HasPlainLoss(node))];
        foreach (LayerGroup group in all.WithCancellation())
        {
            _producers.Add(group.Last.Index, group);
        }

        _readers = all.WithCancellation().SelectMany(g => g.Inputs.Select(i => (Node: i.Index, Group: g)))
            .ToLookup(r => r.Node, r => r.Group);

        // Whether a tensor has one reader depends on its views. A single walk visits all tensors, since chains of views may be long.
        List<Node> inputs = all.WithCancellation().SelectMany(g => g.Inputs).Where(i => ProducerOf(i) is null).ToList();
        Tensors = [.. inputs, .. all.WithCancellation().Select(g => g.Last)];
        foreach (Node tensor in Tensors.WithCancellation().Where(IsReadOnce))
        {
            _soleReaders.Add(tensor.Index);
        }
    }

    /// <summary>What the program is for.</summary>
    public ProgramKind Kind { get; }

    public IReadOnlyList<LayerGroup> All { get; }

    /// <summary>
    /// The tensors that groups read and compute, producers before readers. An input of the network is in the list once for each reader.
    /// </summary>
    public IReadOnlyList<Node> Tensors { get; }

    /// <summary>Whether a tensor's gradient is wanted.</summary>
    public bool IsDifferentiated(Node node) => _differentiated.Contains(node.Index);

    /// <summary>The group that computes a tensor; null for the network's input.</summary>
    public LayerGroup? ProducerOf(Node node) => _producers.TryGetValue(node.Index, out LayerGroup group) ? group : null;

    /// <summary>The groups that read a tensor. A group that reads it twice is in the list twice.</summary>
    public IEnumerable<LayerGroup> ReadersOf(Node node) => _readers[node.Index];

    /// <summary>Whether a group's result is its unchanged input: a flat view, or dropout in inference.</summary>
    public bool PassesOn(LayerGroup group) => group.Operation.IsView || (group.Operation.IsForTraining && !Kind.Trains);

    /// <summary>Whether a group's result is in the memory of its input, or may be.</summary>
    public bool MayShareMemory(LayerGroup group) => PassesOn(group) || group.MayBeView;

    /// <summary>
    /// Whether a group may overwrite its input. In training it may not, since backward of the layer before may read that tensor.
    /// </summary>
    public bool IsInPlace(LayerGroup group) =>
        !Kind.Trains && Kind.Fuses && group.Operation.AsActivation is not null && HasSoleReader(group.Input);

    /// <summary>Whether only one group reads a tensor's memory, either directly or through views.</summary>
    public bool HasSoleReader(Node node) => _soleReaders.Contains(node.Index);

    /// <summary>
    /// Whether a group is computed only if the caller asks for the outputs. In training, softmax before cross-entropy is fused with the
    /// loss, as is sigmoid before binary cross-entropy. The loss then works on the logits and does not need the group's result.
    /// </summary>
    public bool IsOnRequest(LayerGroup group) => Kind.Trains && _onRequest.Contains(group.Last.Index) && !ReadersOf(group.Last).Any();

    /// <summary>
    /// The activation whose output a layer reads. Its derivative can then be applied while the input's gradient is in registers. Null if
    /// other readers add to that gradient.
    /// </summary>
    public Activation? SoleActivationOf(Node node)
    {
        if (!HasSoleReader(node))
        {
            return null;
        }

        // The viewed tensor then has no other reader either.
        LayerGroup? producer = ProducerOf(node);
        while (producer is { Operation.IsView: true } view)
        {
            producer = ProducerOf(view.Input);
        }

        return producer switch
        {
            { Operation.AsActivation: { CanBeFusedInTraining: true } activation } => activation,
            { PoolWindow: null } => producer.Activation,
            _ => null,
        };
    }

    private static HashSet<int> FusedWithLoss(NetworkGraph graph) => [.. graph.Losses.Where(graph.IsFused).Select(l => l.Node)];

    private bool IsReadOnce(Node node) => _readers[node.Index].Count() == 1 && !_exits.Contains(node.Index)
        && (ProducerOf(node) is not { } producer || !MayShareMemory(producer) || HasSoleReader(producer.Input));

    /// <summary>
    /// Splits a network into groups. They are sorted by their last nodes, so that a group comes after those that it reads from.
    /// </summary>
    public static FusionPlan Create(NetworkGraph graph, ProgramKind kind)
    {
        var readers = new LayerReaders(graph, kind, FusedWithLoss(graph));
        var groups = new List<LayerGroup>();
        var fused = new HashSet<int>();
        var before = new Dictionary<int, InputNormMatch>();
        var moves = new ChannelMoveMatch(readers);
        var axes = new AxisMoveMatch(readers);
        foreach (Node head in readers.Layers.WithCancellation().Where(n => n.Inputs.Count > 0 && !fused.Contains(n.Index)))
        {
            if (moves.IsPassedOn(head) || axes.IsPassedOn(head))
            {
                continue;
            }

            if (moves.GroupOf(head) is { } moved)
            {
                groups.Add(moved);
                continue;
            }

            if (axes.GroupOf(head) is { } row)
            {
                groups.Add(row);
                continue;
            }

            if (InputNormMatch.Find(readers, head) is { } found)
            {
                before.Add(found.Reader.Index, found);
                fused.UnionWith(found.Layers.Select(n => n.Index));
                continue;
            }

            var group = new GroupMatch(readers, head);
            foreach (FusionMatcher matcher in FusionMatcher.All)
            {
                matcher.Extend(group);
            }

            fused.UnionWith(group.Layers.Select(n => n.Index));
            groups.Add(group.Close(before.TryGetValue(head.Index, out InputNormMatch front) ? front : null));
        }

        // One walk along the groups. A recursion from each tensor would take exponentially many steps after joins.
        HashSet<int> differentiated = [.. graph.Settings.InputGradient ? graph.Inputs.Select(input => input.Index) : []];
        List<LayerGroup> all = [];
        foreach (LayerGroup group in groups.OrderBy(g => Cancellation.Checked(g.Last.Index)))
        {
            int[] fixedInputs = [.. Enumerable.Range(0, group.Inputs.Count).Where(i => !differentiated.Contains(group.Inputs[i].Index))];
            all.Add(fixedInputs.Length == 0 ? group : group with { FixedInputs = fixedInputs.ToEquatableArray() });
            if (group.IsTrained || fixedInputs.Length < group.Inputs.Count)
            {
                differentiated.Add(group.Last.Index);
            }
        }

        return new FusionPlan(graph, all, differentiated, kind);
    }
}
