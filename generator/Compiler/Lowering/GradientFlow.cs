using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;

namespace Strata.Compiler.Lowering;

/// <summary>The tensors of a group's forward pass that backward reads.</summary>
[Flags]
internal enum SavedForBackward
{
    Nothing = 0,
    Input = 1,
    Output = 2,

    /// <summary>The positions of the maxima of max pooling.</summary>
    Indices = 4,
}

/// <summary>What backward must do for a group.</summary>
/// <param name="Wanted">For each input, whether its gradient is wanted.</param>
/// <param name="Readers">How many gradients of its result are summed: one for each reader.</param>
/// <param name="IsActivated">Whether the gradient of its result has already been multiplied by the derivative of its activation.</param>
/// <param name="Fused">
/// The activation before the group. The group multiplies the gradient of its input by the derivative of this activation.
/// </param>
internal sealed record GradientStep(LayerGroup Group, EquatableArray<bool> Wanted, int Readers, bool IsActivated, Activation? Fused)
{
    /// <summary>The tensors of forward that it reads. Loops that operators write may save more.</summary>
    public SavedForBackward Saved { get; init; }

    /// <summary>The zeros that it reads around the gradient of its layer.</summary>
    public Halo Zeros { get; init; }

    /// <summary>The zeros that the group before it reads around the gradient of its input.</summary>
    public Halo ZerosAroundInput { get; init; }
}

/// <summary>
/// How gradients flow through the network. This is planned before any step is added:
/// - which tensors have gradients;
/// - in which order groups compute them;
/// - where several gradients of one tensor are summed;
/// - which tensors are read for the whole batch.
/// </summary>
internal sealed class GradientFlow
{
    private readonly FusionPlan _fusion;

    public GradientFlow(NetworkGraph graph, FusionPlan fusion, AlgorithmPlan algorithms)
    {
        _fusion = fusion;
        foreach (LayerGroup group in fusion.All.Reverse().WithCancellation())
        {
            if (group.Operation.TrainsOverWholeBatch || (fusion.PassesOn(group) && ReadOverBatch.Contains(group.Last.Index)))
            {
                ReadOverBatch.UnionWith(group.Inputs.Select(i => i.Index));
            }
        }

        (Steps, Inputs) = WalkBack(graph, fusion, algorithms);
    }

    /// <summary>The groups in the order in which backward visits them.</summary>
    public IReadOnlyList<GradientStep> Steps { get; }

    /// <summary>The network's inputs whose gradients are returned to the caller.</summary>
    public IReadOnlyList<Node> Inputs { get; }

    /// <summary>
    /// Tensors, including views of them, from which weight gradients are computed over the whole batch. They must outlive the pass of a
    /// block.
    /// </summary>
    public HashSet<int> ReadOverBatch { get; } = [];

    public bool IsDifferentiated(Node node) => _fusion.IsDifferentiated(node);

    /// <summary>
    /// The nodes whose gradients begin at a tensor that leaves the network. This is the tensor's own node, or the node before it if layer
    /// and loss are fused. It is both if the tensor has losses of both kinds.
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
        // For each tensor: how many of its readers have computed a gradient, and whether the derivative of its activation is already
        // applied.
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
            if (!group.IsTrained && !wanted.Contains(true))
            {
                // A comparison, for example, passes no gradient on.
                continue;
            }

            bool isActivated = result.IsActivated && result.Readers == 1;
            Activation? fused = algorithm.FusesActivationGradient && wanted[0] ? fusion.SoleActivationOf(group.Input) : null;
            var step = new GradientStep(group, wanted, result.Readers, isActivated, fused)
            {
                Zeros = ZerosFor(group),
                ZerosAroundInput = fusion.ProducerOf(group.Input) is { PoolWindow: null } before ? ZerosFor(before) : default,
            };
            steps.Add(step with { Saved = algorithm.Saves(step) | SavedByFused(step) });
            foreach (Node input in group.Inputs.Where((_, i) => wanted[i]))
            {
                // A flat view returns the gradient unchanged.
                Arrive(input, fused is not null || (group.Operation.IsView && isActivated));
            }
        }

        return (steps, graph.Inputs.Where(input => graph.Settings.InputGradient && arrived.ContainsKey(input.Index)).ToList());
    }

    /// <summary>What backward reads to undo a fused activation and pooling.</summary>
    private static SavedForBackward SavedByFused(GradientStep step) =>
        (step.Group.Activation is null || step.IsActivated ? SavedForBackward.Nothing : SavedForBackward.Output)
        | (step.Group.PoolWindow is { Kind: PoolingKind.Max } ? SavedForBackward.Indices : SavedForBackward.Nothing);

    /// <summary>
    /// The zeros that a group reads around the gradient of its layer to compute the gradient of its input. For volumes it adds the zeros
    /// itself.
    /// </summary>
    private Halo ZerosFor(LayerGroup group) =>
        group.Operation.WindowOverZeros(group.Input.Shape) is { } window && !group.Input.Shape.IsVolume
        && IsDifferentiated(group.Input)
            ? StrideResidue.ZerosAroundGradient(window, group.Input.Shape, group.Head.Shape) : default;
}
