using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>
/// A dense layer for a block of samples, one sample per lane. A tile of outputs is in registers. Each step multiplies an input by a
/// broadcast weight. The extents are arguments, so that layers with the same tile share the method.
/// </summary>
/// <param name="Tile">Outputs in registers at a time.</param>
/// <param name="Cut">Where the sums over the inputs are cut.</param>
internal sealed record LaneDense(Tier Tier, int Tile, bool Bias, Activation? Activation, SumCut Cut) : Kernel(Tier)
{
    public override string Summary => $"Dense, a sample per lane; {Count(Tile, "output")} in registers";

    public override Work WorkOf(IReadOnlyList<int> extents) => new(WorkAxis.Channels, Arithmetic.CeilingDivide(extents[1], Tile));

    protected override void Record(KernelBuilder k)
    {
        Pointer input = k.Parameter("input"), weight = k.Parameter("weight");
        Pointer? bias = Bias ? k.Parameter("bias") : null;
        Pointer output = k.Parameter("output");
        Index inputs = k.IntParameter("inputs"), outputs = k.IntParameter("outputs"), panelWidth = k.IntParameter("panelWidth");

        Variable[] sums = [.. Enumerable.Range(0, Tile).Select(o => new Variable($"a{o}"))];
        var blocks = new TileSums(Cut, sums);
        blocks.Declare(k);
        using (k.Items("tile", Tile, out IndexVariable tile))
        {
            k.Comment("A last tile that would reach beyond the end begins earlier and writes some outputs a second time.");
            IndexVariable o = k.LetInt("o", Index.Min(tile, outputs - Tile));
            IndexVariable panel = k.LetInt("panel", o / panelWidth);
            Pointer x = k.PointTo("x", input);
            Pointer w = k.PointTo("w", weight[(panel * panelWidth * inputs) + (o - (panel * panelWidth))]);
            Pointer? b = bias is null ? null : k.PointTo("b", bias[o]);
            blocks.Begin(k, b is null ? null : [.. sums.Select((_, i) => Broadcast(b, i))]);
            if (!blocks.IsBlocked)
            {
                RecordInputs(k, sums, x, w, panelWidth, 0, inputs);
            }
            else
            {
                using (blocks.Block(k, "block", inputs, out IndexVariable block))
                {
                    RecordInputs(k, sums, x, w, panelWidth, block, Index.Min(block + Cut.Rounds, inputs));
                    blocks.EndBlock(k);
                }
            }

            using KernelBuilder.Scope whole = blocks.End(k);
            Pointer y = k.PointTo("y", output[o * Tier.Lanes]);
            k.Group(() =>
            {
                for (int i = 0; i < Tile; i++)
                {
                    k.Store(y[i * Tier.Lanes], Activation.Apply(sums[i]));
                }
            });
        }
    }

    private void RecordInputs(KernelBuilder k, Variable[] sums, Pointer x, Pointer w, Index panelWidth, Index first, Index end)
    {
        using (k.For("i", first, end, 1, out _))
        {
            k.Group(() =>
            {
                Variable input = k.Let("x0", x[0].Vector);
                for (int i = 0; i < sums.Length; i++)
                {
                    k.Set(sums[i], k.MultiplyAdd(input, Broadcast(w, i), sums[i]));
                }
            });
            k.Advance((x, Tier.Lanes), (w, panelWidth));
        }
    }
}
