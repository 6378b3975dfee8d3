using Strata.Imaging;
using Strata.Pictures;

namespace Samples;

/// <summary>Puts pictures together, and draws curves.</summary>
internal static class Sheet
{
    private const int Gap = 8, Letter = 12;

    public static readonly Rgb Background = new(24, 26, 32), Ink = new(226, 230, 238), Grid = new(62, 66, 78);

    /// <summary>Pictures of one size in rows, each with a line of text below it; without texts, closer together.</summary>
    public static Picture Of(int columns, IReadOnlyList<(Picture Picture, string Text)> tiles, int scale = 1)
    {
        (int width, int height) = (tiles[0].Picture.Width, tiles[0].Picture.Height);
        int text = tiles.Any(tile => tile.Text.Length > 0) ? Letter * scale : 0, rows = (tiles.Count + columns - 1) / columns;
        Picture sheet = Empty((columns * (width + Gap)) + Gap, (rows * (height + text + Gap)) + Gap);
        for (int i = 0; i < tiles.Count; i++)
        {
            (int left, int top) = (Gap + (i % columns * (width + Gap)), Gap + (i / columns * (height + text + Gap)));
            for (int y = 0; y < height; y++)
            {
                tiles[i].Picture.Row(y).CopyTo(sheet.Row(top + y)[left..]);
            }

            if (tiles[i].Text.Length > 0)
            {
                sheet.DrawLabel(tiles[i].Text, left - (2 * scale), top + height, Background, scale);
            }
        }

        return sheet;
    }

    public static Picture Empty(int width, int height, Rgb? color = null)
    {
        var picture = new Picture(width, height);
        for (int y = 0; y < height; y++)
        {
            picture.Row(y).Fill(color ?? Background);
        }

        return picture;
    }

    /// <summary>Each pixel as a square of <paramref name="times"/> pixels.</summary>
    public static Picture Enlarge(this Picture picture, int times)
    {
        var large = new Picture(picture.Width * times, picture.Height * times);
        for (int y = 0; y < large.Height; y++)
        {
            for (int x = 0; x < large.Width; x++)
            {
                large[x, y] = picture[x / times, y / times];
            }
        }

        return large;
    }

    /// <summary>A grey picture of numbers from 0, black, to 1, white.</summary>
    public static Picture Grey(ReadOnlySpan<float> values, int width)
    {
        var picture = new Picture(width, values.Length / width);
        for (int i = 0; i < values.Length; i++)
        {
            byte light = (byte)float.Round(255 * float.Clamp(values[i], 0, 1));
            picture[i % width, i / width] = new Rgb(light, light, light);
        }

        return picture;
    }

    /// <summary>A straight line with round ends and soft edges; a dot if both ends are the same.</summary>
    public static void Line(this Picture picture, (float X, float Y) from, (float X, float Y) to, Rgb color, float width = 2)
    {
        (float dx, float dy, float reach) = (to.X - from.X, to.Y - from.Y, (width / 2) + 1);
        float square = (dx * dx) + (dy * dy);
        for (int y = int.Max(0, (int)(float.Min(from.Y, to.Y) - reach)); y <= float.Max(from.Y, to.Y) + reach && y < picture.Height; y++)
        {
            for (int x = int.Max(0, (int)(float.Min(from.X, to.X) - reach)); x <= float.Max(from.X, to.X) + reach && x < picture.Width; x++)
            {
                (float px, float py) = (x + 0.5f - from.X, y + 0.5f - from.Y);
                float along = square > 0 ? float.Clamp(((px * dx) + (py * dy)) / square, 0, 1) : 0;
                float distance = float.Hypot(px - (along * dx), py - (along * dy));
                picture[x, y] = Mix(picture[x, y], color, (width / 2) + 0.5f - distance);
            }
        }
    }

    public static void Curve(this Picture picture, IReadOnlyList<(float X, float Y)> points, Rgb color, float width = 2)
    {
        for (int i = 1; i < points.Count; i++)
        {
            picture.Line(points[i - 1], points[i], color, width);
        }
    }

    /// <summary>One colour over another.</summary>
    public static Rgb Mix(Rgb under, Rgb over, float share)
    {
        share = float.Clamp(share, 0, 1);
        return new Rgb(Part(under.Red, over.Red), Part(under.Green, over.Green), Part(under.Blue, over.Blue));

        byte Part(byte a, byte b) => (byte)float.Round(a + (share * (b - a)));
    }
}
