using System.Collections.Generic;
using System.Linq;
using Strata.Generator.Graph;
using Strata.Generator.Kernels;

namespace Strata.Generator.Lowering;

/// <summary>A network's groups of layers in order, and who reads what.</summary>
internal sealed class LayerGroups
{
    private readonly Dictionary<int, LayerGroup> _producers = [];
    private readonly ILookup<int, LayerGroup> _readers;
    private readonly HashSet<int> _exits;
    private readonly bool _training, _fuse;
    private readonly HashSet<int> _soleReaders = [];
    private readonly Dictionary<int, Halo> _halos = [];

    private LayerGroups(List<LayerGroup> all, HashSet<int> exits, bool training, bool fuse)
    {
        (All, _exits, _training, _fuse) = (all, exits, training, fuse);
        foreach (LayerGroup group in all)
        {
            _producers.Add(group.Last.Index, group);
        }

        _readers = all.SelectMany(g => g.Inputs.Select(i => (Node: i.Index, Group: g))).ToLookup(r => r.Node, r => r.Group);

        // What a tensor hands on to its view, or a view to its tensor, is found in one walk over all of them: chains may be long.
        List<Node> inputs = all.SelectMany(g => g.Inputs).Where(i => ProducerOf(i) is null).ToList();
        List<Node> tensors = [.. inputs, .. all.Select(g => g.Last)];
        foreach (Node tensor in tensors.Where(IsReadOnce))
        {
            _soleReaders.Add(tensor.Index);
        }

        foreach (Node tensor in Enumerable.Reverse(tensors))
        {
            _halos[tensor.Index] = WishesFor(tensor);
        }
    }

    public IReadOnlyList<LayerGroup> All { get; }

    /// <summary>The group that computes a tensor; none for the network's input.</summary>
    public LayerGroup? ProducerOf(Node node) => _producers.TryGetValue(node.Index, out LayerGroup group) ? group : null;

    /// <summary>The groups that read a tensor, one of them twice where it does so twice.</summary>
    public IEnumerable<LayerGroup> ReadersOf(Node node) => _readers[node.Index];

    /// <summary>Whether a group's result is its input as it stands: a flat view, or dropout in inference.</summary>
    public bool PassesOn(LayerGroup group) => group.Operation.IsView || (group.Operation.IsForTraining && !_training);

    /// <summary>
    /// Whether a group may overwrite its input. In training nobody may: what is overwritten could be what the backward pass of
    /// the layer before it needs.
    /// </summary>
    public bool IsInPlace(LayerGroup group) => !_training && _fuse && group.Operation.AsActivation is not null && HasSoleReader(group.Input);

    /// <summary>Whether a tensor's memory is read by one group only, under this name or another.</summary>
    public bool HasSoleReader(Node node) => _soleReaders.Contains(node.Index);

    /// <summary>
    /// The zeros that the readers of a tensor expect around it; steps that pass it on hand their readers' wishes on. A volume has
    /// none: who needs them makes a copy.
    /// </summary>
    public Halo HaloFor(Node node) => _halos.TryGetValue(node.Index, out Halo halo) ? halo : default;

    private bool IsReadOnce(Node node) => _readers[node.Index].Count() == 1 && !_exits.Contains(node.Index)
        && (ProducerOf(node) is not { } producer || !PassesOn(producer) || HasSoleReader(producer.Input));

    private Halo WishesFor(Node node)
    {
        Halo halo = default;
        if (node.Shape.Rank == Shape.VolumeRank)
        {
            return halo;
        }

        foreach (LayerGroup group in ReadersOf(node))
        {
            if (group.Operation.WindowOverZeros is { } window)
            {
                halo = halo.Union(ProgramBuilder.HaloOf(window, group.Input.Shape, group.Head.Shape));
            }
            else if (PassesOn(group) || IsInPlace(group))
            {
                halo = halo.Union(HaloFor(group.Last));
            }
        }

        return halo;
    }

    /// <summary>Splits a network into groups.</summary>
    /// <param name="training">
    /// Whether backward follows. It needs the activations themselves in front of average pooling, and the inputs of some
    /// activations, so that these are not fused then. Nor is an activation that is one function with the loss.
    /// </param>
    /// <param name="fuse">Whether layers may be done in one step; not where somebody wants to see each of them.</param>
    public static LayerGroups Of(NetworkGraph graph, bool training, bool fuse = true)
    {
        HashSet<int> needed = graph.Needed(training), exits = [.. graph.Exits(training)];
        var fusedWithLoss = new HashSet<int>(graph.Losses.Where(graph.IsFused).Select(l => l.Node));
        List<Node> layers = graph.Nodes.Where(n => needed.Contains(n.Index)).ToList();
        ILookup<int, Node> readers = layers.SelectMany(n => n.Inputs.Select(i => (Input: i, Node: n))).ToLookup(r => r.Input, r => r.Node);
        Node? SoleReader(Node node) => fuse && readers[node.Index].Count() == 1 && !exits.Contains(node.Index) ? readers[node.Index].First() : null;

        var groups = new List<LayerGroup>();
        var fused = new HashSet<int>();
        foreach (Node head in layers.Where(n => n.Inputs.Count > 0 && !fused.Contains(n.Index)))
        {
            var nodes = new List<Node> { head };
            Node? norm = null;
            Activation? activation = null;
            PoolingWindow? window = null;
            if (!training && head.Operation.ComputesTiles && SoleReader(head) is { Operation.AsChannelScale: not null } normalization)
            {
                norm = normalization;
                nodes.Add(norm);
            }

            if (head.Operation.TakesActivation && SoleReader(norm ?? head) is { Operation.AsActivation: { } function } activated
                && !(training && (function.NeedsInput || fusedWithLoss.Contains(activated.Index))))
            {
                activation = function;
                nodes.Add(activated);
            }

            Node last = nodes[nodes.Count - 1];
            if (head.Operation.ComputesTiles && SoleReader(last) is { Operation.AsPooling: { } pooling } pooled
                && LayerGroup.WindowOf(pooling, last.Shape, pooled.Shape) is var fusible && IsFusible(fusible, activation, training))
            {
                window = fusible;
                nodes.Add(pooled);
            }

            fused.UnionWith(nodes.Select(n => n.Index));
            groups.Add(new LayerGroup(
                head, head.Inputs.Select(i => graph.Nodes[i]).ToList(), norm, activation, window, nodes[nodes.Count - 1],
                string.Join(" + ", nodes.Select(n => n.Name))));
        }

        return new LayerGroups(groups, exits, training, fuse);
    }

    /// <summary>Whether windows tile the input, and are small enough for the registers.</summary>
    private static bool IsFusible(PoolingWindow window, Activation? activation, bool training)
    {
        const int LargestArea = 9;
        bool keepsEnough = !training || (window.Pooling.Kind == PoolingKind.Max && activation is not { IsIncreasing: false });
        return window.Tiles && window.Depth.Kernel == 1 && window.Area is > 1 and <= LargestArea && keepsEnough;
    }
}
