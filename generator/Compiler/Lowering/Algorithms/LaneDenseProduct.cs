using System;
using System.Collections.Generic;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;
using Strata.Compiler.Kernels;
using static Strata.Compiler.Lowering.ProgramBuilder;

namespace Strata.Compiler.Lowering.Algorithms;

/// <summary>
/// A dense layer for a block of samples, with a sample in each lane. Its weight gradient is computed over the whole batch.
/// </summary>
internal sealed class LaneDenseProduct : Algorithm
{
    public override bool FusesActivationGradient => true;

    public override GroupLayout Arrange(LayoutRequest at) => at.InLanes().LikeInput();

    public override SavedForBackward Saves(GradientStep step) =>
        step.Group.IsTrained || step.Fused is not null ? SavedForBackward.Input : SavedForBackward.Nothing;

    public override TensorBuffer Forward(ForwardContext at)
    {
        LayerGroup group = at.Group;
        TensorBuffer x = at.Read(), y = at.Result();
        DensePacking packing = group.PanelsFor(at.Tier);
        int units = group.Head.Shape.Length;
        if (ThreadCosts.LeaveCache(at.Tier, packing.Length))
        {
            AddByRows(at, x, y);
            return y;
        }

        int tile = TileCosts.ChooseDenseTile(at.Tier, units, packing.Panels == 1 ? units : packing.PanelWidth);
        at.Builder.Add(
            "Dense" + group.Activation?.Identifier, Describe(group),
            new LaneDense(at.Tier, tile, group.HasBias, group.Activation, SumCut.IntoBlocks(SumCut.Products, x.Shape.Length)),
            StepCosts.LaneDense(at.Tier, group.MultiplyAdds),
            [Read(x), .. at.Builder.WeightAndBias(group), Write(y), new ExtentOperand(x.Shape.Length), new ExtentOperand(units),
                new ExtentOperand(packing.PanelWidth)]);
        return y;
    }

    /// <summary>
    /// Computes the layer with outputs in lanes, and with the features of each sample in a row. Panels of weights then come from memory
    /// once, in the order in which they are stored. A batch of few samples takes few multiply-adds.
    /// </summary>
    private static void AddByRows(ForwardContext at, TensorBuffer x, TensorBuffer y)
    {
        (LayerGroup group, Tier tier) = (at.Group, at.Tier);
        int inputs = x.Shape.Length, first = tier.RoundUp(inputs), length = first + group.PanelsFor(tier).Width;
        TensorBuffer rows = at.Builder.Buffer(x.Name.With(" by ", "samples"), Shape.Vector(tier.Lanes * length), Layout.Flat);
        at.Builder.Add(
            "Rows", $"{x.Name}, by samples", new RowsOfLanesKernel(tier), StepCosts.Transposition(tier, inputs), Read(x), Write(rows),
            new ExtentOperand(inputs),
            new ExtentOperand(length));
        at.Builder.Add(
            MethodName(group), Describe(group), VectorTimesPanels.OfRows(group, tier, inputs),
            StepCosts.LaneDense(tier, group.MultiplyAdds),
            [Read(rows), .. at.Builder.WeightAndBias(group), Update(rows, first),
                PassedOperand.SamplesOr(SamplesTimesPanels.SamplesOf(tier)), new ExtentOperand(length)]);
        at.Builder.Add(
            "Lanes", $"{y.Name}, a sample in each lane", new PackSamplesKernel(tier, y, length),
            StepCosts.Transposition(tier, y.Shape.Length), Read(rows, first),
            PassedOperand.Samples, Write(y));
    }

    public override IReadOnlyList<TensorBuffer?> Backward(BackwardContext at)
    {
        if (at.Group.IsTrained)
        {
            AddToParameters(at);
        }

        return [at.Wants(0) ? OfInput(at) : null];
    }

    private static void AddToParameters(BackwardContext at)
    {
        LayerGroup group = at.Group;
        ProgramBuilder builder = at.Builder;
        DensePacking packing = group.PanelsFor(at.Tier);
        TensorBuffer x = at.Saved.Read[0];
        int units = group.Head.Shape.Length;
        if (group.HasBias)
        {
            builder.Add(
                "DenseBiasGradient", $"{group.Head.Name}: gradient of the bias",
                new BiasGradient(at.Tier, units, 1, 1, new Strides(at.Tier.Lanes, 0, 0)), StepCosts.Elementwise(at.Tier, units),
                Read(at.Gradient), builder.GradientOf(group.Head, "bias"));
        }

        // A row for each sample, as the outer product over the batch reads them. The padding to whole vectors stays zero.
        TensorBuffer rows = builder.Buffer(
            BackwardContext.GradientOf(group.Head).With(" by ", "samples"),
            Shape.Vector(at.Tier.Lanes * packing.Width), Layout.Flat, space: MemorySpace.Slot);
        if (packing.Width > units)
        {
            builder.Clear(rows, $"{rows.Name}: padding of {Kernel.Count(packing.Width - units, "output")}");
        }

        builder.Add(
            "Rows", $"{group.Head.Name}: the output's gradient by samples", new RowsOfLanesKernel(at.Tier),
            StepCosts.Transposition(at.Tier, units),
            Read(at.Gradient), Write(rows), new ExtentOperand(units), new ExtentOperand(packing.Width));
        if (builder.Parameters.IsShared(group.Head.Index))
        {
            AddToSharedWeights(at, x, rows);
            return;
        }

        (int tileInputs, int tileVectors) = WeightTileCosts.ChooseDenseGradientTile(at.Tier, x.Shape.Length, packing.PanelVectors);
        builder.AddOverBatch(new DenseGradientStep(
            "DenseWeightGradient",
            $"{group.Head.Name}: {Arithmetic.Grouped(2 * group.MultiplyAdds)} FLOPs per sample",
            new DenseWeightGradient(at.Tier, tileInputs, tileVectors), packing, RowsPerSlice(x.Shape.Length, packing, tileInputs),
            x, rows, builder.Weight(group.Head).Offset));
    }

    /// <summary>Several layers add to the gradient of the weights: each for the samples of a block, panel by panel.</summary>
    private static void AddToSharedWeights(BackwardContext at, TensorBuffer x, TensorBuffer rows)
    {
        LayerGroup group = at.Group;
        DensePacking packing = group.PanelsFor(at.Tier);
        (int tileInputs, int tileVectors) = WeightTileCosts.ChooseDenseGradientTile(at.Tier, x.Shape.Length, packing.PanelVectors);
        Cost cycles = StepCosts.LaneDense(at.Tier, group.MultiplyAdds) * (1.0 / packing.Panels);
        Operand weights = at.Builder.GradientOf(group.Head, "weight");
        for (int panel = 0; panel < packing.Panels; panel++)
        {
            int offset = panel * packing.PanelPitch;
            at.Builder.Add(
                "DenseWeightGradient", $"{group.Head.Name}: gradient of the weights it shares",
                new DenseWeightGradient(at.Tier, tileInputs, tileVectors), cycles,
                Read(x), Read(rows, panel * packing.PanelWidth), new ExtentOperand(0), PassedOperand.Samples,
                weights switch
                {
                    PartialGradientOperand sum => new PartialGradientOperand(sum.Offset + offset, packing.PanelPitch),
                    _ => Update(((BufferOperand)weights).Buffer, offset),
                },
                new ExtentOperand(x.Shape.Length), new ExtentOperand(packing.PanelWidth), new ExtentOperand(packing.Width));
        }
    }

    private static TensorBuffer OfInput(BackwardContext at)
    {
        LayerGroup group = at.Group;
        TensorBuffer x = at.Saved.Read[0], target = at.Target(0, x.Shape);
        DensePacking packing = group.PanelsFor(at.Tier);
        int units = group.Head.Shape.Length, lanes = at.Tier.Lanes;
        (Tile tile, Cost cycles) = TileCosts.ChooseTile(at.Tier, LaneUse.SampleLanes,
            new TiledOutputs(x.Shape.Length, x.Shape.Length, 1, 1, units));
        int unroll = VectorTimesPanels.Unroll(units, tile);
        unroll = packing.Panels == 1 || packing.PanelWidth % unroll == 0 ? unroll : 1;
        ChannelAddress weights = packing.Panels == 1
            ? new ChannelAddress(unroll) : new ChannelAddress(packing.PanelPitch, packing.PanelWidth / unroll, unroll);
        Activation? activation = at.Step.Fused;
        var features = new Strides(lanes, 0, 0);
        var operands = new ConvolutionOperands(
            new ConvolutionInput(default, new ChannelAddress(unroll * lanes)),
            new ConvolutionWeights(new ChannelAddress(packing.PanelWidth), weights),
            features);
        var kernel = new TiledConvolution(
            at.Tier, LaneUse.SampleLanes, new ConvolutionExtents(x.Shape.Length, 1, 1, units / unroll),
            new FilterTaps(Taps.One, Taps.One, new Taps(unroll, lanes, 1)), operands, tile,
            new Epilogue(Gradient: activation is null ? null : new ActivationGradient(activation, features)))
        {
            ReadsPanelsAhead = packing.Panels > 1 && ThreadCosts.LeaveCache(at.Tier, packing.Length),
        };
        Operand[] activated = activation is null ? [] : [Read(x)];
        at.Builder.Add(
            MethodName(group, "InputGradient"),
            $"{group.Head.Name}: gradient of the input; {Arithmetic.Grouped(2 * group.MultiplyAdds)} FLOPs",
            kernel, cycles, [Read(at.Gradient), at.Builder.Weight(group.Head), .. activated, Write(target)]);
        return target;
    }

    /// <summary>
    /// How many rows of a panel a slice of the weight gradient has. Slices have about the same number of weights, for three reasons:
    /// - a slice's gradients stay in the second-level cache until the optimizer has used them;
    /// - the work of large layers divides evenly among workers;
    /// - a small layer has few slices.
    /// </summary>
    private static int RowsPerSlice(int inputs, DensePacking packing, int tileInputs)
    {
        const int WeightsPerSlice = 16_384;
        int slices = Math.Max(1, inputs / Arithmetic.RoundUp(Math.Max(1, WeightsPerSlice / packing.PanelWidth), tileInputs));
        int rows = Arithmetic.RoundUp(Arithmetic.CeilingDivide(inputs, slices), tileInputs);

        // The last slice must hold at least one tile, too.
        while (rows < inputs && inputs % rows > 0 && inputs % rows < tileInputs)
        {
            rows += tileInputs;
        }

        return Math.Min(rows, inputs);
    }
}
