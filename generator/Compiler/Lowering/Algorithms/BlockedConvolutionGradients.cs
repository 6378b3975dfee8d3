using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using static Strata.Compiler.Lowering.ProgramBuilder;

namespace Strata.Compiler.Lowering.Algorithms;

/// <summary>
/// The gradients of a convolution whose samples are apart, in blocks of channels. Gradients of parameters are summed over pixels and over
/// the samples of a block. The gradient of the input is a convolution of the output's gradient with the transposed filter: for each sample,
/// and for each residue of the stride.
/// </summary>
internal sealed class BlockedConvolutionGradients(BackwardContext at, LaneUse laneUse, ConvolutionPacking packing)
{
    private readonly LayerGroup _group = at.Group;
    private readonly FilterWeight _filters = at.Group.Filters!;

    private Tier Tier => at.Tier;

    private int Lanes => at.Tier.Lanes;

    /// <summary>How many blocks of output channels there are.</summary>
    private int Blocks => Tier.RoundUp(_filters.Filters) / Lanes;

    private int GroupBlocks => laneUse == LaneUse.ChannelLanes ? Blocks / _filters.Groups : 1;

    /// <summary>How many lanes a group has if a vector holds several groups; otherwise 1.</summary>
    private int GroupSize => laneUse == LaneUse.GroupsInLanes ? _filters.Outputs : 1;

    /// <summary>Output channels per group. The channels after them are padding.</summary>
    public int Outputs { get; init; } = at.Group.Filters!.Outputs;

    private WindowAxes Window => _filters.Window;

    /// <summary>Adds the gradients that are wanted, and returns that of the input.</summary>
    public static IReadOnlyList<TensorBuffer?> Add(BackwardContext at, LaneUse laneUse, ConvolutionPacking packing)
    {
        var gradients = new BlockedConvolutionGradients(at, laneUse, packing);
        if (at.Group.IsTrained)
        {
            AddBias(at);
            gradients.AddWeights(at.Builder.GradientOfTaps(at.Group));
        }

        return [at.Wants(0) ? gradients.OfInput() : null];
    }

    /// <summary>Adds the gradient of the bias, if the layer has one.</summary>
    public static void AddBias(BackwardContext at)
    {
        (LayerGroup group, TensorBuffer gradient) = (at.Group, at.Gradient);
        if (group.HasBias)
        {
            at.Builder.Add(
                MethodName(group, "BiasGradient"), $"{group.Head.Name}: gradient of the bias",
                new ChannelBiasGradient(at.Tier, gradient.ChannelUnits, gradient.Shape.Rows, gradient.Shape.Width, StridesOf(gradient)),
                StepCosts.Elementwise(at.Tier, VectorsOf(gradient) * at.Tier.Lanes),
                Read(gradient), at.Builder.GradientOf(group.Head, "bias"), PassedOperand.Samples, PassedOperand.SampleStride);
        }
    }

    /// <summary>Adds the gradient of the weights.</summary>
    /// <param name="to">
    /// Where the gradient is written, in the order of the packed weights, given the distance from the first tap.
    /// </param>
    public void AddWeights(Func<int, Operand> to)
    {
        TensorBuffer x = at.Saved.Read[0];
        FilterTaps taps = TapsOf(Window, x, packing);
        (MetRegion Region, WeightTile Tile, Cost Cycles)[] regions =
        [
            .. MetRegion.OfTaps(_group).Select(region =>
            {
                (WeightTile tile, Cost cycles) = WeightTileCosts.ChooseChannelWeightTile(
                    Tier, laneUse, Blocks, _filters.Inputs, x.Layout == Layout.Blocked ? Lanes : _filters.Inputs, region.Of(taps),
                    (long)_group.Head.Shape.Depth * region.Rows.Count * region.Columns.Count * Lanes, GroupBlocks);
                return (region, tile, cycles);
            }),
        ];
        if (WinogradOfWeights(x, Cost.Sum(regions.Select(region => region.Cycles))) is { } winograd)
        {
            winograd.Add(at, packing);
            return;
        }

        foreach ((MetRegion region, WeightTile tile, Cost cycles) in regions)
        {
            AddWeights(region, taps, tile, cycles, to(region.FirstWeight(packing)), regions.Length > 1 ? $"; {region}" : "");
        }
    }

    private void AddWeights(MetRegion region, FilterTaps taps, WeightTile tile, Cost cycles, Operand to, string which)
    {
        TensorBuffer x = at.Saved.Read[0], gradient = at.Gradient;
        at.Builder.Add(
            MethodName(_group, "WeightGradient"),
            $"{_group.Head.Name}: gradient of the weights; {Arithmetic.Grouped(2 * _group.MultiplyAdds)} FLOPs for each sample{which}",
            new ChannelWeightGradient(
                Tier, laneUse, Blocks, _filters.Inputs, _group.Head.Shape.Depth, region.Rows.Count, region.Columns.Count,
                region.Of(taps), ChannelsOf(x), StridesOf(Window, x),
                StridesOf(gradient),
                packing.PitchOf(Lanes), packing.InputPitch, tile)
            {
                GroupBlocks = GroupBlocks,
                GroupInput = laneUse == LaneUse.ChannelLanes ? x.ChannelUnits / _filters.Groups * x.ChannelPitch : x.ChannelPitch,
                GroupSize = GroupSize,
            },
            cycles, Read(x, WindowStart(Window, x) + region.FirstInput(Window, x)), Read(gradient, region.FirstOutput(gradient)), to,
            PassedOperand.Samples, PassedOperand.SampleStride);
    }

    /// <summary>Winograd's steps for the weight gradient; null if they are not allowed or not cheaper.</summary>
    /// <param name="direct">The cost of direct sums for a block of samples.</param>
    private WinogradWeights? WinogradOfWeights(TensorBuffer x, Cost direct)
    {
        Shape shape = _group.Head.Shape;
        if (!at.Builder.Graph.Settings.Winograd || shape.Rank is not (2 or 3)
            || _filters is not { Groups: 1, IsTransposed: false, LeavesOutTaps: false }
            || x.Layout != Layout.Blocked
            || packing.Block != Lanes)
        {
            return null;
        }

        WinogradWeights?[] candidates =
        [
            null, .. WinogradSteps.For(Window, shape.Height, shape.Width)
                .Where(tiles => tiles is { Rows: { AreWhole: true, Dilation: 1 }, Columns: { AreWhole: true, Dilation: 1 } }
                    && Math.Max(tiles.Form.Vertical.Taps, tiles.Form.Horizontal.Taps) <= WinogradWeights.MostTaps)
                .Select(tiles => new WinogradWeights(Tier, tiles, Blocks, _filters.Inputs)).Where(steps => steps.IsAffordable),
        ];
        return CostModel.Cheapest(Tier, candidates, steps => steps?.Cycles ?? direct).Candidate;
    }

    /// <summary>Adds the gradient of the input, and returns it.</summary>
    /// <param name="weights">The packed weights, if they are not the parameters themselves.</param>
    public TensorBuffer OfInput(TensorBuffer? weights = null)
    {
        var input = new InputGradient(at);
        TensorBuffer target = input.Target;
        if (Winograd(target.Shape) is { } winograd)
        {
            AddWinograd(winograd, at.Gradient, target);
            return target;
        }

        TensorBuffer gradient = input.WithZeros();
        TensorBuffer? transposed = _filters.IsDepthwise ? null : TransposedWeights.Add(at, packing, weights: weights);
        input.Add(gradient, FormOf(gradient, transposed));
        return target;
    }

    /// <summary>How the gradient of the input is computed without Winograd.</summary>
    /// <param name="gradient">The output's gradient.</param>
    /// <param name="transposed">The weights by inputs; null if the parameters are read as they are.</param>
    private InputGradientForm FormOf(TensorBuffer gradient, TensorBuffer? transposed)
    {
        int inputBlocks = Tier.RoundUp(_group.Input.Shape.Channels) / Lanes;
        int groups = laneUse == LaneUse.ChannelLanes ? _filters.Groups : inputBlocks, blocks = inputBlocks / groups;
        int horizontal = Lanes, vertical = Window.Horizontal.Kernel * horizontal, depth = Window.Vertical.Kernel * vertical,
            input = Window.Area * Lanes;
        if (transposed is null)
        {
            (vertical, depth, input) = (packing.VerticalPitch, packing.DepthPitch, packing.InputPitch);
        }

        int block = _filters.Outputs * input;
        var weights = new WeightOrder(
            offset => transposed is null ? at.Builder.Taps(_group.Head).From(offset) : Read(transposed, offset),
            new ConvolutionWeights(new ChannelAddress(block), new ChannelAddress(input), new ChannelAddress(blocks * block)),
            depth, vertical, horizontal);

        // The distance from one group to the next. If a block of channels holds several groups, it is the distance from one block to the
        // next.
        int group = laneUse == LaneUse.ChannelLanes ? gradient.ChannelUnits / groups * gradient.ChannelPitch : gradient.ChannelPitch;
        return new InputGradientForm(laneUse, blocks, blocks, Outputs, groups, group, weights) { GroupSize = GroupSize };
    }

    /// <summary>Winograd's steps for the input gradient; null if they are not allowed or not cheaper than direct sums.</summary>
    private WinogradSteps? Winograd(Shape input)
    {
        if (!at.Builder.Graph.Settings.Winograd || input.Rank is not (2 or 3)
            || _filters is not { Groups: 1, IsTransposed: false, LeavesOutTaps: false })
        {
            return null;
        }

        int blocks = Tier.RoundUp(_filters.Inputs) / Lanes;
        WinogradSteps?[] candidates =
        [
            null, .. WinogradSteps.For(Window, input.Height, input.Width)
                .Select(tiles => new WinogradSteps(Tier, tiles, _filters.Outputs, _filters.Inputs, MeasuredCycles.None))
                .Where(steps => steps.IsAffordable),
        ];
        Cost direct = candidates.Length == 1 ? 0 : TileCosts.ChooseTile(
            Tier, LaneUse.ChannelLanes,
            new TiledOutputs(blocks, blocks, input.Height, input.Width, (long)_filters.Outputs * Window.Area)).Cycles;
        return CostModel.Cheapest(Tier, candidates,
            steps => steps is null ? direct : ThreadCosts.OfBatch(steps.Cycles, steps.FilterCycles)).Candidate;
    }

    private void AddWinograd(WinogradSteps steps, TensorBuffer gradient, TensorBuffer target)
    {
        ProgramBuilder builder = at.Builder;
        TensorBuffer filters = builder.Buffer(TensorName.Of(_group.Head, "filters"), Shape.Vector((int)steps.FilterLength), Layout.Flat);
        steps.AddFilters(
            builder, MethodName(_group, "TransposedFilters"), $"{_group.Head.Name}: transposed filters for Winograd", unshuffle: null,
            Read(TransposedWeights.Add(at, packing, turned: true)), Write(filters));
        StrideResidue rows = StrideResidue.All(Window.Vertical, target.Shape.Height).Single(),
            columns = StrideResidue.All(Window.Horizontal, target.Shape.Width).Single();
        steps.Add(
            builder, _group.Head, MethodName(_group, "InputGradient"),
            $"{_group.Head.Name}: gradient of the input {_group.Input.Shape}; {Arithmetic.Grouped(2 * _group.MultiplyAdds)} FLOPs",
            Read(gradient, At(gradient, rows.Start, columns.Start)),
            Read(filters), [Write(target)], target, new Epilogue());
        if (at.Step.Fused is { } activation)
        {
            at.ApplyActivation(
                (MethodName(_group, "InputActivationGradient"), $"{target.Name}: that of {activation.Title} before {_group.Head.Name}"),
                activation, at.Input(), target);
        }
    }
}
