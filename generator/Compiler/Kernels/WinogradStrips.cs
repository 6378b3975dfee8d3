using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>The layout of the transformed rows of a strip: [element][C][pitch].</summary>
/// <param name="Columns">Columns that are transformed, in whole vectors.</param>
/// <param name="Pitch">The distance from one channel to the next. It covers all columns that are read, also those beyond the image.</param>
internal readonly record struct StripRows(int Channels, int Columns, int Pitch)
{
    private const int Line = 16;

    /// <summary>
    /// The distance from one element to the next: an odd number of cache lines, like <see cref="WinogradElements.Element"/>.
    /// </summary>
    public int Element => (int)ElementLength;

    private long ElementLength => ((((long)Channels * Pitch) + Line - 1) / Line | 1) * Line;

    /// <summary>The number of floats.</summary>
    public long LengthOf(WinogradAxis axis) => axis.Elements * ElementLength;
}

/// <summary>
/// Winograd's algorithm along the columns of an image only, in strips of m rows of outputs. A strip takes three phases:
/// 1. The rows that it reads are transformed to elements.
/// 2. Each element is a row, and is convolved with r′ taps of its own.
/// 3. The products are transformed back to m rows of outputs.
/// It is for images of few channels. The transforms take vectors of a row's pixels, where the other kernels take vectors of channels. A
/// row is transformed once for all columns of a filter.
/// </summary>
/// <param name="LaneUse">Whether lanes are neighbours in a row, or output channels.</param>
/// <param name="Rows">The strips.</param>
/// <param name="Inputs">Input channels.</param>
/// <param name="Channels">Output channels, or blocks of them.</param>
/// <param name="Columns">Columns of outputs before pooling, or vectors of them.</param>
/// <param name="Taps">Taps of a row of a filter, r′.</param>
/// <param name="Read">The layout of the transformed rows.</param>
/// <param name="Input">The distances from one channel and row of the input to the next.</param>
/// <param name="Output">The distances from one channel, or block of channels, and row of the result to the next, after pooling.</param>
/// <param name="Tile">Channels and columns in registers.</param>
internal sealed record WinogradStrips(
    Tier Tier, LaneUse LaneUse, WinogradTileAxis Rows, int Inputs, int Channels, int Columns, int Taps, StripRows Read, Strides Input,
    Strides Output, Tile Tile, Epilogue Epilogue)
    : Kernel(Tier)
{
    public override string Summary =>
        $"Winograd {new WinogradForm(Axis, WinogradAxis.None)} in strips of rows, lanes "
        + $"{(InRows ? "run along a row" : "are output channels")}; "
        + $"products in registers {Count(Tile.Channels, InRows ? "channel" : "vector")} × "
        + $"{Count(Tile.Columns, InRows ? "vector" : "column")}";

    /// <summary>Floats of the products of a tile.</summary>
    public int ProductLength => Axis.Elements * Tile.Accumulators * Tier.Lanes;

    public override Work WorkOf(IReadOnlyList<int> extents) => Work.Over(WorkAxis.Rows, Rows.Count);

    private WinogradAxis Axis => Rows.Axis;

    private bool InRows => LaneUse == LaneUse.RowLanes;

    private FusedPool Pool => Epilogue.Pool ?? new FusedPool(PoolingKind.Max, 1, 1);

    /// <summary>With lanes along a row, pooling makes one vector of two neighbours. A single vector serves as both.</summary>
    private int PoolColumns => InRows ? Math.Min(Pool.Width, Columns) : Pool.Width;

    protected override void Record(KernelBuilder k)
    {
        Pointer image = k.Parameter("input"), filters = k.Parameter("filters");
        EpilogueOperands operands = EpilogueOperands.Declare(k, Epilogue);
        Pointer transformed = k.Parameter("rows"), products = k.Parameter("products");
        var registers = new TileRegisters(Tile);
        var sums = new TileSums(SumCut.IntoBlocks(SumCut.Products, Inputs, Taps), registers.Accumulators);
        sums.Declare(k);
        Variable? tail = Epilogue.ValidLanes > 0 ? k.Let("tail", Intrinsics.LanesBefore(Constant.Single(Epilogue.ValidLanes))) : null;
        using (k.Items(out Index[] strip, ("strip", Rows.Count, 1)))
        {
            Index row = Rows.First(k, "row", strip[0]);
            Index[] results = Rows.Results(k, "row", strip[0], Pool.Height, 1);
            k.Comment("Input transform.");
            using (k.Loops(out Index[] at, ("c", Inputs, 1)))
            {
                k.Run(new Call(
                    InputTransform(Tier, Axis), new AddressOf(image[Index.Sum((at[0], Input.Channel), (row, Input.Row))]),
                    Number.Named(Input.Row, "rowStride"),
                    new AddressOf(transformed[Index.Sum((at[0], Read.Pitch))]), Number.Named(Read.Element, "elementStride"),
                    Number.Named(Read.Columns, "columns")));
            }

            using (k.Loops(out Index[] tile, ("panel", Channels, Tile.Channels), ("tileColumn", Columns, Tile.Columns)))
            {
                Index column = Columns <= Tile.Columns || Columns % Tile.Columns == 0 ? tile[1]
                    : k.LetInt("firstColumn", Index.Min(tile[1], Number.Named(Columns - Tile.Columns, "lastColumn")));
                k.Comment("Products, an element e at a time.");
                using (k.Loops(out Index[] element, ("e", Axis.Elements, 1)))
                {
                    RecordProducts(k, sums, registers, tile[0], column, element[0], filters, transformed, products);
                }

                k.Comment("Output transform.");
                k.Run(new Call(OutputTransform(Tier, Axis), new AddressOf(products),
                    Number.Named(Tile.Accumulators * Tier.Lanes, "elementStride")));
                using (k.Loops(out Index[] at, ("channel", Tile.Channels, 1), ("column", Tile.Columns, PoolColumns)))
                {
                    RecordOutput(k, operands, tail, tile[0] + at[0], column + at[1], results,
                        products[Index.Sum((at[0], Tile.Columns * Tier.Lanes), (at[1], Tier.Lanes))]);
                }
            }
        }
    }

    /// <summary>Bᵀ·d of the rows d that a strip reads of a channel, one vector of columns after the other.</summary>
    private static DefinedFunction InputTransform(Tier tier, WinogradAxis axis)
    {
        KernelBuilder k = tier.Builder();
        Pointer input = k.Parameter("input");
        IndexVariable pitch = k.IntParameter("pitch");
        Pointer transformed = k.Parameter("rows");
        IndexVariable stride = k.IntParameter("stride"), columns = k.IntParameter("columns");
        using (k.For("i", 0, columns, tier.Lanes, out IndexVariable i))
        {
            Pointer[] at = k.PointTo(("x", input[i]), ("v", transformed[i]));
            Variable[] rows = k.Let(Enumerable.Range(0, axis.Elements).Select(row => ($"x{row}", at[0][row * pitch].Vector)));
            for (int pass = 0; pass < axis.Passes; pass++)
            {
                foreach ((int element, Expression value) in axis.ElementsOf(pass)
                    .Zip(axis.Input(k, pass, rows, $"{pass}"), (element, value) => (element, value)))
                {
                    k.Store(at[1][element * stride], value);
                }
            }
        }

        // This function depends only on the points. Filters of other sizes share it.
        return new DefinedFunction($"TransformRows{axis.Elements}", $"Winograd: Bᵀ·d of {axis.Elements} rows d, column by column.",
            k.Nest(ElementType.None))
        {
            IsInlined = false,
        };
    }

    /// <summary>The products of one element for one tile: a convolution of the element's row.</summary>
    private void RecordProducts(
        KernelBuilder k, TileSums sums, TileRegisters registers, Index panel, Index column, Index element, Pointer filters,
        Pointer transformed, Pointer products)
    {
        var own = new StripFilters(Axis, Taps, InRows ? Channels : Tier.Lanes);
        int panelStride = InRows ? 1 : own.Input * Inputs;
        Pointer[] at = k.PointTo(
            ("v", transformed[Index.Sum((element, Read.Element), (column, InRows ? Tier.Lanes : 1))]),
            ("u", filters[Index.Sum((element, own.Element), (panel, panelStride))]));
        sums.Begin(k);
        sums.Loop(k, 0, [("c", Inputs, 1)], c =>
        {
            Pointer[] row = Inputs == 1 ? at
                : k.PointTo(("x", at[0][Index.Sum((c[0], Read.Pitch))]), ("w", at[1][Index.Sum((c[0], own.Input))]));
            sums.Loop(k, 1, [("kx", Taps, 1)], _ =>
            {
                registers.RecordProducts(
                    k,
                    channel => InRows ? row[1][channel].Broadcast : row[1][channel * Number.Offset(panelStride, "panelStride")].Vector,
                    e => InRows ? row[0][e.Column * Tier.Lanes].Vector : row[0][e.Column].Broadcast);
                k.Advance((row[0], 1), (row[1], own.Block));
            });
        });
        using KernelBuilder.Scope whole = sums.End(k);

        // Don't call it m, which is the name of the outputs: if there is one vector of them, no loop separates the two.
        Pointer p = k.PointTo("p", products[Index.Sum((element, Tile.Accumulators * Tier.Lanes))]);
        k.Group(() =>
        {
            foreach (TileElement e in registers.Elements)
            {
                k.Store(p[((e.Channel * Tile.Columns) + e.Column) * Tier.Lanes], registers[e.Channel, 0, e.Column]);
            }
        });
    }

    /// <summary>
    /// Aᵀ·M of the products M of a tile. The vectors of an element follow each other. The outputs overwrite the first elements.
    /// </summary>
    private static DefinedFunction OutputTransform(Tier tier, WinogradAxis axis)
    {
        KernelBuilder k = tier.Builder();
        Pointer products = k.Parameter("products");
        IndexVariable stride = k.IntParameter("stride");
        using (k.For("i", 0, stride, tier.Lanes, out IndexVariable i))
        {
            Pointer m = k.PointTo("m", products[i]);
            Variable[] own = k.Let(Enumerable.Range(0, axis.Elements).Select(element => ($"m{element}", m[element * stride].Vector)));
            for (int parity = 0; parity < Math.Min(axis.Outputs, 2); parity++)
            {
                foreach ((int row, Expression value) in axis.OutputsOf(parity)
                    .Zip(axis.Output(k, parity, own, ""), (row, value) => (row, value)))
                {
                    k.Store(m[row * stride], value);
                }
            }
        }

        return new DefinedFunction(
            $"TransformProducts{axis.Outputs}Of{axis.Taps}",
            $"Winograd {new WinogradForm(axis, WinogradAxis.None)}: Aᵀ·M of products M, in their place.", k.Nest(ElementType.None))
        {
            IsInlined = false,
        };
    }

    /// <summary>The epilogue of one vector of outputs, or of the vectors that are pooled.</summary>
    /// <param name="outputs">The vectors of the first row.</param>
    private void RecordOutput(KernelBuilder k, EpilogueOperands operands, Variable? tail, Index channel, Index column,
        Index[] results, Reference outputs)
    {
        int lanes = Tier.Lanes, perChannel = InRows ? 1 : lanes;
        Expression OfChannel(Pointer pointer) => InRows ? pointer[channel].Broadcast : pointer[Index.Sum((channel, perChannel))].Vector;
        Variable? bias = operands.Bias is null ? null : k.Let("b", OfChannel(operands.Bias));
        Variable[] scale = operands.Scale is null ? [] : k.Let(("s", OfChannel(operands.Scale)), ("t", OfChannel(operands.Shift!)));
        Pointer m = k.PointTo("m", outputs);
        Index at = PoolColumns == 1 ? column : column / PoolColumns;
        Reference Start(Pointer pointer, Strides strides) => pointer[Index.Sum((channel, strides.Channel), (at, lanes))];
        Pointer y = k.PointTo("y", Start(operands.Output, Output));
        Pointer? r = operands.Other is null ? null : k.PointTo("r", Start(operands.Other, Epilogue.Join!.Other));
        int resultColumns = Columns / PoolColumns;
        for (int row = 0; row < results.Length; row++)
        {
            Expression[] window =
            [
                .. from ky in Enumerable.Range(0, Pool.Height)
                   from kx in Enumerable.Range(0, PoolColumns)
                   select m[(((row * Pool.Height) + ky) * Number.Offset(Tile.Accumulators * lanes, "elementStride")) + (kx * lanes)].Vector,
            ];
            Expression value = Epilogue.ResultOf(
                window, sum => Epilogue.Linear(k, sum, bias, scale),
                r?[results[row] * Number.Offset(Epilogue.Join!.Other.Row, "rRowStride")].Vector, Pooled);
            k.Store(y[results[row] * Number.Offset(Output.Row, "yRowStride")], InRow(value, row));
        }

        // Only the last vector of a row has lanes beyond the row.
        Expression InRow(Expression value, int row)
        {
            if (tail is null || resultColumns == 1)
            {
                return tail is null ? value : tail & value;
            }

            Variable whole = k.Let($"value{row}", value);
            return Expression.Select(Index.AreEqual(at, Number.Named(resultColumns - 1, "lastVector")), tail & whole, whole);
        }
    }

    private Expression Pooled(Expression[] window) =>
        InRows ? PooledPairs.Pool(Pool, window, PoolColumns, Tier.Lanes) : Epilogue.Pooled(window);
}

/// <summary>
/// The layout of filters that are transformed along their columns: [O/b][I][element][r′][b]. It is the layout of the filters themselves,
/// with elements in place of rows.
/// </summary>
/// <param name="Taps">Taps of a row, r′.</param>
/// <param name="Block">Output channels of a block, b.</param>
internal readonly record struct StripFilters(WinogradAxis Axis, int Taps, int Block)
{
    /// <summary>The distance from one element to the next.</summary>
    public int Element => Taps * Block;

    /// <summary>The distance from one input channel to the next.</summary>
    public int Input => Axis.Elements * Element;

    /// <summary>The number of floats, with room for a vector that begins in the last row.</summary>
    /// <param name="filters">The number of input channels of all blocks together.</param>
    public long LengthOf(int filters, int lanes) => ((long)filters * Axis.Elements * Taps * Block) + lanes;
}

/// <summary>
/// G·g of filters g: each column is transformed to as many rows as there are elements. Layers whose filters have the same number of rows
/// share this kernel.
/// </summary>
internal sealed record WinogradStripFilters(Tier Tier, WinogradAxis Axis) : Kernel(Tier)
{
    public override string Summary => $"Winograd {new WinogradForm(Axis, WinogradAxis.None)} in strips of rows: transform of the filters";

    protected override void Record(KernelBuilder k)
    {
        Pointer weight = k.Parameter("weight"), transformed = k.Parameter("transformed");
        IndexVariable filters = k.IntParameter("filters"), rowLength = k.IntParameter("rowLength");
        using (k.For("filter", filters, out IndexVariable filter))
        using (k.For("i", 0, rowLength, Tier.Lanes, out IndexVariable i))
        {
            // The last vector ends with the row. A vector that is longer than a row reaches into the next element, which is stored later.
            Index first = k.LetInt("tap", Index.Max(Index.Min(i, rowLength - Tier.Lanes), 0));
            Pointer[] at = k.PointTo(("g", weight[(filter * Axis.Taps * rowLength) + first]),
                ("u", transformed[(filter * Axis.Elements * rowLength) + first]));
            Variable[] taps = k.Let(Enumerable.Range(0, Axis.Taps).Select(row => ($"g{row}", at[0][row * rowLength].Vector)));
            Expression[] elements = Axis.Filter(k, taps, "");
            for (int element = 0; element < elements.Length; element++)
            {
                k.Store(at[1][element * rowLength], elements[element]);
            }
        }
    }
}
