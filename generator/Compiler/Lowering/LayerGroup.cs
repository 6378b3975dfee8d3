using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;

namespace Strata.Compiler.Lowering;

/// <summary>
/// A batch norm, and perhaps an activation, that inference applies to a layer's input while it is read. The norm is a scale and a shift of
/// each channel.
/// </summary>
internal sealed record InputNorm(Node Norm, Activation? Activation);

/// <summary>A tensor that is joined with a layer's result before that is stored, such as the other summand of an addition.</summary>
internal sealed record GroupJoin(Node Other, JoinFunction Function);

/// <summary>
/// Nodes that one step computes: a layer, and the normalisation, join, activation and pooling that are applied while its results are in
/// registers.
/// </summary>
/// <param name="Head">The layer itself.</param>
/// <param name="Inputs">The tensors that the group reads, which are outputs of nodes. The tensor that is joined comes last.</param>
/// <param name="Norm">A fused batch norm; in inference only. It is a scale and a shift of each channel.</param>
/// <param name="Join">A tensor that is joined after the norm; in inference only. A group with a join has no pooling.</param>
/// <param name="Activation">A fused activation, applied before pooling.</param>
/// <param name="PoolWindow">The window of a fused pooling.</param>
/// <param name="Last">The node whose output is the group's result.</param>
/// <param name="Label">The names of its layers: <c>conv1 + relu1 + pool1</c>.</param>
internal sealed record LayerGroup(
    Node Head, IReadOnlyList<Node> Inputs, Node? Norm, GroupJoin? Join, Activation? Activation, PoolingWindow? PoolWindow, Node Last,
    string Label)
{
    public Operation Operation => Head.Operation;

    public Node Input => Inputs[0];

    /// <summary>What is applied to the layer's input while it is read; null for nothing.</summary>
    public InputNorm? InputNorm { get; init; }

    /// <summary>
    /// From which channel of which input each channel of the result is copied; null if the group does something else, or has flat tensors.
    /// A concatenation by itself is not one of these, since its inputs may be computed in their places.
    /// </summary>
    public EquatableArray<ChannelSource>? ChannelSources { get; init; }

    /// <summary>
    /// Whether the result may be a view of the input: unchanged channels of it that are neighbours. Layouts decide whether it is one.
    /// </summary>
    public bool MayBeView => Inputs.Count == 1 && ChannelSources is { } sources && Graph.ChannelSources.FirstOf(sources) is not null;

    /// <summary>The fused pooling as tiles compute it.</summary>
    public FusedPool? Pool { get; } = PoolWindow?.AsTile;

    /// <summary>The weight of the layer, if it slides filters over its input.</summary>
    public FilterWeight? Filters { get; init; } = Head.Operation.WeightKindOf(Inputs[0].Shape) as FilterWeight;

    /// <summary>Indices of the inputs that depend on no trained parameter, and whose gradients nobody asks for.</summary>
    public EquatableArray<int> FixedInputs { get; init; } = EquatableArray<int>.Empty;

    /// <summary>Whether its parameters are slices of larger ones.</summary>
    public bool HasSlices => Operation.Parameters(Input.Shape).Any(p => p.Slice is not null);

    /// <summary>Whether the layer adds a learned bias.</summary>
    public bool HasBias => Operation.Parameters(Input.Shape).Any(p => p.Role == ParameterRole.Bias);

    /// <summary>Multiply-adds of the layer for one sample.</summary>
    public long MultiplyAdds => Operation.MultiplyAdds([.. Inputs.Select(input => input.Shape)], Head.Shape);

    /// <summary>Whether the layer has parameters that training changes.</summary>
    public bool IsTrained => !Head.Frozen && (Operation.TiedWeight(Input.Shape) is not null
        || Operation.Parameters(Input.Shape).Any(p => p.Role != ParameterRole.Buffer));

    /// <summary>How the weights of a dense layer are packed.</summary>
    public DensePacking PanelsFor(Tier tier) => DensePacking.Create(Head.Shape.Length, Input.Shape.Length, tier);

    public static PoolingWindow WindowOf(Pooling pooling, Shape input, Shape output)
    {
        // In a window of one element, maximum and mean are the same. The mean needs no index, so it is used.
        var window = new PoolingWindow(pooling, pooling.Kind, input, output);
        return window.Area == 1 ? window with { Kind = PoolingKind.Average } : window;
    }
}
