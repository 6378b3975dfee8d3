using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;

namespace Strata.Compiler.Lowering;

/// <summary>The layout of a tensor in memory.</summary>
/// <param name="Shape">The shape of its memory. A flat view has the shape of the tensor that it is a view of.</param>
internal sealed record TensorLayout(Shape Shape, Layout Layout, Halo Halo = default, MemorySpace Space = MemorySpace.Arena)
{
    /// <summary>How many floats the producer of a flat tensor writes, if these are more than its features.</summary>
    public int PaddedLength { get; init; }

    /// <summary>The same tensor without gaps for a halo.</summary>
    public TensorLayout Compact => this with { Halo = default };

    /// <summary>The same tensor with its features one after the other.</summary>
    public TensorLayout Flat => Layout == Layout.Flat ? this : new TensorLayout(Shape.Vector(Shape.Length), Layout.Flat);

    /// <summary>The same tensor in a layout. If that is not its own layout, the result has no halo.</summary>
    public TensorLayout In(Layout layout) => Layout == layout ? this : new TensorLayout(Shape, layout);
}

/// <summary>
/// The layouts that a group uses: those of its inputs, which are converted if they have other layouts, and that of its result.
/// </summary>
internal sealed record GroupLayout(EquatableArray<TensorLayout> Inputs, TensorLayout Result);

/// <summary>What an algorithm needs to know to choose its layouts.</summary>
/// <param name="Inputs">The layouts in which producers write the inputs.</param>
/// <param name="Result">The shape, halo and memory of the result. Its layout is that of the first input.</param>
internal sealed record LayoutRequest(FusionPlan Fusion, LayerGroup Group, Tier Tier, IReadOnlyList<TensorLayout> Inputs,
    TensorLayout Result)
{
    public ProgramKind Kind => Fusion.Kind;

    /// <summary>Whether weight gradients are computed from the first input over the whole batch.</summary>
    public bool IsReadOverBatch { get; init; }

    /// <summary>Whether the samples of the first input are in lanes if it is not converted.</summary>
    public bool IsInLanes => Kind.SamplesInLanes || (Kind.Mixes && Input.Layout == Layout.SampleLanes);

    public bool IsInPlace => Fusion.IsInPlace(Group);

    public TensorLayout Input => Inputs[0];

    /// <summary>The same request with samples of the inputs in lanes. It changes only programs that mix layouts.</summary>
    public LayoutRequest InLanes() => !Kind.Mixes ? this : this with
    {
        Inputs = [.. Inputs.Zip(Group.Inputs, (x, node) => x.Layout == Layout.SampleLanes ? x : new TensorLayout(
            node.Shape, Layout.SampleLanes,
            Group.Operation.WindowOverZeros(node.Shape) is { } window && node == Group.Input
                ? ProgramBuilder.HaloOf(window, node.Shape, Group.Head.Shape) : default,
            IsReadOverBatch ? MemorySpace.Slot : MemorySpace.Arena))],
        Result = Result with { Layout = Layout.SampleLanes },
    };

    /// <summary>
    /// The same request with all inputs in one layout: in blocks of channels, or with samples in lanes. It changes only programs that mix
    /// layouts.
    /// </summary>
    /// <param name="ifAny">Whether one input in blocks of channels is enough to convert the others to blocks, too.</param>
    public LayoutRequest OfBlocks(bool ifAny = false) => !Kind.Mixes || Inputs.All(x => x.Layout == Layout.Blocked) ? this
        : !ifAny || Inputs.All(x => x.Layout != Layout.Blocked) ? InLanes()
        : this with
        {
            Inputs = [.. Inputs.Zip(Group.Inputs,
            (x, node) => x.Layout == Layout.Blocked ? x : new TensorLayout(node.Shape, Layout.Blocked))]
        };

    /// <summary>Planar layouts for all inputs, and for the result if it has no other.</summary>
    public GroupLayout Planar(Layout result = Layout.Planar) => With(
        result,
        [.. Inputs.Zip(Group.Inputs, (x, node) => !Kind.Mixes || x.Layout == Layout.Planar
            ? x.In(Layout.Planar) : new TensorLayout(node.Shape, Layout.Planar))]);

    /// <summary>Layouts in which the result has the layout of the first input.</summary>
    public GroupLayout LikeInput() => With(Input.Layout);

    /// <summary>
    /// Layouts with the given one for the result. Inputs that are not given stay as they are, except for a tensor that is joined,
    /// which gets the result's layout.
    /// </summary>
    public GroupLayout With(Layout result, params TensorLayout[] inputs) => new(
        (inputs.Length == 0 ? Inputs
            : inputs.Length < Inputs.Count && Group.Join is not null ? [.. inputs, Inputs[inputs.Length].In(result)] : inputs)
            .ToEquatableArray(),
        Result with { Layout = result });
}

/// <summary>
/// The layouts of all tensors of a program. They are planned before any step is added. They depend on the groups, on the groups'
/// algorithms, and on the kind of program.
/// </summary>
internal sealed class LayoutPlan
{
    private readonly Dictionary<int, TensorLayout> _tensors = [];
    private readonly Dictionary<int, GroupLayout> _groups = [];

    public LayoutPlan(NetworkGraph graph, FusionPlan fusion, AlgorithmPlan algorithms, GradientFlow? gradients)
    {
        Dictionary<int, Halo> halos = HalosIn(fusion, algorithms);
        Arrange(graph, fusion, algorithms, gradients, halos);
        Concatenations = new ConcatenationPlan(fusion, Of, algorithms.Tier.Lanes);
        if (Concatenations.ShareHalos(halos))
        {
            // Halos do not change which tensors are in rows and which in blocks.
            Arrange(graph, fusion, algorithms, gradients, halos);
        }
    }

    /// <summary>Which tensors are computed directly inside of concatenated ones.</summary>
    public ConcatenationPlan Concatenations { get; }

    /// <summary>The layout of the tensor that a node computes.</summary>
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
                // The group gets the tensor that callers and losses read.
                inputs = [.. group.Inputs.Select(input => new TensorLayout(input.Shape, Layout.SampleLanes))];
            }

            if (inputs[0].Layout == Layout.SampleLanes && group.Operation.ReadsInSequence(group.Input.Shape, kind.Trains))
            {
                // Flat tensors have no gaps, even if the viewed tensor has a halo for another reader.
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
    /// The halo of zeros that the readers of each tensor expect around it. Steps that pass a tensor on also pass on the halos that their
    /// readers expect. 3-D tensors carry no halo; kernels that need one copy. A single walk visits all tensors, since chains may be long.
    /// </summary>
    private static Dictionary<int, Halo> HalosIn(FusionPlan fusion, AlgorithmPlan algorithms)
    {
        var halos = new Dictionary<int, Halo>();
        foreach (Node node in Enumerable.Reverse(fusion.Tensors).WithCancellation().Where(node => !node.Shape.IsVolume))
        {
            Halo halo = default;
            foreach (LayerGroup group in fusion.ReadersOf(node))
            {
                if ((algorithms[group].WindowOverZeros ?? group.Operation.WindowOverZeros(group.Input.Shape)) is { } window
                    && group.Input.Index == node.Index)
                {
                    halo = halo.Union(ProgramBuilder.HaloOf(window, group.Input.Shape, group.Head.Shape));
                }
                else if ((fusion.MayShareMemory(group) || fusion.IsInPlace(group)) && halos.TryGetValue(group.Last.Index, out Halo wished))
                {
                    halo = halo.Union(wished);
                }
            }

            halos[node.Index] = halo;
        }

        return halos;
    }
}
