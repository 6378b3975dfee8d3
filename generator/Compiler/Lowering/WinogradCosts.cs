using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Kernels;

namespace Strata.Compiler.Lowering;

/// <summary>Plans Winograd's algorithm.</summary>
internal static class WinogradCosts
{
    /// <summary>
    /// How many parts an image is divided into for a few threads. Some numbers of tiles divide more evenly by one of these, some by the
    /// other.
    /// </summary>
    private static readonly int[] ImageParts = [4, 5];

    /// <summary>
    /// A block may fill this part (1/8) of a core's share of the last level, or twice as much, even if that is more than half of the second
    /// level: filters are read less often. On Zen 3, whose second level is small, VGG-16's layers of 56 × 56 pixels take 0.92 to 0.96 times
    /// as long.
    /// </summary>
    private const int LastLevelPart = 8;

    /// <summary>A number of tiles that divides evenly by any number of tiles in registers.</summary>
    private const int ManyTiles = 720;

    /// <summary>
    /// How Winograd's algorithm goes through an image: the tile of its products, and how many tiles form a block. Small blocks read the
    /// filters often. Large blocks do not stay in the caches. If the filters stay in the cache, blocks are preferred, since they are one
    /// step: threads share its items and do not wait for each other between transforms and products. On Zen 3 with AVX2, ResNet-20 with
    /// quarters of its images takes 0.95 times as long as with whole images on one thread, and 0.75 times on two. With eighths it takes
    /// 0.98 and 0.80 times.
    /// </summary>
    /// <param name="measured">Measured cycles for blocks of tiles, of the size that the formula prefers, and for all tiles at once.</param>
    /// <param name="panel">How many blocks of channels are adjacent in the filters; 0 if that is not decided yet.</param>
    public static WinogradPlan PlanWinograd(Tier tier, WinogradTiles tiles, int inputBlocks, int outputBlocks, int inputs,
        MeasuredCycles measured, int panel = 0)
    {
        long perTile = ((long)inputBlocks + outputBlocks) * tiles.Form.Products * tier.Lanes * sizeof(float);
        long filterBytes = (long)tiles.Form.Products * outputBlocks * inputs * tier.Lanes * sizeof(float);
        (int cacheBytes, int mostBytes) = BlockBytes(tier);
        bool filtersStay = !ThreadCosts.LeaveCache(tier, filterBytes / sizeof(float));
        var plans = new List<WinogradPlan> { PlanOf(tiles.Count, TileFor(tiles.Count)) };

        // The tiles of a block fill the registers evenly, whatever the size of the image.
        Tile many = TileFor(ManyTiles);
        plans.AddRange(
            from fitting in new[] { cacheBytes, 2 * cacheBytes, mostBytes, 2 * mostBytes }.Select(size => (int)(size / perTile)).Distinct()
            where fitting > 0 && fitting < tiles.Count
            select PlanOf(Math.Max(1, fitting / many.Columns) * many.Columns, many));
        plans.AddRange(
            from parts in ImageParts
            let part = Arithmetic.CeilingDivide(tiles.Count, parts)
            where filtersStay && tiles.Count >= parts && perTile * tiles.Count <= mostBytes
            select PlanOf(part, TileFor(part)));

        return CostModel.Cheapest(tier, plans, Compared, plan => filtersStay && plan.BlockTiles > 0 ? 0 : 1).Candidate;

        Cost Compared(WinogradPlan plan)
        {
            bool inBlocks = plan.BlockTiles > 0;
            double least = plans.Where(other => other.BlockTiles > 0 == inBlocks).Min(other => other.Cycles[0]);
            return measured.Correct(tier, plan.Cycles, AlgorithmName.Of(tiles.Form, inBlocks), plan.Cycles[0] / least);
        }

        TiledOutputs Outputs(int columns) => new(outputBlocks, panel == 0 ? outputBlocks : panel, 1, columns, inputs);

        Tile TileFor(int columns)
        {
            (Tile tile, _) = TileCosts.ChooseTile(tier, LaneUse.ChannelLanes, Outputs(columns));
            return panel == 0 || tile.Channels == panel ? tile : new Tile(panel, 1, Math.Min(columns, tier.Accumulators / panel));
        }

        WinogradPlan PlanOf(int count, Tile tile)
        {
            int blocks = Arithmetic.CeilingDivide(tiles.Count, count);
            Cost cycles = TileCosts.TileCost(tier, LaneUse.ChannelLanes, tile, Outputs(count));
            Cost products = Cost.Max(
                cycles * ((double)tiles.Form.Products * blocks),
                Cost.PerFamily(tier, f => blocks * filterBytes / f.LineBytes * CostModel.LineCycles(f, filterBytes)));
            int elements = tiles.Form.Products, size = tiles.Form.Outputs;
            return new WinogradPlan(
                tile, count == tiles.Count ? 0 : count,
                Transform(inputBlocks, tiles.Form.InputOperations, 2 * elements, elements), products,
                Transform(outputBlocks, tiles.Form.OutputOperations + (2 * size), 2 * elements, size));

            Cost Transform(int channelBlocks, int operations, int loads, int stores) => Cost.PerFamily(tier, f =>
            {
                double work = Math.Max(operations / f.MultiplyAdds, Math.Max(loads / f.Loads, stores / f.Stores)) + f.TileStart;
                double lines = tiles.Form.Products * tier.Lanes * sizeof(float) / (double)f.LineBytes
                    * CostModel.LineCycles(f, perTile * count);
                return (work + lines) * channelBlocks * tiles.Count;
            });
        }
    }

    /// <summary>How many bytes of a block stay in the second-level cache beside filters, and how many in a cache at all.</summary>
    private static (int InCache, int Most) BlockBytes(Tier tier)
    {
        int half = tier.Families[0].SecondLevelBytes / 2;
        return (half, Math.Max(half, tier.Families[0].LastLevelBytes / LastLevelPart));
    }

    /// <summary>
    /// The cost of Winograd's transforms for a sample's weight gradient: the transform of the input, the transform of the gradient, and
    /// reading both again.
    /// </summary>
    public static (Cost Input, Cost Gradient, Cost Memory) OfWinogradWeights(Tier tier, WinogradTiles tiles,
        int inputBlocks, int outputBlocks)
    {
        int elements = tiles.Form.Products, size = tiles.Form.Outputs;
        long line = elements * tier.Lanes * sizeof(float), bytes = line * tiles.Count * (inputBlocks + outputBlocks) * tier.Lanes;
        return (Transform(inputBlocks, tiles.Form.InputOperations, 2 * elements),
            Transform(outputBlocks, tiles.Form.OutputOperations, 2 * size), Stream(inputBlocks + outputBlocks));

        // All samples of a block are transformed before the products read them again.
        Cost Stream(int blocks) => Cost.PerFamily(
            tier, f => (double)blocks * tiles.Count * line / f.LineBytes * CostModel.LineCycles(f, bytes));

        Cost Transform(int blocks, int operations, int loads) => Stream(blocks) + Cost.PerFamily(tier, f =>
            (Math.Max(operations / f.MultiplyAdds, Math.Max(loads / f.Loads, elements / f.Stores)) + f.TileStart) * blocks * tiles.Count);
    }

    /// <summary>
    /// Plans Winograd's algorithm along the columns of an image, in strips of rows: the tile of the products of a row, and the cost of all
    /// strips.
    /// </summary>
    /// <param name="outputs">The outputs of one row.</param>
    /// <param name="inputVectors">How many vectors the inputs of a row are, over all channels.</param>
    public static (Tile Tile, Cost Cycles) PlanStrips(Tier tier, LaneUse laneUse, WinogradTileAxis rows,
        TiledOutputs outputs, int inputVectors)
    {
        (Tile tile, Cost products) = TileCosts.ChooseTile(tier, laneUse, outputs);
        WinogradAxis axis = rows.Axis;
        Cost Transform(int operations, int loads, int stores) =>
            Cost.PerFamily(tier, f => Math.Max(operations / f.MultiplyAdds, Math.Max(loads / f.Loads, stores / f.Stores))
                + CostModel.LoopEnd(f));
        Cost input = Transform(axis.InputOperations, axis.Elements, axis.Elements) * inputVectors;
        Cost output = Transform(axis.OutputOperations + axis.Outputs, axis.Elements, axis.Outputs)
            * ((double)outputs.Channels * outputs.Columns);
        return (tile, ((products * axis.Elements) + input + output) * rows.Count);
    }
}
