using System.Linq;
using Strata.Generator.Graph;
using Strata.Generator.KernelLanguage;
using Strata.Generator.Kernels;
using static Strata.Generator.Lowering.ProgramBuilder;

namespace Strata.Generator.Lowering.Algorithms;

/// <summary>A dense layer of one sample: a convolution whose kernel is as large as its input, with panels of outputs in registers.</summary>
internal sealed class VectorTimesPanels : Algorithm
{
    public static readonly VectorTimesPanels Instance = new();

    public override GroupLayout Arrange(LayoutRequest at)
    {
        // A long sum is cut at the same features in every program: between channels where they fill its blocks.
        Shape shape = at.Input.Shape;
        bool isCutInChannels = shape.Length > SumCut.Products && SumCut.Products % (shape.Length / shape.Channels) != 0;
        GroupLayout layout = at.With(Layout.Flat, isCutInChannels ? at.Input.Flat : at.Input);
        return layout with { Result = layout.Result with { PaddedLength = at.Group.PanelsFor(at.Tier).Width } };
    }

    public override TensorBuffer Forward(ForwardPass at)
    {
        LayerGroup group = at.Group;
        Tier tier = at.Tier;
        DensePacking packing = group.PanelsFor(tier);
        TensorBuffer x = at.Read(), y = at.Result();
        Shape shape = x.Shape;
        var tile = new Tile(packing.PanelVectors, 1, 1);
        int unroll = Unroll(shape.Length, tile);
        (int channels, Taps vertical, Taps horizontal) = x.Layout == Layout.Flat
            ? (shape.Length / unroll, new Taps(1, 0, 0), new Taps(unroll, 1, packing.PanelWidth))
            : (shape.Channels, new Taps(shape.Rows, x.RowPitch, shape.Width * packing.PanelWidth),
                new Taps(shape.Width, x.ColumnPitch, packing.PanelWidth));
        int perChannel = shape.Length / channels;
        var kernel = new TiledConvolution(
            tier, ConvolutionForm.ChannelLanes, packing.Panels * packing.PanelVectors, 1, 1, channels, tile,
            vertical, horizontal, default,
            x.Layout == Layout.Flat ? new ChannelAddress(perChannel) : ChannelsOf(x),
            new Walk(tier.Lanes, 0, 0),
            packing.OutputVector,
            new ChannelAddress(perChannel * packing.PanelWidth),
            new Epilogue(group.HasBias, Activation: group.Activation));
        at.Builder.Add(
            MethodName(group), Describe(group), kernel, CostModel.VectorTimesMatrix(tier, packing.Length / tier.Lanes),
            [Read(x), .. at.Builder.WeightAndBias(group), Write(y)]);
        return y;
    }

    /// <summary>So many steps of a reduction are written out: few where the tile is large enough to hide the loop.</summary>
    public static int Unroll(int length, Tile tile) =>
        Enumerable.Range(1, 5).Last(u => length % u == 0 && (u == 1 || u * tile.Accumulators <= TiledConvolution.UnrollLimit));
}
