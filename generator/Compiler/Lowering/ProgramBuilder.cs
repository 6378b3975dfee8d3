using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;
using Strata.Compiler.Kernels;

namespace Strata.Compiler.Lowering;

/// <summary>Collects the steps of a program.</summary>
/// <param name="cancellationToken">Checked whenever a step is added, so that lowerings need not check it.</param>
/// <param name="samplesApart">Whether each sample of a block has its own memory for tensors whose lanes do not hold samples.</param>
internal sealed class ProgramBuilder(NetworkGraph graph, Tier tier, ParameterLayout parameters, CancellationToken cancellationToken,
    bool samplesApart = false)
{
    private readonly List<Step> _steps = [];
    private readonly List<DenseGradientStep> _overBatch = [];

    /// <summary>By the offsets of parameters: the layer that writes the gradient, and the memory of the others.</summary>
    private readonly Dictionary<int, int> _writers = [];
    private readonly Dictionary<int, TensorBuffer> _added = [];

    /// <summary>The gradients of the current layer that are added to those of others.</summary>
    private readonly List<(PartialGradientOperand Sum, TensorBuffer Term)> _open = [];

    /// <summary>Tied weights whose gradients were computed.</summary>
    private readonly List<(TiedParameter Tie, TensorBuffer Term)> _tied = [];

    /// <summary>
    /// Concatenated tensors inside of which other tensors are computed, by node. An entry is made when its first part is computed.
    /// </summary>
    private readonly Dictionary<int, TensorBuffer> _joined = [];
    private readonly Dictionary<(TensorBuffer, Layout), TensorBuffer> _converted = [];

    public NetworkGraph Graph => graph;

    /// <summary>
    /// Rounded tensors, by the node that rounds and by what is around them. Their layout follows from the node: flat, or blocks of
    /// channels.
    /// </summary>
    public Dictionary<(int Node, Halo Halo), TensorBuffer> Rounded { get; } = [];

    public Tier Tier => tier;

    /// <summary>The layers to which added steps belong.</summary>
    public string Layer { get; set; } = "";

    /// <summary>The index of the node that takes most of these layers' time; −1 for none.</summary>
    public int Head { get; set; } = -1;

    public ParameterLayout Parameters => parameters;

    public IReadOnlyList<Step> Steps => _steps;

    /// <summary>Weight gradients that are computed over the slots of all blocks, after backward.</summary>
    public IReadOnlyList<DenseGradientStep> OverBatch => _overBatch;

    public TensorBuffer Buffer(TensorName name, TensorLayout layout) =>
        Buffer(name, layout.Shape, layout.Layout, layout.Halo, layout.Space) with { PaddedLength = layout.PaddedLength };

    /// <summary>The tensor that a node computes. It may be a part of a concatenated tensor (<see cref="ConcatenationPlan"/>).</summary>
    public TensorBuffer Buffer(TensorName name, Node node, LayoutPlan layouts)
    {
        TensorLayout layout = layouts.Of(node);
        if (layouts.Concatenations.PlaceOf(node) is not { } place)
        {
            return Buffer(name, layout);
        }

        if (!_joined.TryGetValue(place.Whole.Index, out TensorBuffer whole))
        {
            _joined.Add(place.Whole.Index, whole = Buffer(TensorName.Of(place.Whole), layouts.Of(place.Whole)));
        }

        return whole.Part(name, layout.Shape, place.Channel);
    }

    public TensorBuffer Buffer(TensorName name, Shape shape, Layout layout, Halo halo = default, MemorySpace space = MemorySpace.Arena) =>
        new(name, shape, layout, halo, tier.Lanes,
            samplesApart && space == MemorySpace.Arena && layout is Layout.Blocked or Layout.Planar ? MemorySpace.Sample : space);

    /// <summary>Scratch memory for one call of a kernel.</summary>
    /// <param name="node">The node whose name begins that of the memory.</param>
    /// <param name="what">What is in it.</param>
    public BufferOperand Scratch(Node node, string what, int length) =>
        Write(Buffer(TensorName.Of(node, what), Shape.Vector(length), Layout.Flat, space: MemorySpace.Scratch));

    public void Add(string name, string comment, Kernel kernel, Cost cycles, params Operand[] operands) =>
        Add(new Step(name, comment, kernel, EquatableArray.Of(operands), cycles));

    public void Add(Step step)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _steps.Add(graph.Settings.Profile ? step with { Layer = Layer, Head = Head } : step);
    }

    /// <summary>Adds a combining step: it runs once for the whole batch, when all blocks have done the steps before it.</summary>
    public void AddCombining(string name, string comment, Kernel kernel, params Operand[] operands) =>
        Add(new Step(name, comment, kernel, EquatableArray.Of(operands), 0) { Combines = true });

    /// <summary>Adds a weight gradient to <see cref="OverBatch"/>. The runtime computes it after backward, and not as a step.</summary>
    public void AddOverBatch(DenseGradientStep step) => _overBatch.Add(step with { Layer = Layer });

    /// <summary>Replaces the steps from an index on.</summary>
    public void Replace(int from, IReadOnlyList<Step> steps)
    {
        _steps.RemoveRange(from, _steps.Count - from);
        _steps.AddRange(steps);
    }

    /// <inheritdoc cref="MemoryPlan.Create"/>
    public MemoryPlan Plan(MemorySpace space, StagePlan? stages = null) => MemoryPlan.Create(_steps, space, stages, cancellationToken);

    /// <summary>A program of all steps. Its buffers are in the arena, or in scratch memory if they live during one step only.</summary>
    /// <param name="maybeShared">Whether threads may share its steps, if they take long enough.</param>
    public Program Program(bool maybeShared = false)
    {
        StagePlan? stages = maybeShared && ThreadCosts.IsShared(tier, Cost.Sum(_steps.Select(step => step.Cycles)))
            ? StagePlan.Create(_steps) : null;

        // If threads share steps, they would have to wait for each other once more at each step that computes several samples.
        IEnumerable<Step> steps = _steps.Select(step => stages is null || step.BatchItems > 0 ? step : step with { OfSamples = null });
        return new Program(steps.ToEquatableArray(), Plan(MemorySpace.Arena, stages: stages), Plan(MemorySpace.Scratch), stages);
    }

    /// <summary>The steps since the last call.</summary>
    public EquatableArray<Step> TakeSteps(ref int from)
    {
        EquatableArray<Step> steps = _steps.GetRange(from, _steps.Count - from).ToEquatableArray();
        from = _steps.Count;
        return steps;
    }

    public static BufferOperand Read(TensorBuffer buffer, int? offset = null) => new(buffer, offset ?? buffer.Origin, Access.Read);

    public static BufferOperand Write(TensorBuffer buffer, int? offset = null) => new(buffer, offset ?? buffer.Origin, Access.Write);

    public static BufferOperand Update(TensorBuffer buffer, int? offset = null) => new(buffer, offset ?? buffer.Origin, Access.ReadWrite);

    /// <summary>
    /// Adds a step that clears the halo of a tensor. It goes before the first write to the tensor, or after a step that may overwrite the
    /// halo.
    /// </summary>
    public void ClearHalo(TensorBuffer buffer)
    {
        if (!buffer.Halo.IsEmpty && buffer.Shape.IsVolume)
        {
            Clear(buffer, $"zeros around {buffer.Name}, and in its place");
        }
        else if (!buffer.Halo.IsEmpty)
        {
            Add(
                "ClearHalo",
                $"the zeros around {buffer.Name}",
                new ClearHaloKernel(
                    tier, buffer.ChannelUnits, buffer.Shape.Rows, buffer.Shape.Width, buffer.Halo,
                    new Strides(buffer.ChannelPitch, buffer.RowPitch, buffer.ColumnPitch)),
                StepCosts.ClearHalo(tier, buffer.ChannelUnits * buffer.Shape.Rows),
                Write(buffer, 0));
        }
    }

    /// <summary>
    /// Adds a step that clears a tensor. It clears exactly the tensor's elements, since another part of a concatenated tensor may follow.
    /// </summary>
    public void Clear(TensorBuffer buffer, string comment)
    {
        int length = buffer.End - buffer.Start;
        Add("Clear", comment, new ClearKernel(tier), StepCosts.Elementwise(tier, length / tier.Lanes, operands: 0), Write(buffer, 0),
            new ExtentOperand(length));
    }

    /// <summary>Adds a step that copies a tensor to another one of the same layout.</summary>
    public void Copy(TensorBuffer from, TensorBuffer to, string comment) => Map(("Copy", comment), null, Read(from), Write(to));

    /// <summary>
    /// Adds a step that applies a function to each element of a tensor, or copies it, into another tensor of the same layout.
    /// </summary>
    public void Map((string Name, string Comment) step, Activation? function, BufferOperand from, BufferOperand to, Cost? cycles = null)
    {
        (TensorBuffer x, TensorBuffer y) = (from.Buffer, to.Buffer);

        // If one tensor is a part of the other, the step goes over the elements of the part.
        VectorGrid grid = x.Shape.Length < y.Shape.Length ? VectorGrid.Covering(x, y) : VectorGrid.Covering(y, x);
        Add(
            step.Name, step.Comment, new ActivationKernel(tier, function, grid, VectorGrid.StridesOf(x), VectorGrid.StridesOf(y)),
            cycles ?? StepCosts.Elementwise(tier, VectorsOf(x)), from, to);
    }

    /// <summary>Adds a step that sums tensors of one layout and applies an activation.</summary>
    public void Sum((string Name, string Comment) step, IReadOnlyList<TensorBuffer> terms, BufferOperand to,
        Activation? activation = null) => Join(step, JoinFunction.Sum, terms, to, activation);

    /// <summary>Adds a step that joins tensors of one layout from left to right, and applies an activation.</summary>
    public void Join((string Name, string Comment) step, JoinFunction function, IReadOnlyList<TensorBuffer> terms, BufferOperand to,
        Activation? activation = null) => Add(
        step.Name, step.Comment,
        new JoinKernel(
            tier, function, VectorGrid.Covering(to.Buffer, [.. terms]), terms.Select(VectorGrid.StridesOf).ToEquatableArray(),
            VectorGrid.StridesOf(to.Buffer), activation),
        StepCosts.Elementwise(tier, VectorsOf(terms[0]), terms.Count), [.. terms.Select(x => Read(x)), to]);

    /// <summary>The tensor without a halo, as a flat view of it needs. It is copied if it has a halo for another reader.</summary>
    public TensorBuffer Compact(TensorBuffer x)
    {
        if (x.IsCompact)
        {
            return x;
        }

        TensorBuffer compact = Buffer(x.Name.With(" ", "compact"), x.Shape, x.Layout, space: x.Space);
        Copy(x, compact, $"{x.Name} without the zeros around it");
        return compact;
    }

    /// <summary>
    /// Converts a tensor to a layout, with or without a halo. If another reader has the same copy already, that one is used.
    /// </summary>
    public TensorBuffer ConvertOnce(TensorBuffer x, TensorLayout wanted)
    {
        if (x.Layout == wanted.Layout || wanted.Layout == Layout.SampleLanes)
        {
            return Convert(x, wanted);
        }

        if (!_converted.TryGetValue((x, wanted.Layout), out TensorBuffer y) || y.Halo.Union(wanted.Halo) != y.Halo)
        {
            y = Convert(x, wanted.Layout, wanted.Halo);
        }

        return y.Reshape(wanted.Shape);
    }

    /// <summary>Converts a tensor to a layout. Returns the tensor itself if it has that layout.</summary>
    public TensorBuffer Convert(TensorBuffer x, TensorLayout wanted) =>
        x.Layout == Layout.SampleLanes && wanted.Layout != x.Layout && x.Shape != wanted.Shape
            ? Convert(Compact(x).Reshape(wanted.Shape), wanted)
        : x.Layout == wanted.Layout && x.Halo == wanted.Halo ? x.Reshape(wanted.Shape)
        : wanted.Layout != Layout.SampleLanes || !wanted.Halo.IsEmpty ? Convert(x, wanted.Layout, wanted.Halo)
        : x.Layout == Layout.SampleLanes ? Compact(x).Reshape(wanted.Shape)
        : Convert(x, Layout.SampleLanes, wanted.Halo, wanted.Space).Reshape(wanted.Shape);

    /// <summary>Adds a step that moves elements one by one into another layout.</summary>
    public void Move((string Name, string Comment) step, TensorBuffer x, BufferOperand to)
    {
        if ((x.Layout == Layout.SampleLanes) != (to.Buffer.Layout == Layout.SampleLanes))
        {
            Add(
                step.Name, step.Comment, new SampleMovesKernel(tier, x, to.Buffer),
                StepCosts.Move(tier, x.Shape.Length * tier.Lanes), Read(x), to,
                PassedOperand.Samples, PassedOperand.SampleStride);
            return;
        }

        Add(
            step.Name, step.Comment,
            to.Buffer.Layout == Layout.Flat
                ? new ConvertLayoutKernel(tier, x.Shape, ChannelsOf(x), FeaturesOf(x.Shape), StridesOf(x), StridesOfFeatures(x.Shape))
                : new ConvertLayoutKernel(tier, x.Shape, ChannelsOf(x), ChannelsOf(to.Buffer), StridesOf(x), StridesOf(to.Buffer)),
            StepCosts.Move(tier, x.Shape.Length), Read(x), to);
    }

    /// <summary>Copies a tensor to another layout, or to the same layout with zeros around it.</summary>
    public TensorBuffer Convert(TensorBuffer x, Layout layout, Halo halo, MemorySpace space = MemorySpace.Arena)
    {
        TensorBuffer y = Buffer(
            x.Name.With(" ", x.Layout == layout ? "widened" : layout.ToString().ToLowerInvariant()),
            layout == Layout.Flat ? Shape.Vector(x.Shape.Length) : x.Shape, layout, halo, space);
        ClearHalo(y);
        if (x.Layout == layout)
        {
            // Rows are copied as they are, no matter what their lanes hold.
            Strides Rows(TensorBuffer buffer) => StridesOf(buffer) with { Column = 1 };
            Add(
                "Widen", $"{x.Name} with zeros around it",
                new ConvertLayoutKernel(
                    tier, x.Shape with { Channels = x.ChannelUnits, Width = x.Shape.Width * x.ColumnPitch },
                    new ChannelAddress(x.ChannelPitch), new ChannelAddress(y.ChannelPitch), Rows(x), Rows(y)),
                StepCosts.Elementwise(tier, x.Length / tier.Lanes), Read(x), Write(y));
        }
        else
        {
            Move(("Convert", $"{x.Name} from {x.Layout} to {layout}"), x, Write(y));
            _converted[(x, layout)] = y;
        }

        return y;
    }

    public ParameterOperand Weight(Node node) => Parameter(node, "weight");

    /// <summary>The weight of a layer, from the first tap that is computed.</summary>
    public ParameterOperand Taps(Node node) => Weight(node).From(parameters.FirstTapOf(node.Index));

    /// <summary>
    /// The gradient of a convolution's weight, from the first tap that is computed. The gradient of taps that read only zeros is 0, which
    /// a step writes first.
    /// </summary>
    /// <returns>The operand of the part that begins so many floats behind the first tap.</returns>
    public Func<int, Operand> GradientOfTaps(LayerGroup group)
    {
        Operand gradient = GradientOf(group.Head, "weight");
        int first = parameters.FirstTapOf(group.Head.Index);
        if (gradient is not PartialGradientOperand whole)
        {
            // It holds zeros already.
            TensorBuffer term = ((BufferOperand)gradient).Buffer;
            return floats => Update(term, first + floats);
        }

        if (group.Filters is { LeavesOutTaps: true })
        {
            Add(
                "Clear", $"{group.Head.Name}: no gradient of taps that read only zeros", new ClearKernel(tier),
                StepCosts.Elementwise(tier, whole.Length / tier.Lanes, operands: 0), whole, new ExtentOperand(whole.Length));
        }

        return floats => whole.From(first + floats);
    }

    public ParameterOperand Bias(Node node) => Parameter(node, "bias");

    /// <summary>The packed parameter of a layer, as an operand of a step.</summary>
    public ParameterOperand Parameter(Node node, string suffix)
    {
        PackedParameter parameter = parameters.Find(node.Index, suffix);
        (int offset, int length) = parameters.PlaceOf(node.Index, suffix);
        return new ParameterOperand(offset, length) { Element = parameter.Element };
    }

    /// <summary>
    /// A block's partial sum of a parameter's gradient. It is packed like the parameter. If another layer has written that of the same
    /// parameter, it is memory that is added to it (<see cref="AddSharedGradients"/>).
    /// </summary>
    public Operand GradientOf(Node node, string suffix)
    {
        (int offset, int length) = parameters.PlaceOf(node.Index, suffix);
        if (parameters.TieOf(node.Index, suffix) is { } tie)
        {
            return Update(GradientOfTied(node, tie));
        }

        var sum = new PartialGradientOperand(offset, length);
        if (!_writers.TryGetValue(offset, out int writer))
        {
            _writers.Add(offset, writer = node.Index);
        }

        if (writer == node.Index)
        {
            return sum;
        }

        if (!_added.TryGetValue(offset, out TensorBuffer term))
        {
            term = Buffer(
                TensorName.Of(graph.Nodes[parameters.OwnerOf(node.Index)], $"{suffix} gradient of another layer"), Shape.Vector(length),
                Layout.Flat, default, MemorySpace.Slot);
            _added.Add(offset, term);
        }

        if (!_open.Contains((sum, term)))
        {
            _open.Add((sum, term));
            Clear(term, $"{term.Name}: zeros");
        }

        return Update(term);
    }

    /// <summary>Adds the gradients that a layer has computed of parameters which it shares to those of the other layers.</summary>
    public void AddSharedGradients()
    {
        foreach ((PartialGradientOperand sum, TensorBuffer term) in _open)
        {
            int vectors = Arithmetic.CeilingDivide(sum.Length, tier.Lanes);
            Add(
                "AddGradient", $"{term.Name}, added to that of all layers", new AddingKernel(tier, vectors),
                StepCosts.Elementwise(tier, vectors, operands: 2), Read(term), sum);
        }

        _open.Clear();
    }

    /// <summary>
    /// Adds the gradients of weights that are those of other layers in the opposite direction. It comes last: by then, the other layers
    /// have written theirs.
    /// </summary>
    public void AddTiedGradients()
    {
        foreach ((TiedParameter tie, TensorBuffer term) in _tied)
        {
            Node owner = graph.Nodes[tie.Owner];
            string suffix = tie.Packed.Spec.Suffix;
            if (!parameters.IsTrained(owner.Index, suffix))
            {
                continue;
            }

            // Where the other layer has no gradient, its sum is 0: all sums are cleared before backward.
            (int offset, int length) = parameters.PlaceOf(owner.Index, suffix);
            Layer = owner.Name;
            TiedWeights.AddGradient(this, tie, term, new PartialGradientOperand(offset, length));
        }

        Layer = "";
    }

    /// <summary>The gradient of a tied weight, in the order of the layer that uses it.</summary>
    private TensorBuffer GradientOfTied(Node node, TiedParameter tie)
    {
        int known = _tied.FindIndex(one => one.Tie == tie);
        if (known >= 0)
        {
            return _tied[known].Term;
        }

        TensorBuffer term = Buffer(
            TensorName.Of(node, $"{tie.Packed.Spec.Suffix} gradient"), Shape.Vector(tie.Packed.Length), Layout.Flat, default,
            MemorySpace.Slot);
        _tied.Add((tie, term));
        Clear(term, $"{term.Name}: zeros");
        return term;
    }

    public IEnumerable<Operand> WeightAndBias(LayerGroup group) =>
        group.HasBias ? [Taps(group.Head), Bias(group.Head)] : [Taps(group.Head)];

    /// <summary>Scale and shift of a batch norm that is fused with the layer before or after it; empty if there is no norm.</summary>
    public IEnumerable<Operand> Normalization(Node? norm)
    {
        ParameterOperand Of(string name) => parameters.IsDerived(norm!.Index, name) ? Derived(norm, name) : Parameter(norm, name);
        return norm?.Operation.AsChannelScale is var (scale, shift) ? [Of(scale), Of(shift)] : [];
    }

    /// <summary>The values with this name that are derived from a layer's parameters.</summary>
    public ParameterOperand Derived(Node node, string name)
    {
        DerivedValues values = parameters.Derived(node.Index, name);
        return new ParameterOperand(values.Offset, values.Length);
    }

    /// <summary>A place in memory that the caller passes.</summary>
    public static CallerOperand Part(string name, int offset) => new(name, offset);

    /// <summary>The number of vectors in a tensor without its halo. It is a measure of the cost of reading the tensor.</summary>
    public static int VectorsOf(TensorBuffer buffer) =>
        buffer.Layout == Layout.SampleLanes ? buffer.Shape.Length : buffer.Length / buffer.Lanes;

    public static string NameOf(NetworkOutput output) => output.Name.Length > 0 ? output.Name : "output";

    public static Strides StridesOf(TensorBuffer buffer) =>
        new(buffer.ChannelPitch, buffer.RowPitch, buffer.ColumnPitch) { Plane = buffer.PlanePitch };

    /// <summary>The channels of a caller's tensor, without gaps between them.</summary>
    public static ChannelAddress FeaturesOf(Shape shape) => new(shape.Rows * shape.Width);

    public static Strides StridesOfFeatures(Shape shape) => new(0, shape.Width, 1) { Plane = shape.Height * shape.Width };

    /// <summary>The distances from one window of a convolution to the next.</summary>
    public static Strides StridesOf(WindowAxes window, TensorBuffer x) =>
        new(x.ChannelPitch, window.Vertical.Stride * x.RowPitch, window.Horizontal.Stride * x.ColumnPitch)
        {
            Plane = window.Depth.Stride * x.PlanePitch,
        };

    /// <summary>The distances from one tap of a convolution to the next.</summary>
    public static FilterTaps TapsOf(WindowAxes window, TensorBuffer x, ConvolutionPacking packing) => new(
        new Taps(window.Depth.Kernel, window.Depth.Dilation * x.PlanePitch, packing.DepthPitch),
        new Taps(window.Vertical.Kernel, window.Vertical.Dilation * x.RowPitch, packing.VerticalPitch),
        new Taps(window.Horizontal.Kernel, window.Horizontal.Dilation * x.ColumnPitch, packing.HorizontalPitch));

    /// <summary>The offset of an element of the first channel.</summary>
    public static int At(TensorBuffer x, int row, int column, int plane = 0) =>
        x.Origin + (plane * x.PlanePitch) + (row * x.RowPitch) + (column * x.ColumnPitch);

    /// <summary>The offset of the first output's window. With padding, it begins in the halo.</summary>
    public static int WindowStart(WindowAxes window, TensorBuffer x) => x.Origin - (window.Depth.PadBefore * x.PlanePitch)
        - (window.Vertical.PadBefore * x.RowPitch) - (window.Horizontal.PadBefore * x.ColumnPitch);

    public static ChannelAddress ChannelsOf(TensorBuffer buffer) =>
        buffer.Layout == Layout.Blocked && buffer.Shape.Channels > buffer.Lanes
            ? new ChannelAddress(buffer.ChannelPitch, buffer.Lanes)
            : new ChannelAddress(buffer.Layout == Layout.Blocked ? 1 : buffer.ChannelPitch);

    /// <summary>The zeros that a window reads around its input.</summary>
    public static Halo HaloOf(WindowAxes window, Shape input, Shape output) => HaloOf(window, input, output, (axis, extent, outputs) =>
        (Math.Max(0, axis.PadBefore), Math.Max(0, ((outputs - 1) * axis.Stride) + axis.Span - axis.PadBefore - extent)));

    /// <param name="along">Computes the zeros before and after an axis from the extents of input and output along it.</param>
    public static Halo HaloOf(WindowAxes window, Shape input, Shape output, Func<WindowAxis, int, int, (int Before, int Behind)> along)
    {
        (int top, int bottom) = along(window.Vertical, input.Height, output.Height);
        (int left, int right) = along(window.Horizontal, input.Width, output.Width);
        (int front, int back) = along(window.Depth, input.Depth, output.Depth);
        return new Halo(top, bottom, left, right) { Front = front, Back = back };
    }

    /// <summary>A group's comment: <c>conv1 + relu1: 6×28×28 → 6×14×14; 235,200 FLOPs</c>.</summary>
    public static string Describe(LayerGroup group)
    {
        long work = group.MultiplyAdds;
        return $"{group.Label}: {group.Input.Shape} → {group.Last.Shape}" + (work > 0 ? $"; {Arithmetic.Grouped(2 * work)} FLOPs" : "");
    }

    public static string MethodName(LayerGroup group, string suffix = "") => group.Head.Identifier + suffix;
}
