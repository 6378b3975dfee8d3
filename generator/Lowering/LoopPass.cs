using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Generator.Graph;
using Strata.Generator.Kernels;

namespace Strata.Generator.Lowering;

/// <summary>
/// One pass of an operation that writes its own loops: its operands, and the steps that it adds to the program.
/// </summary>
/// <param name="builder">Receives the steps.</param>
/// <param name="node">The layer.</param>
/// <param name="lanes">What the lanes of an element hold.</param>
/// <param name="training">Whether backward follows, or this is backward.</param>
/// <param name="kept">What forward kept for backward, by name.</param>
internal sealed class LoopPass(ProgramBuilder builder, Node node, LaneAxis lanes, bool training, Dictionary<string, TensorBuffer> kept)
{
    private readonly Dictionary<string, LoopParameter> _parameters = [];
    private LoopTensor?[] _inputGradients = [];

    public Tier Tier => builder.Tier;

    public bool IsTraining => training;

    public LaneAxis Lanes => lanes;

    /// <summary>Channels of the layer's first input.</summary>
    public int Channels => builder.Graph.Nodes[node.Inputs[0]].Shape.Channels;

    /// <summary>What the layer reads. In backward, what it read.</summary>
    public IReadOnlyList<LoopTensor> Inputs { get; init; } = [];

    public LoopTensor Input => Inputs[0];

    /// <summary>What the layer computes. In backward, what it computed.</summary>
    public LoopTensor Output { get; init; } = null!;

    /// <summary>Backward only.</summary>
    public LoopTensor OutputGradient { get; init; } = null!;

    /// <summary>The gradient of an input, which backward has to write whole; null where nobody wants it.</summary>
    public IReadOnlyList<LoopTensor?> InputGradients
    {
        get => _inputGradients;
        init => _inputGradients = value.ToArray();
    }

    public LoopTensor? InputGradient => _inputGradients[0];

    /// <summary>A parameter, by the suffix of its key.</summary>
    public LoopParameter Parameter(string suffix) =>
        Operand(suffix, offset => new ParameterArgument(offset), suffix);

    /// <summary>Values that were derived from the parameters.</summary>
    public LoopParameter Derived(string name)
    {
        if (!_parameters.TryGetValue(name, out LoopParameter derived))
        {
            derived = new LoopParameter(name, new ParameterArgument(builder.Parameters.Derived(node.Index, name).Offset));
            _parameters.Add(name, derived);
        }

        return derived;
    }

    /// <summary>Whether the layer is frozen: its parameters keep their values.</summary>
    public bool IsFrozen => node.Frozen;

    /// <summary>Whether a parameter has a gradient: not where the layer is frozen.</summary>
    public bool HasGradient(string suffix) => builder.Parameters.IsTrained(node.Index, suffix);

    /// <summary>This block's part of a parameter's gradient, to be added to.</summary>
    public LoopParameter ParameterGradient(string suffix) =>
        Operand(suffix + "Gradient", offset => new PartialGradientArgument(offset), suffix);

    /// <summary>A tensor for the steps of this pass, whose memory is free again behind them.</summary>
    public LoopTensor Scratch(string name, Shape shape) => new(name, builder.Buffer(
        TensorName.Of(node, name), shape, lanes switch
        {
            LaneAxis.Samples => Layout.SampleLanes,
            LaneAxis.Channels => Layout.Blocked,
            _ => Layout.Planar,
        }));

    /// <summary>A tensor that forward writes and, in training, backward reads.</summary>
    public LoopTensor Kept(string name, Shape shape)
    {
        if (!kept.TryGetValue(name, out TensorBuffer buffer))
        {
            buffer = Scratch(name, shape).Buffer;
            kept.Add(name, buffer);
        }

        return new LoopTensor(name, buffer);
    }

    /// <summary>Floats of one block, which <see cref="Combine"/> finds again in the slots of all blocks.</summary>
    public LoopTensor BlockPart(string name, int length) => Flat(name, length, MemorySpace.Kept);

    /// <summary>Floats of the whole batch, which <see cref="Combine"/> writes and all blocks read.</summary>
    public LoopTensor Shared(string name, int length) => Flat(name, length, MemorySpace.Shared);

    /// <summary>
    /// Ends the blocks' steps so far and adds one for the whole batch. Block parts are those of the first block; the others follow
    /// at <c>keptStride</c> floats, and <c>step</c> tells how many samples there are.
    /// </summary>
    public void Combine(string what, Action<LoopWriter> body)
    {
        var writer = new LoopWriter(builder.Tier, LaneAxis.None);
        body(writer);
        writer.Pass("int keptStride");
        writer.Pass("in StepContext step");
        builder.AddCombining(
            node.Identifier + (OutputGradient is null ? "Combine" : "GradientCombine"), $"{node.Name}: {what} over all blocks",
            writer.Kernel(what), writer.Arguments());
    }

    /// <summary>Adds a step: loops over the operands that <paramref name="body"/> uses.</summary>
    /// <param name="what">What it does, for the comment; empty for the layer as a whole.</param>
    /// <param name="cycles">What it is expected to take; 0 where one program only could be chosen.</param>
    /// <param name="name">What it is called behind the layer's name; empty for the layer as a whole.</param>
    public void Step(string what, Action<LoopWriter> body, double cycles = 0, string name = "")
    {
        var writer = new LoopWriter(builder.Tier, lanes);
        body(writer);
        int vectors = lanes is LaneAxis.Channels or LaneAxis.Pixels ? node.Shape.Length / builder.Tier.Lanes : node.Shape.Length;
        string direction = OutputGradient is null ? "" : "backward of ";
        string purpose = what.Length > 0 ? what : OutputGradient is null ? node.Kind : $"Backward of {node.Kind}";
        builder.Add(
            node.Identifier + (OutputGradient is null ? "" : "Gradient") + name,
            $"{direction}{node.Name}: {builder.Graph.Nodes[node.Inputs[0]].Shape} → {node.Shape}{(what.Length > 0 ? "; " + what : "")}",
            writer.Kernel(purpose), cycles > 0 ? cycles : CostModel.Elementwise(builder.Tier, vectors), writer.Arguments());
    }

    /// <summary>Zeros in all of a tensor, for what is then added to.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="most">The most numbers that are added to an element: a long sum keeps what is rounded off it.</param>
    public void Clear(LoopTensor tensor, long most = 1)
    {
        builder.Clear(tensor.Buffer, $"{tensor.Buffer.Name}: zeros to add to");
        if (most > SumCut.Terms)
        {
            tensor.Lost = Scratch(tensor.Name + "Lost", tensor.Shape);
            builder.Clear(tensor.Lost.Buffer, $"{tensor.Buffer.Name}: what is rounded off");
        }
    }

    private LoopTensor Flat(string name, int length, MemorySpace space)
    {
        if (!kept.TryGetValue(name, out TensorBuffer buffer))
        {
            buffer = builder.Buffer(TensorName.Of(node, name), Shape.Vector(length), Layout.Flat, default, space);
            kept.Add(name, buffer);
        }

        return new LoopTensor(name, buffer);
    }

    private LoopParameter Operand(string name, Func<int, Argument> argument, string suffix)
    {
        if (!_parameters.TryGetValue(name, out LoopParameter parameter))
        {
            parameter = new LoopParameter(name, argument(builder.Parameters.Find(node.Index, suffix).Offset));
            _parameters.Add(name, parameter);
        }

        return parameter;
    }
}
