using System.Linq;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>
/// The weight gradient of a dense layer over the whole batch, for some rows of a panel: dW[i, o] = Σ X[i, n] · dY[n, o], an outer product
/// per sample. The lanes are output features, in the order of the packed weights. Samples are summed in order, whichever thread does it.
/// The extents are arguments, so that layers with the same tile share the method.
/// </summary>
/// <param name="TileInputs">Rows of the weights, one for each input, in registers at a time.</param>
/// <param name="TileVectors">Vectors of each row in registers at a time; they divide a panel.</param>
internal sealed record DenseWeightGradient(Tier Tier, int TileInputs, int TileVectors) : Kernel(Tier)
{
    public override string Summary =>
        $"Sum of outer products over samples; {Count(TileInputs, "input")} × {Count(TileVectors, "vector")} of outputs in registers";

    protected override void Record(KernelBuilder k)
    {
        int lanes = Tier.Lanes;
        Pointer input = k.Parameter("input"), gradient = k.Parameter("gradient");
        Index slotStride = k.IntParameter("slotStride"), samples = k.IntParameter("samples");
        Pointer weightGradient = k.Parameter("weightGradient");
        Index rows = k.IntParameter("rows"), panelWidth = k.IntParameter("panelWidth"), width = k.IntParameter("width");

        Variable[][] sums = [.. Enumerable.Range(0, TileInputs).Select(i => Enumerable.Range(0, TileVectors)
            .Select(o => new Variable(TileVectors == 1 ? $"s{i}" : $"s{i}_{o}")).ToArray())];
        using (k.For("vector", 0, panelWidth, TileVectors * lanes, out IndexVariable vector))
        using (k.For("tileRow", 0, rows, TileInputs, out IndexVariable tileRow))
        {
            IndexVariable row = k.LetInt("row", TileInputs == 1 ? tileRow : Index.Min(tileRow, rows - TileInputs));
            k.LetZeros(sums.SelectMany(s => s));
            Pointer slotInputs = k.PointTo("slotInputs", input[row * lanes]), slotGradients = k.PointTo("slotGradients", gradient[vector]);
            using (k.For("first", 0, samples, lanes, out IndexVariable first))
            {
                // Skip lanes without a sample: otherwise a batch of two would cost as much as a full block.
                IndexVariable present = k.LetInt("present", Index.Min(lanes, samples - first));
                Pointer x = k.PointTo("x", slotInputs), g = k.PointTo("g", slotGradients);
                using (k.For("sample", present, out _))
                {
                    RecordSample(k, sums, x, g);
                    k.Advance((x, 1), (g, width));
                }

                k.Advance((slotInputs, slotStride), (slotGradients, slotStride));
            }

            Store(k, sums, k.PointTo("w", weightGradient[(row * panelWidth) + vector]), panelWidth);
        }
    }

    /// <summary>The outer product of a sample.</summary>
    private void RecordSample(KernelBuilder k, Variable[][] sums, Pointer x, Pointer g)
    {
        int lanes = Tier.Lanes;
        Variable[] gradients = k.Let(Enumerable.Range(0, TileVectors).Select(o => ($"g{o}", Load(g, o * lanes))));
        for (int i = 0; i < TileInputs; i++)
        {
            Variable pixel = k.Let($"x{i}", Broadcast(x, i * lanes));
            Variable[] own = sums[i];
            k.Group(() =>
            {
                for (int o = 0; o < TileVectors; o++)
                {
                    k.Set(own[o], k.MultiplyAdd(pixel, gradients[o], own[o]));
                }
            });
        }
    }

    private void Store(KernelBuilder k, Variable[][] sums, Pointer w, Index panelWidth)
    {
        for (int i = 0; i < TileInputs; i++)
        {
            Variable[] own = sums[i];
            k.Group(() =>
            {
                for (int o = 0; o < TileVectors; o++)
                {
                    k.Store(w[o * Tier.Lanes], own[o]);
                }
            });
            if (i < TileInputs - 1)
            {
                k.Advance((w, panelWidth));
            }
        }
    }
}
