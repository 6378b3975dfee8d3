using System;
using System.Collections.Generic;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using static Strata.Compiler.Lowering.ProgramBuilder;

namespace Strata.Compiler.Lowering.Algorithms;

/// <summary>
/// The gradients of a convolution for a block of samples in lanes. Gradients of parameters are summed over pixels and samples. The gradient
/// of the input is a convolution of the output's gradient with the transposed filter, for each residue of the stride.
/// </summary>
internal sealed class ConvolutionGradients(BackwardContext at, ConvolutionPacking packing)
{
    private readonly LayerGroup _group = at.Group;
    private readonly FilterWeight _filters = at.Group.Filters!;

    private int Outputs => _filters.Outputs;

    private int Inputs => _filters.Inputs;

    private WindowAxes Window => _filters.Window;

    public void AddToParameters()
    {
        Shape shape = _group.Head.Shape;
        TensorBuffer x = at.Saved.Read[0], gradient = at.Gradient;
        if (_group.HasBias)
        {
            at.Builder.Add(
                MethodName(_group, "BiasGradient"), $"{_group.Head.Name}: gradient of the bias",
                new BiasGradient(at.Tier, _filters.Filters, shape.Rows, shape.Width, StridesOf(gradient)),
                StepCosts.Elementwise(at.Tier, VectorsOf(gradient)),
                Read(gradient), at.Builder.GradientOf(_group.Head, "bias"));
        }

        Func<int, Operand> to = at.Builder.GradientOfTaps(_group);
        IReadOnlyList<MetRegion> regions = MetRegion.OfTaps(_group);
        foreach (MetRegion region in regions)
        {
            AddWeights(region, to(region.FirstWeight(packing)), regions.Count > 1 ? $"; {region}" : "");
        }
    }

    private void AddWeights(MetRegion region, Operand to, string which)
    {
        Shape shape = _group.Head.Shape;
        TensorBuffer x = at.Saved.Read[0], gradient = at.Gradient;
        long pixels = (long)shape.Depth * region.Rows.Count * region.Columns.Count;
        FilterTaps filter = region.Of(TapsOf(Window, x, packing));
        int taps = filter.Horizontal.Count;
        WeightTile tile = WeightTileCosts.ChooseWeightTile(at.Tier, Outputs, packing.Blocks == 1 ? Outputs : packing.Block,
            Inputs, taps, pixels);
        Cost cycles = WeightTileCosts.WeightTileCost(at.Tier, tile, Outputs, Inputs, taps, pixels)
            * ((double)_filters.Groups * (filter.Count / taps));
        var weights = new ConvolutionWeightGradient(
            at.Tier,
            new ConvolutionExtents(Outputs, region.Rows.Count, region.Columns.Count, Inputs, _filters.Groups, shape.Depth), filter,
            StridesOf(Window, x), new ConvolutionWeights(packing.Output, new ChannelAddress(packing.InputPitch), packing.Group(Outputs)),
            StridesOf(gradient), tile);
        at.Builder.Add(
            MethodName(_group, "WeightGradient"),
            $"{_group.Head.Name}: gradient of the weights; {Arithmetic.Grouped(2 * _group.MultiplyAdds)} FLOPs{which}",
            weights, cycles, Read(x, WindowStart(Window, x) + region.FirstInput(Window, x)), Read(gradient, region.FirstOutput(gradient)),
            to);
    }

    public TensorBuffer OfInput()
    {
        var input = new InputGradient(at);
        TensorBuffer gradient = input.WithZeros();
        (WeightOrder weights, int block) = WeightsOf(input.Target.Shape);
        input.Add(gradient, new InputGradientForm(
            LaneUse.SampleLanes, Inputs, block, Outputs, _filters.Groups, Outputs * gradient.ChannelPitch, weights));
        return input.Target;
    }

    /// <summary>
    /// The weights in the order in which the input's gradient reads them. With many weights, each pixel would read one float from each of
    /// many cache lines. A step then reorders them to [I/v][O][kD][kH][kW][v].
    /// </summary>
    /// <returns>The order, and how many inputs are adjacent.</returns>
    private (WeightOrder Weights, int Block) WeightsOf(Shape input)
    {
        int lanes = at.Tier.Lanes, taps = Window.Area, length = Inputs * Outputs * taps;
        if (_filters.Groups > 1 || Inputs % lanes != 0
            || !WeightTileCosts.AreWeightsTransposed(at.Tier, length, (long)input.Rows * input.Width))
        {
            return (
                new WeightOrder(
                    at.Builder.Taps(_group.Head).From,
                    new ConvolutionWeights(new ChannelAddress(packing.InputPitch), packing.Output, packing.Group(Outputs)),
                    packing.DepthPitch, packing.VerticalPitch, packing.HorizontalPitch),
                Inputs);
        }

        TensorBuffer transposed = TransposedWeights.Add(at, packing);
        int vertical = Window.Horizontal.Kernel * lanes;
        return (
            new WeightOrder(
                offset => Read(transposed, offset),
                new ConvolutionWeights(new ChannelAddress(Outputs * taps * lanes, lanes), new ChannelAddress(taps * lanes)),
                Window.Vertical.Kernel * vertical, vertical, lanes),
            lanes);
    }
}
