using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;
using Strata.Compiler.Kernels;

namespace Strata.Compiler.Lowering;

/// <summary>
/// One dimension of a packed axis, with its extent and its stride in elements. If the stride is negative, the dimension runs backwards.
/// </summary>
internal readonly record struct PackedDimension(int Extent, int Stride);

/// <summary>
/// Where a tier keeps a parameter. There is one copy, in the order in which the kernels for one sample read it. All other kernels broadcast
/// single weights, and read them in any order.
/// </summary>
/// <param name="Node">The layer.</param>
/// <param name="Identifier">The layer's identifier and the parameter's name: <c>Conv1Weight</c>.</param>
/// <param name="Offset">The first float, a multiple of 16.</param>
/// <param name="Length">How many floats of memory it takes.</param>
/// <param name="Axes">The dimensions of each axis of PyTorch's shape, slowest first.</param>
internal sealed record PackedParameter(
    int Node, string Key, string Identifier, ParameterSpec Spec, int Offset, int Length,
    EquatableArray<EquatableArray<PackedDimension>> Axes)
{
    /// <summary>The type of its elements.</summary>
    public ElementType Element { get; init; } = ElementType.Float;

    /// <summary>The floats of each of its slices.</summary>
    public int SliceLength => Length / (Spec.Slice?.Count ?? 1);
}

/// <summary>Values that are computed from a layer's parameters.</summary>
internal sealed record DerivedValues(int Node, string Name, string Identifier, int Offset, int Length);

/// <summary>A weight that is computed from another layer's, which it is in the opposite direction.</summary>
/// <param name="Owner">The layer that has it.</param>
/// <param name="Packed">Where it is, among the derived values.</param>
/// <param name="Axes">For each axis of PyTorch's shape, that of the other weight.</param>
internal sealed record TiedParameter(int Owner, PackedParameter Packed, EquatableArray<int> Axes);

/// <summary>All parameters of a tier, and where they are.</summary>
/// <param name="Parameters">In the order of the layers, and within a layer in PyTorch's order.</param>
/// <param name="DerivedValues">They come after all parameters.</param>
/// <param name="Shared">The layers that use another one's parameters, each with that one, and with the slice of them.</param>
/// <param name="FirstTaps">
/// The place of the first tap that is computed, for the layers that leave out some. Layers that share weights may leave out others.
/// </param>
/// <param name="SummedLength">How many floats at the beginning have gradients that each block sums separately.</param>
/// <param name="TrainedLength">How many floats at the beginning have gradients.</param>
/// <param name="Length">How many floats there are in total.</param>
internal sealed record ParameterLayout(
    EquatableArray<PackedParameter> Parameters, EquatableArray<DerivedValues> DerivedValues,
    EquatableArray<(int Node, int Owner, int Slice)> Shared, EquatableArray<(int Node, int Place)> FirstTaps, int SummedLength,
    int TrainedLength, int Length)
{
    private readonly Dictionary<int, int> _owners = Shared.ToDictionary(shared => shared.Node, shared => shared.Owner);
    private readonly Dictionary<int, int> _slices = Shared.ToDictionary(shared => shared.Node, shared => shared.Slice);

    private readonly Dictionary<int, int> _firstTaps = FirstTaps.ToDictionary(first => first.Node, first => first.Place);

    private readonly Dictionary<(int Node, string Suffix), PackedParameter> _byName =
        Parameters.ToDictionary(p => (p.Node, p.Spec.Suffix));

    private readonly Dictionary<int, TiedParameter> _ties = [];

    private readonly Dictionary<(int Node, string Name), DerivedValues> _derived = DerivedValues.ToDictionary(d => (d.Node, d.Name));

    /// <summary>How a parameter's gradient is computed. Parameters are packed in the order of these values.</summary>
    private enum Place
    {
        /// <summary>Each block computes a partial sum, and these are added. Used for small parameters.</summary>
        Summed,

        /// <summary>Computed over the whole batch at once. Used for the weights of dense layers.</summary>
        WholeBatch,

        /// <summary>It has no gradient.</summary>
        NotTrained,
    }

    /// <summary>The weights that are those of other layers in the opposite direction.</summary>
    public EquatableArray<TiedParameter> Ties
    {
        get;
        init
        {
            field = value;
            foreach (TiedParameter tie in value)
            {
                _ties.Add(tie.Packed.Node, tie);
            }
        }
    }

    /// <summary>The first float of the derived values.</summary>
    public int DerivedStart => DerivedValues.Count > 0 ? DerivedValues[0].Offset : Length;

    /// <summary>The layer that has the parameters which a layer uses: itself, or another one.</summary>
    public int OwnerOf(int node) => _owners.TryGetValue(node, out int owner) ? owner : node;

    /// <summary>Whether several layers use the parameters of a layer.</summary>
    public bool IsShared(int node) =>
        _owners.ContainsValue(OwnerOf(node)) || _ties.Any(tie => tie.Key == node || tie.Value.Owner == OwnerOf(node));

    public PackedParameter Find(int node, string suffix) => TieOf(node, suffix)?.Packed ?? _byName[(OwnerOf(node), suffix)];

    /// <summary>The weight of a layer, if it is that of another one in the opposite direction.</summary>
    public TiedParameter? TieOf(int node, string suffix) =>
        _ties.TryGetValue(node, out TiedParameter tie) && tie.Packed.Spec.Suffix == suffix ? tie : null;

    /// <summary>The place in the weight of a convolution of the first tap that is computed.</summary>
    public int FirstTapOf(int node) => _firstTaps.TryGetValue(node, out int place) ? place : 0;

    /// <summary>Where the parameter of a layer is, or the slice that the layer uses.</summary>
    public (int Offset, int Length) PlaceOf(int node, string suffix)
    {
        PackedParameter parameter = Find(node, suffix);
        int slice = _slices.TryGetValue(node, out int index) ? index : 0;
        return (parameter.Offset + (slice * parameter.SliceLength), parameter.SliceLength);
    }

    /// <summary>Whether a name is that of values derived from a layer's parameters. Otherwise it is the suffix of a parameter.</summary>
    public bool IsDerived(int node, string name) => _derived.ContainsKey((node, name));

    public DerivedValues Derived(int node, string name) => _derived[(node, name)];

    /// <summary>Whether a parameter has a gradient.</summary>
    public bool IsTrained(int node, string suffix) =>
        _byName.TryGetValue((OwnerOf(node), suffix), out PackedParameter parameter) && parameter.Offset < TrainedLength;

    /// <param name="convolutionBlocks">
    /// How many output channels are adjacent in the packed weights, for each layer that has filters.
    /// </param>
    /// <param name="ofAlgorithms">The values that algorithms derive from a layer's parameters.</param>
    /// <param name="denseWeights">The type in which the weights of dense layers are stored.</param>
    public static ParameterLayout Create(
        NetworkGraph graph, Tier tier, IReadOnlyDictionary<int, int> convolutionBlocks,
        ILookup<int, (string Name, int Length)> ofAlgorithms, ElementType denseWeights)
    {
        EquatableArray<(int Node, int Owner, int Slice)> shared = graph.Nodes.Where(node => node.Owner is not null)
            .Select(node => (node.Index, node.Owner!.Value, SliceOf(graph, node))).ToEquatableArray();
        var sizing = new Sizing(graph, tier, convolutionBlocks, denseWeights);
        List<SizedParameter> sizes = [.. graph.Nodes.Where(n => n.Inputs.Count > 0 && n.Owner is null)
            .SelectMany(node => sizing.Of(node, node.Operation.Parameters(graph.Nodes[node.Inputs[0]].Shape)))];
        var offsets = new int[sizes.Count];
        var ends = new int[3];
        int length = 0;
        foreach (Place place in new[] { Place.Summed, Place.WholeBatch, Place.NotTrained })
        {
            for (int i = 0; i < sizes.Count; i++)
            {
                Cancellation.ThrowIfRequested();
                if (sizes[i].Place == place)
                {
                    offsets[i] = length;
                    length = Grow(length, sizes[i].Length, sizes[i].Spec.KeyOf(sizes[i].Node.Layer));
                }
            }

            ends[(int)place] = length;
        }

        List<TiedParameter> ties = TiesIn(graph, sizing, ref length);
        List<DerivedValues> derived = [.. ties.Select(tie => tie.Packed)
            .Select(weight => new DerivedValues(weight.Node, weight.Spec.Suffix, weight.Identifier, weight.Offset, weight.Length))];
        foreach (Node node in graph.Nodes.Where(n => n.Inputs.Count > 0))
        {
            foreach ((string name, int values) in node.Operation.Derived(graph.Nodes[node.Inputs[0]].Shape)
                .Concat(ofAlgorithms[node.Index]))
            {
                derived.Add(new DerivedValues(node.Index, name, IdentifierOf(node, name), length, tier.RoundUp(values)));
                length = Grow(length, tier.RoundUp(values), $"{node.Name}.{name}");
            }
        }

        return new ParameterLayout(
            sizes.Select((size, i) => size.At(offsets[i])).ToEquatableArray(),
            derived.ToEquatableArray(), shared, FirstTapsIn(graph, convolutionBlocks).ToEquatableArray(),
            ends[(int)Place.Summed], ends[(int)Place.WholeBatch], length)
        {
            Ties = ties.ToEquatableArray(),
        };
    }

    /// <summary>The weights that are tied, one behind the other.</summary>
    private static List<TiedParameter> TiesIn(NetworkGraph graph, Sizing sizing, ref int length)
    {
        var ties = new List<TiedParameter>();
        foreach (Node node in graph.Nodes)
        {
            if (node.TiedTo is { } owner && node.Operation.TiedWeight(graph.Nodes[node.Inputs[0]].Shape) is { } weight)
            {
                PackedParameter packed = sizing.Of(node, [weight.Spec]).Single().At(length);
                ties.Add(new TiedParameter(owner, packed, weight.Axes));
                length = Grow(length, packed.Length, packed.Key);
            }
        }

        return ties;
    }

    private static IEnumerable<(int Node, int Place)> FirstTapsIn(NetworkGraph graph, IReadOnlyDictionary<int, int> convolutionBlocks) =>
        from node in graph.Nodes.WithCancellation()
        where node.Inputs.Count > 0
        let filters = node.Operation.WeightKindOf(graph.Nodes[node.Inputs[0]].Shape) as FilterWeight
        where filters is { LeavesOutTaps: true }
        select (node.Index, ConvolutionPacking.Create(filters, convolutionBlocks[node.Index]).FirstTap);

    private static int SliceOf(NetworkGraph graph, Node node) =>
        node.Operation.Parameters(graph.Nodes[node.Inputs[0]].Shape).Max(parameter => parameter.Slice?.Index ?? 0);

    /// <summary>A parameter whose place is not known yet.</summary>
    private sealed record SizedParameter(
        Node Node, ParameterSpec Spec, Place Place, int Length, EquatableArray<EquatableArray<PackedDimension>> Axes)
    {
        public ElementType Element { get; init; } = ElementType.Float;

        public PackedParameter At(int offset) =>
            new(Node.Index, Spec.KeyOf(Node.Layer), IdentifierOf(Node, Spec.Suffix), Spec, offset, Length, Axes)
            {
                Element = Element,
            };
    }

    /// <summary>Which order parameters have in memory.</summary>
    private sealed class Sizing(NetworkGraph graph, Tier tier, IReadOnlyDictionary<int, int> convolutionBlocks, ElementType denseWeights)
    {
        private readonly HashSet<int> _owners = [.. graph.Nodes.Select(node => node.Owner).OfType<int>()], _tied =
        [
            .. graph.Nodes.Where(node => node.TiedTo is not null).Select(node => node.Index),
            .. graph.Nodes.Select(node => node.TiedTo).OfType<int>(),
        ];

        /// <summary>Parameters of a layer, each with its order in memory.</summary>
        public IEnumerable<SizedParameter> Of(Node node, IEnumerable<ParameterSpec> specs)
        {
            Shape input = graph.Nodes[node.Inputs[0]].Shape;
            WeightKind? kind = node.Operation.WeightKindOf(input);
            foreach (ParameterSpec spec in specs)
            {
                Place place = PlaceOf(node, spec);
                bool isWeight = spec.Role == ParameterRole.Weight;
                switch (kind)
                {
                    case FilterWeight filters when isWeight:
                        var packing = ConvolutionPacking.Create(filters, convolutionBlocks[node.Index]);
                        yield return Sliced(new(node, spec, place, packing.Length, packing.Axes(filters, input.Rank)));
                        break;
                    case MatrixWeight matrix when isWeight:
                        // A weight that is tied is copied as floats.
                        ElementType element = _tied.Contains(node.Index) ? ElementType.Float : denseWeights;
                        var panels = DensePacking.Create(matrix.Outputs, matrix.Inputs, tier);
                        int floats = (int)((long)panels.Length * element.Bits / ElementType.Float.Bits);
                        yield return new(node, spec, place, floats, panels.Axes()) { Element = element };
                        break;
                    case MatrixWeight matrix:
                        yield return new(
                            node, spec, place, DensePacking.Create(matrix.Outputs, matrix.Inputs, tier).Width, RowMajor(spec.Extents));
                        break;
                    default:
                        int readable = spec.IsReadInRows ? checked(spec.Length + tier.Lanes - 1) : spec.Length;
                        yield return Sliced(new(node, spec, place, tier.RoundUp(readable), RowMajor(spec.Extents)));
                        break;
                }
            }
        }

        // One product over the batch writes the gradient of one layer's weights, and another one cannot add to it.
        private Place PlaceOf(Node node, ParameterSpec spec) =>
            node.Frozen || spec.Role == ParameterRole.Buffer ? Place.NotTrained
            : spec.Role == ParameterRole.Weight && node.Operation.TrainsOverWholeBatch && !_owners.Contains(node.Index)
                && !_tied.Contains(node.Index) ? Place.WholeBatch : Place.Summed;
    }

    /// <summary>All slices of a parameter, one behind the other.</summary>
    private static SizedParameter Sliced(SizedParameter slice)
    {
        if (slice.Spec.Slice is not { } own)
        {
            return slice;
        }

        int pitch = checked((int)MemoryPlan.RoundUp(slice.Length));
        EquatableArray<PackedDimension> rows = new[] { new PackedDimension(own.Count, pitch) }.Concat(slice.Axes[0]).ToEquatableArray();
        return slice with { Length = checked(own.Count * pitch), Axes = new[] { rows }.Concat(slice.Axes.Skip(1)).ToEquatableArray() };
    }

    private static int Grow(int length, int floats, string last) =>
        NetworkTooLargeException.Check(MemoryPlan.RoundUp((long)length + floats), $"packed parameters up to {last}");

    /// <summary>The identifier of a parameter. Example: running_mean of layer1.0.bn1 becomes Layer1_0_Bn1RunningMean.</summary>
    private static string IdentifierOf(Node node, string parameter) => node.Identifier + Identifiers.Pascal(parameter);

    /// <summary>The order of the elements in PyTorch.</summary>
    private static EquatableArray<EquatableArray<PackedDimension>> RowMajor(EquatableArray<int> extents)
    {
        var axes = new EquatableArray<PackedDimension>[extents.Count];
        int stride = 1;
        for (int i = extents.Count - 1; i >= 0; i--)
        {
            axes[i] = EquatableArray.Of(new PackedDimension(extents[i], stride));
            stride *= extents[i];
        }

        return axes.ToEquatableArray();
    }
}
