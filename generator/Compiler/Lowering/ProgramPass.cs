using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using Strata.Compiler.Operators;

namespace Strata.Compiler.Lowering;

/// <summary>A pass of an operation that writes its own loops. The loops become steps of a program.</summary>
/// <param name="builder">Receives the steps.</param>
/// <param name="node">The layer.</param>
/// <param name="lanes">What the lanes of a vector hold.</param>
/// <param name="training">Whether the program trains.</param>
/// <param name="saved">The tensors that forward saved for backward, by name.</param>
internal sealed class ProgramPass(ProgramBuilder builder, Node node, LaneAxis lanes, bool training,
    Dictionary<string, TensorBuffer> saved) : LoopPass
{
    private readonly Dictionary<string, LoopParameter> _parameters = [];

    public override bool IsTraining => training;

    public override int Lanes => builder.Tier.Lanes;

    public override int Channels => builder.Graph.Nodes[node.Inputs[0]].Shape.Channels;

    public override bool IsFrozen => node.Frozen;

    /// <summary>What each of the steps costs; null if they do the work that the operation tells of.</summary>
    public Cost? CostOfStep { get; init; }

    /// <summary>A buffer as loops see it.</summary>
    public static LoopTensor Tensor(string name, TensorBuffer buffer, LaneAxis lanes, Activation? activation = null) =>
        new BufferTensor(name, buffer, lanes) { Activation = activation };

    public override LoopParameter Parameter(string suffix, string? name = null) =>
        Bound(name ?? suffix, () => builder.Parameter(node, suffix));

    public override LoopParameter Derived(string name) =>
        Bound(name, () => builder.Derived(node, name));

    public override bool HasGradient(string suffix) => builder.Parameters.IsTrained(node.Index, suffix);

    public override LoopParameter ParameterGradient(string suffix, string? name = null) =>
        Bound((name ?? suffix) + "Gradient", () => builder.GradientOf(node, suffix));

    public override LoopTensor Temporary(string name, Shape shape) =>
        Own(name, builder.Buffer(TensorName.Of(node, name), shape, lanes switch
        {
            LaneAxis.Samples => Layout.SampleLanes,
            LaneAxis.Channels => Layout.Blocked,
            _ => Layout.Planar,
        }));

    public override LoopTensor Saved(string name, Shape shape)
    {
        if (!saved.TryGetValue(name, out TensorBuffer buffer))
        {
            buffer = ((BufferTensor)Temporary(name, shape)).Buffer;
            saved.Add(name, buffer);
        }

        return Own(name, buffer);
    }

    public override bool SamplesAreApart => lanes == LaneAxis.Channels;

    public override LoopTensor OfSample(string name, int length) => Flat(name, length, MemorySpace.Sample);

    public override void AddSamples(string what, string name, Action<Loops> body) => AddStep(what, name, Recorded(body, combines: true));

    public override LoopTensor OfBlock(string name, int length) => Flat(name, length, MemorySpace.Slot);

    public override LoopTensor Shared(string name, int length) => Flat(name, length, MemorySpace.Shared);

    // Steps for the whole batch work on single floats.
    protected override Loops NewLoops(bool combines) => new(
        builder.Tier.Lanes,
        builder.Tier.Fuses,
        combines ? LaneAxis.None : lanes,
        channelsAreItems: !combines
            && (node.Operation.AsActivation is not null || node.Operation is LoopOperation { Dependence: Dependence.Channel }));

    protected override void AddStep(string what, string name, Loops loops)
    {
        string direction = IsBackward ? "backward of " : "";
        string purpose = what.Length > 0 ? what : IsBackward ? $"Backward of {node.Kind}" : node.Kind;
        builder.Add(
            node.Identifier + (IsBackward ? "Gradient" : "") + name,
            $"{direction}{node.Name}: {builder.Graph.Nodes[node.Inputs[0]].Shape} → {node.Shape}{(what.Length > 0 ? "; " + what : "")}",
            new LoopKernel(builder.Tier, purpose, loops.Nest(), loops.SharedItems), CostOfStep ?? CostOfOperation(), OperandsOf(loops));
    }

    private Cost CostOfOperation()
    {
        Shape shape = node.Shape;
        int elements = lanes switch
        {
            LaneAxis.Channels => Arithmetic.CeilingDivide(shape.Channels, builder.Tier.Lanes) * shape.Rows * shape.Width,
            LaneAxis.Pixels => shape.Length / builder.Tier.Lanes,
            _ => shape.Length,
        };
        Cost cost = StepCosts.Loops(builder.Tier, elements);
        if (node.Operation is LoopOperation operation)
        {
            LoopWork work = operation.WorkOf([.. node.Inputs.Select(input => builder.Graph.Nodes[input].Shape)], shape, IsBackward);
            cost += StepCosts.Loops(builder.Tier, work) * ((double)elements / shape.Length);
        }

        return cost;
    }

    protected override void AddCombiningStep(string what, Loops loops) => builder.AddCombining(
        node.Identifier + (IsBackward ? "GradientCombine" : "Combine"), $"{node.Name}: {what} over all blocks",
        new LoopKernel(builder.Tier, what, loops.Nest()),
        OperandsOf(loops));

    protected override void AddZeros(LoopTensor tensor, bool isLost)
    {
        string name = ((BufferTensor)tensor).Buffer.Name.Text;
        builder.Clear(((BufferTensor)(isLost ? tensor.Lost! : tensor)).Buffer,
            isLost ? $"{name}: what is rounded off" : $"{name}: zeros to add to");
    }

    private static Operand[] OperandsOf(Loops loops) =>
    [
        .. loops.Operands.Select(operand => operand switch
        {
            BufferTensor tensor => new BufferOperand(tensor.Buffer, tensor.Buffer.Origin, tensor.Access),
            _ => ((BoundParameter)operand).Operand,
        }),
        .. loops.Passed.Select(value => new PassedOperand(value.Name switch
        {
            Operators.Loops.SamplesName => PassedValue.Samples,
            Operators.Loops.SlotStrideName => PassedValue.SlotStride,
            Operators.Loops.SampleStrideName => PassedValue.SampleStride,
            Operators.Loops.ContextName => PassedValue.Context,
            _ => throw new InvalidOperationException($"No caller passes {value.Name}."),
        })),
    ];

    private LoopTensor Flat(string name, int length, MemorySpace space)
    {
        if (!saved.TryGetValue(name, out TensorBuffer buffer))
        {
            buffer = builder.Buffer(TensorName.Of(node, name), Shape.Vector(length), Layout.Flat, default, space);
            saved.Add(name, buffer);
        }

        return Own(name, buffer);
    }

    private LoopTensor Own(string name, TensorBuffer buffer) => Owned(Tensor(name, buffer, lanes));

    private LoopParameter Bound(string name, Func<Operand> operand)
    {
        if (!_parameters.TryGetValue(name, out LoopParameter parameter))
        {
            parameter = Owned(new BoundParameter(name, operand()));
            _parameters.Add(name, parameter);
        }

        return parameter;
    }

    private sealed class BufferTensor(string name, TensorBuffer buffer, LaneAxis lanes)
        : LoopTensor(name, buffer.Shape, StridesOf(buffer, lanes))
    {
        public TensorBuffer Buffer => buffer;

        private static ElementStrides StridesOf(TensorBuffer buffer, LaneAxis lanes) => buffer.Layout == Layout.Flat
            ? new ElementStrides(lanes == LaneAxis.Channels ? buffer.Lanes : buffer.ChannelPitch, 0, 0, 0)
            : new ElementStrides(buffer.ChannelPitch, buffer.PlanePitch, buffer.RowPitch,
                lanes == LaneAxis.Pixels ? buffer.Lanes : buffer.ColumnPitch);
    }

    private sealed class BoundParameter(string name, Operand operand) : LoopParameter(name)
    {
        public Operand Operand => operand;
    }
}
