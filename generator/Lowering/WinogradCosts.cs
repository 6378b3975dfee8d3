using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Generator.Kernels;

namespace Strata.Generator.Lowering;

/// <summary>Plans Winograd's algorithm.</summary>
internal static class WinogradCosts
{
    /// <summary>Parts of an image that a few threads share: some number of tiles is divided better by the one, some by the other.</summary>
    private static readonly int[] ImageParts = [4, 5];

    /// <summary>Tiles that fill registers evenly, whatever their number in them.</summary>
    private const int ManyTiles = 720;

    /// <summary>
    /// How Winograd's algorithm goes through an image: the tile of its products, and tiles of a block. Small blocks read the filters often,
    /// large ones leave the caches with their elements. Where the filters stay in the cache, blocks are preferred: they are one step, whose
    /// items several threads share without meeting between transforms and products. On Zen 3, AVX2, ResNet-20 takes 0.95 times as long with
    /// quarters of its images as with whole ones on one thread, and 0.75 times on two; with eighths 0.98 and 0.80 times.
    /// </summary>
    /// <param name="measured">What was measured of blocks of tiles, as many as the formula prefers, and of all tiles at once.</param>
    /// <param name="panel">Blocks of channels that lie side by side in the filters; 0 where that may still be chosen.</param>
    public static WinogradPlan PlanWinograd(Tier tier, WinogradTiles tiles, int inputBlocks, int outputBlocks, int inputs,
        MeasuredCycles measured, int panel = 0)
    {
        long perTile = ((long)inputBlocks + outputBlocks) * tiles.Form.Products * tier.Lanes * sizeof(float);
        long filterBytes = (long)tiles.Form.Products * outputBlocks * inputs * tier.Lanes * sizeof(float);
        int cacheBytes = tier.Families[0].SecondLevelBytes / 2;
        bool filtersStay = !ThreadCosts.LeaveCache(tier, filterBytes / sizeof(float));
        var plans = new List<WinogradPlan> { PlanOf(tiles.Count, TileFor(tiles.Count)) };

        // Elements of a block are as many as its tiles in registers fill, whatever the image.
        Tile many = TileFor(ManyTiles);
        plans.AddRange(
            from fitting in new[] { (int)(cacheBytes / perTile), (int)(2 * cacheBytes / perTile) }
            where fitting > 0 && fitting < tiles.Count
            select PlanOf(Math.Max(1, fitting / many.Columns) * many.Columns, many));
        plans.AddRange(
            from parts in ImageParts
            let part = Arithmetic.CeilingDivide(tiles.Count, parts)
            where filtersStay && tiles.Count >= parts && perTile * tiles.Count <= cacheBytes
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
            (Tile tile, _) = TileCosts.ChooseTile(tier, ConvolutionForm.ChannelLanes, Outputs(columns));
            return panel == 0 || tile.Channels == panel ? tile : new Tile(panel, 1, Math.Min(columns, tier.Accumulators / panel));
        }

        WinogradPlan PlanOf(int count, Tile tile)
        {
            int blocks = Arithmetic.CeilingDivide(tiles.Count, count);
            Cost cycles = TileCosts.TileCost(tier, ConvolutionForm.ChannelLanes, tile, Outputs(count));
            Cost products = Cost.Max(
                cycles * ((double)tiles.Form.Products * blocks),
                Cost.Of(tier, f => blocks * filterBytes / f.LineBytes * CostModel.LineCycles(f, filterBytes)));
            int elements = tiles.Form.Products, size = tiles.Form.Outputs;
            return new WinogradPlan(
                tile, count == tiles.Count ? 0 : count,
                Transform(inputBlocks, tiles.Form.InputOperations, 2 * elements, elements), products,
                Transform(outputBlocks, tiles.Form.OutputOperations + (2 * size), 2 * elements, size));

            Cost Transform(int channelBlocks, int operations, int loads, int stores) => Cost.Of(tier, f =>
            {
                double work = Math.Max(operations / f.MultiplyAdds, Math.Max(loads / f.Loads, stores / f.Stores)) + f.TileStart;
                double lines = tiles.Form.Products * tier.Lanes * sizeof(float) / (double)f.LineBytes
                    * CostModel.LineCycles(f, perTile * count);
                return (work + lines) * channelBlocks * tiles.Count;
            });
        }
    }

    /// <summary>
    /// What the gradient of weights takes of a sample with Winograd's transforms: that of the input, that of the gradient,
    /// and reading them again.
    /// </summary>
    public static (Cost Input, Cost Gradient, Cost Memory) OfWinogradWeights(Tier tier, WinogradTiles tiles,
        int inputBlocks, int outputBlocks)
    {
        int elements = tiles.Form.Products, size = tiles.Form.Outputs;
        long line = elements * tier.Lanes * sizeof(float), bytes = line * tiles.Count * (inputBlocks + outputBlocks) * tier.Lanes;
        return (Transform(inputBlocks, tiles.Form.InputOperations, 2 * elements),
            Transform(outputBlocks, tiles.Form.OutputOperations, 2 * size), Stream(inputBlocks + outputBlocks));

        // A block of samples is transformed before the products read it again.
        Cost Stream(int blocks) => Cost.Of(tier, f => (double)blocks * tiles.Count * line / f.LineBytes * CostModel.LineCycles(f, bytes));

        Cost Transform(int blocks, int operations, int loads) => Stream(blocks) + Cost.Of(tier, f =>
            (Math.Max(operations / f.MultiplyAdds, Math.Max(loads / f.Loads, elements / f.Stores)) + f.TileStart) * blocks * tiles.Count);
    }

    /// <summary>
    /// Winograd's algorithm along the columns of an image, in strips of rows: the tile of an element's row of products,
    /// and what all strips take.
    /// </summary>
    /// <param name="outputs">Those of one row.</param>
    /// <param name="inputVectors">Vectors of a row's inputs, of all channels.</param>
    public static (Tile Tile, Cost Cycles) PlanStrips(Tier tier, ConvolutionForm form, WinogradTileAxis rows,
        TiledOutputs outputs, int inputVectors)
    {
        (Tile tile, Cost products) = TileCosts.ChooseTile(tier, form, outputs);
        WinogradAxis axis = rows.Form;
        Cost Transform(int operations, int loads, int stores) =>
            Cost.Of(tier, f => Math.Max(operations / f.MultiplyAdds, Math.Max(loads / f.Loads, stores / f.Stores)) + CostModel.LoopEnd(f));
        Cost input = Transform(axis.InputOperations, axis.Elements, axis.Elements) * inputVectors;
        Cost output = Transform(axis.OutputOperations + axis.Outputs, axis.Elements, axis.Outputs)
            * ((double)outputs.Channels * outputs.Columns);
        return (tile, ((products * axis.Elements) + input + output) * rows.Count);
    }
}
