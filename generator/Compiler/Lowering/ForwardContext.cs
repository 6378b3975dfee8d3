using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;
using Strata.Compiler.Kernels;

namespace Strata.Compiler.Lowering;

/// <summary>The tensors of a group after forward. Those that backward reads are saved.</summary>
/// <param name="Inputs">The inputs in the layouts that their producers write.</param>
/// <param name="Read">The inputs in the layouts that the algorithm reads. They are converted if necessary.</param>
/// <param name="Indices">The positions of the maxima of a max pooling.</param>
internal sealed record LoweredGroup(
    LayerGroup Group, IReadOnlyList<TensorBuffer> Inputs, IReadOnlyList<TensorBuffer> Read, TensorBuffer Output, TensorBuffer? Indices)
{
    /// <summary>Tensors that an operator's loops have saved, by name.</summary>
    public IReadOnlyDictionary<string, TensorBuffer> LoopTensors { get; init; } = new Dictionary<string, TensorBuffer>();
}

/// <summary>What an algorithm needs to compute a group, with tensors in the planned layouts.</summary>
/// <param name="Inputs">The inputs in the layouts that their producers write.</param>
internal sealed record ForwardContext(ProgramBuilder Builder, LoweringPlan Plan, LayerGroup Group, IReadOnlyList<TensorBuffer> Inputs)
{
    private readonly TensorBuffer?[] _read = new TensorBuffer?[Inputs.Count];
    private TensorBuffer? _indices, _result;

    public Tier Tier => Builder.Tier;

    public GroupLayout Layout { get; } = Plan.Layouts.Of(Group);

    /// <summary>Whether backward follows.</summary>
    public bool Trains => Plan.Kind.Trains;

    public bool IsInPlace => Plan.Fusion.IsInPlace(Group);

    /// <summary>Whether inputs are read without conversion.</summary>
    public bool IsGiven { get; init; }

    /// <summary>What the loops of an operator save for backward, by name.</summary>
    public Dictionary<string, TensorBuffer> LoopTensors { get; } = [];

    /// <summary>An input in the planned layout. Adds a step that converts it if necessary.</summary>
    public TensorBuffer Read(int input = 0) =>
        _read[input] ??= IsGiven ? Inputs[input] : Builder.Convert(Inputs[input], Layout.Inputs[input]);

    /// <summary>The tensor that is joined with the layer's result, in the result's layout; null if there is none.</summary>
    public TensorBuffer? Joined => Group.Join is null ? null
        : IsGiven ? Read(Inputs.Count - 1)
        : _read[Inputs.Count - 1] ??= Builder.ConvertOnce(Inputs[Inputs.Count - 1], Layout.Inputs[Inputs.Count - 1]);

    /// <summary>How kernels join a tensor; null if there is none.</summary>
    /// <param name="strides">Where it lies.</param>
    public EpilogueJoin? JoinOf(Func<TensorBuffer, Strides> strides) =>
        Joined is { } other ? new EpilogueJoin(Group.Join!.Function, strides(other)) : null;

    public List<TensorBuffer> ReadAll() => Inputs.Select((_, i) => Read(i)).ToList();

    /// <summary>The tensor for the result, with zeros around it if readers need them.</summary>
    public TensorBuffer Result() => _result ??= Cleared(ResultToClear());

    /// <summary>The same for a layer whose pooling is a separate step. The layer then has a tensor of its own.</summary>
    public TensorBuffer PooledResult() => Cleared(ResultToClear(pooled: true));

    /// <summary>The tensor for the result, without the step that writes the zeros around it.</summary>
    /// <param name="pooled">Whether pooling is a separate step.</param>
    public TensorBuffer ResultToClear(bool pooled = false) =>
        Builder.Buffer(TensorName.Of(Plan.Kind.SamplesInLanes || pooled ? Group.Last : Group.Head), Group.Last, Plan.Layouts);

    /// <summary>Memory for the positions of maxima. Each bit of a position has a plane with one bit per lane.</summary>
    public BufferOperand SaveIndices(int bits)
    {
        (Shape shape, bool inLanes) = (Group.Last.Shape, Layout.Result.Layout == Kernels.Layout.SampleLanes);
        int vectors = inLanes ? shape.Length : Arithmetic.CeilingDivide(shape.Channels, Builder.Tier.Lanes) * shape.Rows * shape.Width;
        MemorySpace space = inLanes ? MemorySpace.Arena : MemorySpace.Sample;
        TensorBuffer floats = Builder.Buffer(
            TensorName.Of(Group.Last, "indices"), Shape.Vector(vectors * bits), Kernels.Layout.Flat, space: space);
        _indices = floats with { Element = Builder.Tier.LaneBits };
        return new BufferOperand(_indices, 0, Access.Write);
    }

    private TensorBuffer Cleared(TensorBuffer tensor)
    {
        Builder.ClearHalo(tensor);
        return tensor;
    }

    /// <summary>Computes the group.</summary>
    public LoweredGroup Lower()
    {
        Algorithm[] candidates = [.. AlgorithmTable.InLayouts(Plan.Algorithms[Group], this)];
        Algorithm algorithm = candidates.Length == 1 ? candidates[0] : CostModel.Cheapest(
            Tier, candidates, candidate => candidate.CyclesInLayouts, candidate => Array.IndexOf(candidates, candidate)).Candidate;
        TensorBuffer output = algorithm.Forward(this);
        return new LoweredGroup(Group, Inputs, Inputs.Select((x, i) => _read[i] ?? x).ToList(), output, _indices)
        {
            LoopTensors = LoopTensors,
        };
    }
}
