using System.Collections.Generic;
using System.Linq;
using Strata.Generator.Graph;
using Strata.Generator.KernelLanguage;

namespace Strata.Generator.Kernels;

/// <summary>
/// A dense layer for several samples whose tensors lie apart: some vectors of a panel × samples in registers, so that each weight that is loaded
/// serves several samples. The inputs are added in the order, and cut where, they are for one sample: a sample's bits are the same.
/// </summary>
/// <param name="Panels">Panels of the weights, the items of the kernel.</param>
/// <param name="PanelVectors">Vectors of outputs in a panel.</param>
/// <param name="Channels">Channels of a sample's input, or its features where they follow one another.</param>
/// <param name="Channel">Where a channel stands.</param>
/// <param name="Vertical">Rows of a channel.</param>
/// <param name="Horizontal">Columns of a row.</param>
internal sealed record SamplesTimesPanels(
    Tier Tier, int Panels, int PanelVectors, int Channels, ChannelAddress Channel, Taps Vertical, Taps Horizontal, bool Bias, Activation? Activation)
    : Kernel(Tier)
{
    /// <summary>Samples in registers, and the fewest that it takes: the last ones are computed anew where they do not divide.</summary>
    public const int Samples = 4;

    /// <summary>Features that are written out where they follow one another: as many as hide the loop behind their multiply-adds.</summary>
    private const int Unrolled = 4;

    public override string Summary =>
        $"Dense for several samples, lanes are outputs; in registers {Count(Vectors, "vector")} × {Count(Samples, "sample")}";

    private int Vectors => Enumerable.Range(1, PanelVectors).Last(v => PanelVectors % v == 0 && v * Samples <= Tier.Accumulators);

    private int PanelWidth => PanelVectors * Tier.Lanes;

    private bool IsFlat => Vertical.Count * Horizontal.Count == 1;

    public override Work WorkOf(IReadOnlyList<int> extents) => Work.Of(WorkAxis.Panels, Panels);

    protected override void Record(KernelBuilder k)
    {
        int lanes = Tier.Lanes;
        Pointer input = k.Parameter("input"), weight = k.Parameter("weight");
        Pointer? bias = Bias ? k.Parameter("bias") : null;
        Pointer output = k.Parameter("output");
        Index samples = k.IntParameter("samples"), arenaStride = k.IntParameter("arenaStride");
        var registers = new TileRegisters(new Tile(Vectors, 1, Samples));
        var sums = new TileSums(
            IsFlat ? SumCut.Of(SumCut.Products, Channels) : SumCut.Of(SumCut.Products, Channels, 1, Vertical.Count, Horizontal.Count), registers.Accumulators);
        sums.Declare(k);
        using (k.Items(out Index[] panel, ("panel", Panels, 1)))
        using (k.Loops(out Index[] vector, ("vector", PanelVectors, Vectors)))
        using (k.For("tile", 0, samples, Samples, out IndexVariable tile))
        {
            k.Comment("A last tile that would reach beyond the end begins earlier and computes some samples a second time.");
            Index sample = k.LetInt("sample", Index.Min(tile, samples - Samples));
            Index place = Index.Sum((panel[0], PanelWidth), (vector[0], lanes));
            Pointer inputs = k.PointTo("inputs", input[sample * arenaStride]);
            Pointer w = k.PointTo("w", weight[Index.Sum((panel[0], Channels * Vertical.Count * Horizontal.Count * PanelWidth), (vector[0], lanes))]);
            Pointer? b = bias is null ? null : k.PointTo("b", bias[place]);
            sums.Begin(k, b is null ? null : [.. registers.Elements.Select(e => Load(b, e.Channel * lanes))]);
            if (IsFlat)
            {
                RecordFeatures(k, sums, registers, Start(k, inputs, arenaStride, 0), w);
            }
            else
            {
                RecordChannels(k, sums, registers, inputs, arenaStride, w);
            }

            using KernelBuilder.Scope whole = sums.End(k);
            Pointer y = k.PointTo("y", output[(sample * arenaStride) + place]);
            k.Group(() =>
            {
                foreach (TileElement e in registers.Elements)
                {
                    k.Store(y[(e.Column * arenaStride) + (e.Channel * lanes)], Activation.Of(registers[e.Channel, 0, e.Column]));
                }
            });
        }
    }

    /// <summary>A pointer for each sample.</summary>
    private static Pointer[] Start(KernelBuilder k, Pointer inputs, Index arenaStride, Index offset) =>
        k.PointTo([.. Enumerable.Range(0, Samples).Select(s => ($"x{s}", inputs[(s * arenaStride) + offset]))]);

    private void RecordFeatures(KernelBuilder k, TileSums sums, TileRegisters registers, Pointer[] x, Pointer w)
    {
        int unrolled = Channels % Unrolled == 0 ? Unrolled : 1;
        sums.Loop(k, 0, [("feature", Channels, unrolled)], _ =>
        {
            for (int i = 0; i < unrolled; i++)
            {
                RecordFeature(k, registers, x, w, i);
            }

            Advance(k, x, unrolled, w, unrolled);
        });
    }

    private void RecordChannels(KernelBuilder k, TileSums sums, TileRegisters registers, Pointer inputs, Index arenaStride, Pointer w) =>
        sums.Loop(k, 0, [("c", Channels, 1), ("kz", 1, 1)], c =>
        {
            Pointer[] x = Start(k, inputs, arenaStride, Channel.Of(c[0]));
            sums.Loop(k, 2, [("row", Vertical.Count, 1)], _ =>
            {
                Pointer[] row = k.PointTo([.. x.Select((pointer, s) => ($"row{s}", pointer[0]))]);
                sums.Loop(k, 3, [("column", Horizontal.Count, 1)], _ =>
                {
                    RecordFeature(k, registers, row, w, 0);
                    Advance(k, row, Horizontal.InputStep, w, 1);
                });
                if (Vertical.Count > 1)
                {
                    k.Advance([.. x.Select(pointer => (pointer, (Index)Vertical.InputStep))]);
                }
            });
        });

    private void Advance(KernelBuilder k, Pointer[] x, int step, Pointer w, int features) =>
        k.Advance([.. x.Select(pointer => (pointer, (Index)step)), (w, features * PanelWidth)]);

    /// <summary>Records the products of one feature, <paramref name="index"/> behind the pointers.</summary>
    private void RecordFeature(KernelBuilder k, TileRegisters registers, Pointer[] x, Pointer w, int index)
    {
        Variable[] weights = k.Renew(
            index == 0, [.. Enumerable.Range(0, Vectors).Select(v => ($"w{v}", Load(w, (index * PanelWidth) + (v * Tier.Lanes))))]);
        for (int s = 0; s < Samples; s++)
        {
            int sample = s;
            k.Group(() =>
            {
                Variable value = k.Renew(index == 0, ($"v{sample}", Broadcast(x[sample], index)))[0];
                for (int v = 0; v < Vectors; v++)
                {
                    Variable accumulator = registers[v, 0, sample];
                    k.Set(accumulator, k.MultiplyAdd(value, weights[v], accumulator));
                }
            });
        }
    }
}
