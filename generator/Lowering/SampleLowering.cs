using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Strata.Generator.Graph;
using Strata.Generator.Kernels;
using Strata.Generator.Operators;
using static Strata.Generator.Lowering.ProgramBuilder;

namespace Strata.Generator.Lowering;

/// <summary>
/// The program for one sample: lanes hold neighbours of a row where channels are few, output channels where they fill the
/// lanes. Each convolution takes the cheaper of the two; where its input has the wrong layout, a step converts it.
/// </summary>
internal static class SampleLowering
{
    /// <summary>
    /// What a convolution was found to be cheapest as. It decides how the tier packs its weights, so it comes before the programs.
    /// </summary>
    /// <param name="Block">How many output channels lie side by side in its packed weights.</param>
    public sealed record Choice(ConvolutionForm Form, Tile Tile, double Cycles, int Block);

    public static Dictionary<int, Choice> Choose(NetworkGraph graph, Tier tier, CancellationToken cancellationToken)
    {
        var choices = new Dictionary<int, Choice>();
        LayerGroups groups = LayerGroups.Of(graph, training: false);
        var blocked = new HashSet<int>();

        // Auxiliary heads exist in training only.
        foreach (LayerGroup group in groups.All.Concat(LayerGroups.Of(graph, training: true).All))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (group.Filters is { } filters && !choices.ContainsKey(group.Head.Index))
            {
                Choice rows = ChooseTile(group, filters, tier, ConvolutionForm.RowLanes);
                double conversions = (blocked.Contains(group.Input.Index) ? CostModel.Move(group.Input.Shape.Length) : 0)
                    + (groups.ReadersOf(group.Last).Any(reader => ReadsBlocks(reader, tier)) ? CostModel.Move(group.Last.Shape.Length) : 0);
                bool fits = filters.IsDepthwise || filters.Groups == 1 || filters.Outputs % tier.Lanes == 0;
                Choice best = rows;
                if (fits)
                {
                    ConvolutionForm form = filters.IsDepthwise ? ConvolutionForm.Depthwise : ConvolutionForm.ChannelLanes;
                    Choice channels = ChooseTile(group, filters, tier, form);
                    best = channels.Cycles < rows.Cycles + conversions ? channels : rows;
                }

                choices.Add(group.Head.Index, best);
            }

            bool isBlocked = group.Operation.ResultLayout switch
            {
                ResultLayout.Channels => true,
                ResultLayout.OfInput => blocked.Contains(group.Input.Index),
                ResultLayout.OfAllInputs => group.Inputs.All(input => blocked.Contains(input.Index)),
                _ => false,
            };
            if (choices.TryGetValue(group.Head.Index, out Choice choice) ? choice.Form != ConvolutionForm.RowLanes : isBlocked)
            {
                blocked.Add(group.Last.Index);
            }
        }

        return choices;
    }

    /// <summary>Whether a group wants its input in blocks of channels whatever it costs.</summary>
    private static bool ReadsBlocks(LayerGroup group, Tier tier) =>
        group.Operation.ResultLayout == ResultLayout.Channels || (group.Filters is { IsDepthwise: true } && group.Input.Shape.Channels >= tier.Lanes);

    private static Choice ChooseTile(LayerGroup group, FilterWeight filters, Tier tier, ConvolutionForm form)
    {
        (int channels, int rows, int columns, int poolColumns) = Extents(group, filters, tier, form);
        FusedPool pool = PoolOf(group, form) ?? new FusedPool(PoolingKind.Max, 1, 1);
        long steps = (long)filters.Inputs * filters.Window.Area;
        int groups = form == ConvolutionForm.Depthwise ? channels : filters.Groups;
        (Tile tile, double cycles) = CostModel.ChooseTile(
            tier, form, channels / groups, channels / groups, rows, columns, pool.Height, poolColumns, steps);
        cycles *= (double)groups * group.Head.Shape.Depth;
        if (Decimates(filters, form))
        {
            cycles += CostModel.Move(group.Head.Shape.Length);
        }

        if (PoolOf(group, form) is null && group.Pool is not null)
        {
            cycles += CostModel.Move(group.Head.Shape.Length);
        }

        return new Choice(form, tile, cycles, form == ConvolutionForm.RowLanes ? filters.Filters : tier.Lanes);
    }

    /// <summary>Row lanes can pool pairs of columns only.</summary>
    private static FusedPool? PoolOf(LayerGroup group, ConvolutionForm form) =>
        form == ConvolutionForm.RowLanes && (group.Pool is not { Height: 2, Width: 2 } || Decimates(group.Filters!, form))
            ? null : group.Pool;

    private static bool Decimates(FilterWeight filters, ConvolutionForm form) =>
        form == ConvolutionForm.RowLanes && filters.Window.Horizontal.Stride > 1;

    /// <summary>Output channels (or blocks of them), rows and columns (or vectors of them) that the tiles cover.</summary>
    private static (int Channels, int Rows, int Columns, int PoolColumns) Extents(
        LayerGroup group, FilterWeight filters, Tier tier, ConvolutionForm form)
    {
        FusedPool? pool = PoolOf(group, form);
        Shape output = pool is null ? group.Head.Shape : group.Last.Shape;
        int rows = output.Height * (pool?.Height ?? 1);
        if (form != ConvolutionForm.RowLanes)
        {
            return (tier.RoundUp(filters.Filters) / tier.Lanes, rows, output.Width * (pool?.Width ?? 1), pool?.Width ?? 1);
        }

        int width = Decimates(filters, form) ? ((output.Width - 1) * filters.Window.Horizontal.Stride) + 1 : output.Width;
        if (pool is null)
        {
            return (filters.Filters, rows, tier.RoundUp(width) / tier.Lanes, 1);
        }

        // One vector of columns makes half a vector of pairs; more come in twos.
        int vectors = tier.RoundUp(2 * width) / tier.Lanes;
        return vectors == 1 ? (filters.Filters, rows, 1, 1) : (filters.Filters, rows, 2 * (tier.RoundUp(width) / tier.Lanes), 2);
    }

    /// <param name="builder">Receives the steps; it has none yet.</param>
    /// <param name="choices">What each convolution was found to be cheapest as.</param>
    /// <param name="observed">Whether every layer is a step of its own and its result is copied to <c>observations</c>.</param>
    public static Program Lower(ProgramBuilder builder, IReadOnlyDictionary<int, Choice> choices, bool observed = false)
    {
        (NetworkGraph graph, Tier tier) = (builder.Graph, builder.Tier);
        LayerGroups groups = LayerGroups.Of(graph, training: false, fuse: !observed);
        var tensors = new Dictionary<int, TensorBuffer>();

        foreach (Node node in graph.Inputs)
        {
            Shape shape = node.Shape;
            TensorBuffer input = builder.Buffer(
                TensorName.Of(node), shape, shape.Rank == 1 ? Layout.Flat : Layout.Planar, groups.HaloFor(node));
            builder.ClearHalo(input);
            builder.Add(
                "CopyInput", $"{TensorName.Of(node)}: {shape}",
                new ConvertLayoutKernel(tier, shape, Dense(shape), ChannelsOf(input), DenseWalk(shape), WalkOf(input)),
                CostModel.Elementwise(shape.Length / tier.Lanes), Part("input", graph.OffsetOf(node)), Write(input));
            tensors.Add(node.Index, input);
        }

        foreach (LayerGroup group in groups.All)
        {
            TensorBuffer x = tensors[group.Input.Index];
            tensors[group.Last.Index] = group.Operation switch
            {
                Convolution convolution => LowerConvolution(
                    builder, groups, group, convolution,
                    observed ? ChooseTile(group, group.Filters!, tier, choices[group.Head.Index].Form) : choices[group.Head.Index], x),
                DenseOperation dense => LowerDense(builder, group, dense, x),
                Pooling pooling => LowerPooling(
                    builder, groups, group.Label, LayerGroup.WindowOf(pooling, x.Shape, group.Head.Shape), group.Head, group.Last,
                    group.Activation, x),
                Activation activation => LowerActivation(builder, groups, group, activation, x),
                AddOperation => LowerSum(builder, groups, group, tensors),
                Concatenation => LowerConcatenation(builder, groups, group, tensors),
                SoftmaxOperation => LowerSoftmax(builder, groups, group, x),
                LoopOperation loops => LowerLoops(builder, groups, group, loops, tensors),
                _ when groups.PassesOn(group) => x,
                _ => throw new NotSupportedException($"No lowering for {group.Operation}."),
            };
            if (observed && group.Last.PartOf is null)
            {
                string name = $"{group.Last.Name}, to be read afterwards: {group.Last.Shape}";
                CopyOut(builder, "CopyLayer", name, tensors[group.Last.Index], Part("observations", graph.ObservationOf(group.Last)));
            }
        }
        foreach (NetworkOutput result in graph.Outputs)
        {
            string name = $"{NameOf(result)}: {graph.Nodes[result.Node].Shape}";
            CopyOut(builder, "CopyOutput", name, tensors[result.Node], Part("output", graph.OffsetOf(result)));
        }

        return builder.Program();
    }

    private static void CopyOut(ProgramBuilder builder, string name, string comment, TensorBuffer x, PassedArgument target) => builder.Add(
        name, comment,
        new ConvertLayoutKernel(builder.Tier, x.Shape, ChannelsOf(x), Dense(x.Shape), WalkOf(x), DenseWalk(x.Shape)),
        CostModel.Move(x.Shape.Length), Read(x), target);

    /// <summary>Channels of the surface follow one another without gaps.</summary>
    private static ChannelAddress Dense(Shape shape) => new(shape.Rows * shape.Width);

    private static Walk DenseWalk(Shape shape) => new(0, shape.Width, 1) { Plane = shape.Height * shape.Width };

    private static TensorBuffer LowerConvolution(
        ProgramBuilder builder, LayerGroups groups, LayerGroup group, Convolution convolution, Choice choice, TensorBuffer x)
    {
        Tier tier = builder.Tier;
        FilterWeight filters = group.Filters!;
        bool rowLanes = choice.Form == ConvolutionForm.RowLanes;
        Halo padding = HaloOf(filters.Window, group.Input.Shape, group.Head.Shape);
        bool isDepthwise = choice.Form == ConvolutionForm.Depthwise;
        bool splitsBlocks = filters.Groups > 1 && filters.Inputs % tier.Lanes != 0;
        Layout read = isDepthwise ? Layout.Blocked : rowLanes || splitsBlocks ? Layout.Planar : x.Layout;
        if (x.Layout != read || (x.Shape.Rank == Shape.VolumeRank && !padding.IsEmpty))
        {
            x = builder.Convert(x, read, padding);
        }

        FusedPool? pool = PoolOf(group, choice.Form);
        bool decimates = Decimates(filters, choice.Form);
        (int channels, int rows, int columns, _) = Extents(group, filters, tier, choice.Form);
        Shape computed = pool is not null || group.Pool is null ? group.Last.Shape : group.Head.Shape;
        Shape stored = decimates ? computed with { Width = ((computed.Width - 1) * filters.Window.Horizontal.Stride) + 1 } : computed;
        bool last = !decimates && (pool is not null || group.Pool is null);

        // A step of its own pools as the registers would: before an activation that increases, so that it is that of the same numbers.
        bool activatesBehind = pool is null && group.Pool is { Kind: PoolingKind.Max } && group.Activation is { IsIncreasing: true };
        Activation? activation = activatesBehind ? null : group.Activation;
        Layout layout = rowLanes ? Layout.Planar : Layout.Blocked;
        TensorBuffer y = builder.Buffer(TensorName.Of(group.Head), stored, layout, last ? groups.HaloFor(group.Last) : default);
        builder.ClearHalo(y);

        var packing = ConvolutionPacking.Of(filters, choice.Block);
        (Taps depth, Taps vertical, Taps horizontal) = TapsOf(filters.Window, x, packing);
        Walk windows = WalkOf(filters.Window, x);
        int inputsPerGroup = filters.Inputs, units = isDepthwise ? channels : filters.Groups;
        int unitsPerGroup = channels / units;
        var kernel = new TiledConvolution(
            tier, choice.Form, unitsPerGroup, rows, columns, inputsPerGroup, choice.Tile, vertical, horizontal,
            rowLanes ? windows with { Column = tier.Lanes } : windows,
            ChannelsOf(x),
            WalkOf(y) with { Column = tier.Lanes },
            rowLanes ? new ChannelAddress(1) : new ChannelAddress(packing.BlockPitch),
            new ChannelAddress(packing.InputPitch),
            new Epilogue(convolution.Bias, group.Norm is not null, activation, pool, ValidLanes: rowLanes ? stored.Width % tier.Lanes : 0),
            units,
            (isDepthwise ? x.ChannelPitch : GroupOffset(x, inputsPerGroup),
                new ChannelAddress(rowLanes ? unitsPerGroup : unitsPerGroup * packing.BlockPitch),
                unitsPerGroup * y.ChannelPitch,
                rowLanes ? unitsPerGroup : unitsPerGroup * tier.Lanes),
            computed.Depth, depth);
        var arguments = new List<Argument>
        {
            Read(x, WindowStart(filters.Window, x)),
            builder.Weight(group.Head),
        };
        if (convolution.Bias)
        {
            arguments.Add(builder.Bias(group.Head));
        }

        arguments.AddRange(builder.Normalization(group));
        arguments.Add(Write(y));
        builder.Add(MethodName(group), Describe(group), kernel, choice.Cycles, [.. arguments]);
        if (decimates)
        {
            TensorBuffer kept = builder.Buffer(TensorName.Of(group.Head), computed, layout, group.Pool is null ? groups.HaloFor(group.Last) : default);
            builder.ClearHalo(kept);
            builder.Add(
                MethodName(group, "Stride"), $"{group.Head.Name}: each {filters.Window.Horizontal.Stride}th column",
                new ConvertLayoutKernel(
                    tier, computed, ChannelsOf(y), ChannelsOf(kept), WalkOf(y) with { Column = filters.Window.Horizontal.Stride }, WalkOf(kept)),
                CostModel.Move(computed.Length), Read(y), Write(kept));
            y = kept;
        }

        if (pool is null && group.Pool is not null)
        {
            y = LowerPooling(builder, groups, group.Last.Name, group.Window!, group.Last, group.Last, activatesBehind ? group.Activation : null, y);
        }

        return y;
    }

    /// <summary>From the first channel of a group to that of the next.</summary>
    private static int GroupOffset(TensorBuffer x, int inputsPerGroup) => x.Layout == Layout.Blocked
        ? inputsPerGroup / x.Lanes * x.ChannelPitch
        : inputsPerGroup * x.ChannelPitch;

    private static TensorBuffer LowerDense(ProgramBuilder builder, LayerGroup group, DenseOperation dense, TensorBuffer x)
    {
        Tier tier = builder.Tier;
        DensePacking packing = DensePacking.Of(dense.Units, group.Input.Shape.Length, tier);
        TensorBuffer y = builder.Buffer(TensorName.Of(group.Head), group.Last.Shape, Layout.Flat) with { Room = packing.Width };

        // A long sum is cut at the same features in every program: between channels where they fill its blocks.
        if (x.Layout != Layout.Flat && x.Shape.Length > SumCut.Products && SumCut.Products % (x.Shape.Length / x.Shape.Channels) != 0)
        {
            x = Flat(builder, x);
        }

        // The layer is a convolution whose kernel is as large as its input.
        Shape shape = x.Shape;
        var tile = new Tile(packing.PanelVectors, 1, 1);
        int unroll = Unroll(shape.Length, tile);
        (int channels, Taps vertical, Taps horizontal) = x.Layout == Layout.Flat
            ? (shape.Length / unroll, new Taps(1, 0, 0), new Taps(unroll, 1, packing.PanelWidth))
            : (shape.Channels, new Taps(shape.Rows, x.RowPitch, shape.Width * packing.PanelWidth), new Taps(shape.Width, x.ColumnPitch, packing.PanelWidth));
        int perChannel = shape.Length / channels;
        var kernel = new TiledConvolution(
            tier, ConvolutionForm.ChannelLanes, packing.Panels * packing.PanelVectors, 1, 1, channels, tile,
            vertical, horizontal, default,
            x.Layout == Layout.Flat ? new ChannelAddress(perChannel) : ChannelsOf(x),
            new Walk(tier.Lanes, 0, 0),
            packing.OutputVector,
            new ChannelAddress(perChannel * packing.PanelWidth),
            new Epilogue(dense.Bias, Activation: group.Activation));
        Argument[] arguments = dense.Bias
            ? [Read(x), builder.Weight(group.Head), builder.Bias(group.Head), Write(y)]
            : [Read(x), builder.Weight(group.Head), Write(y)];

        builder.Add(
            MethodName(group), Describe(group), kernel,
            CostModel.VectorTimesMatrix(packing.Length / tier.Lanes), arguments);
        return y;
    }

    /// <summary>So many steps of a reduction are written out: few where the tile is large enough to hide the loop.</summary>
    public static int Unroll(int length, Tile tile) =>
        Enumerable.Range(1, 5).Last(u => length % u == 0 && (u == 1 || u * tile.Accumulators <= TiledConvolution.UnrollLimit));

    private static TensorBuffer LowerPooling(
        ProgramBuilder builder, LayerGroups groups, string label, PoolingWindow window, Node node, Node last, Activation? activation, TensorBuffer x)
    {
        Shape output = node.Shape;
        TensorBuffer y = builder.Buffer(TensorName.Of(node), output, x.Layout, groups.HaloFor(last));
        builder.ClearHalo(y);
        builder.Add(
            node.Identifier, $"{label}: {x.Shape} → {output}",
            new WindowPooling(builder.Tier, window, x.ChannelUnits, x.Layout == Layout.Blocked, WalkOf(x), WalkOf(y), false, activation),
            CostModel.WindowPooling(output.Length, window.Area), Read(x), Write(y));
        return y;
    }

    private static TensorBuffer LowerActivation(
        ProgramBuilder builder, LayerGroups groups, LayerGroup group, Activation activation, TensorBuffer x)
    {
        bool inPlace = groups.IsInPlace(group);
        TensorBuffer y = x;
        if (!inPlace)
        {
            y = builder.Buffer(TensorName.Of(group.Head), x.Shape, x.Layout, groups.HaloFor(group.Last));
            builder.ClearHalo(y);
        }

        builder.Add(
            MethodName(group), $"{group.Label}: {x.Shape}{(inPlace ? ", in place" : "")}",
            new ActivationKernel(builder.Tier, activation, VectorGrid.Of(y, x), VectorGrid.WalkOf(x), VectorGrid.WalkOf(y)),
            CostModel.Elementwise(x.Length / builder.Tier.Lanes), Read(x), Update(y));
        return y;
    }

    private static TensorBuffer LowerSum(
        ProgramBuilder builder, LayerGroups groups, LayerGroup group, Dictionary<int, TensorBuffer> tensors)
    {
        List<TensorBuffer> inputs = group.Inputs.Select(i => tensors[i.Index]).ToList();

        // Those of another layout, or flat views of another shape, are brought into the first one's.
        TensorBuffer first = group.Head.Shape.Rank == 1 ? Flat(builder, inputs[0]) : inputs[0];
        inputs = inputs.ConvertAll(x => group.Head.Shape.Rank == 1 ? Flat(builder, x)
            : x.Layout == first.Layout ? x : builder.Convert(x, first.Layout, default));
        inputs[0] = first;
        TensorBuffer y = builder.Buffer(TensorName.Of(group.Head), first.Shape, first.Layout, groups.HaloFor(group.Last));
        builder.ClearHalo(y);
        builder.Add(
            MethodName(group), Describe(group),
            new SumKernel(
                builder.Tier, VectorGrid.Of(y, [.. inputs]), inputs.Select(VectorGrid.WalkOf).ToEquatableArray(), VectorGrid.WalkOf(y), group.Activation),
            CostModel.Elementwise(first.Length / builder.Tier.Lanes, inputs.Count), [.. inputs.Select(x => Read(x)), Write(y)]);
        return y;
    }

    private static TensorBuffer LowerConcatenation(
        ProgramBuilder builder, LayerGroups groups, LayerGroup group, Dictionary<int, TensorBuffer> tensors)
    {
        Tier tier = builder.Tier;
        List<TensorBuffer> inputs = group.Inputs.Select(i => tensors[i.Index]).ToList();
        bool flat = group.Head.Shape.Rank == 1;

        // Blocks of channels stay whole where each branch but the last fills its blocks.
        bool blocks = !flat && inputs.All(x => x.Layout == Layout.Blocked)
            && inputs.Take(inputs.Count - 1).All(x => x.Shape.Channels % tier.Lanes == 0);
        Layout layout = flat ? Layout.Flat : blocks ? Layout.Blocked : Layout.Planar;
        TensorBuffer y = builder.Buffer(TensorName.Of(group.Head), group.Head.Shape, layout, groups.HaloFor(group.Last));
        builder.ClearHalo(y);
        int channel = 0;
        foreach (TensorBuffer x in inputs)
        {
            int units = blocks ? channel / tier.Lanes : channel;
            Kernel kernel = blocks
                ? new ActivationKernel(tier, null, VectorGrid.Of(x, y), VectorGrid.WalkOf(x), VectorGrid.WalkOf(y))
                : new ConvertLayoutKernel(
                    tier, x.Shape, ChannelsOf(x), flat ? Dense(x.Shape) : ChannelsOf(y), WalkOf(x), flat ? DenseWalk(x.Shape) : WalkOf(y));
            builder.Add(
                MethodName(group), $"{group.Label}: {x.Name}, {x.Shape}", kernel, CostModel.Move(x.Shape.Length),
                Read(x), Write(y, y.Origin + (units * y.ChannelPitch)));
            channel += flat ? x.Shape.Length : x.Shape.Channels;
        }

        return y;
    }

    /// <summary>A flat view's elements one after the other, in the order of the surface.</summary>
    private static TensorBuffer Flat(ProgramBuilder builder, TensorBuffer x)
    {
        if (x.Layout == Layout.Flat)
        {
            return x;
        }

        TensorBuffer flat = builder.Buffer(x.Name.With(" ", "flat"), Shape.Vector(x.Shape.Length), Layout.Flat);
        builder.Add(
            "Convert", $"{x.Name} from {x.Layout} to {Layout.Flat}",
            new ConvertLayoutKernel(builder.Tier, x.Shape, ChannelsOf(x), Dense(x.Shape), WalkOf(x), DenseWalk(x.Shape)),
            CostModel.Move(x.Shape.Length), Read(x), Write(flat));
        return flat;
    }

    /// <summary>An operation that writes its own loops, in the layout in which its lanes are independent.</summary>
    private static TensorBuffer LowerLoops(
        ProgramBuilder builder, LayerGroups groups, LayerGroup group, LoopOperation operation, Dictionary<int, TensorBuffer> tensors)
    {
        LaneAxis lanes = operation.Dependence switch
        {
            Dependence.Channel => LaneAxis.Channels,
            Dependence.Pixel when group.Inputs.All(i => i.Shape.Rank > 1) && group.Head.Shape.Rank > 1 => LaneAxis.Pixels,
            _ => LaneAxis.None,
        };
        Layout layout = lanes == LaneAxis.Channels ? Layout.Blocked : Layout.Planar;
        List<LoopTensor> inputs = group.Inputs.Select((node, i) =>
        {
            TensorBuffer x = tensors[node.Index];
            x = node.Shape.Rank == 1 ? Flat(builder, x) : x.Layout == layout ? x : builder.Convert(x, layout, default);
            return new LoopTensor(LaneLowering.OperandName(group, i), x);
        }).ToList();
        TensorBuffer y = builder.Buffer(
            TensorName.Of(group.Head), group.Head.Shape, group.Head.Shape.Rank == 1 ? Layout.Flat : layout, groups.HaloFor(group.Last));
        operation.Forward(new LoopPass(builder, group.Head, lanes, training: false, [])
        {
            Inputs = inputs,
            Output = new LoopTensor("output", y) { Activation = group.Activation },
        });

        // A row's last vector may have gone over the zeros behind it.
        builder.ClearHalo(y);
        return y;
    }

    private static TensorBuffer LowerSoftmax(ProgramBuilder builder, LayerGroups groups, LayerGroup group, TensorBuffer x)
    {
        Tier tier = builder.Tier;
        if (group.Head.Shape.Rank == 1)
        {
            TensorBuffer flat = Flat(builder, x);
            Shape features = flat.Shape;
            TensorBuffer probabilities = builder.Buffer(TensorName.Of(group.Head), features, Layout.Flat);
            builder.Add(
                MethodName(group), $"{group.Label}: {group.Head.Shape}", new FlatSoftmaxKernel(tier, features.Length),
                CostModel.Softmax(features.Length / tier.Lanes), Read(flat), Write(probabilities));
            return probabilities;
        }

        if (x.Layout != Layout.Planar)
        {
            x = builder.Convert(x, Layout.Planar, default);
        }

        TensorBuffer y = builder.Buffer(TensorName.Of(group.Head), x.Shape, Layout.Planar, groups.HaloFor(group.Last));
        builder.ClearHalo(y);
        VectorGrid grid = VectorGrid.Of(y) with { Channels = 1 };
        builder.Add(
            MethodName(group), $"{group.Label}: {group.Head.Shape}, along the channels",
            new SoftmaxKernel(tier, x.Shape.Channels, grid, VectorGrid.WalkOf(x), VectorGrid.WalkOf(y)),
            CostModel.Softmax(x.Length / tier.Lanes), Read(x), Write(y));
        return y;
    }
}
