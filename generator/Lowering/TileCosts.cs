using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Generator.Kernels;

namespace Strata.Generator.Lowering;

/// <summary>Chooses the tiles of convolutions and dense layers, and the order in which they go through tensors.</summary>
internal static class TileCosts
{
    /// <summary>How many times the cost of another tile the one that all layers share may have.</summary>
    private const double ClearlyCheaper = 1.03;

    /// <summary>Products that a sum has to take to be worth its way to memory and back.</summary>
    private const int LeastPass = 128;

    /// <summary>
    /// The part of the first-level cache that the weights of a pass fill; and how often those of all channels have to fill it to be
    /// divided, where lines are full.
    /// </summary>
    private const int PassPart = 4, ManyFillings = 2;

    /// <summary>Pixels of the tile that all layers share.</summary>
    private const int SharedPixels = 6;

    /// <summary>
    /// Pages whose addresses a core translates at once, and the cycles that another one takes: the vendors' manuals give 48 to 96 pages and
    /// 5 to 9 cycles.
    /// </summary>
    private const int KnownPages = 64, PageCycles = 7;

    /// <summary>Output channels that are multiplied by an input, so that it is worth its copy.</summary>
    private const int LeastCopied = 128;

    /// <summary>The same for the windows of filters with taps, whose places are many additions otherwise.</summary>
    private const int LeastWindows = 64;

    /// <summary>Fewer items than this do not divide well among a few threads.</summary>
    private const int FewItems = 16;

    /// <summary>
    /// The cheapest tile. Its channels divide what one block of weights holds, its rows and columns are whole pooling windows. That of a
    /// depthwise filter takes half of the registers for sums, which are short, and some for the weights of a row: so the next tile begins
    /// while results are stored. On Zen 5, MobileNetV2's take 0.96 times as long as with three quarters.
    /// </summary>
    public static (Tile Tile, Cost Cycles) ChooseTile(Tier tier, ConvolutionForm form, TiledOutputs outputs)
    {
        int half = tier.Registers / 2, pool = outputs.PoolRows * outputs.PoolColumns;
        int accumulators = form == ConvolutionForm.GroupsInLanes ? GroupLanes.AccumulatorsOf(tier, outputs.Shuffles) : tier.Accumulators;
        int most = Math.Max(pool, outputs.RowOfTaps is { } row && row.IsShared(tier, new Tile(1, 1, half)) ? half
            : outputs.Rows * outputs.Columns == 1 ? Math.Min(SinglePixelAccumulators(tier), accumulators) : accumulators);
        var candidates = new List<Tile>();
        for (int c = 1; c <= Math.Min(outputs.Channels, most); c++)
        {
            Cancellation.Look();
            if (outputs.Channels % c != 0 || outputs.ChannelBlock % c != 0)
            {
                continue;
            }

            for (int r = outputs.PoolRows; r <= outputs.Rows && c * r <= most; r += outputs.PoolRows)
            {
                Cancellation.Look();
                for (int x = outputs.PoolColumns; x <= outputs.Columns && c * r * x <= most; x += outputs.PoolColumns)
                {
                    candidates.Add(new Tile(c, r, x));
                }
            }
        }

        Tile best =
            candidates[CostModel.Cheapest(tier, candidates.Count,
                (i, f) => TileCycles(tier, tier.Families[f], form, candidates[i], outputs))];
        return (best, TileCost(tier, form, best, outputs));
    }

    /// <summary>
    /// The tile of a convolution over all pixels in a row, and its cost: it fills the accumulators, and is the same in all layers unless
    /// another one is clearly cheaper, so that they share a kernel. Channels mostly come in powers of two: six pixels
    /// leave these to the channels.
    /// </summary>
    /// <param name="outputs">All pixels are columns of one row.</param>
    /// <param name="widest">The most pixels of a tile.</param>
    /// <returns>No tile where there are fewer pixels or channels than the smallest has.</returns>
    public static (Tile Tile, Cost Cycles)? ChooseFlatTile(Tier tier, TiledOutputs outputs, int widest)
    {
        Tile[] candidates =
        [
            .. from channels in Enumerable.Range(1, Math.Min(outputs.Channels, tier.Accumulators))
               let pixels = tier.Accumulators / channels
               where channels * pixels == tier.Accumulators && pixels >= channels && pixels <= Math.Min(outputs.Columns, widest)
               orderby pixels == SharedPixels ? 0 : 1, channels + pixels
               select new Tile(channels, 1, pixels),
        ];
        if (candidates.Length == 0)
        {
            return null;
        }

        Tile best = candidates[CostModel.Cheapest(
            tier, candidates.Length,
            (i, f) =>
                TileCycles(tier, tier.Families[f], ConvolutionForm.ChannelLanes, candidates[i], outputs) * (i == 0 ? 1 : ClearlyCheaper))];
        return (best, TileCost(tier, ConvolutionForm.ChannelLanes, best, outputs));
    }

    /// <summary>
    /// Pixels that go through all tiles of channels together: all of them, unless it is less to read all filters again for each block of
    /// them, whose inputs then stay in the second-level cache; and unless there would be few items.
    /// </summary>
    /// <param name="reach">Pixels of the input that come into the cache for one of the output.</param>
    public static int ChoosePixelBlock(Tier tier, Tile tile, FlatExtents extents, long taps, int reach)
    {
        int pixelBytes = extents.Inputs * reach * sizeof(float), cacheBytes = tier.Families[0].SecondLevelBytes / 2;
        int rounds = Arithmetic.CeilingDivide(extents.Outputs, tile.Channels);
        int fitting = Arithmetic.CeilingDivide(extents.Pixels, Math.Max(1, cacheBytes / pixelBytes / tile.Columns) * tile.Columns);
        long filterBytes = (long)extents.Outputs * tier.Lanes * extents.Inputs * taps * sizeof(float),
            inputBytes = (long)extents.Pixels * pixelBytes;
        bool stays = (fitting * filterBytes) + inputBytes < filterBytes + (rounds * inputBytes);
        int blocks = Math.Max(stays ? fitting : 1, Arithmetic.CeilingDivide(FewItems, rounds));
        return Arithmetic.RoundUp(Arithmetic.CeilingDivide(extents.Pixels, blocks), tile.Columns);
    }

    /// <summary>
    /// Whether pixels are copied, one tile behind the other, before all tiles of channels read them: these have to multiply for a while. On
    /// Zen 3, AVX2, layers of ResNet-50 with 64 output channels take 1.08 to 1.11 times as long with a copy, and those with 128 and more
    /// 0.90 to 0.98 times.
    /// </summary>
    public static bool IsCopied(Tier tier, FlatExtents extents) => extents.Outputs * tier.Lanes >= LeastCopied;

    /// <summary>
    /// Whether windows that rows' ends divide are copied tap by tap, one tile of pixels behind the other, so that no product computes where
    /// a pixel is. On Zen 3, AVX2, Inception-v4 takes 0.92 times as long and the pyramid of dilated filters 0.88 times; where rows follow
    /// each other without zeros between them, a copy changes nothing.
    /// </summary>
    public static bool AreWindowsCopied(Tier tier, FlatExtents extents) => extents.Outputs * tier.Lanes >= LeastWindows;

    /// <summary>
    /// Input channels that all tiles of pixels go through before the next ones, so that their weights stay in the first-level cache; 0
    /// where each tile goes through all: they are few, or would be too few to be worth the way of the sums to memory and back. A loop in C
    /// of the same form, two vectors of 256 bits × 6 pixels, on Zen 3, whose limit is 103 GFLOP/s: pixels one behind the other, 512 and
    /// 1,024 channels, at 95 and 89 GFLOP/s either way, 2,048 at 74 without passes and 83 with those of 128 channels; each second pixel, of
    /// which a line of the cache holds one, 512, 1,024 and 2,048 channels at 78, 74, 55 and 91, 86, 76.
    /// </summary>
    /// <param name="reach">Pixels of the input that come into the cache for one of the output.</param>
    public static int ChoosePassChannels(Tier tier, Tile tile, FlatExtents extents, long taps, int reach)
    {
        int cacheBytes = tier.Families[0].FirstLevelBytes;
        long channelBytes = tile.Channels * tier.Lanes * taps * sizeof(float);
        int channels = Arithmetic.RoundUp((int)Math.Max(1, cacheBytes / PassPart / channelBytes), tier.Lanes);
        long bytes = extents.Inputs * (channelBytes + (tile.Columns * reach * sizeof(float)));
        return bytes <= (reach > 1 ? cacheBytes : ManyFillings * cacheBytes) || channels * channelBytes > cacheBytes / 2
            || channels * taps < LeastPass ? 0 : channels;
    }

    /// <summary>The cost of a convolution by tiles of some size: their steps, and the overhead of each tile.</summary>
    public static Cost TileCost(Tier tier, ConvolutionForm form, Tile tile, TiledOutputs outputs) =>
        Cost.Of(tier, f => TileCycles(tier, f, form, tile, outputs));

    private static double TileCycles(Tier tier, CpuFamily f, ConvolutionForm form, Tile tile, TiledOutputs outputs)
    {
        double tiles = (double)Arithmetic.CeilingDivide(outputs.Channels, tile.Channels) * Arithmetic.CeilingDivide(outputs.Rows, tile.Rows)
            * Arithmetic.CeilingDivide(outputs.Columns, tile.Columns);
        int pages = outputs.Pages > KnownPages ? outputs.Pages : 0;
        return tiles
            * ((outputs.Steps * StepCycles(tier, f, form, tile, outputs)) + (pages * PageCycles) + f.TileStart
                + (f.AccumulatorEnd * tile.Accumulators));
    }

    /// <summary>
    /// With one pixel each multiply-add loads its own weight, so that accumulators save no loads: as many as hide the latency are enough,
    /// with half as many again in reserve.
    /// </summary>
    private static int SinglePixelAccumulators(Tier tier)
    {
        int inFlight = (int)tier.Families.Max(f => f.MultiplyAdds * f.MultiplyAddLatency);
        return inFlight + (inFlight / 2);
    }

    /// <summary>One step of a convolution's tile: one input channel, one tap.</summary>
    private static double StepCycles(Tier tier, CpuFamily f, ConvolutionForm form, Tile tile, TiledOutputs outputs)
    {
        int pixels = tile.Rows * tile.Columns;

        // The longer the vector, the more often a load at any column touches a second cache line.
        double pixelLoads = form == ConvolutionForm.RowLanes ? pixels * (1 + CostModel.LinesOf(tier, f))
            : outputs.RowOfTaps is { } row && row.IsShared(tier, tile)
            ? (double)tile.Rows * row.CountInputs(tile.Columns) / row.Taps : pixels;
        double cycles = CostModel.StepCycles(f, tile.Accumulators, pixelLoads + tile.Channels);
        if (form == ConvolutionForm.GroupsInLanes)
        {
            return CostModel.StepCycles(f, CostModel.ShuffledOperations * tile.Accumulators,
                ((double)pixels / outputs.Shuffles) + tile.Channels);
        }

        if (form != ConvolutionForm.ChannelLanes)
        {
            return cycles;
        }

        // Every tile of pixels streams all weights of its channels: with many channels and few pixels it waits for them.
        long bytes = tile.Channels * outputs.Steps * tier.Lanes * sizeof(float);
        double line = bytes <= f.FirstLevelWeights ? 0 : bytes <= f.SecondLevelWeights ? f.SecondLevelLine : f.BeyondLine;
        return Math.Max(cycles, tile.Channels * line * CostModel.LinesOf(tier, f));
    }

    /// <summary>
    /// Outputs of a dense layer in registers at a time. Tiles lie in one panel of the packed weights each; with several panels
    /// they divide it, with one the last tile may overlap the one before.
    /// </summary>
    public static int ChooseDenseTile(Tier tier, int outputs, int panelWidth) => panelWidth == outputs
        ? Math.Min(outputs, tier.Accumulators)
        : Enumerable.Range(1, tier.Accumulators).Last(t => panelWidth % t == 0 && outputs % t == 0);

    /// <summary>
    /// The order of the tiles of a convolution with a sample in each lane, where a pixel is a whole vector in each of many planes. Groups
    /// have planes of their own. On Zen 3, AVX2, 56 × 56 pixels of 64 channels run at 66 instead of 18 GFLOP/s pixel by pixel, and
    /// pointwise ones with 256 outputs at 53 row by row, at 33 pixel by pixel.
    /// </summary>
    /// <param name="window">Floats that a row of outputs reads.</param>
    public static TileOrder ChooseOrder(Tier tier, int groups, long window) => groups > 1 ? TileOrder.Channels
        : window * sizeof(float) <= tier.Families.Min(f => f.SecondLevelBytes) / 2 ? TileOrder.Rows : TileOrder.Pixels;
}
