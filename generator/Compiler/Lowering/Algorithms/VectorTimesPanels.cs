using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;
using Strata.Compiler.Kernels;
using static Strata.Compiler.Lowering.ProgramBuilder;

namespace Strata.Compiler.Lowering.Algorithms;

/// <summary>
/// A dense layer for one sample. It is a convolution whose kernel is as large as its input, with panels of outputs in registers.
/// </summary>
internal sealed class VectorTimesPanels : Algorithm
{
    public override GroupLayout Arrange(LayoutRequest at)
    {
        // A long sum is cut at the same features in every program. The cuts are between channels if whole channels fill the blocks of the
        // sum.
        Shape shape = at.Input.Shape;
        bool isCutInChannels = shape.Length > SumCut.Products && SumCut.Products % (shape.Length / shape.Channels) != 0;
        GroupLayout layout = at.With(Layout.Flat, isCutInChannels ? at.Input.Flat : at.Input);
        return layout with { Result = layout.Result with { PaddedLength = at.Group.PanelsFor(at.Tier).Width } };
    }

    public override TensorBuffer Forward(ForwardContext at)
    {
        LayerGroup group = at.Group;
        Tier tier = at.Tier;
        DensePacking packing = group.PanelsFor(tier);
        TensorBuffer x = at.Read(), y = at.Result();
        Shape shape = x.Shape;
        var tile = new Tile(packing.PanelVectors, 1, 1);
        int unroll = Unroll(shape.Length, tile);
        (int channels, Taps vertical, Taps horizontal) = x.Layout == Layout.Flat
            ? (shape.Length / unroll, Taps.One, new Taps(unroll, 1, packing.PanelWidth))
            : (shape.Channels, new Taps(shape.Rows, x.RowPitch, shape.Width * packing.PanelWidth),
                new Taps(shape.Width, x.ColumnPitch, packing.PanelWidth));
        int perChannel = shape.Length / channels;
        var operands = new ConvolutionOperands(
            new ConvolutionInput(default, x.Layout == Layout.Flat ? new ChannelAddress(perChannel) : ChannelsOf(x)),
            new ConvolutionWeights(packing.OutputVector, new ChannelAddress(perChannel * packing.PanelWidth)),
            new Strides(tier.Lanes, 0, 0));
        ElementType weights = at.Builder.Weight(group.Head).Element;
        var kernel = new TiledConvolution(
            tier, LaneUse.ChannelLanes, new ConvolutionExtents(packing.Panels * packing.PanelVectors, 1, 1, channels),
            new FilterTaps(Taps.One, vertical, horizontal), operands, tile, new Epilogue(group.HasBias, Activation: group.Activation))
        {
            WeightElement = weights,
        };
        var step = new Step(
            MethodName(group), Describe(group), kernel,
            EquatableArray.Of<Operand>([Read(x), .. at.Builder.WeightAndBias(group), Write(y)]),
            StepCosts.VectorTimesMatrix(at.Tier, packing.Length / tier.Lanes, weights));
        at.Builder.Add(!ThreadCosts.LeaveFirstLevel(tier, packing.Length) ? step : step with
        {
            OfSamples = (x.IsCompact ? OfRows(group, tier, shape.Length) : new SamplesTimesPanels(
                tier, packing.Panels, packing.PanelVectors, channels, ChannelsOf(x), vertical, horizontal, group.HasBias,
                group.Activation)) with
            {
                WeightElement = weights,
            },
        });
        return y;
    }

    /// <summary>The same layer for several samples, each a row of features.</summary>
    public static SamplesTimesPanels OfRows(LayerGroup group, Tier tier, int features)
    {
        DensePacking packing = group.PanelsFor(tier);
        return new SamplesTimesPanels(
            tier, packing.Panels, packing.PanelVectors, features, new ChannelAddress(1), Taps.One, Taps.One,
            group.HasBias, group.Activation);
    }

    /// <summary>How many steps of a reduction are unrolled. Few are enough if the tile is large enough to hide the loop.</summary>
    public static int Unroll(int length, Tile tile) =>
        Enumerable.Range(1, 5).Last(u => length % u == 0 && (u == 1 || u * tile.Accumulators <= TiledConvolution.UnrollLimit));
}
