using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Generator.Graph;
using Strata.Generator.Kernels;
using Strata.Generator.Operators;
using static Strata.Generator.Lowering.ProgramBuilder;

namespace Strata.Generator.Lowering;

/// <summary>
/// The programs for blocks of samples, one sample in each lane: inference, and the training pass. Every operator runs at full
/// lanes whatever its extents are, and a weight is one broadcast.
/// </summary>
internal sealed partial class LaneLowering
{
    private readonly ProgramBuilder _builder;
    private readonly NetworkGraph _graph;
    private readonly Tier _tier;
    private readonly IReadOnlyDictionary<int, SampleLowering.Choice> _choices;
    private readonly LayerGroups _groups;
    private readonly bool _training;
    private bool _hasInputGradient;
    private readonly Dictionary<int, TensorBuffer> _tensors = [];
    private readonly Dictionary<int, TensorBuffer> _outside = [];

    /// <summary>Indices of the maxima of a group's pooling, kept for backward.</summary>
    private readonly Dictionary<int, TensorBuffer> _indices = [];

    /// <summary>What the loops of an operation kept for backward, by node and name.</summary>
    private readonly Dictionary<int, Dictionary<string, TensorBuffer>> _kept = [];

    /// <summary>What each group reads, where that is not the tensor itself but a copy without gaps.</summary>
    private readonly Dictionary<int, TensorBuffer> _compactInputs = [];

    /// <summary>What a convolution reads, where that is a copy with zeros around it.</summary>
    private readonly Dictionary<int, TensorBuffer> _widened = [];

    /// <summary>Tensors from which, themselves or as views, weights' gradients are made over the whole batch.</summary>
    private readonly HashSet<int> _readOverBatch = [];

    /// <summary>Tensors whose gradients are wanted: that of the network's input on request, others where parameters come before.</summary>
    private readonly HashSet<int> _differentiated = [];

    private LaneLowering(ProgramBuilder builder, IReadOnlyDictionary<int, SampleLowering.Choice> choices, bool training)
    {
        (_builder, _graph, _tier, _choices, _training) = (builder, builder.Graph, builder.Tier, choices, training);
        _groups = LayerGroups.Of(_graph, training);

        // One walk along the groups: asking each tensor for all before it would take exponentially many steps behind many joins.
        _differentiated.UnionWith(_graph.InputGradient ? _graph.Inputs.Select(i => i.Index) : []);
        foreach (LayerGroup group in _groups.All.Where(g => g.IsTrained || g.Inputs.Any(NeedsGradient)))
        {
            _differentiated.Add(group.Last.Index);
        }

        foreach (LayerGroup group in _groups.All.Reverse())
        {
            if (group.Operation.TrainsOverWholeBatch || (_groups.PassesOn(group) && _readOverBatch.Contains(group.Last.Index)))
            {
                _readOverBatch.UnionWith(group.Inputs.Select(i => i.Index));
            }
        }
    }

    /// <param name="builder">Receives the steps; it has none yet.</param>
    /// <param name="choices">What each convolution was found to be cheapest as.</param>
    public static Program LowerInference(ProgramBuilder builder, IReadOnlyDictionary<int, SampleLowering.Choice> choices)
    {
        var lowering = new LaneLowering(builder, choices, training: false);
        lowering.Forward(lowering._groups.All);
        foreach (NetworkOutput output in builder.Graph.Outputs)
        {
            lowering.Unpack(output, lowering._tensors[output.Node]);
        }

        return builder.Program();
    }

    /// <inheritdoc cref="LowerInference"/>
    public static TrainingProgram LowerTraining(ProgramBuilder builder, IReadOnlyDictionary<int, SampleLowering.Choice> choices) =>
        new LaneLowering(builder, choices, training: true).Train();

    private void Forward(IEnumerable<LayerGroup> groups)
    {
        foreach (Node node in _graph.Inputs)
        {
            TensorBuffer input = _builder.Buffer(TensorName.Of(node), node.Shape, Layout.SampleLanes, _groups.HaloFor(node), SpaceOf(node));
            _builder.ClearHalo(input);
            _builder.Add(
                "PackInput", $"{input.Name}: a lane for each sample of {node.Shape}", new PackSamplesKernel(_tier, input, _graph.InputLength),
                CostModel.Transposition(node.Shape.Length), Part("input", _graph.OffsetOf(node)), new PassedArgument("samples"), Write(input));
            _tensors.Add(node.Index, input);
        }

        foreach (LayerGroup group in groups)
        {
            TensorBuffer x = InputOf(group);
            _tensors[group.Last.Index] = group.Operation switch
            {
                Convolution convolution => ForwardConvolution(group, convolution, x),
                DenseOperation dense => ForwardDense(group, dense, x),
                Pooling pooling => ForwardPooling(group, pooling, x),
                Activation activation => ForwardActivation(group, activation, x),
                AddOperation => ForwardSum(group),
                Concatenation => ForwardConcatenation(group),
                SoftmaxOperation => ForwardSoftmax(group, x),
                DropoutOperation dropout when _training => ForwardDropout(group, dropout, x),
                LoopOperation loops => ForwardLoops(group, loops),
                _ when _groups.PassesOn(group) => x,
                _ => throw new NotSupportedException($"No lowering for {group.Operation}."),
            };
        }
    }

    private void Unpack(NetworkOutput output, TensorBuffer y) => _builder.Add(
        "UnpackOutput", $"{NameOf(output)}: {_graph.Nodes[output.Node].Shape} of each sample", new UnpackSamplesKernel(_tier, y, _graph.OutputLength),
        CostModel.Transposition(y.Shape.Length), Read(y), new PassedArgument("samples"), Part("output", _graph.OffsetOf(output)));

    /// <summary>The inputs of dense layers outlive the block's pass in training: their weights' gradients are made over the whole batch.</summary>
    private MemorySpace SpaceOf(Node node) => _training && _readOverBatch.Contains(node.Index) ? MemorySpace.Kept : MemorySpace.Arena;

    /// <summary>
    /// What a group reads. Flat tensors have no gaps, though what they are views of may have some for another reader; dropout
    /// draws its random bits for elements in order.
    /// </summary>
    private TensorBuffer InputOf(LayerGroup group)
    {
        TensorBuffer x = _tensors[group.Input.Index];
        if (x.IsCompact || !group.Operation.ReadsInSequence(group.Input.Shape, _training))
        {
            return x;
        }

        if (!_compactInputs.TryGetValue(group.Head.Index, out TensorBuffer compact))
        {
            compact = Compact(x);
            _compactInputs.Add(group.Head.Index, compact);
        }

        return compact;
    }

    /// <summary>
    /// A tensor without zeros around it, as a flat view must be: the tensor itself, unless another reader wants them.
    /// </summary>
    private TensorBuffer Compact(TensorBuffer x)
    {
        if (x.IsCompact)
        {
            return x;
        }

        TensorBuffer compact = _builder.Buffer(x.Name.With(" ", "compact"), x.Shape, Layout.SampleLanes, space: x.Space);
        Copy(x, compact, $"{x.Name} without the zeros around it");
        return compact;
    }

    /// <summary>
    /// A tensor for those who read it from outside: outputs, losses and their gradients are handed the arena only. What is not there has
    /// to be asked for while forward is written.
    /// </summary>
    private TensorBuffer Outside(int node)
    {
        if (!_outside.TryGetValue(node, out TensorBuffer? tensor))
        {
            TensorBuffer x = Compact(_tensors[node]);
            tensor = x.Space == MemorySpace.Arena ? x : _builder.Buffer(x.Name.With(" ", "read from outside"), x.Shape, Layout.SampleLanes);
            if (!ReferenceEquals(tensor, x))
            {
                Copy(x, tensor, $"{x.Name}, copied to where losses and callers read it");
            }

            _outside.Add(node, tensor);
        }

        return tensor;
    }

    private TensorBuffer Result(LayerGroup group)
    {
        TensorBuffer y = _builder.Buffer(TensorName.Of(group.Last), group.Last.Shape, Layout.SampleLanes, _groups.HaloFor(group.Last), SpaceOf(group.Last));
        _builder.ClearHalo(y);
        return y;
    }

    private TensorBuffer IndicesOf(LayerGroup group, int bits)
    {
        // A plane holds one bit for each lane, in a byte or two.
        int bytes = Math.Max(1, _tier.Lanes / 8);
        int floats = ((group.Last.Shape.Length * bits * bytes) + 3) / 4;
        TensorBuffer indices = _builder.Buffer(TensorName.Of(group.Last, "indices"), Shape.Vector(floats), Layout.Flat);
        _indices.Add(group.Last.Index, indices);
        return indices;
    }

    private static BufferArgument Bits(TensorBuffer indices, Access access) => new(indices, 0, access, "Bits");

    private ConvolutionPacking PackingOf(LayerGroup group) => ConvolutionPacking.Of(group.Filters!, _choices[group.Head.Index].Block);

    private TensorBuffer ForwardConvolution(LayerGroup group, Convolution convolution, TensorBuffer x)
    {
        TensorBuffer y = Result(group);
        FilterWeight filters = group.Filters!;
        x = Widened(group, filters.Window, x);
        ConvolutionPacking packing = PackingOf(group);
        (Taps depth, Taps vertical, Taps horizontal) = TapsOf(filters.Window, x, packing);
        FusedPool pool = group.Pool ?? new FusedPool(PoolingKind.Max, 1, 1);
        bool record = _training && group.Pool is { Kind: PoolingKind.Max };
        int rows = group.Last.Shape.Height * pool.Height, columns = group.Last.Shape.Width * pool.Width;
        int outputs = filters.Outputs, inputs = filters.Inputs;
        long steps = (long)inputs * filters.Window.Area;
        (Tile tile, double cycles) = CostModel.ChooseTile(
            _tier, ConvolutionForm.SampleLanes, outputs, ChannelBlock(packing, outputs), rows, columns, pool.Height, pool.Width, steps);
        var kernel = new TiledConvolution(
            _tier, ConvolutionForm.SampleLanes, outputs, rows, columns, inputs, tile, vertical, horizontal, WalkOf(filters.Window, x),
            ChannelsOf(x), WalkOf(y), packing.Output, new ChannelAddress(packing.InputPitch),
            new Epilogue(convolution.Bias, group.Norm is not null, group.Activation, group.Pool, record),
            filters.Groups,
            (inputs * x.ChannelPitch, packing.Group(outputs), outputs * y.ChannelPitch, outputs),
            y.Shape.Depth, depth);
        var arguments = new List<Argument>
        {
            Read(x, WindowStart(filters.Window, x)),
            _builder.Weight(group.Head),
        };
        if (convolution.Bias)
        {
            arguments.Add(_builder.Bias(group.Head));
        }

        arguments.AddRange(_builder.Normalization(group));
        arguments.Add(Write(y));
        if (record)
        {
            arguments.Add(Bits(IndicesOf(group, pool.IndexBits), Access.Write));
        }

        _builder.Add(
            MethodName(group), Describe(group), kernel, cycles * filters.Groups * y.Shape.Depth, [.. arguments]);
        return y;
    }

    /// <summary>A volume with the zeros that a convolution reads around it.</summary>
    private TensorBuffer Widened(LayerGroup group, WindowAxes window, TensorBuffer x)
    {
        Halo zeros = HaloOf(window, group.Input.Shape, group.Head.Shape);
        if (x.Shape.Rank != Shape.VolumeRank || zeros.IsEmpty)
        {
            return x;
        }

        if (!_widened.TryGetValue(group.Head.Index, out TensorBuffer wide))
        {
            _widened.Add(group.Head.Index, wide = _builder.Convert(x, Layout.SampleLanes, zeros));
        }

        return wide;
    }

    private static int ChannelBlock(ConvolutionPacking packing, int outputs) => packing.Blocks == 1 ? outputs : packing.Block;

    private TensorBuffer ForwardDense(LayerGroup group, DenseOperation dense, TensorBuffer x)
    {
        TensorBuffer y = Result(group);
        DensePacking packing = DensePacking.Of(dense.Units, x.Shape.Length, _tier);
        int tile = CostModel.ChooseDenseTile(_tier, dense.Units, packing.Panels == 1 ? dense.Units : packing.PanelWidth);
        Argument[] extents =
        [
            new PassedArgument(Expression.Number(x.Shape.Length)), new PassedArgument(Expression.Number(dense.Units)),
            new PassedArgument(Expression.Number(packing.PanelWidth)),
        ];
        Argument[] operands = dense.Bias
            ? [Read(x), _builder.Weight(group.Head), _builder.Bias(group.Head), Write(y)]
            : [Read(x), _builder.Weight(group.Head), Write(y)];
        long work = dense.MultiplyAdds(x.Shape, group.Head.Shape);
        _builder.Add(
            "Dense" + group.Activation?.Name, Describe(group),
            new LaneDense(_tier, tile, dense.Bias, group.Activation, SumCut.Of(SumCut.Products, x.Shape.Length)), CostModel.LaneDense(work), [.. operands, .. extents]);
        return y;
    }

    private TensorBuffer ForwardPooling(LayerGroup group, Pooling pooling, TensorBuffer x)
    {
        TensorBuffer y = Result(group);
        PoolingWindow window = LayerGroup.WindowOf(pooling, group.Input.Shape, group.Head.Shape);
        bool record = _training && window.Kind == PoolingKind.Max;
        var kernel = new WindowPooling(_tier, window, x.Shape.Channels, true, WalkOf(x), WalkOf(y), record, group.Activation);
        Argument[] arguments = record
            ? [Read(x), Write(y), Bits(IndicesOf(group, window.IndexBits), Access.Write)]
            : [Read(x), Write(y)];
        _builder.Add(
            MethodName(group), Describe(group), kernel,
            CostModel.WindowPooling(group.Head.Shape.Length, window.Area), arguments);
        return y;
    }

    private TensorBuffer ForwardActivation(LayerGroup group, Activation activation, TensorBuffer x)
    {
        bool inPlace = _groups.IsInPlace(group);
        TensorBuffer y = inPlace ? x : Result(group);
        _builder.Add(
            MethodName(group), $"{group.Label}: {group.Head.Shape}{(inPlace ? ", in place" : "")}",
            new ActivationKernel(_tier, activation, VectorGrid.Of(y, x), VectorGrid.WalkOf(x), VectorGrid.WalkOf(y)),
            CostModel.Elementwise(x.Shape.Length), Read(x), Update(y));
        return y;
    }

    private TensorBuffer ForwardSum(LayerGroup group)
    {
        // Flat views may have kept different shapes; without gaps they are all alike.
        List<TensorBuffer> inputs = group.Inputs.Select(i => _tensors[i.Index]).ToList();
        inputs = group.Head.Shape.Rank == 1 ? inputs.ConvertAll(Compact) : inputs;
        TensorBuffer y = Result(group);
        _builder.Add(
            MethodName(group), Describe(group),
            new SumKernel(
                _tier, VectorGrid.Of(y, [.. inputs]), inputs.Select(VectorGrid.WalkOf).ToEquatableArray(), VectorGrid.WalkOf(y), group.Activation),
            CostModel.Elementwise(y.Shape.Length, inputs.Count), [.. inputs.Select(x => Read(x)), Write(y)]);
        return y;
    }

    private TensorBuffer ForwardConcatenation(LayerGroup group)
    {
        TensorBuffer y = Result(group);
        int offset = y.Origin;
        foreach (Node input in group.Inputs)
        {
            TensorBuffer x = _tensors[input.Index];
            x = group.Head.Shape.Rank == 1 ? Compact(x) : x;
            _builder.Add(
                MethodName(group), $"{group.Label}: {x.Name}, {x.Shape}",
                new ActivationKernel(_tier, null, VectorGrid.Of(x, y), VectorGrid.WalkOf(x), VectorGrid.WalkOf(y)),
                CostModel.Elementwise(x.Shape.Length),
                Read(x), Write(y, offset));
            offset += ChannelsIn(group, x) * y.ChannelPitch;
        }

        return y;
    }

    /// <summary>Channels of the joined tensor that an input fills; a flat view's elements are channels.</summary>
    private static int ChannelsIn(LayerGroup group, TensorBuffer x) => group.Head.Shape.Rank == 1 ? x.Shape.Length : x.Shape.Channels;

    private TensorBuffer ForwardSoftmax(LayerGroup group, TensorBuffer x)
    {
        TensorBuffer y = Result(group);
        _builder.Add(
            MethodName(group), $"{group.Label}: {group.Head.Shape}, along the channels", SoftmaxOf(group, x, y), CostModel.Softmax(x.Shape.Length), Read(x), Write(y));
        return y;
    }

    private SoftmaxKernel SoftmaxOf(LayerGroup group, TensorBuffer x, TensorBuffer y)
    {
        (int channels, VectorGrid grid) = SoftmaxGrid(group, y);
        return new SoftmaxKernel(_tier, channels, grid, SoftmaxWalk(group, x), SoftmaxWalk(group, y));
    }

    /// <summary>A flat tensor has one pixel, whatever shape it had before it was flattened.</summary>
    private static (int Channels, VectorGrid Grid) SoftmaxGrid(LayerGroup group, TensorBuffer y) => group.Head.Shape.Rank == 1
        ? (group.Head.Shape.Length, new VectorGrid(1, 1, 1, 0))
        : (y.Shape.Channels, new VectorGrid(1, y.Shape.Rows, y.Shape.Width, 0));

    private static Walk SoftmaxWalk(LayerGroup group, TensorBuffer buffer) =>
        group.Head.Shape.Rank == 1 ? new Walk(buffer.Lanes, 0, 0) : VectorGrid.WalkOf(buffer);

    private TensorBuffer ForwardLoops(LayerGroup group, LoopOperation operation)
    {
        TensorBuffer y = Result(group);
        if (!_kept.TryGetValue(group.Head.Index, out Dictionary<string, TensorBuffer> kept))
        {
            _kept.Add(group.Head.Index, kept = []);
        }

        operation.Forward(new LoopPass(_builder, group.Head, LaneAxis.Samples, _training, kept)
        {
            Inputs = InputsOf(group),
            Output = new LoopTensor("output", y) { Activation = group.Activation },
        });
        return y;
    }

    /// <summary>What a group reads, in the shapes of its nodes: flat views have the shapes of what they are views of.</summary>
    private List<LoopTensor> InputsOf(LayerGroup group) => group.Inputs
        .Select((node, i) => new LoopTensor(OperandName(group, i), Shaped(_tensors[node.Index], node.Shape)))
        .ToList();

    private TensorBuffer Shaped(TensorBuffer x, Shape shape) => x.Shape == shape ? x : Compact(x).Reshape(shape);

    public static string OperandName(LayerGroup group, int index) => group.Inputs.Count == 1 ? "input" : "input" + Expression.Number(index);

    private TensorBuffer ForwardDropout(LayerGroup group, DropoutOperation dropout, TensorBuffer x)
    {
        TensorBuffer y = Result(group);
        TensorBuffer compact = y.IsCompact ? y : _builder.Buffer(y.Name, y.Shape, Layout.SampleLanes);
        _builder.Add(
            MethodName(group), $"{group.Label}: {group.Head.Shape}, rate {dropout.Rate.ToString(System.Globalization.CultureInfo.InvariantCulture)}",
            new DropoutKernel(_tier, dropout.Rate, group.Head.Index, x.Shape.Length, dropout.ElementsOf(group.Head.Shape)), CostModel.Dropout(x.Shape.Length),
            Read(x), Write(compact), new PassedArgument("in step"));
        if (!ReferenceEquals(compact, y))
        {
            Copy(compact, y, $"{y.Name} with zeros around it");
        }

        return y;
    }

    private void Copy(TensorBuffer from, TensorBuffer to, string comment) => _builder.Add(
        "Copy", comment,
        new ActivationKernel(_tier, null, VectorGrid.Of(to, from), VectorGrid.WalkOf(from), VectorGrid.WalkOf(to)),
        CostModel.Elementwise(to.Shape.Length), Read(from), Write(to));

    private TrainingProgram Train()
    {
        // Softmax in front of cross-entropy is fused with it, as sigmoid is with binary cross-entropy: the loss works on the logits.
        // The layer itself is computed for its readers only, or where somebody asks for the outputs.
        HashSet<int> fused = [.. _graph.Losses.Where(_graph.IsFused).Select(l => l.Node)];
        List<LayerGroup> asked = _groups.All.Where(g => fused.Contains(g.Last.Index) && !_groups.ReadersOf(g.Last).Any()).ToList();
        List<LayerGroup> body = _groups.All.Except(asked).ToList();
        int from = 0;
        Forward(body);

        // Where gradients begin: at the tensors that losses are on, and at the outputs.
        List<Root> roots = _graph.Exits(training: true).Select(exit => RootOf(exit, asked)).ToList();
        EquatableArray<Step> forward = _builder.TakeSteps(ref from);
        foreach (Root root in roots.Where(r => r.Asked is not null))
        {
            _tensors[root.Exit] = root.Asked!.Operation.AsActivation is { } activation
                ? ForwardActivation(root.Asked, activation, root.Values) : ForwardSoftmax(root.Asked, root.Values);
        }

        foreach (NetworkOutput output in _graph.Outputs)
        {
            Unpack(output, Outside(output.Node));
        }

        EquatableArray<Step> outputs = _builder.TakeSteps(ref from);
        LossProgram? loss = LossLowering.Lower(_builder, roots, ref from);
        foreach (Root root in roots)
        {
            TakeOutputGradient(root);
        }

        EquatableArray<Step> outputGradient = _builder.TakeSteps(ref from);
        var denseGradients = new List<DenseGradientStep>();
        Backward(body, roots, denseGradients);
        EquatableArray<Step> backward = _builder.TakeSteps(ref from);
        MemoryPlan arena = _builder.Plan(MemorySpace.Arena), kept = _builder.Plan(MemorySpace.Kept, _builder.Parameters.SummedLength);
        return new TrainingProgram(
            forward, outputs, loss, outputGradient, backward, denseGradients.ToEquatableArray(), TensorsAfter(body, forward.Count, arena, kept),
            arena, kept, _builder.Plan(MemorySpace.Shared), _hasInputGradient);
    }

    /// <summary>The outputs of groups when so many steps are done; in place, groups have one together.</summary>
    private EquatableArray<LayerTensor> TensorsAfter(List<LayerGroup> groups, int steps, MemoryPlan arena, MemoryPlan kept)
    {
        var tensors = new List<LayerTensor>();
        var places = new Dictionary<TensorBuffer, int>(ReferenceComparer<TensorBuffer>.Instance);
        foreach (LayerGroup group in groups.Where(g => !_groups.PassesOn(g)))
        {
            TensorBuffer buffer = _tensors[group.Last.Index].Root;
            if (places.TryGetValue(buffer, out int known))
            {
                tensors[known] = tensors[known] with { Label = $"{tensors[known].Label} + {group.Label}" };
            }
            else
            {
                places.Add(buffer, tensors.Count);
                bool left = (buffer.Space == MemorySpace.Kept ? kept : arena).Holds(buffer, steps);
                tensors.Add(new LayerTensor(group.Head.PartOf ?? group.Head.Name, group.Head.PartOf ?? group.Label, buffer, left));
            }
        }

        return tensors.ToEquatableArray();
    }

    private Root RootOf(int exit, List<LayerGroup> asked)
    {
        LayerGroup? group = asked.FirstOrDefault(g => g.Last.Index == exit);
        NetworkLoss? loss = _graph.Losses.FirstOrDefault(l => l.Node == exit && _graph.IsFused(l));

        // A fused layer that others read is computed with them, but the loss still goes past it.
        Node from = loss is null ? _graph.Nodes[exit] : _graph.Nodes[_graph.Nodes[exit].Inputs[0]];
        TensorBuffer values = Outside(from.Index);
        if (_tensors.ContainsKey(exit))
        {
            Outside(exit);
        }

        TensorName name = _graph.Outputs.Any(o => o.Node == exit) && _graph.Outputs.Count == 1
            ? new TensorName("the output's gradient", "OutputGradient") : TensorName.Of(from, "gradient").With(" from ", "outside");
        return new Root(exit, from, group, values, _builder.Buffer(name, values.Shape, Layout.SampleLanes));
    }

    /// <summary>The gradient of an output that the caller computed, in place of a loss.</summary>
    private void TakeOutputGradient(Root root)
    {
        if (_graph.Outputs.FirstOrDefault(o => o.Node == root.Exit) is not { } output)
        {
            _builder.Add(
                "Clear", $"{root.Gradient.Name}: none", new ClearKernel(_tier), 0,
                Write(root.Gradient, 0), new PassedArgument(Expression.Number(root.Gradient.Length)));
            return;
        }

        _builder.Add(
            "Pack", "the gradient that the caller computed", new PackSamplesKernel(_tier, root.Gradient, _graph.OutputLength), 0,
            Part("gradient", _graph.OffsetOf(output)), new PassedArgument("samples"), Write(root.Gradient));
        if (root.From.Index == root.Exit)
        {
            return;
        }

        TensorBuffer y = Outside(root.Exit);
        LayerGroup layer = _groups.ProducerOf(_graph.Nodes[root.Exit])!;
        if (layer.Operation.AsActivation is { } outermost)
        {
            ApplyActivation(layer, outermost, outermost.NeedsInput ? root.Values : y, root.Gradient);
        }
        else
        {
            BackwardSoftmax(layer, y, root.Gradient);
        }
    }
}

/// <summary>A tensor at which gradients begin.</summary>
/// <param name="Exit">The node that is an output or has a loss.</param>
/// <param name="From">The node whose gradient begins: the one before, where loss and layer are one function.</param>
/// <param name="Asked">That layer, where it is computed only when somebody asks for outputs.</param>
/// <param name="Values">The values of <paramref name="From"/>.</param>
/// <param name="Gradient">Receives their gradient.</param>
internal sealed record Root(int Exit, Node From, LayerGroup? Asked, TensorBuffer Values, TensorBuffer Gradient);
