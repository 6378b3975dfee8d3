using System.Collections.Generic;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>
/// The products between Winograd's transforms. For each element, the matrix of filters, outputs × inputs, is multiplied by the matrix of
/// tiles, inputs × tiles. The sums of some blocks of channels × some tiles are in registers.
/// </summary>
/// <param name="Elements">Elements of a tile.</param>
/// <param name="Outputs">Blocks of output channels.</param>
/// <param name="Inputs">Input channels.</param>
/// <param name="Tiles">The number of Winograd tiles: those of the image, or those of a block of tiles.</param>
/// <param name="Tile">What is in registers: blocks of channels, and Winograd tiles as columns.</param>
internal sealed record WinogradProducts(Tier Tier, int Elements, int Outputs, int Inputs, int Tiles, Tile Tile) : Kernel(Tier)
{
    private const int ManyAccumulators = 20;

    /// <summary>Whether the next filters are prefetched, since filters come from memory.</summary>
    public bool ReadsAhead { get; init; }

    public override string Summary =>
        $"Winograd: products of filters and tiles, an element at a time; in registers {Count(Tile.Channels, "vector")} × "
        + $"{Count(Tile.Columns, "tile")}";

    /// <summary>Channels per iteration. Their multiply-adds take longer than the loop's own instructions.</summary>
    private int Unrolled => Tile.Accumulators >= ManyAccumulators ? 2 : 4;

    /// <summary>The loops over input channels: over blocks and lanes if all blocks are full.</summary>
    private int[] Extents => Inputs % Tier.Lanes == 0 ? [Inputs / Tier.Lanes, Tier.Lanes] : [Inputs];

    private WinogradElements Input => new((Inputs + Tier.Lanes - 1) / Tier.Lanes, Tiles, Tier.Lanes);

    private WinogradElements Output => new(Outputs, Tiles, Tier.Lanes);

    public override Work WorkOf(IReadOnlyList<int> extents) =>
        Work.Over(WorkAxis.Tiles, Elements * Arithmetic.CeilingDivide(Outputs, Tile.Channels));

    /// <summary>Floats of the filters that a round prefetches, if that was chosen for another size; otherwise null.</summary>
    private int? FloatsAhead { get; init; }

    private int AheadOfRound => FloatsAhead ?? (!ReadsAhead ? 0 : WeightsAhead.FloatsOf(
        (Extents.Length == 2 ? Unrolled : 1) * Tile.Channels * Tier.Lanes, Arithmetic.CeilingDivide(Tiles, Tile.Columns)));

    public override Kernel? Kind => this with { Tiles = 0, Tile = Tile with { Columns = 0 }, FloatsAhead = null };

    public override Kernel? Like(Kernel other) => other is WinogradProducts like && like.Tile.Columns <= Tiles
        ? this with { Tile = like.Tile, FloatsAhead = like.AheadOfRound } : null;

    protected override void Record(KernelBuilder k)
    {
        Pointer transformed = k.Parameter("transformed"), filters = k.Parameter("filters"), products = k.Parameter("products");
        TileSums sums = Sums(out TileRegisters registers);
        sums.Declare(k);
        if (IsOfSizes)
        {
            k.DependOnSize("tile");
        }

        using (k.Items(out Index[] at, ("element", Elements, 1), ("channel", Outputs, Tile.Channels)))
        {
            RecordPanel(k, sums, registers, at[0], at[1], transformed, filters, products);
        }
    }

    public TileSums Sums(out TileRegisters registers)
    {
        registers = new TileRegisters(Tile);
        return new TileSums(SumCut.IntoBlocks(SumCut.Products, Extents), registers.Accumulators);
    }

    /// <summary>Records the products of one element and panel of filters with all tiles.</summary>
    public void RecordPanel(
        KernelBuilder k, TileSums sums, TileRegisters registers, Index element, Index channel, Pointer transformed,
        Pointer filters, Pointer products)
    {
        int lanes = Tier.Lanes;
        Pointer panel = k.PointTo("panel", filters[Index.Sum((element, Outputs * Inputs * lanes), (channel, Inputs * lanes))]);
        int floats = AheadOfRound;
        WeightsAhead? ahead = floats > 0 ? new WeightsAhead(k, panel[Tile.Channels * Inputs * lanes], [0], floats) : null;
        using (k.Loops(out Index[] loop, ("tile", Tiles, Tile.Columns)))
        {
            Index tile = (Tiles <= Tile.Columns || Tiles % Tile.Columns == 0) && !k.DependsOnSize("tile") ? loop[0]
                : k.LetInt("from", Index.Min(loop[0], k.OfLoop("tile", Tiles - Tile.Columns, "lastTile")));
            Pointer x = k.PointTo("x", transformed[Index.Sum((element, Input.Element)) + (tile * Input.Tile)]);
            sums.Begin(k);
            int filter = Tile.Channels * lanes;
            if (Extents.Length == 2)
            {
                sums.Loop(k, 0, [("block", Extents[0], 1)], block =>
                {
                    Pointer[] at = k.PointTo(("v", x[Index.Sum((block[0], Input.Block))]), ("u", panel[block[0] * (lanes * filter)]));
                    sums.Loop(k, 1, [("lane", lanes, Unrolled)], _ =>
                    {
                        ahead?.Record();
                        for (int lane = 0; lane < Unrolled; lane++)
                        {
                            RecordChannel(k, registers, at, lane);
                        }

                        k.Advance([(at[0], Unrolled), (at[1], Unrolled * filter), .. ahead is null ? [] : new[] { ahead.Step }]);
                    });
                });
            }
            else
            {
                var input = new ChannelAddress(Input.Block, Inputs > lanes ? lanes : 0);
                sums.Loop(k, 0, [("c", Inputs, 1)], c =>
                {
                    ahead?.Record();
                    RecordChannel(k, registers,
                        k.PointTo(("v", x[Inputs > lanes ? input.At(c[0]) : c[0]]), ("u", panel[c[0] * filter])), 0);
                    k.Advance(ahead is null ? [] : [ahead.Step]);
                });
            }

            using KernelBuilder.Scope whole = sums.End(k);
            Pointer m = k.PointTo("m", products[Index.Sum((element, Output.Element), (channel, Output.Block)) + (tile * Output.Tile)]);
            k.Group(() =>
            {
                foreach (TileElement e in registers.Elements)
                {
                    k.Store(m[(e.Channel * Number.Offset(Output.Block, "mChannelStride")) + (e.Column * Output.Tile)],
                        registers[e.Channel, 0, e.Column]);
                }
            });
        }
    }

    /// <summary>Records the products of one input channel.</summary>
    /// <param name="at">Pointers to the tiles and the filters.</param>
    /// <param name="lane">The channel, counted from these pointers.</param>
    private void RecordChannel(KernelBuilder k, TileRegisters registers, Pointer[] at, int lane)
    {
        int filter = lane * Tile.Channels * Tier.Lanes;
        registers.RecordProducts(
            k, channel => at[1][filter + (channel * Tier.Lanes)].Vector, e => at[0][lane + (e.Column * Input.Tile)].Broadcast,
            isFirst: lane == 0);
    }
}
