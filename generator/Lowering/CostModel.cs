using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Generator.Kernels;

namespace Strata.Generator.Lowering;

/// <summary>
/// The one place where algorithms and tiles are compared: expected cycles of a core with two multiply-adds and two loads a
/// cycle (Zen 5).
/// </summary>
internal static class CostModel
{
    private const double MultiplyAddsPerCycle = 2, LoadsPerCycle = 2;

    /// <summary>What a vector of weights costs that no longer comes from the first-level cache, or not even from the second.</summary>
    private const double CyclesFromSecondLevel = 1.5, CyclesFromBeyond = 4;

    /// <summary>Bytes of weights that stay in the caches of a core, beside what else is there.</summary>
    private const long FirstLevelBytes = 32 << 10, SecondLevelBytes = 768 << 10;

    /// <summary>An accumulator waits this long for its previous multiply-add.</summary>
    private const double MultiplyAddLatency = 4;

    /// <summary>What a tile costs besides its multiply-adds: addresses, loop, pipeline that fills; and per accumulator its bias and store.</summary>
    private const double TileOverhead = 14, AccumulatorOverhead = 1.5;

    // What the other steps take, roughly: they decide only when a partly filled block beats one sample after the other, and
    // whether a conversion is worth it. A count of elements is one of vectors where lanes are samples.

    /// <summary>Moving elements of one sample from one layout to another, one by one.</summary>
    public static double Move(int elements) => 1.5 * elements;

    /// <summary>Bringing samples into lanes or out of them.</summary>
    public static double Transposition(int elementsPerSample) => 2.5 * elementsPerSample;

    /// <summary>A load for each operand, a store, and little arithmetic.</summary>
    public static double Elementwise(int vectors, int operands = 1) => 0.5 * vectors * (operands + 1);

    public static double Softmax(int vectors) => 8.0 * vectors;

    /// <summary>Twenty rounds of Threefry.</summary>
    public static double Dropout(int vectors) => 40.0 * vectors;

    public static double WindowPooling(int outputs, int area) => outputs * (6.0 + area);

    public static double ClearHalo(int rows) => 2.0 * rows;

    /// <summary>Each weight is read once: at a vector a cycle from the second-level cache, and slower from beyond.</summary>
    public static double VectorTimesMatrix(int weightVectors) => weightVectors;

    /// <summary>Bound by the loads of the weights, nearly two multiply-adds a cycle.</summary>
    public static double LaneDense(long multiplyAdds) => multiplyAdds / 1.9;

    /// <summary>
    /// The cheapest tile. Its channels divide what one block of weights holds, its rows and columns are whole pooling windows.
    /// </summary>
    /// <param name="steps">Input channels × taps.</param>
    /// <param name="channelBlock">Channels that lie side by side in the packed weights.</param>
    public static (Tile Tile, double Cycles) ChooseTile(
        Tier tier, ConvolutionForm form, int channels, int channelBlock, int rows, int columns, int poolRows, int poolColumns, long steps)
    {
        // With one pixel each multiply-add loads its own weight: more than a dozen hide no more latency and save no load.
        const int SinglePixelAccumulators = 12;
        int most = rows * columns == 1 ? Math.Min(SinglePixelAccumulators, tier.Accumulators) : tier.Accumulators;
        var candidates = new List<(Tile Tile, double Cycles)>();
        for (int c = 1; c <= Math.Min(channels, most); c++)
        {
            if (channels % c != 0 || channelBlock % c != 0)
            {
                continue;
            }

            for (int r = poolRows; r <= rows && c * r <= tier.Accumulators; r += poolRows)
            {
                for (int x = poolColumns; x <= columns && c * r * x <= tier.Accumulators; x += poolColumns)
                {
                    var tile = new Tile(c, r, x);
                    double tiles = (double)(channels / c) * CeilingDivide(rows, r) * CeilingDivide(columns, x);
                    double cycles = tiles * ((steps * StepCycles(tier, form, tile, steps)) + TileOverhead + (AccumulatorOverhead * tile.Accumulators));
                    candidates.Add((tile, cycles));
                }
            }
        }

        return candidates.OrderBy(c => c.Cycles).First();
    }

    /// <summary>
    /// The smallest of those that are nearly the fastest: a tile twice as large is twice the text and twice the JIT's time.
    /// </summary>
    private static (T Tile, double Cycles) Smallest<T>(List<(T Tile, double Cycles)> candidates, Func<T, int> size)
    {
        const double NearlyFastest = 1.1;
        double least = candidates.Min(c => c.Cycles);
        return candidates.Where(c => c.Cycles <= NearlyFastest * least).OrderBy(c => size(c.Tile)).ThenBy(c => c.Cycles).First();
    }

    private static double StepCycles(Tier tier, ConvolutionForm form, Tile tile, long steps)
    {
        int pixels = tile.Rows * tile.Columns;

        // A 512-bit load at any column touches two cache lines.
        double pixelLoads = form == ConvolutionForm.RowLanes ? pixels * (1 + (tier.Lanes / 16.0)) : pixels;
        double loads = (pixelLoads + tile.Channels) / LoadsPerCycle;
        double cycles = Math.Max(Math.Max(tile.Accumulators / MultiplyAddsPerCycle, loads), MultiplyAddLatency);
        if (form != ConvolutionForm.ChannelLanes)
        {
            return cycles;
        }

        // Every tile of pixels reads the weights of its channels from the first to the last: many channels and few pixels wait for them.
        long bytes = tile.Channels * steps * tier.Lanes * sizeof(float);
        double weight = bytes <= FirstLevelBytes ? 0 : bytes <= SecondLevelBytes ? CyclesFromSecondLevel : CyclesFromBeyond;
        return Math.Max(cycles, tile.Channels * weight * tier.Lanes / 16);
    }

    /// <summary>
    /// Outputs of a dense layer in registers at a time. Tiles lie in one panel of the packed weights each; with several panels
    /// they divide it, with one the last tile may overlap the one before.
    /// </summary>
    public static int ChooseDenseTile(Tier tier, int outputs, int panelWidth) => panelWidth == outputs
        ? Math.Min(outputs, tier.Accumulators)
        : Enumerable.Range(1, tier.Accumulators).Last(t => panelWidth % t == 0 && outputs % t == 0);

    /// <summary>The cheapest tile of weights for a convolution's weight gradient.</summary>
    public static WeightTile ChooseWeightTile(Tier tier, int outputs, int outputBlock, int inputs, int taps, long pixels)
    {
        const double SumCycles = 6;
        var candidates = new List<(WeightTile Tile, double Cycles)>();
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
                    // The gradients and one input beside the accumulators.
                    if (o + 1 + (o * i * k) > tier.Registers)
                    {
                        continue;
                    }

                    double tiles = (double)(outputs / o) * (inputs / i) * CeilingDivide(taps, k);
                    int accumulators = o * i * k;
                    double step = Math.Max(
                        Math.Max(accumulators / MultiplyAddsPerCycle, (o + (i * k)) / LoadsPerCycle), MultiplyAddLatency) + 0.5;
                    double cycles = tiles * ((pixels * step) + (SumCycles * accumulators) + TileOverhead);
                    candidates.Add((new WeightTile(o, i, k), cycles));
                }
            }
        }

        return candidates.OrderBy(c => c.Cycles).First().Tile;
    }

    /// <summary>Rows and vectors of a dense layer's weight gradient that are summed in registers.</summary>
    public static (int Inputs, int Vectors) ChooseDenseGradientTile(Tier tier, int inputs, int panelVectors)
    {
        var candidates = new List<((int Inputs, int Vectors) Tile, double Cycles)>();
        for (int v = 1; v <= panelVectors; v++)
        {
            if (panelVectors % v != 0)
            {
                continue;
            }

            for (int i = 1; i * v <= tier.Accumulators && i <= inputs; i++)
            {
                if (v + 1 + (i * v) > tier.Registers)
                {
                    continue;
                }

                double tiles = CeilingDivide(inputs, i) * (panelVectors / v);
                double step = Math.Max(Math.Max(i * v / MultiplyAddsPerCycle, (i + v) / LoadsPerCycle), MultiplyAddLatency) + 0.5;
                candidates.Add(((i, v), tiles * step));
            }
        }

        return Smallest(candidates, t => t.Inputs * t.Vectors).Tile;
    }

    private static int CeilingDivide(int dividend, int divisor) => (dividend + divisor - 1) / divisor;
}
