using System.Collections.Generic;
using System.Linq;
using Strata.Generator.Graph;
using Strata.Generator.Kernels;

namespace Strata.Generator.Lowering;

/// <summary>How a tensor lies in memory.</summary>
/// <param name="Shape">That of its memory: a flat view's is the shape of what it is a view of.</param>
internal sealed record TensorLayout(Shape Shape, Layout Layout, Halo Halo = default, MemorySpace Space = MemorySpace.Arena)
{
    /// <summary>The floats that the producer of a flat tensor writes, where these are more than its features.</summary>
    public int PaddedLength { get; init; }

    /// <summary>The same tensor without gaps, with a lane for each sample.</summary>
    public TensorLayout Compact => this with { Halo = default };

    /// <summary>The same tensor as features one after the other.</summary>
    public TensorLayout Flat => Layout == Layout.Flat ? this : new TensorLayout(Shape.Vector(Shape.Length), Layout.Flat);

    /// <summary>The same tensor in a layout; in another one than its own, without zeros around it.</summary>
    public TensorLayout In(Layout layout) => Layout == layout ? this : new TensorLayout(Shape, layout);
}

/// <summary>The layouts of a group: of its inputs, which are converted where they have others, and of its result.</summary>
internal sealed record GroupLayout(EquatableArray<TensorLayout> Inputs, TensorLayout Result);

/// <summary>What an algorithm is told when it is asked for its layouts.</summary>
/// <param name="Inputs">The layouts of its inputs, as their producers write them.</param>
/// <param name="Result">The result's shape, the zeros around it and its memory; its layout is that of the first input.</param>
internal sealed record LayoutRequest(FusionPlan Fusion, LayerGroup Group, Tier Tier, IReadOnlyList<TensorLayout> Inputs,
    TensorLayout Result)
{
    public ProgramKind Kind => Fusion.Kind;

    /// <summary>Whether weights' gradients are made from the first input over the whole batch.</summary>
    public bool IsReadOverBatch { get; init; }

    /// <summary>Whether a tensor that is read as it lies has its samples in lanes.</summary>
    public bool IsInLanes => Kind.SamplesInLanes || (Kind.Mixes && Input.Layout == Layout.SampleLanes);

    public bool IsInPlace => Fusion.IsInPlace(Group);

    public TensorLayout Input => Inputs[0];

    /// <summary>The same with inputs whose samples lie in lanes, where some of the program's may not.</summary>
    public LayoutRequest InLanes() => !Kind.Mixes ? this : this with
    {
        Inputs = [.. Inputs.Zip(Group.Inputs, (x, node) => x.Layout == Layout.SampleLanes ? x : new TensorLayout(
            node.Shape, Layout.SampleLanes,
            Group.Operation.WindowOverZeros is { } window && node == Group.Input
                ? ProgramBuilder.HaloOf(window, node.Shape, Group.Head.Shape) : default,
            IsReadOverBatch ? MemorySpace.Slot : MemorySpace.Arena))],
        Result = Result with { Layout = Layout.SampleLanes },
    };

    /// <summary>
    /// The same with inputs that lie alike, in blocks of channels or with samples in lanes, where some of the program's lie in other ways.
    /// </summary>
    /// <param name="ifAny">Whether one input in blocks is enough for the others to be put into blocks, too.</param>
    public LayoutRequest OfBlocks(bool ifAny = false) => !Kind.Mixes || Inputs.All(x => x.Layout == Layout.Blocked) ? this
        : !ifAny || Inputs.All(x => x.Layout != Layout.Blocked) ? InLanes()
        : this with
        {
            Inputs = [.. Inputs.Zip(Group.Inputs,
            (x, node) => x.Layout == Layout.Blocked ? x : new TensorLayout(node.Shape, Layout.Blocked))]
        };

    /// <summary>The result in the layout of the first input.</summary>
    public GroupLayout LikeInput() => With(Input.Layout);

    /// <summary>
    /// The result in a layout, with the inputs as they are unless others are given; an addend that is not given lies as the result does.
    /// </summary>
    public GroupLayout With(Layout result, params TensorLayout[] inputs) => new(
        (inputs.Length == 0 ? Inputs
            : inputs.Length < Inputs.Count && Group.Addend is not null ? [.. inputs, Inputs[inputs.Length].In(result)] : inputs)
            .ToEquatableArray(),
        Result with { Layout = result });
}

/// <summary>
/// How all tensors of a program lie, decided before any step is written: a function of the groups, of their algorithms and of what the
/// program is for.
/// </summary>
internal sealed class LayoutPlan
{
    private readonly Dictionary<int, TensorLayout> _tensors = [];
    private readonly Dictionary<int, GroupLayout> _groups = [];

    public LayoutPlan(NetworkGraph graph, FusionPlan fusion, AlgorithmPlan algorithms, GradientFlow? gradients)
    {
        Dictionary<int, Halo> halos = HalosIn(fusion, algorithms);
        Arrange(graph, fusion, algorithms, gradients, halos);
        Joins = new JoinPlan(fusion, Of, algorithms.Tier.Lanes);
        if (Joins.ShareHalos(halos))
        {
            // Zeros do not change what lies in rows and what in blocks.
            Arrange(graph, fusion, algorithms, gradients, halos);
        }
    }

    /// <summary>Which tensors are computed in their places in joined ones.</summary>
    public JoinPlan Joins { get; }

    /// <summary>The tensor that a node computes.</summary>
    public TensorLayout Of(Node node) => _tensors[node.Index];

    public GroupLayout Of(LayerGroup group) => _groups[group.Head.Index];

    private void Arrange(
        NetworkGraph graph, FusionPlan fusion, AlgorithmPlan algorithms, GradientFlow? gradients, Dictionary<int, Halo> halos)
    {
        ProgramKind kind = fusion.Kind;
        TensorLayout Lying(Node node, Layout layout) => new(
            node.Shape, layout, halos.TryGetValue(node.Index, out Halo halo) ? halo : default,
            IsReadOverBatch(node) && layout == Layout.SampleLanes ? MemorySpace.Slot : MemorySpace.Arena);
        bool IsReadOverBatch(Node node) => gradients?.ReadOverBatch.Contains(node.Index) == true;
        foreach (Node input in graph.Inputs)
        {
            _tensors[input.Index] = Lying(input,
                kind.SamplesInLanes || (kind.Mixes && input.Shape.Rank == 1) ? Layout.SampleLanes
                    : input.Shape.Rank == 1 ? Layout.Flat : Layout.Planar);
        }

        foreach (LayerGroup group in fusion.All)
        {
            List<TensorLayout> inputs = group.Inputs.Select(input => _tensors[input.Index]).ToList();
            if (kind.Mixes && fusion.IsOnRequest(group))
            {
                // It gets what callers and losses read.
                inputs = [.. group.Inputs.Select(input => new TensorLayout(input.Shape, Layout.SampleLanes))];
            }

            if (inputs[0].Layout == Layout.SampleLanes && group.Operation.ReadsInSequence(group.Input.Shape, kind.Trains))
            {
                // Flat tensors have no gaps, even if the tensor that they show has some for another reader.
                inputs[0] = inputs[0].Compact;
            }

            var request = new LayoutRequest(fusion, group, algorithms.Tier, inputs, Lying(group.Last, inputs[0].Layout))
            {
                IsReadOverBatch = IsReadOverBatch(group.Input),
            };
            GroupLayout layout = algorithms[group].Arrange(request);
            if (kind.Mixes && !fusion.PassesOn(group))
            {
                layout = layout with { Result = layout.Result with { Space = Lying(group.Last, layout.Result.Layout).Space } };
            }

            _groups[group.Head.Index] = layout;
            _tensors[group.Last.Index] = layout.Result;
        }
    }

    /// <summary>
    /// The zeros that the readers of each tensor expect around it; steps that pass it on hand their readers' wishes on. A volume has none:
    /// who needs them makes a copy. One walk over all tensors, since chains may be long.
    /// </summary>
    private static Dictionary<int, Halo> HalosIn(FusionPlan fusion, AlgorithmPlan algorithms)
    {
        var halos = new Dictionary<int, Halo>();
        foreach (Node node in Enumerable.Reverse(fusion.Tensors).Looking().Where(node => node.Shape.Rank != Shape.VolumeRank))
        {
            Halo halo = default;
            foreach (LayerGroup group in fusion.ReadersOf(node))
            {
                if ((algorithms[group].WindowOverZeros ?? group.Operation.WindowOverZeros) is { } window && group.Input.Index == node.Index)
                {
                    halo = halo.Union(ProgramBuilder.HaloOf(window, group.Input.Shape, group.Head.Shape));
                }
                else if ((fusion.PassesOn(group) || fusion.IsInPlace(group)) && halos.TryGetValue(group.Last.Index, out Halo wished))
                {
                    halo = halo.Union(wished);
                }
            }

            halos[node.Index] = halo;
        }

        return halos;
    }
}
