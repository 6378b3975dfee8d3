using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>The transform of the products to outputs, and the epilogue of the tile, which is still in registers.</summary>
/// <param name="Channels">Blocks of channels.</param>
/// <param name="Output">The distances from one block of channels, row and column of the result to the next, after pooling.</param>
internal sealed record WinogradOutput(Tier Tier, WinogradTiles Tiles, int Channels, Strides Output, Epilogue Epilogue) : Kernel(Tier)
{
    public override string Summary => $"Winograd {Tiles.Form}: output transform";

    public override Work WorkOf(IReadOnlyList<int> extents) => IsOfSizes
        ? new(WorkAxis.Tiles, Channels * Tiles.Rows.Count) : Work.Over(WorkAxis.Tiles, Channels * Tiles.Rows.Count);

    private FusedPool Pool => Epilogue.Pool ?? new FusedPool(PoolingKind.Max, 1, 1);

    protected override void Record(KernelBuilder k)
    {
        Pointer products = k.Parameter("products");
        EpilogueOperands operands = EpilogueOperands.Declare(k, Epilogue);
        var elements = new WinogradElements(Channels, Tiles.Count, Tier.Lanes);
        Pointer tile = DeclareTile(k);
        WinogradTileAxis.DependOnSize(k, IsOfSizes);
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
