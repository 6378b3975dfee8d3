using System;

namespace Strata.Pictures;

/// <summary>Draws a tensor as tiles. This record says which axes make a tile, and which numbers share a colour scale.</summary>
/// <param name="Groups">Number of groups that may have their own scale: kernels, or channels of an activation.</param>
/// <param name="PerGroup">Tiles per group.</param>
/// <param name="Planes">Planes per tile: 3 if they are red, green and blue, otherwise 1.</param>
/// <param name="Height">Rows of a tile.</param>
/// <param name="Width">Columns of a tile.</param>
internal readonly record struct TensorPicture(int Groups, int PerGroup, int Planes, int Height, int Width)
{
    private const int Colours = 3;
    private const int MostPixels = 1024, MostEnlargement = 16;

    /// <summary>Tiles of a weight (O, …, kH, kW).</summary>
    /// <exception cref="ArgumentException">It has one axis.</exception>
    public static TensorPicture OfKernels(ReadOnlySpan<int> shape, bool colours) => shape switch
    {
        [int outputs, int inputs] => new(1, 1, 1, outputs, inputs),
        [int outputs, int inputs, int length] => new(outputs, 1, 1, inputs, length),
        [int outputs, int inputs, 1, 1] => new(1, 1, 1, outputs, inputs),
        [int outputs, Colours, int height, int width] when colours => new(outputs, 1, Colours, height, width),
        [int outputs, int inputs, int height, int width] => new(outputs, inputs, 1, height, width),
        [int outputs, int inputs, int depth, int height, int width] => new(outputs, inputs * depth, 1, height, width),
        _ => throw new ArgumentException(
            $"A weight has two to five extents, (O, I) to (O, I, D, H, W), not {MessageText.Shape(shape.ToArray())}.", nameof(shape)),
    };

    /// <summary>Tiles of one sample's activation (C, …).</summary>
    /// <exception cref="ArgumentException">It has no axis, or more than four.</exception>
    public static TensorPicture OfActivation(ReadOnlySpan<int> shape) => shape switch
    {
        [int features] => new(1, 1, 1, 1, features),
        [int channels, int length] => new(1, 1, 1, channels, length),
        [int channels, 1, 1] => new(1, 1, 1, 1, channels),
        [int channels, int height, int width] => new(channels, 1, 1, height, width),
        [int channels, int depth, int height, int width] => new(channels, depth, 1, height, width),
        _ => throw new ArgumentException(
            $"An activation has one to four extents, (F) to (C, D, H, W), not {MessageText.Shape(shape.ToArray())}.", nameof(shape)),
    };

    /// <summary>Draws the numbers. Their count must be that of all tiles.</summary>
    public Picture Draw(ReadOnlySpan<float> values, ColorMap map, PictureOptions options)
    {
        int tiles = Groups * PerGroup, tile = Planes * Height * Width;
        int columns = options.Columns > 0 ? int.Min(options.Columns, tiles) : PerGroup > 1 ? PerGroup : SquareColumns(tiles);
        int rows = (tiles + columns - 1) / columns;
        int enlargement = options.Enlargement > 0 ? options.Enlargement : Enlargement(rows, columns, options.Gap);
        var sheet = new TileSheet(rows, columns, Height, Width, enlargement, options.Gap ?? Gap(enlargement), options.Background);
        var scale = ColorScale.Spanning(map, values);
        for (int i = 0; i < tiles; i++)
        {
            if (options.ScaleEach && i % PerGroup == 0)
            {
                scale = ColorScale.Spanning(map, values.Slice(i * tile, PerGroup * tile));
            }

            sheet.Draw(i / columns, i % columns, values.Slice(i * tile, tile), scale);
        }

        return sheet.Picture;
    }

    /// <summary>
    /// Chooses the number of columns, from the square root of the number of tiles to twice that. It leaves the fewest places empty; among
    /// equals it is the smallest.
    /// </summary>
    private static int SquareColumns(int tiles)
    {
        int least = (int)Math.Ceiling(Math.Sqrt(tiles)), best = least;
        for (int columns = least; columns < 2 * least; columns++)
        {
            best = Empty(columns) < Empty(best) ? columns : best;
        }

        return best;

        int Empty(int columns) => (columns - (tiles % columns)) % columns;
    }

    private int Enlargement(int rows, int columns, int? gap)
    {
        int enlargement = MostEnlargement;
        while (enlargement > 1 && !(Fits(rows, Height) && Fits(columns, Width)))
        {
            enlargement--;
        }

        return enlargement;

        bool Fits(int tiles, int pixels) => TileSheet.Extent(tiles, pixels, enlargement, gap ?? Gap(enlargement)) <= MostPixels;
    }

    // Wide enough that gaps between tiles look different from pixels in a tile.
    private static int Gap(int enlargement) => int.Max(2, enlargement / 2);
}
