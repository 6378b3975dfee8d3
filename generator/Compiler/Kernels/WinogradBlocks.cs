using System.Collections.Generic;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>
/// Winograd's algorithm in blocks of tiles. Each block goes through all three phases before the next block: input transform, products,
/// output transform. Its elements are in the thread's scratch memory, and stay in the second-level cache, or in the core's share of the
/// last one. This is for images of many tiles.
/// </summary>
/// <param name="BlockTiles">Tiles of a block, a multiple of the tiles in registers.</param>
internal sealed record WinogradBlocks(
    Tier Tier, WinogradTiles Tiles, int BlockTiles, int Inputs, int InputBlocks, int OutputBlocks, Strides Input, Strides Output,
    Tile Tile, Epilogue Epilogue)
    : Kernel(Tier)
{
    /// <inheritdoc cref="WinogradProducts.ReadsAhead"/>
    public bool ReadsAhead { get; init; }

    public override string Summary =>
        $"Winograd {Tiles.Form}, {Count(BlockTiles, "tile")} at a time; products in registers {Count(Tile.Channels, "vector")} × "
        + $"{Count(Tile.Columns, "tile")}";

    public override Work WorkOf(IReadOnlyList<int> extents) => OfTiles(Arithmetic.CeilingDivide(Tiles.Count, BlockTiles));

    private Work OfTiles(int items) => IsOfSizes ? new(WorkAxis.Tiles, items) : Work.Over(WorkAxis.Tiles, items);

    protected override void Record(KernelBuilder k)
    {
        var input = new WinogradInput(Tier, Tiles, InputBlocks, Input);
        var output = new WinogradOutput(Tier, Tiles, OutputBlocks, Output, Epilogue);
        var products = new WinogradProducts(Tier, Tiles.Form.Products, OutputBlocks, Inputs, BlockTiles, Tile) { ReadsAhead = ReadsAhead };
        Pointer image = k.Parameter("input"), filters = k.Parameter("filters");
        EpilogueOperands operands = EpilogueOperands.Declare(k, Epilogue);
        Pointer transformed = k.Parameter("transformed"), multiplied = k.Parameter("products");
        WinogradElements before = new(InputBlocks, BlockTiles, Tier.Lanes), behind = new(OutputBlocks, BlockTiles, Tier.Lanes);
        TileSums sums = products.Sums(out TileRegisters registers);
        sums.Declare(k);
        Pointer outputs = output.DeclareTile(k);
        WinogradTileAxis.DependOnSize(k, IsOfSizes);
        if (IsOfSizes)
        {
            k.DependOnSize("firstTile");
        }

        using (k.Items(out Index[] block, ("firstTile", Tiles.Count, BlockTiles)))
        {
            Index first = block[0], end = Tiles.Count <= BlockTiles && !IsOfSizes ? Tiles.Count
                : Tiles.Count % BlockTiles == 0 && !IsOfSizes ? first + BlockTiles
                : k.LetInt("endTile", Index.Min(first + BlockTiles, k.OfLoop("firstTile", Tiles.Count, "tiles")));
            k.Comment("Input transform.");
            using (k.Loops(out Index[] channel, ("channel", InputBlocks, 1)))
            using (k.For("tile", first, end, 1, out IndexVariable tile))
            {
                (Index tileRow, Index tileColumn) = PlaceOf(k, tile);
                Index row = Tiles.Rows.First(k, "row", tileRow), column = Tiles.Columns.First(k, "column", tileColumn);
                input.RecordTile(
                    k, image[Index.Sum((channel[0], Input.Channel), (row, Input.Row), (column, Input.Column))],
                    transformed[Index.Sum((channel[0], before.Block)) + ((tile - first) * before.Tile)], before);
            }

            k.Comment("Products, an element at a time.");
            using (k.Loops(out Index[] at, ("element", Tiles.Form.Products, 1), ("panelChannel", OutputBlocks, Tile.Channels)))
            {
                products.RecordPanel(k, sums, registers, at[0], at[1], transformed, filters, multiplied);
            }

            k.Comment("Output transform.");
            using (k.Loops(out Index[] channel, ("channel", OutputBlocks, 1)))
            using (k.For("tile", first, end, 1, out IndexVariable tile))
            {
                (Index tileRow, Index tileColumn) = PlaceOf(k, tile);
                Reference place = multiplied[Index.Sum((channel[0], behind.Block)) + ((tile - first) * behind.Tile)];
                output.RecordTile(k, operands, channel[0], tileRow, tileColumn, outputs, place, behind);
            }
        }
    }

    private (Index TileRow, Index TileColumn) PlaceOf(KernelBuilder k, IndexVariable tile)
    {
        if (!IsOfSizes && (Tiles.Rows.Count == 1 || Tiles.Columns.Count == 1))
        {
            return Tiles.Rows.Count == 1 ? (0, tile) : (tile, 0);
        }

        Number columns = k.OfLoop("tileColumn", Tiles.Columns.Count, "tileColumns");
        IndexVariable[] place = k.LetInts(("tileRow", tile / columns), ("tileColumn", tile % columns));
        return (place[0], place[1]);
    }
}
