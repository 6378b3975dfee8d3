using System;

namespace Strata.Pictures;

/// <summary>Small images of one size in rows and columns, with a gap around each.</summary>
internal sealed class TileSheet
{
    private readonly int _enlargement;
    private readonly int _gap;
    private readonly int _height;
    private readonly int _width;

    /// <summary>Creates an empty sheet in the background colour.</summary>
    /// <exception cref="ArgumentException">It would be too large.</exception>
    public TileSheet(int rows, int columns, int height, int width, int enlargement, int gap, Rgb background)
    {
        (_height, _width, _enlargement, _gap) = (height, width, enlargement, gap);
        Int128 pictureHeight = Extent(rows, height, enlargement, gap), pictureWidth = Extent(columns, width, enlargement, gap);
        if (pictureWidth > Picture.MaxPixels || pictureHeight > Picture.MaxPixels || pictureWidth * pictureHeight > Picture.MaxPixels)
        {
            throw new ArgumentException(
                $"{rows} × {columns} tiles of {height} × {width}, enlarged by {enlargement}, make {pictureHeight} × {pictureWidth} pixels; "
                + $"a picture has {Picture.MaxPixels} at most.");
        }

        Picture = new Picture((int)pictureWidth, (int)pictureHeight);
        Picture.Fill(background);
    }

    public Picture Picture { get; }

    /// <summary>The pixels that a number of tiles takes, with their gaps.</summary>
    public static Int128 Extent(int tiles, int pixels, int enlargement, int gap) =>
        gap + ((Int128)tiles * (((Int128)pixels * enlargement) + gap));

    /// <summary>
    /// Draws a tile: one plane (H, W) in the colours of the scale, or three planes (3, H, W), which are red, green and blue.
    /// </summary>
    public void Draw(int row, int column, ReadOnlySpan<float> tile, ColorScale scale)
    {
        int plane = _height * _width;
        int top = (int)Extent(row, _height, _enlargement, _gap), left = (int)Extent(column, _width, _enlargement, _gap);
        for (int i = 0; i < plane; i++)
        {
            (int y, int x) = Math.DivRem(i, _width);
            Rgb color = tile.Length == plane ? scale.Color(tile[i]) : scale.Color(tile[i], tile[i + plane], tile[i + (2 * plane)]);
            Picture.Fill(left + (x * _enlargement), top + (y * _enlargement), _enlargement, _enlargement, color);
        }
    }
}
