using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
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

    public override Work WorkOf(IReadOnlyList<int> extents) => Work.Of(WorkAxis.Tiles, Channels * Tiles.Rows.Count);

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

/// <summary>The transform of the products to outputs, and the epilogue of the tile, which is still in registers.</summary>
/// <param name="Channels">Blocks of channels.</param>
/// <param name="Output">The distances from one block of channels, row and column of the result to the next, after pooling.</param>
internal sealed record WinogradOutput(Tier Tier, WinogradTiles Tiles, int Channels, Strides Output, Epilogue Epilogue) : Kernel(Tier)
{
    public override string Summary => $"Winograd {Tiles.Form}: output transform";

    public override Work WorkOf(IReadOnlyList<int> extents) => Work.Of(WorkAxis.Tiles, Channels * Tiles.Rows.Count);

    private FusedPool Pool => Epilogue.Pool ?? new FusedPool(PoolingKind.Max, 1, 1);

    protected override void Record(KernelBuilder k)
    {
        Pointer products = k.Parameter("products");
        EpilogueOperands operands = EpilogueOperands.Of(k, Epilogue);
        var elements = new WinogradElements(Channels, Tiles.Count, Tier.Lanes);
        Pointer tile = DeclareTile(k);
        using (k.Items(out Index[] outer, ("channel", Channels, 1), ("tileRow", Tiles.Rows.Count, 1)))
        using (k.Loops(out Index[] inner, ("tileColumn", Tiles.Columns.Count, 1)))
        {
            Index place = Index.Sum((outer[0], elements.Block), (outer[1], Tiles.Columns.Count * elements.Tile), (inner[0], elements.Tile));
            RecordTile(k, operands, outer[0], outer[1], inner[0], tile, products[place], elements);
        }
    }

    /// <summary>Declares memory for the outputs of a tile. This stands at the top of the kernel.</summary>
    public Pointer DeclareTile(KernelBuilder k)
    {
        Pointer span = new("outputTile", ElementType.Vector, IsSpan: true), first = new("outputs", ElementType.Vector);
        k.Add(new Allocate(span, first, Tiles.Form.Outputs));
        return first;
    }

    /// <summary>Records the transform of one tile, and stores its outputs.</summary>
    /// <param name="tile">Memory for the tile's outputs.</param>
    /// <param name="products">The tile's first product.</param>
    /// <param name="elements">The layout of the products.</param>
    public void RecordTile(
        KernelBuilder k, EpilogueOperands operands, Index channel, Index tileRow, Index tileColumn, Pointer tile, Reference products,
        WinogradElements elements)
    {
        int width = Tiles.Form.Horizontal.Outputs;
        k.Run(new Call(
            Transform(Tier, Tiles.Form), new AddressOf(products), Number.Named(elements.Element, "elementStride"), new AddressOf(tile)));
        Index[] rows = Tiles.Rows.Results(k, "row", tileRow, Pool.Height, 1),
            columns = Tiles.Columns.Results(k, "column", tileColumn, Pool.Width, Tier.Lanes);
        Pointer y = k.PointTo("y", operands.Output[Index.Sum((channel, Output.Channel))]);
        Pointer? r = operands.Other is null ? null : k.PointTo("r", operands.Other[Index.Sum((channel, Epilogue.Join!.Other.Channel))]);
        Pointer RowOf(Pointer pointer, Strides strides, string name, int row) =>
            k.PointTo(name + row, pointer[rows[row] * Number.Named(strides.Row, name + "RowStride")]);
        Index perChannel = Index.Sum((channel, Tier.Lanes));
        Variable? bias = operands.Bias is null ? null : k.Let("b", operands.Bias[perChannel].Vector);
        Variable[] scale = operands.Scale is null ? []
            : k.Let(("s", operands.Scale[perChannel].Vector), ("t", operands.Shift![perChannel].Vector));
        for (int row = 0; row < rows.Length; row++)
        {
            Pointer target = RowOf(y, Output, "y", row);
            Pointer? added = r is null ? null : RowOf(r, Epilogue.Join!.Other, "r", row);
            k.Group(() =>
            {
                for (int column = 0; column < columns.Length; column++)
                {
                    Expression[] window =
                    [
                        .. from ky in Enumerable.Range(0, Pool.Height)
                           from kx in Enumerable.Range(0, Pool.Width)
                           select tile[(((row * Pool.Height) + ky) * width) + (column * Pool.Width) + kx].Value,
                    ];
                    k.Store(target[columns[column]],
                        Epilogue.ResultOf(window, sum => Epilogue.Linear(k, sum, bias, scale),
                            added?[columns[column]].Vector, Epilogue.Pooled));
                }
            });
        }
    }

    /// <summary>Aᵀ·M·A of a tile's products: along its columns, then along its rows.</summary>
    private static DefinedFunction Transform(Tier tier, WinogradForm form)
    {
        KernelBuilder k = tier.Builder();
        Pointer products = k.Parameter("products");
        IndexVariable elementStride = k.IntParameter("elementStride");
        Pointer tile = k.Parameter(new Pointer("tile", ElementType.Vector));
        (WinogradAxis down, WinogradAxis along) = (form.Vertical, form.Horizontal);
        for (int parity = 0; parity < Math.Min(down.Outputs, 2); parity++)
        {
            // Every second row of outputs at a time, since all of them would not fit into the registers.
            int[] rows = down.OutputsOf(parity);
            if (down.Outputs > 1)
            {
                k.Comment(rows.Length == 1 ? $"Row {rows[0]}." : $"Rows {string.Join(" and ", rows)}.");
            }

            using KernelBuilder.Scope scope = k.Braces();
            Expression[,] vertical = new Expression[rows.Length, along.Elements];
            for (int column = 0; column < along.Elements; column++)
            {
                int[] read = [.. down.ProductsOf(parity)];
                Pointer m = k.PointTo($"m{column}", products[(column + (read[0] * along.Elements)) * elementStride]);
                var own = new Expression[down.Elements];
                foreach (int row in read)
                {
                    own[row] = k.Let($"m{row}{column}", m[0].Vector);
                    if (row != read.Last())
                    {
                        k.Advance((m, along.Elements * elementStride));
                    }
                }

                Variable[] outputs = k.Let(down.Output(k, parity, own, $"{column}").Select((value, i) => ($"a{rows[i]}{column}", value)));
                for (int i = 0; i < outputs.Length; i++)
                {
                    vertical[i, column] = outputs[i];
                }
            }

            for (int i = 0; i < rows.Length; i++)
            {
                Expression[] line = [.. Enumerable.Range(0, along.Elements).Select(column => vertical[i, column])];
                for (int side = 0; side < Math.Min(along.Outputs, 2); side++)
                {
                    Expression[] outputs = along.Output(k, side, line, $"{(side == 0 ? "Even" : "Odd")}{rows[i]}");
                    foreach ((int column, Expression output) in along.OutputsOf(side).Zip(outputs, (column, output) => (column, output)))
                    {
                        k.Store(tile[(rows[i] * along.Outputs) + column], output);
                    }
                }
            }
        }

        return new DefinedFunction(
            $"TransformProducts{form.Suffix}", form.Describe("Aᵀ", "M", "A", "a tile's products M"),
            k.Nest(ElementType.None))
        {
            IsInlined = false,
        };
    }
}

/// <summary>
/// The transform of the filters. It reads them in blocks of v output channels, as other kernels do, and writes panels of k such blocks for
/// each element: [element][O/(k·v)][I][k][v].
/// </summary>
/// <param name="Outputs">Blocks of output channels.</param>
/// <param name="Inputs">Input channels.</param>
/// <param name="PanelVectors">Blocks of a panel, k.</param>
internal sealed record WinogradFilters(Tier Tier, WinogradForm Form, int Outputs, int Inputs, int PanelVectors) : Kernel(Tier)
{
    /// <summary>How taps are copied to other memory before the transform; null if they are read where they are.</summary>
    public FilterUnshuffle? Unshuffle { get; init; }

    public override string Summary =>
        $"Winograd {Form}: transform of the filters"
        + (Unshuffle is null ? "" : $" for {Unshuffle.StrideRows}×{Unshuffle.StrideColumns} pixels in channels");

    public override Work WorkOf(IReadOnlyList<int> extents) => Work.Of(WorkAxis.Channels, Outputs);

    protected override void Record(KernelBuilder k)
    {
        Pointer weight = k.Parameter("weight");
        Pointer? unshuffled = Unshuffle is null ? null : k.Parameter("unshuffled");
        Pointer transformed = k.Parameter("transformed");
        int lanes = Tier.Lanes, taps = Form.Vertical.Taps * Form.Horizontal.Taps, panel = Inputs * PanelVectors * lanes;
        using (k.Items(out Index[] outer, ("channel", Outputs, 1)))
        {
            if (unshuffled is not null)
            {
                Pointer[] block = k.PointTo(
                    ("w", weight[Index.Sum((outer[0], Unshuffle!.WeightLength * lanes))]),
                    ("g", unshuffled[Index.Sum((outer[0], Inputs * taps * lanes))]));
                Unshuffle.Record(k, lanes, block[0], block[1]);
            }

            using (k.Loops(out Index[] inner, ("input", Inputs, 1)))
            {
                Reference w = (unshuffled ?? weight)[Index.Sum((outer[0], Inputs * taps * lanes), (inner[0], taps * lanes))];
                Reference u = transformed[(outer[0] / PanelVectors * Number.Named(panel, "panelStride"))
                    + (outer[0] % PanelVectors * lanes) + Index.Sum((inner[0], PanelVectors * lanes))];
                k.Run(new Call(
                    Transform(Tier, Form), new AddressOf(w), new AddressOf(u), Number.Named(Outputs * Inputs * lanes, "elementStride")));
            }
        }
    }

    /// <summary>G·g·Gᵀ of v filters: along their columns, then along their rows.</summary>
    private static DefinedFunction Transform(Tier tier, WinogradForm form)
    {
        KernelBuilder k = tier.Builder();
        Pointer weight = k.Parameter("weight"), u = k.Parameter("transformed");
        IndexVariable elementStride = k.IntParameter("elementStride");
        (WinogradAxis down, WinogradAxis along) = (form.Vertical, form.Horizontal);
        form.RecordElements(
            k, along.Taps,
            column => [.. Enumerable.Range(0, down.Taps).Select(row => weight[((row * along.Taps) + column) * tier.Lanes].Vector)],
            (axis, taps, suffix) => axis.Filter(k, taps, suffix), u, elementStride);
        return new DefinedFunction(
            $"TransformFilter{form.Suffix}", form.Describe("G", "g", "Gᵀ", "a filter g in each lane"),
            k.Nest(ElementType.None))
        {
            IsInlined = false,
        };
    }
}
