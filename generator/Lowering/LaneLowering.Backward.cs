using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Generator.Graph;
using Strata.Generator.Kernels;
using Strata.Generator.Operators;
using static Strata.Generator.Lowering.ProgramBuilder;

namespace Strata.Generator.Lowering;

/// <summary>The backward pass: from the output's gradient to those of the parameters, and the input's on request.</summary>
internal sealed partial class LaneLowering
{
    /// <summary>Gradients of each node's tensor, as far as its readers have been gone through.</summary>
    private readonly Dictionary<int, List<Contribution>> _contributions = [];

    /// <summary>A gradient of a tensor, from one of its readers.</summary>
    /// <param name="Activated">Whether the gradient of the activation that made the tensor is in it already.</param>
    private readonly record struct Contribution(TensorBuffer Buffer, bool Activated);

    private void Backward(List<LayerGroup> groups, List<Root> roots, List<DenseGradientStep> denseGradients)
    {
        _builder.Add(
            "Clear", "sums of this block", new ClearKernel(_tier), 0,
            new PartialGradientArgument(0), new PassedArgument(Expression.Number(_builder.Parameters.SummedLength)));
        foreach (Root root in roots)
        {
            Contribute(root.From, root.Gradient, activated: false);
        }

        foreach (LayerGroup group in Enumerable.Reverse(groups))
        {
            bool needsInput = group.Inputs.Any(NeedsGradient);
            if (!_contributions.ContainsKey(group.Last.Index) || (!needsInput && !group.IsTrained))
            {
                continue;
            }

            Contribution sum = SumOf(group.Last);
            TensorBuffer y = _tensors[group.Last.Index], x = InputOf(group);
            TensorBuffer gradient = BackwardToHead(group, sum, y, needsInput);
            switch (group.Operation)
            {
                case Convolution convolution:
                    BackwardConvolution(group, convolution, x, gradient);
                    break;
                case DenseOperation dense:
                    BackwardDense(group, dense, x, gradient, denseGradients);
                    break;
                case Pooling pooling:
                    PoolingWindow window = LayerGroup.WindowOf(pooling, group.Input.Shape, group.Head.Shape);
                    Contribute(group.Input, BackwardPooling(group, window, null, y, x.Shape, gradient, default), activated: false);
                    break;
                case DropoutOperation dropout:
                    Contribute(group.Input, BackwardDropout(group, dropout, gradient), activated: false);
                    break;
                case SoftmaxOperation:
                    BackwardSoftmax(group, y, gradient);
                    Contribute(group.Input, gradient, activated: false);
                    break;
                case Activation activation:
                    if (!sum.Activated)
                    {
                        ApplyActivation(group, activation, activation.NeedsInput ? x : y, gradient);
                    }

                    Contribute(group.Input, gradient, activated: false);
                    break;
                case AddOperation:
                    BackwardSum(group, gradient);
                    break;
                case Concatenation:
                    BackwardConcatenation(group, gradient);
                    break;
                case LoopOperation loops:
                    BackwardLoops(group, loops, y, gradient);
                    break;
                default:
                    // A flat view: its gradient is the tensor's under another shape.
                    Contribute(group.Input, Compact(gradient).Reshape(x.Shape), sum.Activated);
                    break;
            }
        }

        if (_graph.InputGradient)
        {
            foreach (Node input in _graph.Inputs.Where(i => _contributions.ContainsKey(i.Index)))
            {
                TensorBuffer gradient = SumOf(input).Buffer;
                _hasInputGradient = true;
                _builder.Add(
                    "UnpackInputGradient", $"{TensorName.Of(input)}'s gradient of each sample", new UnpackSamplesKernel(_tier, gradient, _graph.InputLength), 0,
                    Read(gradient), new PassedArgument("samples"), Part("inputGradient", _graph.OffsetOf(input)));
            }
        }
    }

    private void BackwardSoftmax(LayerGroup group, TensorBuffer y, TensorBuffer gradient)
    {
        (int channels, VectorGrid grid) = SoftmaxGrid(group, gradient);
        _builder.Add(
            MethodName(group, "Gradient"), $"backward of {group.Label}",
            new SoftmaxGradientKernel(_tier, channels, grid, SoftmaxWalk(group, y), SoftmaxWalk(group, gradient)), 0,
            Read(y), Update(gradient));
    }

    private bool NeedsGradient(Node node) => _differentiated.Contains(node.Index);

    private static TensorName GradientOf(Node node) => TensorName.Of(node, "gradient");

    /// <summary>Hands a gradient to a tensor. The buffer is the tensor's own from here on: it may be overwritten.</summary>
    private void Contribute(Node node, TensorBuffer gradient, bool activated)
    {
        if (!NeedsGradient(node))
        {
            return;
        }

        if (!_contributions.TryGetValue(node.Index, out List<Contribution> contributions))
        {
            _contributions.Add(node.Index, contributions = []);
        }

        contributions.Add(new Contribution(gradient, activated));
    }

    /// <summary>The gradient of a tensor: the sum over its readers.</summary>
    private Contribution SumOf(Node node)
    {
        List<Contribution> contributions = _contributions[node.Index];
        if (contributions.Count == 1)
        {
            return contributions[0];
        }

        List<TensorBuffer> gradients = contributions.ConvertAll(c => c.Buffer);
        TensorBuffer sum = gradients[0];
        _builder.Add(
            "SumGradients", $"{GradientOf(node)}: the sum over {gradients.Count} readers",
            new SumKernel(
                _tier, VectorGrid.Of(sum, [.. gradients]), gradients.Select(VectorGrid.WalkOf).ToEquatableArray(), VectorGrid.WalkOf(sum), null), 0,
            [.. gradients.Select(g => Read(g)), Update(sum)]);
        return new Contribution(sum, false);
    }

    private void BackwardLoops(LayerGroup group, LoopOperation operation, TensorBuffer y, TensorBuffer gradient)
    {
        List<TensorBuffer?> targets = group.Inputs
            .Select((node, i) => operation.IsDifferentiable(i) && NeedsGradient(node)
                ? _builder.Buffer(GradientOf(node), node.Shape, Layout.SampleLanes) : null)
            .ToList();
        operation.Backward(new LoopPass(_builder, group.Head, LaneAxis.Samples, training: true, _kept[group.Head.Index])
        {
            Inputs = InputsOf(group),
            Output = new LoopTensor("output", y),
            OutputGradient = new LoopTensor("gradient", Shaped(gradient, group.Head.Shape)),
            InputGradients = targets.Select((t, i) => t is null ? null : new LoopTensor(OperandName(group, i) + "Gradient", t)).ToList(),
        });
        for (int i = 0; i < targets.Count; i++)
        {
            if (targets[i] is { } target)
            {
                // Whoever reads a flat tensor's gradient reads it under the shape that its memory has.
                Contribute(group.Inputs[i], target.Reshape(_tensors[group.Inputs[i].Index].Shape), activated: false);
            }
        }
    }

    private void BackwardSum(LayerGroup group, TensorBuffer gradient)
    {
        // Each input gets the same gradient; each but the first a copy, since it may be overwritten.
        bool first = true;
        foreach (Node input in group.Inputs.Where(NeedsGradient))
        {
            TensorBuffer own = gradient;
            if (!first)
            {
                own = _builder.Buffer(GradientOf(input), gradient.Shape, Layout.SampleLanes);
                Copy(gradient, own, $"{own.Name}: that of {group.Label}, in a copy that may be overwritten");
            }

            Contribute(input, own, activated: false);
            first = false;
        }
    }

    private void BackwardConcatenation(LayerGroup group, TensorBuffer gradient)
    {
        int offset = gradient.Origin;
        foreach (Node input in group.Inputs)
        {
            TensorBuffer x = _tensors[input.Index];
            if (NeedsGradient(input))
            {
                TensorBuffer target = _builder.Buffer(GradientOf(input), x.Shape, Layout.SampleLanes);
                _builder.Add(
                    MethodName(group, "Gradient"), $"backward of {group.Label}: {input.Name}",
                    new ActivationKernel(_tier, null, VectorGrid.Of(target, gradient), VectorGrid.WalkOf(gradient), VectorGrid.WalkOf(target)), 0,
                    Read(gradient, offset), Write(target));
                Contribute(input, target, activated: false);
            }

            offset += ChannelsIn(group, x) * gradient.ChannelPitch;
        }
    }

    /// <summary>From the gradient of a group's result to that of its layer: through fused pooling and activation.</summary>
    private TensorBuffer BackwardToHead(LayerGroup group, Contribution sum, TensorBuffer y, bool needsInput)
    {
        TensorBuffer gradient = sum.Buffer;
        Halo halo = group.Operation.WindowOverZeros is { } zeros && needsInput ? GradientHalo(zeros, group.Input.Shape, group.Head.Shape) : default;
        if (group.Window is { } window)
        {
            return BackwardPooling(group, window, group.Activation, y, group.Head.Shape, gradient, halo);
        }

        if (group.Activation is { } activation && !sum.Activated)
        {
            ApplyActivation(group, activation, y, gradient);
        }

        if (!halo.IsEmpty && gradient.Halo.Union(halo) != gradient.Halo)
        {
            TensorBuffer wide = _builder.Buffer(gradient.Name.With(" ", "widened"), group.Head.Shape, Layout.SampleLanes, halo);
            _builder.ClearHalo(wide);
            Copy(gradient, wide, $"{gradient.Name} with zeros around it");
            return wide;
        }

        return gradient;
    }

    private void ApplyActivation(LayerGroup group, Activation activation, TensorBuffer kept, TensorBuffer gradient) => _builder.Add(
        MethodName(group, "ActivationGradient"), $"backward of {activation.Name} in {group.Label}",
        new ActivationGradientKernel(_tier, activation, VectorGrid.Of(gradient, kept), VectorGrid.WalkOf(kept), VectorGrid.WalkOf(gradient)),
        0, Read(kept), Update(gradient));

    private TensorBuffer BackwardPooling(
        LayerGroup group, PoolingWindow window, Activation? activation, TensorBuffer y, Shape input, TensorBuffer gradient, Halo halo)
    {
        TensorBuffer target = _builder.Buffer(GradientOf(group.Head), input, Layout.SampleLanes, halo);
        _builder.ClearHalo(target);
        var arguments = new List<Argument> { Read(gradient) };
        if (activation is not null)
        {
            arguments.Add(Read(y));
        }

        if (window.Kind == PoolingKind.Max)
        {
            arguments.Add(Bits(_indices[group.Last.Index], Access.Read));
        }

        arguments.Add(Write(target));
        if (WindowPoolingGradient.HasLongSums(window))
        {
            arguments.Add(Write(_builder.Buffer(target.Name.With(", what is ", "lost"), input, Layout.SampleLanes, halo)));
        }

        _builder.Add(
            MethodName(group, "PoolGradient"), $"backward of {group.Last.Name}: {group.Last.Shape} → {input}",
            new WindowPoolingGradient(_tier, window, input.Channels, WalkOf(gradient), WalkOf(y), WalkOf(target), activation), 0,
            [.. arguments]);
        return target;
    }

    private TensorBuffer BackwardDropout(LayerGroup group, DropoutOperation dropout, TensorBuffer gradient)
    {
        TensorBuffer compact = gradient;
        if (!gradient.IsCompact)
        {
            compact = _builder.Buffer(gradient.Name.With(" ", "compact"), gradient.Shape, Layout.SampleLanes);
            Copy(gradient, compact, $"{gradient.Name} without the zeros around it");
        }

        _builder.Add(
            MethodName(group, "Gradient"), $"backward of {group.Label}: the same elements are dropped",
            new DropoutKernel(_tier, dropout.Rate, group.Head.Index, compact.Shape.Length, dropout.ElementsOf(group.Head.Shape)), 0, Read(compact), Update(compact),
            new PassedArgument("in step"));
        return compact;
    }

    private void BackwardConvolution(LayerGroup group, Convolution convolution, TensorBuffer x, TensorBuffer gradient)
    {
        ConvolutionPacking packing = PackingOf(group);
        Shape shape = group.Head.Shape;
        if (convolution.Bias && group.IsTrained)
        {
            _builder.Add(
                MethodName(group, "BiasGradient"), $"{group.Head.Name}: gradient of the bias",
                new BiasGradient(_tier, shape.Rows, shape.Width, WalkOf(gradient)), 0,
                Read(gradient), new PartialGradientArgument(_builder.Bias(group.Head).Offset),
                new PassedArgument(Expression.Number(convolution.Filters)));
        }

        if (group.IsTrained)
        {
            AddWeightGradient(group, convolution, packing, x, gradient);
        }

        if (NeedsGradient(group.Input))
        {
            BackwardToInput(group, group.Filters!, packing, x, gradient);
        }
    }

    private void AddWeightGradient(
        LayerGroup group, Convolution convolution, ConvolutionPacking packing, TensorBuffer x, TensorBuffer gradient)
    {
        FilterWeight filters = group.Filters!;
        int outputs = filters.Outputs, inputs = filters.Inputs;
        Shape shape = group.Head.Shape;
        x = Widened(group, filters.Window, x);
        (Taps depth, Taps vertical, Taps horizontal) = TapsOf(filters.Window, x, packing);
        WeightTile tile = CostModel.ChooseWeightTile(
            _tier, outputs, ChannelBlock(packing, outputs), inputs, filters.Window.Horizontal.Kernel, (long)shape.Rows * shape.Width);
        var weights = new ConvolutionWeightGradient(
            _tier, outputs, inputs, shape.Height, shape.Width, tile, WalkOf(filters.Window, x), WalkOf(gradient), vertical, horizontal,
            packing.Output, packing.InputPitch, filters.Groups,
            (inputs * x.ChannelPitch, packing.Group(outputs), outputs * gradient.ChannelPitch),
            shape.Depth, depth);
        long work = convolution.MultiplyAdds(group.Input.Shape, shape);
        _builder.Add(
            MethodName(group, "WeightGradient"),
            $"{group.Head.Name}: gradient of the weights; {Grouped(2 * work)} FLOPs",
            weights, 0,
            Read(x, WindowStart(filters.Window, x)),
            Read(gradient), new PartialGradientArgument(_builder.Weight(group.Head).Offset));
    }

    /// <summary>One residue of the input's rows (or columns) modulo the stride: which taps reach it, and from where.</summary>
    /// <param name="First">The first row.</param>
    /// <param name="Count">Number of rows.</param>
    /// <param name="Taps">Number of taps.</param>
    /// <param name="FirstTap">The first of them: the filter is turned, so this is the last one of the filter.</param>
    /// <param name="TapStep">From one to the next, negative.</param>
    /// <param name="Start">The row of the gradient that the first tap reads for the first row.</param>
    /// <param name="StartStep">From a tap to the next, positive.</param>
    private readonly record struct Phase(int First, int Count, int Taps, int FirstTap, int TapStep, int Start, int StartStep)
    {
        public int Lowest => Start;

        public int Highest => Taps == 0 ? 0 : Start + ((Taps - 1) * StartStep) + Count - 1;
    }

    /// <summary>
    /// Row y gets gradient from output row o through tap k where o·S + k·D − P = y. For y ≡ q (mod S) the taps with
    /// q + P − k·D ≡ 0 (mod S) count, a regular series: a convolution of stride 1 for each q, without zeros put in between.
    /// </summary>
    private static IEnumerable<Phase> Phases(WindowAxis axis, int extent)
    {
        // k·D ≡ q + P (mod S): solved by the inverse of D in a period of S over their common divisor, without looking at each tap.
        int divisor = GreatestCommonDivisor(axis.Stride, axis.Dilation), period = axis.Stride / divisor;
        long inverse = Enumerable.Range(0, period).First(i => (long)i * (axis.Dilation / divisor) % period == 1 % period);
        for (int q = 0; q < Math.Min(axis.Stride, extent); q++)
        {
            int sum = q + axis.PadBefore, count = ((extent - q - 1) / axis.Stride) + 1;
            int first = sum % divisor == 0 ? (int)(Mod(sum / divisor, period) * inverse % period) : axis.Kernel;
            if (first >= axis.Kernel)
            {
                yield return new Phase(q, count, 0, 0, 0, 0, 0);
                continue;
            }

            int taps = ((axis.Kernel - 1 - first) / period) + 1, step = taps > 1 ? period : 0, last = first + ((taps - 1) * period);
            yield return new Phase(
                q, count, taps, last, -step,
                WindowAxis.FloorDivide(q + axis.PadBefore - (last * axis.Dilation), axis.Stride), step * axis.Dilation / axis.Stride);
        }
    }

    private static int GreatestCommonDivisor(int a, int b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);

    private static int Mod(int dividend, int divisor) => ((dividend % divisor) + divisor) % divisor;

    /// <summary>Rows and columns of zeros that the output's gradient has around it for backward to the input; none around a volume.</summary>
    private static Halo GradientHalo(WindowAxes window, Shape input, Shape output) =>
        input.Rank == Shape.VolumeRank ? default : ZerosAroundGradient(window, input, output);

    /// <summary>Zeros around the output's gradient that backward to the input reads.</summary>
    private static Halo ZerosAroundGradient(WindowAxes window, Shape input, Shape output)
    {
        static (int Before, int After) Axis(WindowAxis axis, int extent, int outputs) => (
            Math.Max(0, -Phases(axis, extent).Min(p => p.Lowest)), Math.Max(0, Phases(axis, extent).Max(p => p.Highest) - (outputs - 1)));
        (int top, int bottom) = Axis(window.Vertical, input.Height, output.Height);
        (int left, int right) = Axis(window.Horizontal, input.Width, output.Width);
        (int front, int back) = Axis(window.Depth, input.Depth, output.Depth);
        return new Halo(top, bottom, left, right) { Front = front, Back = back };
    }

    private void BackwardToInput(
        LayerGroup group, FilterWeight filters, ConvolutionPacking packing, TensorBuffer x, TensorBuffer gradient)
    {
        int outputs = filters.Outputs, inputs = filters.Inputs;
        WindowAxes window = filters.Window;
        Shape shape = group.Input.Shape;
        Halo halo = _groups.ProducerOf(group.Input) is { Operation.WindowOverZeros: { } before, Pool: null } previous && NeedsGradient(previous.Input)
            ? GradientHalo(before, previous.Input.Shape, previous.Head.Shape) : default;
        TensorBuffer target = _builder.Buffer(GradientOf(group.Input), shape, Layout.SampleLanes, halo);
        _builder.ClearHalo(target);
        List<Phase> depth = Phases(window.Depth, shape.Depth).ToList();
        List<Phase> vertical = Phases(window.Vertical, shape.Height).ToList(), horizontal = Phases(window.Horizontal, shape.Width).ToList();
        if (depth.Concat(vertical).Concat(horizontal).Any(p => p.Taps == 0))
        {
            _builder.Clear(target, $"{target.Name}: the stride leaves elements unread");
        }

        Halo zeros = ZerosAroundGradient(window, shape, group.Head.Shape);
        if (shape.Rank == Shape.VolumeRank && !zeros.IsEmpty)
        {
            gradient = _builder.Convert(gradient, Layout.SampleLanes, zeros);
        }

        Activation? activation = FusedActivationOf(group.Input);
        long steps = (long)outputs * window.Area;
        Walk outer = WalkOf(window, target);
        foreach (Phase planes in depth.Where(p => p.Taps > 0))
        {
            foreach ((Phase rows, Phase columns) in vertical.Where(p => p.Taps > 0).SelectMany(r => horizontal.Where(p => p.Taps > 0).Select(c => (r, c))))
            {
                (Tile tile, _) = CostModel.ChooseTile(
                    _tier, ConvolutionForm.SampleLanes, inputs, inputs, rows.Count, columns.Count, 1, 1, steps);
                var kernel = new TiledConvolution(
                    _tier, ConvolutionForm.SampleLanes, inputs, rows.Count, columns.Count, outputs, tile,
                    new Taps(rows.Taps, rows.StartStep * gradient.RowPitch, rows.TapStep * packing.VerticalPitch),
                    new Taps(columns.Taps, columns.StartStep * gradient.ColumnPitch, columns.TapStep * packing.HorizontalPitch),
                    WalkOf(gradient),
                    ChannelsOf(gradient),
                    outer,
                    new ChannelAddress(packing.InputPitch),
                    packing.Output,
                    new Epilogue(Gradient: activation, GradientWalk: WalkOf(window, x)),
                    filters.Groups,
                    (outputs * gradient.ChannelPitch, packing.Group(outputs), inputs * target.ChannelPitch, 0),
                    planes.Count,
                    new Taps(planes.Taps, planes.StartStep * gradient.PlanePitch, planes.TapStep * packing.DepthPitch));
                int At(TensorBuffer buffer, int plane, int row, int column) =>
                    buffer.Origin + (plane * buffer.PlanePitch) + (row * buffer.RowPitch) + (column * buffer.ColumnPitch);
                var arguments = new List<Argument>
                {
                    Read(gradient, At(gradient, planes.Start, rows.Start, columns.Start)),
                    new ParameterArgument(
                        _builder.Weight(group.Head).Offset + (planes.FirstTap * packing.DepthPitch) + (rows.FirstTap * packing.VerticalPitch)
                        + (columns.FirstTap * packing.HorizontalPitch)),
                };
                if (activation is not null)
                {
                    arguments.Add(Read(x, At(x, planes.First, rows.First, columns.First)));
                }

                arguments.Add(Write(target, At(target, planes.First, rows.First, columns.First)));
                string phase = (depth.Count > 1 ? $", planes {planes.First}" : "")
                    + (vertical.Count * horizontal.Count > 1 ? $", rows {rows.First} and columns {columns.First}" : "");
                phase += phase.Length > 0 ? " modulo the stride" : "";
                long work = (long)inputs * filters.Groups * outputs * planes.Count * rows.Count * columns.Count
                    * planes.Taps * rows.Taps * columns.Taps;
                _builder.Add(
                    MethodName(group, "InputGradient"),
                    $"{group.Head.Name}: gradient of the input {shape}{phase}; {Grouped(2 * work)} FLOPs",
                    kernel, 0, [.. arguments]);
            }
        }

        Contribute(group.Input, target, activation is not null);
    }

    /// <summary>
    /// The activation whose output a layer reads, so that its gradient can be taken while the input's gradient is in registers;
    /// none where other readers add to that gradient.
    /// </summary>
    private Activation? FusedActivationOf(Node node)
    {
        if (!_groups.HasSoleReader(node))
        {
            return null;
        }

        // What a view shows has no other reader either then.
        LayerGroup? producer = _groups.ProducerOf(node);
        while (producer is { Operation.IsView: true } view)
        {
            producer = _groups.ProducerOf(view.Input);
        }

        return producer switch
        {
            { Operation.AsActivation: { NeedsInput: false } activation } => activation,
            { Pool: null } => producer.Activation,
            _ => null,
        };
    }

    private void BackwardDense(
        LayerGroup group, DenseOperation dense, TensorBuffer x, TensorBuffer gradient, List<DenseGradientStep> denseGradients)
    {
        DensePacking packing = DensePacking.Of(dense.Units, x.Shape.Length, _tier);
        if (group.IsTrained)
        {
            AddDenseGradients(group, dense, packing, x, gradient, denseGradients);
        }

        if (NeedsGradient(group.Input))
        {
            BackwardToInput(group, dense, packing, x, gradient);
        }
    }

    private void AddDenseGradients(
        LayerGroup group, DenseOperation dense, DensePacking packing, TensorBuffer x, TensorBuffer gradient, List<DenseGradientStep> denseGradients)
    {
        if (dense.Bias)
        {
            _builder.Add(
                "DenseBiasGradient", $"{group.Head.Name}: gradient of the bias",
                new BiasGradient(_tier, 1, 1, new Walk(_tier.Lanes, 0, 0)), 0,
                Read(gradient), new PartialGradientArgument(_builder.Bias(group.Head).Offset),
                new PassedArgument(Expression.Number(dense.Units)));
        }

        // Row by row of samples, as the outer product over the batch wants it; padding to whole vectors stays zero.
        TensorBuffer rows = _builder.Buffer(
            GradientOf(group.Head).With(" by ", "samples"), Shape.Vector(_tier.Lanes * packing.Width), Layout.Flat, space: MemorySpace.Kept);
        if (packing.Width > dense.Units)
        {
            _builder.Add(
                "Clear", $"{rows.Name}: padding of {Expression.Count(packing.Width - dense.Units, "output")}", new ClearKernel(_tier), 0,
                Write(rows), new PassedArgument(Expression.Number(rows.Length)));
        }

        _builder.Add(
            "Rows", $"{group.Head.Name}: the output's gradient by samples", new RowsOfLanesKernel(_tier), 0,
            Read(gradient), Write(rows), new PassedArgument(Expression.Number(dense.Units)), new PassedArgument(Expression.Number(packing.Width)));
        (int tileInputs, int tileVectors) = CostModel.ChooseDenseGradientTile(_tier, x.Shape.Length, packing.PanelVectors);
        denseGradients.Add(new DenseGradientStep(
            "DenseWeightGradient",
            $"{group.Head.Name}: gradient of the weights over the batch; {Grouped(2 * dense.MultiplyAdds(x.Shape, group.Head.Shape))} FLOPs per sample",
            new DenseWeightGradient(_tier, tileInputs, tileVectors), packing, RowsPerPart(x.Shape.Length, packing, tileInputs),
            x, rows, _builder.Weight(group.Head).Offset));
    }

    private void BackwardToInput(LayerGroup group, DenseOperation dense, DensePacking packing, TensorBuffer x, TensorBuffer gradient)
    {
        Activation? activation = FusedActivationOf(group.Input);
        TensorBuffer target = _builder.Buffer(GradientOf(group.Input), x.Shape, Layout.SampleLanes);
        (Tile tile, _) = CostModel.ChooseTile(
            _tier, ConvolutionForm.SampleLanes, x.Shape.Length, x.Shape.Length, 1, 1, 1, 1, dense.Units);
        int unroll = SampleLowering.Unroll(dense.Units, tile);
        unroll = packing.Panels == 1 || packing.PanelWidth % unroll == 0 ? unroll : 1;
        ChannelAddress weights = packing.Panels == 1
            ? new ChannelAddress(unroll) : new ChannelAddress(packing.PanelPitch, packing.PanelWidth / unroll, unroll);
        var kernel = new TiledConvolution(
            _tier, ConvolutionForm.SampleLanes, x.Shape.Length, 1, 1, dense.Units / unroll, tile,
            new Taps(1, 0, 0), new Taps(unroll, _tier.Lanes, 1), default,
            new ChannelAddress(unroll * _tier.Lanes), new Walk(_tier.Lanes, 0, 0), new ChannelAddress(packing.PanelWidth), weights,
            new Epilogue(Gradient: activation, GradientWalk: new Walk(_tier.Lanes, 0, 0)));
        Argument[] arguments = activation is not null
            ? [Read(gradient), _builder.Weight(group.Head), Read(x), Write(target)]
            : [Read(gradient), _builder.Weight(group.Head), Write(target)];
        _builder.Add(
            MethodName(group, "InputGradient"),
            $"{group.Head.Name}: gradient of the input; {Grouped(2 * dense.MultiplyAdds(x.Shape, group.Head.Shape))} FLOPs",
            kernel, 0, arguments);
        Contribute(group.Input, target, activation is not null);
    }

    /// <summary>
    /// Parts of about 20 µs, so that the work of large layers divides evenly among workers and a small layer is one part.
    /// </summary>
    private static int RowsPerPart(int inputs, DensePacking packing, int tileInputs)
    {
        const int MultiplyAddsPerPart = 16_384;
        int rows = Math.Max(1, MultiplyAddsPerPart / packing.Width);
        rows = (rows + tileInputs - 1) / tileInputs * tileInputs;

        // The last part must hold a whole tile.
        int parts = Math.Max(1, inputs / rows);
        return (inputs + parts - 1) / parts >= tileInputs && inputs - ((parts - 1) * ((inputs + parts - 1) / parts)) >= tileInputs
            ? (inputs + parts - 1) / parts : inputs;
    }
}
