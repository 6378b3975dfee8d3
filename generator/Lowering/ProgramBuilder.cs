using System;
using System.Collections.Generic;
using System.Globalization;
using Strata.Generator.Graph;
using Strata.Generator.Kernels;
using BatchNorm = Strata.Generator.Operators.BatchNorm;

namespace Strata.Generator.Lowering;

/// <summary>Collects the steps of a program; what the lowerings for single samples and for blocks of samples share.</summary>
internal sealed class ProgramBuilder(NetworkGraph graph, Tier tier, ParameterLayout parameters)
{
    private readonly List<Step> _steps = [];

    public NetworkGraph Graph => graph;

    public Tier Tier => tier;

    public ParameterLayout Parameters => parameters;

    public IReadOnlyList<Step> Steps => _steps;

    public TensorBuffer Buffer(string name, Shape shape, Layout layout, Halo halo = default, MemorySpace space = MemorySpace.Arena) =>
        new(name, shape, layout, halo, tier.Lanes, space);

    public void Add(string name, string comment, Kernel kernel, double cycles, params Argument[] arguments) =>
        _steps.Add(new Step(name, comment, kernel, EquatableArray.Of(arguments), cycles));

    public void Add(Step step) => _steps.Add(step);

    /// <summary>Adds a step for the whole batch, which every block's steps so far come before.</summary>
    public void AddCombining(string name, string comment, Kernel kernel, params Argument[] arguments) =>
        _steps.Add(new Step(name, comment, kernel, EquatableArray.Of(arguments), 0) { Combines = true });

    /// <summary>The steps since the last call.</summary>
    public EquatableArray<Step> TakeSteps(ref int from)
    {
        EquatableArray<Step> steps = _steps.GetRange(from, _steps.Count - from).ToEquatableArray();
        from = _steps.Count;
        return steps;
    }

    public static BufferArgument Read(TensorBuffer buffer, int? offset = null) => new(buffer, offset ?? buffer.Origin, Access.Read);

    public static BufferArgument Write(TensorBuffer buffer, int? offset = null) => new(buffer, offset ?? buffer.Origin, Access.Write);

    public static BufferArgument Update(TensorBuffer buffer, int? offset = null) => new(buffer, offset ?? buffer.Origin, Access.ReadWrite);

    /// <summary>Before the first write to a tensor with a halo.</summary>
    public void ClearHalo(TensorBuffer buffer)
    {
        if (!buffer.Halo.IsEmpty)
        {
            Add(
                "ClearHalo",
                $"the zeros around {buffer.Name}",
                new ClearHaloKernel(
                    tier, buffer.ChannelUnits, buffer.Shape.Rows, buffer.Shape.Width, buffer.Halo,
                    new Walk(buffer.ChannelPitch, buffer.RowPitch, buffer.ColumnPitch)),
                CostModel.ClearHalo(buffer.ChannelUnits * buffer.Shape.Rows),
                Write(buffer, 0));
        }
    }

    public ParameterArgument Weight(Node node) => new(parameters.Find(node.Index, "weight").Offset);

    public ParameterArgument Bias(Node node) => new(parameters.Find(node.Index, "bias").Offset);

    /// <summary>Scale and shift of a batch norm that is fused with the layer before it.</summary>
    public IEnumerable<Argument> Normalization(LayerGroup group) => group.Norm is { } norm
        ? [new ParameterArgument(parameters.Derived(norm.Index, BatchNorm.Scale).Offset), new ParameterArgument(parameters.Derived(norm.Index, BatchNorm.Shift).Offset)]
        : [];

    /// <summary>A place in what the caller passed: <c>ref input</c>, or a later part of it.</summary>
    public static PassedArgument Part(string name, int offset) =>
        new(offset == 0 ? $"ref {name}" : $"ref At(ref {name}, {Expression.Number(offset)})");

    /// <summary>What messages and buffers call an input.</summary>
    public static string InputName(Node input) => input.Name.Length > 0 ? input.Name : "input";

    public static string NameOf(NetworkOutput output) => output.Name.Length > 0 ? output.Name : "output";

    public static Walk WalkOf(TensorBuffer buffer) => new(buffer.ChannelPitch, buffer.RowPitch, buffer.ColumnPitch);

    public static ChannelAddress ChannelsOf(TensorBuffer buffer) =>
        buffer.Layout == Layout.Blocked && buffer.Shape.Channels > buffer.Lanes
            ? new ChannelAddress(buffer.ChannelPitch, buffer.Lanes)
            : new ChannelAddress(buffer.Layout == Layout.Blocked ? 1 : buffer.ChannelPitch);

    /// <summary>Rows and columns of zeros that a convolution reads around its input.</summary>
    public static Halo HaloOf(Convolution convolution, Shape input, Shape output)
    {
        static (int Before, int After) Axis(WindowAxis axis, int extent, int outputs) =>
            (axis.PadBefore, Math.Max(0, ((outputs - 1) * axis.Stride) + axis.Span - axis.PadBefore - extent));
        (int top, int bottom) = Axis(convolution.Vertical, input.Height, output.Height);
        (int left, int right) = Axis(convolution.Horizontal, input.Width, output.Width);
        return new Halo(top, bottom, left, right);
    }

    /// <summary><c>conv1 + relu1: 6×28×28 → 6×14×14; 235,200 FLOPs</c>.</summary>
    public static string Describe(LayerGroup group)
    {
        long work = group.Operation.MultiplyAdds(group.Input.Shape, group.Head.Shape);
        return $"{group.Label}: {group.Input.Shape} → {group.Last.Shape}" + (work > 0 ? $"; {Grouped(2 * work)} FLOPs" : "");
    }

    public static string Grouped(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    public static string MethodName(LayerGroup group, string suffix = "") => group.Head.Identifier + suffix;
}
