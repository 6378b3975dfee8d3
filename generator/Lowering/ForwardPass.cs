using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Generator.Graph;
using Strata.Generator.KernelLanguage;
using Strata.Generator.Kernels;

namespace Strata.Generator.Lowering;

/// <summary>What is there of a group when it has been computed; what backward needs of it is saved.</summary>
/// <param name="Inputs">As others left them.</param>
/// <param name="Read">The same as the algorithm read them: converted, where they lay in another way.</param>
/// <param name="Indices">Where the maxima of its pooling stood.</param>
internal sealed record LoweredGroup(
    LayerGroup Group, IReadOnlyList<TensorBuffer> Inputs, IReadOnlyList<TensorBuffer> Read, TensorBuffer Output, TensorBuffer? Indices)
{
    /// <summary>What the loops of an operator kept, by name.</summary>
    public IReadOnlyDictionary<string, TensorBuffer> Kept { get; init; } = new Dictionary<string, TensorBuffer>();
}

/// <summary>What an algorithm is handed to compute a group: tensors in the layouts that the plan says.</summary>
/// <param name="inputs">What the group reads, as it lies.</param>
internal sealed class ForwardPass(ProgramBuilder builder, LoweringPlan plan, LayerGroup group, IReadOnlyList<TensorBuffer> inputs)
{
    private readonly TensorBuffer?[] _read = new TensorBuffer?[inputs.Count];
    private TensorBuffer? _indices;

    public ProgramBuilder Builder => builder;

    public Tier Tier => builder.Tier;

    public LayerGroup Group => group;

    public GroupLayout Layout { get; } = plan.Layouts.Of(group);

    /// <summary>Whether backward follows.</summary>
    public bool Trains => plan.Kind.Trains;

    /// <summary>Whether inputs are taken as they are given.</summary>
    public bool IsGiven { get; init; }

    public bool IsInPlace => plan.Fusion.IsInPlace(group);

    /// <summary>What the loops of an operator keep for backward.</summary>
    public Dictionary<string, TensorBuffer> Kept { get; } = [];

    /// <summary>An input in the layout that the plan says; a step converts it where it lies in another way.</summary>
    public TensorBuffer Read(int input = 0) => _read[input] ??= IsGiven ? inputs[input] : ReadAgain(input);

    /// <summary>The same in a tensor of its own, where it has to be converted.</summary>
    public TensorBuffer ReadAgain(int input = 0) => builder.Convert(inputs[input], Layout.Inputs[input]);

    public List<TensorBuffer> ReadAll() => inputs.Select((_, i) => Read(i)).ToList();

    /// <summary>The tensor for the result, with zeros around it where readers want some.</summary>
    public TensorBuffer Result(bool pooled = false)
    {
        TensorBuffer result = ResultToClear(pooled);
        builder.ClearHalo(result);
        return result;
    }

    /// <summary>The tensor for the result, around which the zeros are still to be written.</summary>
    /// <param name="pooled">Whether the layer has a tensor of its own, and pooling makes another.</param>
    public TensorBuffer ResultToClear(bool pooled = false) =>
        builder.Buffer(TensorName.Of(plan.Kind.SamplesInLanes || pooled ? group.Last : group.Head), Layout.Result);

    /// <summary>Room for the indices of the maxima of windows: planes of a bit for each lane.</summary>
    public BufferArgument SaveIndices(int bits)
    {
        // A plane is a byte or two.
        int bytes = Math.Max(1, builder.Tier.Lanes / 8);
        int floats = ((group.Last.Shape.Length * bits * bytes) + 3) / 4;
        _indices = builder.Buffer(TensorName.Of(group.Last, "indices"), new TensorLayout(Shape.Vector(floats), Kernels.Layout.Flat));
        return new BufferArgument(_indices, 0, Access.Write, "Bits");
    }

    /// <summary>Computes the group.</summary>
    public LoweredGroup Lower()
    {
        TensorBuffer output = plan.Algorithms[group].Forward(this);
        return new LoweredGroup(group, inputs, inputs.Select((x, i) => _read[i] ?? x).ToList(), output, _indices) { Kept = Kept };
    }
}
