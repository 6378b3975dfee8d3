using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;

namespace Strata.Compiler.Lowering;

/// <summary>Adds one kind of layer to the group of the layer before it, so that one step computes both.</summary>
/// <param name="Name">What kind of layer is fused.</param>
/// <param name="Reason">Why this saves time, and when it is not done.</param>
/// <param name="Extend">Adds the next layers to a group if they are of this kind.</param>
internal sealed record FusionMatcher(string Name, string Reason, Action<GroupMatch> Extend)
{
    /// <summary>All matchers, in the order in which they look at the layers after a group's first layer.</summary>
    public static readonly EquatableArray<FusionMatcher> All = EquatableArray.Of(
        new FusionMatcher(
            "batch norm",
            "In inference it is a scale and a shift of each channel, which cost a multiply-add in registers. In training it needs the "
                + "statistics of the whole batch.",
            TakeNorm),
        new FusionMatcher(
            "join",
            "In inference the other tensor is read once, and the result is stored once. In training, the gradient of a sum goes to both "
                + "summands as they are, and other functions need both tensors for it.",
            TakeJoin),
        new FusionMatcher(
            "activation",
            "It is applied before the store; in inference, so are several in a row, such as a·x + b and what comes before and after it. In "
                + "training only if backward needs nothing but its output, if it is not one function with the "
                + "loss, and if it is proven to be finite, since these kernels mask no empty lanes.",
            TakeActivation),
        new FusionMatcher(
            "pooling",
            "Windows side by side are pooled in registers, and only the results are stored. In training only maxima, since backward of a "
                + "mean would need the activation's output, which is not stored.",
            TakePooling));

    private static void TakeNorm(GroupMatch group)
    {
        if (!group.Trains && group.Head.Operation.ComputesTiles
            && group.Readers.SoleReader(group.Head) is { Operation.AsChannelScale: not null } norm)
        {
            group.Norm = norm;
            group.Layers.Add(norm);
        }
    }

    private static void TakeJoin(GroupMatch group)
    {
        LayerReaders readers = group.Readers;
        if (group.Trains || !group.Head.Operation.ComputesTiles)
        {
            return;
        }

        Node last = group.Last;
        List<Node> idle = readers.IdleBehind(last);
        Node own = idle.LastOrDefault() ?? last;
        if (readers.SoleReader(own) is { Inputs.Count: 2 } join
            && join.Operation.JoinOf(join.Inputs[0] == own.Index ? 0 : 1) is { } function
            && readers.Graph.Nodes[join.Inputs.Single(i => i != own.Index)] is var other && TakesJoin(readers, last, other, join))
        {
            group.Join = new GroupJoin(other, function);
            group.Layers.AddRange(idle);
            group.Layers.Add(join);
        }
    }

    /// <summary>
    /// Whether the first of two layers is fused with their join. If both could be, the later one is, since the result of the other is then
    /// still in the cache.
    /// </summary>
    private static bool TakesJoin(LayerReaders readers, Node own, Node other, Node join) =>
        readers.BeforeIdle(other).Index < own.Index || readers.SoleReader(other) != join
        || !readers.IsOfTiles(readers.BeforeIdle(other));

    private static void TakeActivation(GroupMatch group)
    {
        if (!group.Head.Operation.TakesActivation)
        {
            return;
        }

        do
        {
            Cancellation.ThrowIfRequested();
            List<Node> idle = group.Readers.IdleBehind(group.Last);
            if (group.Readers.SoleReader(idle.LastOrDefault() ?? group.Last) is not { Operation.AsActivation: { } function } activated
                || (group.Trains && (!function.CanBeFusedInTraining || group.Readers.IsFusedWithLoss(activated)))
                || group.Activation is { IsPart: false } && !function.IsPart)
            {
                return;
            }

            group.Activation = group.Activation?.Then(function) ?? function;
            group.Layers.AddRange(idle);
            group.Layers.Add(activated);
        }
        while (!group.Trains);
    }

    private static void TakePooling(GroupMatch group)
    {
        Node last = group.Last;
        if (group.Head.Operation.ComputesTiles && group.Join is null && !group.Readers.Kind.Mixes
            && group.Readers.SoleReader(last) is { Operation.AsPooling: { } pooling } pooled
            && LayerGroup.WindowOf(pooling, last.Shape, pooled.Shape) is var window && IsFusible(window, group))
        {
            group.PoolWindow = window;
            group.Layers.Add(pooled);
        }
    }

    /// <summary>Whether the windows cover the input without overlap and are small enough for the registers.</summary>
    private static bool IsFusible(PoolingWindow window, GroupMatch group)
    {
        const int LargestArea = 9;
        bool keepsEnough = !group.Trains
            || (window.Pooling.Kind == PoolingKind.Max && group.Activation is not { IsIncreasing: false });
        return window.Tiles && window.Depth.Kernel == 1 && window.Area is > 1 and <= LargestArea && keepsEnough;
    }
}

/// <summary>A group of layers while matchers are adding to it.</summary>
internal sealed class GroupMatch(LayerReaders readers, Node head)
{
    public LayerReaders Readers => readers;

    public Node Head => head;

    public List<Node> Layers { get; } = [head];

    public Node Last => Layers[Layers.Count - 1];

    public Node? Norm { get; set; }

    public GroupJoin? Join { get; set; }

    public Activation? Activation { get; set; }

    public PoolingWindow? PoolWindow { get; set; }

    public bool Trains => readers.Kind.Trains;

    /// <param name="front">The layers that are applied to the first layer's input.</param>
    public LayerGroup Close(InputNormMatch? front)
    {
        List<Node> inputs = (front?.Norm.Norm ?? head).Inputs.Select(i => readers.Graph.Nodes[i]).ToList();
        if (Join is not null)
        {
            inputs.Add(Join.Other);
        }

        string label = string.Join(" + ", (front?.Layers ?? []).Concat(Layers).Select(n => n.Name));
        return new LayerGroup(head, inputs, Norm, Join, Activation, PoolWindow, Last, label) { InputNorm = front?.Norm };
    }
}

/// <summary>
/// A batch norm before a 1×1 convolution, with or without an activation between them. The convolution reads each element once, and applies
/// both while it reads.
/// </summary>
/// <param name="Reader">The convolution.</param>
/// <param name="Layers">The layers before it.</param>
internal sealed record InputNormMatch(Node Reader, IReadOnlyList<Node> Layers, InputNorm Norm)
{
    /// <summary>Matches a batch norm with the layers behind it.</summary>
    /// <returns>Null if the layer is not such a batch norm, if the program trains, or if samples are in lanes.</returns>
    public static InputNormMatch? Find(LayerReaders readers, Node norm)
    {
        if (readers.Kind.SamplesInLanes || readers.Kind.Trains || norm.Operation.AsChannelScale is null
            || readers.SoleReader(norm) is not { } next)
        {
            return null;
        }

        Activation? activation = next.Operation.AsActivation;
        Node? reader = activation is null ? next : readers.SoleReader(next);
        return reader?.Operation.WeightKindOf(norm.Shape) is FilterWeight { Groups: 1, IsTransposed: false, Window.IsOneElement: true }
            ? new InputNormMatch(reader, activation is null ? [norm] : [norm, next], new InputNorm(norm, activation)) : null;
    }
}
