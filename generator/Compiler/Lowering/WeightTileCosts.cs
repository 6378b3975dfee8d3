using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Kernels;

namespace Strata.Compiler.Lowering;

/// <summary>Chooses the tiles in which weight gradients are summed.</summary>
internal static class WeightTileCosts
{
    /// <summary>The fewest pixels of an input for which transposing the weights pays.</summary>
    private const int LeastTransposed = 32;

    /// <summary>The cheapest tile of weights for a convolution's weight gradient.</summary>
    public static WeightTile ChooseWeightTile(Tier tier, int outputs, int outputBlock, int inputs, int taps, long pixels)
    {
        var candidates = new List<WeightTile>();
        for (int o = 1; o <= Math.Min(outputs, tier.Accumulators); o++)
        {
            if (outputs % o != 0 || outputBlock % o != 0)
            {
                continue;
            }

            for (int i = 1; i <= inputs && o * i <= tier.Accumulators; i++)
            {
                if (inputs % i != 0)
                {
                    continue;
                }

                for (int k = 1; k <= taps && o * i * k <= tier.Accumulators; k++)
                {
                    // The accumulators, the gradients, and one input.
                    if (o + 1 + (o * i * k) <= tier.Registers)
                    {
                        candidates.Add(new WeightTile(o, i, k));
                    }
                }
            }
        }

        return candidates[CostModel.Cheapest(
            tier, candidates.Count, (i, f) => WeightTileCycles(tier.Families[f], candidates[i], outputs, inputs, taps, pixels))];
    }

    /// <summary>
    /// Whether a convolution's weights are reordered before the input's gradient is computed. This pays if the weights do not stay in the
    /// first-level cache and there are enough pixels. On Zen 3 with AVX2, gradients of 7 × 7 × 512 inputs run at 20 GFLOP/s without it.
    /// </summary>
    public static bool AreWeightsTransposed(Tier tier, int weights, long pixels) =>
        weights * (long)sizeof(float) > tier.Families[0].FirstLevelBytes && pixels >= LeastTransposed;

    /// <summary>The cost of a weight gradient with a tile: the steps over the pixels, and the sums of each tile.</summary>
    public static Cost WeightTileCost(Tier tier, WeightTile tile, int outputs, int inputs, int taps, long pixels) =>
        Cost.PerFamily(tier, f => WeightTileCycles(f, tile, outputs, inputs, taps, pixels));

    /// <summary>
    /// The tile of a weight gradient whose lanes are output channels, and its cost. A tile holds blocks of outputs, inputs and taps in
    /// registers.
    /// </summary>
    /// <param name="together">How many input channels are adjacent. A tile holds a divisor of it.</param>
    /// <param name="pixels">The pixels of all samples.</param>
    /// <param name="groupBlocks">How many blocks of outputs have the same inputs.</param>
    public static (WeightTile Tile, Cost Cycles) ChooseChannelWeightTile(
        Tier tier, LaneUse laneUse, int blocks, int inputs, int together, FilterTaps taps, long pixels, int groupBlocks)
    {
        bool isShuffled = laneUse == LaneUse.GroupsInLanes;
        int columns = taps.Horizontal.Count;
        WeightTile[] candidates =
        [
            .. from o in Enumerable.Range(1, Math.Min(groupBlocks, tier.Accumulators))
               where groupBlocks % o == 0
               from i in Enumerable.Range(1, Math.Min(inputs, tier.Accumulators))
               where isShuffled ? i == inputs : inputs % i == 0 && together % i == 0
               from c in Enumerable.Range(1, columns)
               where columns % c == 0 && o * i * c <= tier.Accumulators
                   && o + 1 + (o * i * c) + (isShuffled ? GroupLanes.OrdersOf(i) + 1 : 0) <= tier.Registers
               select new WeightTile(o, i, c),
        ];
        double Cycles(CpuFamily f, WeightTile tile)
        {
            int operands = tile.Inputs * tile.Columns;
            double tiles = (double)(blocks / tile.Outputs) * (inputs / tile.Inputs) * taps.Depth.Count * taps.Vertical.Count
                * (columns / tile.Columns);
            return tiles
                * ((pixels
                    * (CostModel.StepCycles(f, tile.Accumulators * (isShuffled ? CostModel.ShuffledOperations : 1), tile.Outputs + operands)
                        + CostModel.LoopEnd(f)))
                    + f.TileStart);
        }

        WeightTile best = candidates[CostModel.Cheapest(tier, candidates.Length, (i, f) => Cycles(tier.Families[f], candidates[i]))];
        return (best, Cost.PerFamily(tier, f => Cycles(f, best)));
    }

    private static double WeightTileCycles(CpuFamily f, WeightTile tile, int outputs, int inputs, int taps, long pixels)
    {
        double tiles = (double)(outputs / tile.Outputs) * (inputs / tile.Inputs) * Arithmetic.CeilingDivide(taps, tile.Columns);
        int operands = tile.Inputs * tile.Columns, accumulators = tile.Outputs * operands;
        double steps = pixels * (CostModel.StepCycles(f, accumulators, tile.Outputs + operands) + CostModel.LoopEnd(f));
        return tiles * (steps + (f.LaneSum * accumulators) + f.TileStart);
    }

    /// <summary>How many rows and vectors of a dense layer's weight gradient are summed in registers.</summary>
    public static (int Inputs, int Vectors) ChooseDenseGradientTile(Tier tier, int inputs, int panelVectors)
    {
        var candidates = new List<(int Inputs, int Vectors)>();
        for (int v = 1; v <= panelVectors; v++)
        {
            if (panelVectors % v != 0)
            {
                continue;
            }

            for (int i = 1; i * v <= tier.Accumulators && i <= inputs; i++)
            {
                if (v + 1 + (i * v) <= tier.Registers)
                {
                    candidates.Add((i, v));
                }
            }
        }

        double Cycles((int Inputs, int Vectors) t, CpuFamily f)
        {
            double tiles = Arithmetic.CeilingDivide(inputs, t.Inputs) * (panelVectors / t.Vectors);
            return tiles * (CostModel.StepCycles(f, t.Inputs * t.Vectors, t.Inputs + t.Vectors) + CostModel.LoopEnd(f));
        }

        return candidates[CostModel.Cheapest(
            tier, candidates.Count, (i, f) => Cycles(candidates[i], tier.Families[f]), i => candidates[i].Inputs * candidates[i].Vectors)];
    }
}
