using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>
/// The layout of transformed tiles in memory: [element][C/v][tile][v]. The products of one element read contiguous memory.
/// </summary>
/// <param name="Blocks">Blocks of v channels.</param>
internal readonly record struct WinogradElements(int Blocks, int Tiles, int Lanes)
{
    private const int Line = 16;

    /// <summary>The distance from one tile to the next.</summary>
    public int Tile => Lanes;

    /// <summary>The distance from one block of channels to the next.</summary>
    public int Block => Tiles * Lanes;

    /// <summary>
    /// The distance from one element to the next: an odd number of cache lines. Otherwise a tile's elements would share few sets of the
    /// first-level cache and evict each other.
    /// </summary>
    public int Element => (int)ElementLength;

    private long ElementLength => (((((long)Blocks * Block) + Line - 1) / Line) | 1) * Line;

    /// <summary>The number of floats.</summary>
    public long LengthOf(WinogradForm form) => form.Products * ElementLength;
}

/// <summary>The transform of the input. It computes the elements of each tile's window, for v channels at a time.</summary>
/// <param name="Channels">Blocks of channels.</param>
/// <param name="Input">The distances from one block of channels, row and column of the input to the next.</param>
internal sealed record WinogradInput(Tier Tier, WinogradTiles Tiles, int Channels, Strides Input) : Kernel(Tier)
{
    public override string Summary => $"Winograd {Tiles.Form}: input transform";

    public override Work WorkOf(IReadOnlyList<int> extents) => IsOfSizes
        ? new(WorkAxis.Tiles, Channels * Tiles.Rows.Count) : Work.Over(WorkAxis.Tiles, Channels * Tiles.Rows.Count);

    /// <summary>Records the transform of one window.</summary>
    /// <param name="x">The window's first pixel.</param>
    /// <param name="target">Where the first element is stored.</param>
    /// <param name="elements">The layout of the elements.</param>
    public void RecordTile(KernelBuilder k, Reference x, Reference target, WinogradElements elements) => k.Run(new Call(
        Transform(Tier, Tiles.Form, Tiles.Columns.Dilation), new AddressOf(x), Number.Named(Tiles.Rows.Dilation * Input.Row, "rowStride"),
        new AddressOf(target),
        Number.Named(elements.Element, "elementStride")));

    /// <summary>Bᵀ·d·B of a window: along its columns, then along its rows.</summary>
    /// <param name="dilation">The distance from one pixel of a window to the one beside it, in pixels.</param>
    private static DefinedFunction Transform(Tier tier, WinogradForm form, int dilation)
    {
        KernelBuilder k = tier.Builder();
        Pointer x = k.Parameter("x");
        IndexVariable rowStride = k.IntParameter("rowStride");
        Pointer transformed = k.Parameter("elements");
        IndexVariable elementStride = k.IntParameter("elementStride");
        (WinogradAxis down, WinogradAxis along) = (form.Vertical, form.Horizontal);
        Pointer[] pixels = [.. Enumerable.Range(0, down.Elements).Select(row => row == 0 ? x : k.PointTo($"x{row}", x[row * rowStride]))];
        for (int pass = 0; pass < down.Passes; pass++)
        {
            // Two rows of elements at a time, since all of them would not fit into the registers.
            int[] rows = down.ElementsOf(pass);
            if (rows.Length > 1)
            {
                k.Comment($"Rows {rows[0]} and {rows[1]}.");
            }

            using KernelBuilder.Scope scope = k.Braces();
            Variable[][] columns = [.. Enumerable.Range(0, along.Elements).Select(column => LetColumn(
                k, down, pass, [.. pixels.Select(row => row[column * dilation * tier.Lanes].Vector)], column))];
            for (int row = 0; row < rows.Length; row++)
            {
                Expression[] elements = along.InputOfAllPasses(k, [.. columns.Select(column => column[row])], row == 0 ? "A" : "B");
                StoreRow(k, k.PointTo($"e{rows[row]}", transformed[rows[row] * along.Elements * elementStride]), elements, elementStride);
            }
        }

        // This function depends only on the points. Forms with the same number of elements share it.
        return new DefinedFunction(
            $"TransformInput{down.Elements}x{along.Elements}" + (dilation > 1 ? $"Dilated{dilation}" : ""),
            form.Describe("Bᵀ", "d", "B",
                $"a window d of {down.Elements}×{along.Elements}" + (dilation > 1 ? $" with a dilation of {dilation}" : ""), "Winograd"),
            k.Nest(ElementType.None))
        {
            IsInlined = false,
        };
    }

    /// <summary>The elements of a column that a pass computes, as variables.</summary>
    private static Variable[] LetColumn(KernelBuilder k, WinogradAxis down, int pass, Expression[] pixels, int column) =>
        k.Let(down.Input(k, pass, pixels, $"{column}").Select((value, row) => ($"{(row == 0 ? "a" : "b")}{column}", value)));

    private static void StoreRow(KernelBuilder k, Pointer target, Expression[] elements, IndexVariable stride)
    {
        for (int column = 0; column < elements.Length; column++)
        {
            k.Store(target, elements[column]);
            if (column < elements.Length - 1)
            {
                k.Advance((target, stride));
            }
        }
    }

    protected override void Record(KernelBuilder k)
    {
        Pointer input = k.Parameter("input"), transformed = k.Parameter("transformed");
        var elements = new WinogradElements(Channels, Tiles.Count, Tier.Lanes);
        WinogradTileAxis.DependOnSize(k, IsOfSizes);
        using (k.Items(out Index[] outer, ("channel", Channels, 1), ("tileRow", Tiles.Rows.Count, 1)))
        {
            Index row = Tiles.Rows.First(k, "row", outer[1]);
            using (k.Loops(out Index[] inner, ("tileColumn", Tiles.Columns.Count, 1)))
            {
                Index column = Tiles.Columns.First(k, "column", inner[0]);
                RecordTile(
                    k, input[Index.Sum((outer[0], Input.Channel), (row, Input.Row), (column, Input.Column))],
                    transformed[Index.Sum((outer[0], elements.Block), (outer[1], Tiles.Columns.Count * elements.Tile),
                        (inner[0], elements.Tile))],
                    elements);
            }
        }
    }
}
