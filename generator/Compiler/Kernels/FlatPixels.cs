using System.Linq;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>
/// Records the loops over the tiles of pixels of a convolution, and where their pixels lie. Pixels are counted through
/// all rows. A tile is at most as long as a row, so that it crosses the end of at most one; there an operand may have a gap.
/// </summary>
internal sealed class FlatPixels(PixelTiles tiles, KernelBuilder k)
{
    private int Columns => tiles.Columns;

    private Number Width => new(tiles.Width, "width");

    /// <summary>How many blocks have one tile more than the others: the first ones.</summary>
    private Number LongerBlocks => new(tiles.Count % tiles.Blocks, "longerBlocks");

    /// <summary>The pixels of the other blocks.</summary>
    private Number BlockPixels => new(tiles.Count / tiles.Blocks * Columns, "blockPixels");

    /// <summary>The first pixel of a block.</summary>
    public Index FirstOf(Index block) => (block * BlockPixels) + (Index.Min(block, LongerBlocks) * Columns);

    /// <summary>A block.</summary>
    /// <param name="first">Its first pixel.</param>
    public PixelBlock BlockFrom(Index block, IndexVariable first)
    {
        Index pixels = Index.Choose(block < LongerBlocks, new Number(tiles.BlockPixels, "mostPixels"), BlockPixels);
        return new(first, k.LetInt("endPixel", Index.Min(first + pixels, new Number(tiles.Pixels, "pixels"))));
    }

    /// <summary>The loop over a block's tiles.</summary>
    /// <param name="next">The pixel from which a tile computes new results: see <see cref="First"/>.</param>
    public KernelBuilder.Scope Tiles(PixelBlock pixels, out IndexVariable next) =>
        k.For("next", pixels.First, pixels.End, Columns, out next);

    /// <summary>A tile's first pixel. The last tile ends with the last pixel.</summary>
    public IndexVariable First(IndexVariable next) =>
        k.LetInt("pixel", Index.Min(next, new Number(tiles.Pixels - Columns, "lastPixel")));

    /// <summary>The end of a tile's row; null if no operand has a gap there.</summary>
    public RowEnd? EndOfRow(IndexVariable pixel, params int[] gaps)
    {
        if (gaps.All(gap => gap == 0))
        {
            return null;
        }

        IndexVariable row = k.LetInt("row", pixel / Width);
        return new RowEnd(row, k.LetInt("left", ((row + 1) * Width) - pixel));
    }

    /// <summary>Where a tile's pixels are in an operand: the first one in a block of channels, and the offset of each from there.</summary>
    /// <param name="end">The end of the row, if this operand has a gap there.</param>
    public (Index Start, Index[] Offsets) PlacesOf(IndexVariable pixel, RowEnd? end, FlatStrides strides, string operand)
    {
        if (strides.Gap == 0)
        {
            return (pixel * strides.Column, Consecutive(strides.Column));
        }

        Number gap = new(strides.Gap, operand + "Gap"),
            column = strides.Column == tiles.Lanes ? new(tiles.Lanes) : new(strides.Column, operand + "ColumnStride");
        Index[] offsets = [.. Enumerable.Repeat((Index)0, Columns)];
        k.Group(() =>
        {
            for (int i = 1; i < Columns; i++)
            {
                offsets[i] = k.LetOffset($"{operand}At{i}", (i * column) + Index.Choose(i < end!.Left, 0, gap));
            }
        });
        return ((pixel * column) + (end!.Row * gap), offsets);
    }

    /// <summary>
    /// Where the pixels of a prologue's tile are in the convolution's input. Such a tile may be longer than a row.
    /// </summary>
    /// <param name="strides">Those of the input.</param>
    public (Index Start, Index[] Offsets) PlacesOfAny(IndexVariable pixel, FlatStrides strides)
    {
        if (strides.Gap == 0 || tiles.Width >= Columns)
        {
            return PlacesOf(pixel, EndOfRow(pixel, strides.Gap), strides, "x");
        }

        Number gap = new(strides.Gap, "xGap"), width = Width;
        return (0, [.. Enumerable.Range(0, Columns).Select(i =>
            (Index)k.LetOffset($"xAt{i}", ((pixel + i) * strides.Column) + ((pixel + i) / width * gap)))]);
    }

    /// <summary>Offsets of a tile's pixels if they are equally spaced.</summary>
    public Index[] Consecutive(int column) => [.. Enumerable.Range(0, Columns).Select(i => (Index)(i * column))];
}

/// <summary>The pixels that some items have in common.</summary>
internal sealed record PixelBlock(IndexVariable First, Index End);

/// <summary>The row of a tile's first pixel, and how many pixels are left in it.</summary>
internal sealed record RowEnd(IndexVariable Row, IndexVariable Left);

/// <summary>The tiles of the pixels of an image, which is one long row for them.</summary>
/// <param name="Columns">The pixels of a tile.</param>
/// <param name="Width">The pixels of a row of the image.</param>
/// <param name="Pixels">All pixels.</param>
/// <param name="Blocks">Blocks of tiles. They differ by at most one tile.</param>
/// <param name="Lanes">The usual distance between pixels.</param>
internal readonly record struct PixelTiles(int Columns, int Width, int Pixels, int Blocks, int Lanes)
{
    /// <summary>Tiles of pixels.</summary>
    public int Count => Arithmetic.CeilingDivide(Pixels, Columns);

    /// <summary>The most pixels of a block.</summary>
    public int BlockPixels => Arithmetic.CeilingDivide(Count, Blocks) * Columns;
}
