using System;
using System.Collections.Generic;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using static Strata.Compiler.Lowering.ProgramBuilder;

namespace Strata.Compiler.Lowering.Algorithms;

/// <summary>
/// A convolution in training, in blocks of channels, whose groups neither fill vectors nor divide them. Groups are padded with zero
/// channels until they do. Inputs, weights and gradients are moved to padded groups and back. The convolution between these moves is an
/// ordinary one.
/// </summary>
internal sealed class PaddedGroups : Algorithm
{
    private readonly FilterWeight _filters;

    /// <summary>The convolution between the moves.</summary>
    private readonly LayerGroup _padded;
    private readonly (int Own, int Padded) _inputs, _outputs;
    private readonly LaneUse _laneUse;
    private readonly DirectConvolution _convolution;
    private readonly Tier _tier;

    public PaddedGroups(LayerGroup group, Tier tier, int weightBlock)
    {
        (_filters, _tier, WeightBlock) = (group.Filters!, tier, weightBlock);
        (_laneUse, int inputs, int outputs) = PaddedTo(_filters, tier);
        (_inputs, _outputs) = ((_filters.Inputs, inputs), (_filters.Outputs, outputs));
        FilterWeight filters = _filters with { Filters = _filters.Groups * outputs };
        Node Padded(Node node, int channels) => node with
        {
            Name = $"{TensorName.Of(node).Text}'s padded groups",
            Identifier = node.Identifier + "PaddedGroups",
            Shape = node.Shape with { Channels = channels },
        };
        Node input = Padded(group.Input, filters.Groups * inputs), head = Padded(group.Head, filters.Filters);
        _padded = new LayerGroup(head, [input], null, null, null, null, head, group.Label) { Filters = filters };
        _convolution = DirectConvolution.OfBlocks(_padded, _laneUse, tier);
    }

    public override Cost Cycles => _convolution.Cycles + MoveOf(_padded.Input.Shape) + MoveOf(_padded.Head.Shape);

    public override int WeightBlock { get; }

    public override bool? GivesBlocks => true;

    public override SavedForBackward Saves(GradientStep step) => step.Group.IsTrained ? SavedForBackward.Input : SavedForBackward.Nothing;

    public override GroupLayout Arrange(LayoutRequest at) => at.With(
        Layout.Blocked, at.Input.Layout == Layout.Blocked && at.Input.Shape == at.Group.Input.Shape
            ? at.Input : new TensorLayout(at.Group.Input.Shape, Layout.Blocked));

    public override TensorBuffer Forward(ForwardContext at)
    {
        LayerGroup group = at.Group;
        TensorBuffer x = AddInput(at.Builder, group, at.Read()), weights = AddWeights(at.Builder, group);
        TensorBuffer padded = at.Builder.Buffer(TensorName.Of(_padded.Head), _padded.Head.Shape, Layout.Blocked);
        at.Builder.Add(
            MethodName(group), Describe(group), _convolution.KernelOf(_padded, x, padded, new Epilogue(group.HasBias)), _convolution.Cycles,
            [Read(x, WindowStart(_filters.Window, x)), Read(weights, PackingOf(_padded).FirstTap),
                .. AddBias(at.Builder, group), Write(padded)]);
        TensorBuffer y = group.PoolWindow is null
            ? at.Result() : at.Builder.Buffer(TensorName.Of(group.Head), group.Head.Shape, Layout.Blocked);
        Move(at.Builder, group, "Result", padded, y, _outputs, isPadded: true);

        // Max pooling comes before an increasing activation, as it does in registers.
        bool activatesBehind = group is { PoolWindow.Kind: PoolingKind.Max, Activation.IsIncreasing: true };
        if (group.Activation is { } activation && !activatesBehind)
        {
            at.Builder.Map((MethodName(group, "Activation"), $"{activation.Title} in {group.Label}"), activation, Read(y), Write(y));
        }

        return group.PoolWindow is null ? y : SlidingPooling.Behind(at, y, activatesBehind ? group.Activation : null);
    }

    public override IReadOnlyList<TensorBuffer?> Backward(BackwardContext at)
    {
        LayerGroup group = at.Group;
        ProgramBuilder builder = at.Builder;
        TensorBuffer gradient = builder.Buffer(
            BackwardContext.GradientOf(_padded.Head), _padded.Head.Shape, Layout.Blocked,
            at.Wants(0) && !group.Input.Shape.IsVolume
                ? StrideResidue.ZerosAroundGradient(_filters.Window, group.Input.Shape, group.Head.Shape) : default);
        builder.ClearHalo(gradient);
        Move(builder, group, "Gradient", at.Gradient, gradient, _outputs, isPadded: false);
        TensorBuffer? x = group.IsTrained ? AddInput(builder, group, at.Saved.Read[0]) : null,
            weights = at.Wants(0) ? AddWeights(builder, group) : null;
        var step = new GradientStep(_padded, at.Step.Wanted, 1, IsActivated: true, Fused: null);
        var pass = new BackwardContext(builder, step,
            new LoweredGroup(_padded, x is null ? [] : [x], x is null ? [] : [x], gradient, null), gradient);
        var gradients = new BlockedConvolutionGradients(pass, _laneUse, PackingOf(_padded)) { Outputs = _filters.Outputs };
        if (group.IsTrained)
        {
            BlockedConvolutionGradients.AddBias(at);
            TensorBuffer ofWeights = builder.Buffer(TensorName.Of(_padded.Head, "weight gradient"),
                Shape.Vector(PackingOf(_padded).Length), Layout.Flat);
            if (_filters.LeavesOutTaps)
            {
                builder.Clear(ofWeights, $"{ofWeights.Name}: no gradient of taps that read only zeros");
            }

            gradients.AddWeights(tap => Write(ofWeights, PackingOf(_padded).FirstTap + tap));
            MoveWeights(builder, group, "WeightGradientMove", Read(ofWeights), builder.GradientOf(group.Head, "weight"), isPadded: true);
        }

        if (weights is null)
        {
            return [null];
        }

        TensorBuffer ofInput = gradients.OfInput(weights), target = at.Target(0, group.Input.Shape, at.Step.ZerosAroundInput);
        builder.ClearHalo(target);
        Move(builder, group, "InputGradientMove", ofInput, target, _inputs, isPadded: true);
        return [target];
    }

    /// <summary>
    /// How the padded groups are computed, and how many inputs and outputs they have. These are the fewest with which a vector holds
    /// several whole groups, or a group fills whole vectors.
    /// </summary>
    private static (LaneUse LaneUse, int Inputs, int Outputs) PaddedTo(FilterWeight filters, Tier tier)
    {
        int channels = 2;
        while (channels < Math.Max(filters.Inputs, filters.Outputs))
        {
            channels *= 2;
        }

        return channels < tier.Lanes ? (LaneUse.GroupsInLanes, channels, channels)
            : (LaneUse.ChannelLanes, tier.RoundUp(filters.Inputs), tier.RoundUp(filters.Outputs));
    }

    private TensorBuffer AddInput(ProgramBuilder builder, LayerGroup group, TensorBuffer x)
    {
        TensorBuffer padded = builder.Buffer(
            TensorName.Of(_padded.Input), _padded.Input.Shape, Layout.Blocked,
            HaloOf(_filters.Window, group.Input.Shape, group.Head.Shape));
        builder.ClearHalo(padded);
        Move(builder, group, "Input", x, padded, _inputs, isPadded: false);
        return padded;
    }

    private TensorBuffer AddWeights(ProgramBuilder builder, LayerGroup group)
    {
        TensorBuffer weights = builder.Buffer(TensorName.Of(_padded.Head, "weights"), Shape.Vector(PackingOf(_padded).Length), Layout.Flat);
        MoveWeights(builder, group, "Weights", builder.Weight(group.Head), Write(weights), isPadded: false);
        return weights;
    }

    private IEnumerable<Operand> AddBias(ProgramBuilder builder, LayerGroup group)
    {
        if (!group.HasBias)
        {
            yield break;
        }

        TensorBuffer bias = builder.Buffer(TensorName.Of(_padded.Head, "bias"), Shape.Vector(_padded.Filters!.Filters), Layout.Flat);
        var vectors = new Strides(_tier.Lanes, 0, 0);
        builder.Add(
            MethodName(group, "Bias"), $"{group.Head.Name}: the bias of padded groups",
            KernelFor(_outputs, Shape.Vector(1), vectors, vectors, isPadded: false),
            MoveOf(bias.Shape), builder.Bias(group.Head), Write(bias));
        yield return Read(bias);
    }

    /// <summary>Moves a tensor's channels from the layer's groups to padded ones, or back.</summary>
    private void Move(ProgramBuilder builder, LayerGroup group, string what, TensorBuffer from, TensorBuffer to,
        (int Own, int Padded) channels, bool isPadded) => builder.Add(
        MethodName(group, what), $"{to.Name}: {(isPadded ? "without padding of its groups" : "groups with padding")}",
        KernelFor(channels, from.Shape, StridesOf(from), StridesOf(to), isPadded), MoveOf(isPadded ? from.Shape : to.Shape),
        Read(from), Write(to));

    /// <summary>
    /// The same for weights. They are moved as an image whose channels are the outputs, and whose pixels are the inputs and taps.
    /// </summary>
    private void MoveWeights(ProgramBuilder builder, LayerGroup group, string what, Operand from, Operand to, bool isPadded)
    {
        ConvolutionPacking own = ConvolutionPacking.Create(_filters, WeightBlock), padded = PackingOf(_padded);
        Shape pixels = Shape.Sequence(_filters.Filters, _filters.Inputs * _filters.AllTaps.Area);
        Strides Of(ConvolutionPacking packing) => new(packing.PitchOf(_tier.Lanes), 0, packing.HorizontalPitch);
        builder.Add(
            MethodName(group, what), $"{group.Head.Name}: weights {(isPadded ? "without padding of their groups" : "of padded groups")}",
            KernelFor(_outputs, pixels, Of(isPadded ? padded : own), Of(isPadded ? own : padded), isPadded),
            MoveOf(Shape.Vector(padded.Length)), from, to);
    }

    private RespacedGroups KernelFor((int Own, int Padded) channels, Shape pixels, Strides from, Strides to, bool isPadded) => new(
        _tier, _filters.Groups, channels.Own, isPadded ? channels.Padded : channels.Own,
        isPadded ? channels.Own : channels.Padded, pixels, from, to);

    private ConvolutionPacking PackingOf(LayerGroup padded) => ConvolutionPacking.Create(padded.Filters!, _tier.Lanes);

    private Cost MoveOf(Shape padded) =>
        StepCosts.Elementwise(_tier, _tier.RoundUp(padded.Channels) / _tier.Lanes * padded.Rows * padded.Width, operands: 2);
}
