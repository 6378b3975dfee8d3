using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Generator.Graph;
using Strata.Generator.Kernels;

namespace Strata.Generator.Lowering;

/// <summary>What backward reads of a group's forward pass.</summary>
[Flags]
internal enum SavedForBackward
{
    Nothing = 0,
    Input = 1,
    Output = 2,

    /// <summary>The positions of a pooling's maxima.</summary>
    Indices = 4,
}

/// <summary>What backward has to do for a group.</summary>
/// <param name="Wanted">Whether each input's gradient is wanted.</param>
/// <param name="Readers">How many gradients of its result there are, which are summed.</param>
/// <param name="IsActivated">Whether the gradient that it is given has been multiplied by the derivative of its activation.</param>
/// <param name="Fused">The activation before it, by whose derivative it multiplies the gradient of its input.</param>
internal sealed record GradientStep(LayerGroup Group, EquatableArray<bool> Wanted, int Readers, bool IsActivated, Activation? Fused)
{
    /// <summary>What it reads of forward; loops that operators write may save further tensors.</summary>
    public SavedForBackward Saved { get; init; }

    /// <summary>Zeros that it reads around the gradient of its layer.</summary>
    public Halo Zeros { get; init; }

    /// <summary>Zeros that the group before it reads around the gradient of its input.</summary>
    public Halo ZerosAroundInput { get; init; }
}

/// <summary>
/// Where gradients flow, decided before any step is written: which tensors have some, in which order groups make them, where they join, and
/// what is read over the whole batch.
/// </summary>
internal sealed class GradientFlow
{
    /// <summary>Tensors whose gradients are wanted: the network's inputs on request, others where parameters come before.</summary>
    private readonly HashSet<int> _differentiated = [];

    public GradientFlow(NetworkGraph graph, FusionPlan fusion, AlgorithmPlan algorithms)
    {
        // One walk along the groups: a recursion from each tensor would take exponentially many steps behind joins.
        _differentiated.UnionWith(graph.Settings.InputGradient ? graph.Inputs.Select(i => i.Index) : []);
        foreach (LayerGroup group in fusion.All.Looking().Where(g => g.IsTrained || g.Inputs.Any(IsDifferentiated)))
        {
            _differentiated.Add(group.Last.Index);
        }

        foreach (LayerGroup group in fusion.All.Reverse().Looking())
        {
            if (group.Operation.TrainsOverWholeBatch || (fusion.PassesOn(group) && ReadOverBatch.Contains(group.Last.Index)))
            {
                ReadOverBatch.UnionWith(group.Inputs.Select(i => i.Index));
            }
        }

        (Steps, Inputs) = WalkBack(graph, fusion, algorithms);
    }

    /// <summary>The groups in the order of backward.</summary>
    public IReadOnlyList<GradientStep> Steps { get; }

    /// <summary>The network's inputs whose gradients are handed to the caller.</summary>
    public IReadOnlyList<Node> Inputs { get; }

    /// <summary>
    /// Tensors from which, themselves or as views, weights' gradients are made over the whole batch: they outlive a block's pass.
    /// </summary>
    public HashSet<int> ReadOverBatch { get; } = [];

    public bool IsDifferentiated(Node node) => _differentiated.Contains(node.Index);

    /// <summary>
    /// The nodes whose gradients begin where a tensor leaves the network: the tensor's own, and that of the node before it, where layer and
    /// loss are one function. Both where the tensor has losses of both kinds.
    /// </summary>
    public static IEnumerable<Node> BeginningsOf(NetworkGraph graph, int exit)
    {
        bool isFused = graph.Losses.Any(l => l.Node == exit && graph.IsFused(l));
        if (isFused)
        {
            yield return graph.Nodes[graph.Nodes[exit].Inputs[0]];
        }

        if (!isFused || graph.HasPlainLoss(exit))
        {
            yield return graph.Nodes[exit];
        }
    }

    private (IReadOnlyList<GradientStep> Steps, IReadOnlyList<Node> Inputs) WalkBack(NetworkGraph graph, FusionPlan fusion,
        AlgorithmPlan algorithms)
    {
        // How many readers have made a gradient of a tensor, and whether the derivative of its activation is in it.
        var arrived = new Dictionary<int, (int Readers, bool IsActivated)>();
        void Arrive(Node node, bool isActivated) =>
            arrived[node.Index] = (arrived.TryGetValue(node.Index, out (int Readers, bool) others) ? others.Readers + 1 : 1, isActivated);
        foreach (Node node in graph.Exits(training: true).SelectMany(exit => BeginningsOf(graph, exit)).Where(IsDifferentiated))
        {
            Arrive(node, isActivated: false);
        }

        var steps = new List<GradientStep>();
        foreach (LayerGroup group in fusion.All.Reverse().Where(g => !fusion.IsOnRequest(g)))
        {
            bool needsInput = group.Inputs.Any(IsDifferentiated);
            if (!arrived.TryGetValue(group.Last.Index, out (int Readers, bool IsActivated) result) || (!needsInput && !group.IsTrained))
            {
                continue;
            }

            Algorithm algorithm = algorithms[group];
            EquatableArray<bool> wanted = group.Inputs
                .Select((input, i) => IsDifferentiated(input) && algorithm.IsDifferentiable(i)).ToEquatableArray();
            bool isActivated = result.IsActivated && result.Readers == 1;
            Activation? fused = algorithm.FusesActivationGradient && wanted[0] ? fusion.SoleActivationOf(group.Input) : null;
            var step = new GradientStep(group, wanted, result.Readers, isActivated, fused)
            {
                Zeros = ZerosFor(group),
                ZerosAroundInput = fusion.ProducerOf(group.Input) is { Window: null } before ? ZerosFor(before) : default,
            };
            steps.Add(step with { Saved = algorithm.Saves(step) | SavedByFused(step) });
            foreach (Node input in group.Inputs.Where((_, i) => wanted[i]))
            {
                // A flat view passes the gradient on unchanged.
                Arrive(input, fused is not null || (group.Operation.IsView && isActivated));
            }
        }

        return (steps, graph.Inputs.Where(input => graph.Settings.InputGradient && arrived.ContainsKey(input.Index)).ToList());
    }

    /// <summary>What backward reads to go through a fused activation and pooling.</summary>
    private static SavedForBackward SavedByFused(GradientStep step) =>
        (step.Group.Activation is null || step.IsActivated ? SavedForBackward.Nothing : SavedForBackward.Output)
        | (step.Group.Window is { Kind: PoolingKind.Max } ? SavedForBackward.Indices : SavedForBackward.Nothing);

    /// <summary>
    /// Zeros that a group reads around the gradient of its layer, to make that of its input. Around volumes it makes them itself.
    /// </summary>
    private Halo ZerosFor(LayerGroup group) =>
        group.Operation.WindowOverZeros is { } window && group.Input.Shape.Rank != Shape.VolumeRank && IsDifferentiated(group.Input)
            ? StrideResidue.ZerosAroundGradient(window, group.Input.Shape, group.Head.Shape) : default;
}
