using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;

namespace Strata.Compiler.Lowering;

/// <summary>Chooses the tiles of convolutions and dense layers, and the order in which they go through tensors.</summary>
internal static class TileCosts
{
    /// <summary>The tile that all layers share may cost at most this many times as much as another one.</summary>
    private const double ClearlyCheaper = 1.03;

    /// <summary>The fewest products of a partial sum that is stored to memory and loaded again.</summary>
    private const int LeastPass = 128;

    /// <summary>
    /// The weights of a pass fill this part (1/4) of the first-level cache. If lines are full, channels are divided into passes only if all
    /// their weights and pixels would fill the cache more than twice.
    /// </summary>
    private const int PassPart = 4, ManyFillings = 2;

    /// <summary>
    /// A pointwise tile reads planes if their lines, with its weights, fill less than this part (1/2) of the first-level cache.
    /// </summary>
    private const int PlanesPart = 2;

    /// <summary>The fewest output channels that pay for a copy of planes into blocks, if the convolution skips no pixels.</summary>
    private const int LeastReaders = 32;

    /// <summary>Pixels of the tile that all layers share.</summary>
    private const int SharedPixels = 6;

    /// <summary>
    /// How many pages a core's TLB holds, and the cycles that another page costs. The vendors' manuals give 48 to 96 pages and 5 to 9
    /// cycles.
    /// </summary>
    private const int KnownPages = 64, PageCycles = 7;

    /// <summary>The fewest output channels for which copying the inputs pays.</summary>
    private const int LeastCopied = 128;

    /// <summary>The same for windows with several taps. Without a copy their addresses take many additions.</summary>
    private const int LeastWindows = 64;

    /// <summary>Fewer items than this are hard to divide evenly among a few threads.</summary>
    private const int FewItems = 16;

    /// <summary>
    /// Pixels are not divided for threads into blocks of fewer tiles than this. While a block is computed, the weights of the next channels
    /// come from memory. On one thread of Zen 5, 7×7 pixels of 400 channels take 0.96 times as long as in blocks of two or three tiles.
    /// </summary>
    private const int LeastTiles = 4;

    /// <summary>
    /// The cheapest tile. Its channels divide a block of weights, and its rows and columns are whole pooling windows. The tile of a
    /// depthwise filter uses half of the registers for sums, which are short, and some for the weights of a row. The next tile can then
    /// begin while results are stored. On Zen 5, MobileNetV2's depthwise layers take 0.96 times as long as with three quarters.
    /// </summary>
    public static (Tile Tile, Cost Cycles) ChooseTile(Tier tier, LaneUse laneUse, TiledOutputs outputs)
    {
        int half = tier.Registers / 2, pool = outputs.PoolRows * outputs.PoolColumns;
        int accumulators = laneUse == LaneUse.GroupsInLanes ? GroupLanes.AccumulatorsOf(tier, outputs.Shuffles) : tier.Accumulators;
        int most = Math.Max(pool, outputs.RowOfTaps is { } row && row.IsShared(tier, new Tile(1, 1, half)) ? half
            : outputs.Rows * outputs.Columns == 1 ? Math.Min(SinglePixelAccumulators(tier), accumulators) : accumulators);
        var candidates = new List<Tile>();
        for (int c = 1; c <= Math.Min(outputs.Channels, most); c++)
        {
            Cancellation.ThrowIfRequested();
            if (outputs.Channels % c != 0 || outputs.ChannelBlock % c != 0)
            {
                continue;
            }

            for (int r = outputs.PoolRows; r <= outputs.Rows && c * r <= most; r += outputs.PoolRows)
            {
                Cancellation.ThrowIfRequested();
                for (int x = outputs.PoolColumns; x <= outputs.Columns && c * r * x <= most; x += outputs.PoolColumns)
                {
                    candidates.Add(new Tile(c, r, x));
                }
            }
        }

        Tile best =
            candidates[CostModel.Cheapest(tier, candidates.Count,
                (i, f) => TileCycles(tier, tier.Families[f], laneUse, candidates[i], outputs))];
        return (best, TileCost(tier, laneUse, best, outputs));
    }

    /// <summary>
    /// The tile of a convolution over all pixels in a row, and its cost. It fills the registers. It is the same for all layers, so that
    /// they share a kernel, unless another tile is clearly cheaper. Numbers of channels are mostly powers of two. With six pixels the
    /// accumulators divide well among them. With AVX-512, a tile of five vectors and five pixels takes 31 of the 32 registers: 160 and 400
    /// channels divide among such tiles.
    /// </summary>
    /// <param name="outputs">All pixels are the columns of one row.</param>
    /// <param name="widest">The most pixels that a tile may have.</param>
    /// <returns>Null if there are fewer pixels or channels than the smallest tile has.</returns>
    public static (Tile Tile, Cost Cycles)? ChooseFlatTile(Tier tier, TiledOutputs outputs, int widest)
    {
        Tile[] candidates =
        [
            .. from channels in Enumerable.Range(1, Math.Min(outputs.Channels, tier.Accumulators))
               let pixels = FlatPixels(tier, channels)
               where pixels > 0 && pixels <= Math.Min(outputs.Columns, widest)
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
                TileCycles(tier, tier.Families[f], LaneUse.ChannelLanes, candidates[i], outputs) * (i == 0 ? 1 : ClearlyCheaper))];
        return (best, TileCost(tier, LaneUse.ChannelLanes, best, outputs));
    }

    /// <summary>
    /// The pixels of a tile of this many vectors: as many as fill the accumulators, or as many as vectors if there are registers for that.
    /// 0 if neither is possible, or if there would be fewer pixels than vectors.
    /// </summary>
    private static int FlatPixels(Tier tier, int channels)
    {
        int pixels = tier.Accumulators / channels;
        bool isFull = channels * pixels == tier.Accumulators;

        // A tile has a register for the weight of each vector, and one for a pixel.
        bool isSquare = channels == pixels + 1 && (channels * channels) + channels + 1 <= tier.Registers;
        return isFull && pixels >= channels ? pixels : isSquare ? channels : 0;
    }

    /// <summary>
    /// Into how many blocks pixels are divided. A block goes through all tiles of channels before the next one does. Usually all pixels are
    /// one block. With several, the inputs stay in the second-level cache, but all filters are read again for each block. They are chosen
    /// if that is less to read, or if there would be too few items for threads otherwise.
    /// </summary>
    /// <param name="reach">How many pixels of the input come into the cache for each pixel of the output.</param>
    public static int ChoosePixelBlocks(Tier tier, Tile tile, FlatExtents extents, long taps, int reach)
    {
        int pixelBytes = extents.Inputs * reach * sizeof(float), cacheBytes = tier.Families[0].SecondLevelBytes / 2;
        int rounds = Arithmetic.CeilingDivide(extents.Outputs, tile.Channels);
        int fitting = Arithmetic.CeilingDivide(extents.Pixels, Math.Max(1, cacheBytes / pixelBytes / tile.Columns) * tile.Columns);
        long filterBytes = (long)extents.Outputs * tier.Lanes * extents.Inputs * taps * sizeof(float),
            inputBytes = (long)extents.Pixels * pixelBytes;
        bool stays = (fitting * filterBytes) + inputBytes < filterBytes + (rounds * inputBytes);
        int tiles = Arithmetic.CeilingDivide(extents.Pixels, tile.Columns);
        int forThreads = Math.Min(Arithmetic.CeilingDivide(FewItems, rounds), tiles / LeastTiles);
        return Math.Min(Math.Max(stays ? fitting : 1, forThreads), tiles);
    }

    /// <summary>
    /// Whether pixels are copied, one tile after the other, before all tiles of channels read them. The copy pays if there are enough
    /// output channels. On Zen 3 with AVX2, ResNet-50's layers with 64 output channels take 1.08 to 1.11 times as long with a copy. Those
    /// with 128 and more take 0.90 to 0.98 times.
    /// </summary>
    public static bool IsCopied(Tier tier, FlatExtents extents) => extents.Outputs * tier.Lanes >= LeastCopied;

    /// <summary>
    /// Whether a pointwise convolution with channels in lanes reads blocks of channels, into which planes are copied before. A tile of
    /// pixels takes part of a cache line of each plane, and every tile of channels loads all these lines again.
    /// </summary>
    /// <remarks>
    /// Measured on Zen 3 with AVX2, the copy included. From 128 input channels on, layers with 32 and more output channels take 0.45 to 1.0
    /// times as long as from planes: 0.8 for 128 → 256 channels of 56 × 56 pixels, 0.86 for 768 → 2,304 of 14 × 14, 0.52 for
    /// 1,024 → 256 of 7 × 7. With 16 to 64 input channels it is 0.8 to 1.6 times. The other tiers, which were not measured, use the rule
    /// as well.
    /// </remarks>
    /// <param name="pixels">Pixels of a plane of the output.</param>
    public static bool ReadsBlocks(Tier tier, Tile tile, FilterWeight filters, int pixels)
    {
        WindowAxes window = filters.Window;
        CpuFamily first = tier.Families[0];
        return pixels > 1 && filters.Groups == 1 && window.IsOneElement
            && filters.Filters >= LeastReaders * window.Vertical.Stride * window.Horizontal.Stride
            && filters.Inputs * (first.LineBytes + (tile.Channels * tier.Lanes * sizeof(float))) >= first.FirstLevelBytes / PlanesPart;
    }

    /// <summary>
    /// Whether windows that the ends of rows divide are copied tap by tap, one tile of pixels after the other. Products then need not
    /// compute the address of a pixel. On Zen 3 with AVX2, Inception-v4 takes 0.92 times as long, and a pyramid of dilated filters 0.88
    /// times. If rows follow each other without zeros between them, a copy changes nothing.
    /// </summary>
    public static bool AreWindowsCopied(Tier tier, FlatExtents extents) => extents.Outputs * tier.Lanes >= LeastWindows;

    /// <summary>
    /// How many input channels all tiles of pixels go through before the next channels, so that their weights stay in the first-level
    /// cache. 0 if each tile goes through all channels at once: there are few channels, or a pass would have too few to pay for storing and
    /// reloading sums.
    /// </summary>
    /// <remarks>
    /// Measured on Zen 3 with a loop of the same form in C, which does not copy pixels: two vectors of 256 bits × 6 pixels; the limit is
    /// 103 GFLOP/s. Passes have 128 channels.
    /// - Adjacent pixels: 512 and 1,024 channels run at 95 and 89 GFLOP/s with and without passes. 2,048 channels run at 74 without, and 83
    ///   with.
    /// - Every second pixel, so that a cache line holds one: 512, 1,024 and 2,048 channels run at 78, 74 and 55 without, and 91, 86 and 76
    ///   with.
    /// </remarks>
    /// <param name="reach">How many pixels of the input come into the cache for each pixel of the output.</param>
    public static int ChoosePassChannels(Tier tier, Tile tile, FlatExtents extents, long taps, int reach)
    {
        int cacheBytes = tier.Families[0].FirstLevelBytes;
        long channelBytes = tile.Channels * tier.Lanes * taps * sizeof(float);
        int channels = Arithmetic.RoundUp((int)Math.Max(1, cacheBytes / PassPart / channelBytes), tier.Lanes);
        long bytes = extents.Inputs * (channelBytes + (tile.Columns * reach * sizeof(float)));
        return bytes <= (reach > 1 ? cacheBytes : ManyFillings * cacheBytes) || channels * channelBytes > cacheBytes / 2
            || channels * taps < LeastPass ? 0 : channels;
    }

    /// <summary>The cost of a convolution with a tile: the steps of all tiles, and the overhead of each.</summary>
    public static Cost TileCost(Tier tier, LaneUse laneUse, Tile tile, TiledOutputs outputs) =>
        Cost.PerFamily(tier, f => TileCycles(tier, f, laneUse, tile, outputs));

    /// <summary>The expected cycles of a kernel on the first family, for a group.</summary>
    public static double CyclesOf(TiledConvolution kernel)
    {
        ConvolutionExtents extents = kernel.Extents;
        var outputs = new TiledOutputs(
            extents.Channels, extents.Channels, extents.Rows, extents.Columns, extents.InputChannels * kernel.Filter.Count)
        {
            PoolRows = kernel.Pool.Height,
            PoolColumns = kernel.PoolColumns,
            Shuffles = kernel.LaneUse == LaneUse.GroupsInLanes ? extents.InputChannels : 1,
            RowOfTaps = kernel.RowOfTaps,
        };
        return TileCycles(kernel.Tier, kernel.Tier.Families[0], kernel.LaneUse, kernel.Tile, outputs);
    }

    /// <summary>The expected cycles of an element's products on the first family.</summary>
    public static double CyclesOf(WinogradProducts kernel) => TileCycles(
        kernel.Tier, kernel.Tier.Families[0], LaneUse.ChannelLanes, kernel.Tile,
        new TiledOutputs(kernel.Outputs, kernel.Outputs, 1, kernel.Tiles, kernel.Inputs));

    private static double TileCycles(Tier tier, CpuFamily f, LaneUse laneUse, Tile tile, TiledOutputs outputs)
    {
        double tiles = (double)Arithmetic.CeilingDivide(outputs.Channels, tile.Channels) * Arithmetic.CeilingDivide(outputs.Rows, tile.Rows)
            * Arithmetic.CeilingDivide(outputs.Columns, tile.Columns);
        int pages = outputs.Pages > KnownPages ? outputs.Pages : 0;
        return tiles
            * ((outputs.Steps * StepCycles(tier, f, laneUse, tile, outputs)) + (pages * PageCycles) + f.TileStart
                + (f.AccumulatorEnd * tile.Accumulators));
    }

    /// <summary>
    /// How many accumulators to use for tiles of one pixel. Each multiply-add loads its own weight, so more accumulators save no loads. As
    /// many as hide the latency are enough, plus half as many in reserve.
    /// </summary>
    private static int SinglePixelAccumulators(Tier tier)
    {
        int inFlight = (int)tier.Families.Max(f => f.MultiplyAdds * f.MultiplyAddLatency);
        return inFlight + (inFlight / 2);
    }

    /// <summary>Cycles of one step of a convolution's tile: one input channel and one tap.</summary>
    private static double StepCycles(Tier tier, CpuFamily f, LaneUse laneUse, Tile tile, TiledOutputs outputs)
    {
        int pixels = tile.Rows * tile.Columns;

        // A longer vector at an arbitrary column crosses cache lines more often.
        double pixelLoads = laneUse == LaneUse.RowLanes ? pixels * (1 + CostModel.LinesOf(tier, f))
            : outputs.RowOfTaps is { } row && row.IsShared(tier, tile)
            ? (double)tile.Rows * row.CountInputs(tile.Columns) / row.Taps : pixels;
        double cycles = CostModel.StepCycles(f, tile.Accumulators, pixelLoads + tile.Channels);
        if (laneUse == LaneUse.GroupsInLanes)
        {
            return CostModel.StepCycles(f, CostModel.ShuffledOperations * tile.Accumulators,
                ((double)pixels / outputs.Shuffles) + tile.Channels);
        }

        double LineOf(long bytes) => bytes <= f.FirstLevelWeights ? 0 : bytes <= f.SecondLevelWeights ? f.SecondLevelLine : f.BeyondLine;
        if (laneUse == LaneUse.RowLanes && outputs.Reads == TileReads.Together)
        {
            // Each tile of channels reads all pixels of its vectors.
            double line = LineOf(pixels * outputs.Steps * tier.Lanes * sizeof(float));
            return cycles + (f.UnhiddenLines * pixels * line * CostModel.LinesOf(tier, f));
        }

        if (laneUse != LaneUse.ChannelLanes)
        {
            return cycles;
        }

        // Each tile of pixels reads all weights of its channels. With many channels and few pixels it waits for them.
        long bytes = tile.Channels * outputs.Steps * tier.Lanes * sizeof(float);
        double weights = tile.Channels * LineOf(bytes) * CostModel.LinesOf(tier, f);
        if (outputs.Reads == TileReads.Any)
        {
            return Math.Max(cycles, weights);
        }

        // Of a pixel, a step reads one number of a block of channels.
        int pixelBytes = pixels * sizeof(float);
        bool waits = outputs.Reads == TileReads.Apart && bytes + (outputs.Steps * pixelBytes) > f.FirstLevelWeights;
        double wait = waits ? f.PixelLine * pixelBytes / f.LineBytes : 0;
        return Math.Max(cycles + wait + (f.UnhiddenLines * weights), weights);
    }

    /// <summary>
    /// How many outputs of a dense layer are in registers at a time. A tile is within one panel of the packed weights. If there are several
    /// panels, tiles divide a panel evenly. With one panel, the last tile may overlap the one before.
    /// </summary>
    public static int ChooseDenseTile(Tier tier, int outputs, int panelWidth) => panelWidth == outputs
        ? Math.Min(outputs, tier.Accumulators)
        : Enumerable.Range(1, tier.Accumulators).Last(t => panelWidth % t == 0 && outputs % t == 0);

    /// <summary>
    /// The order of the tiles of a convolution with a sample in each lane. A pixel is then a whole vector in each of many planes. Groups
    /// have planes of their own. On Zen 3 with AVX2, 56 × 56 pixels of 64 channels run at 66 instead of 18 GFLOP/s pixel by pixel.
    /// Pointwise convolutions with 256 outputs run at 53 row by row, and at 33 pixel by pixel.
    /// </summary>
    /// <param name="window">How many floats a row of outputs reads.</param>
    public static TileOrder ChooseOrder(Tier tier, int groups, long window) => groups > 1 ? TileOrder.Channels
        : window * sizeof(float) <= tier.Families.Min(f => f.SecondLevelBytes) / 2 ? TileOrder.Rows : TileOrder.Pixels;
}
