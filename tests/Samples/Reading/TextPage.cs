using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using SkiaSharp;
using Strata.Pictures;

namespace Strata.Samples.Tests;

/// <summary>A page with printed lines, made from a seed.</summary>
/// <param name="Picture">The page.</param>
/// <param name="Lines">What is printed, from the top down.</param>
/// <param name="Degrees">How far the page is turned, clockwise.</param>
internal sealed record TextPage(Picture Picture, IReadOnlyList<string> Lines, float Degrees)
{
    private const string Folder = "/usr/share/fonts/truetype/dejavu";

    private static readonly string[] Fonts = ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSerif.ttf", "DejaVuSansMono.ttf"];

    private static readonly (int Width, int Height)[] Sizes = [(640, 480), (600, 500), (480, 640)];

    private static readonly float[] Turns = [0, 0, 0, 3, -5, 8, 90, 180];

    private static readonly string[] Words =
    [
        "the", "network", "learns", "from", "pictures", "and", "reads", "lines", "of", "text", "Invoice", "Total", "Berlin", "Monday",
        "Thursday", "quick", "brown", "fox", "jumps", "over", "lazy", "dogs", "paper", "kernel", "window", "green", "yellow", "Sphinx",
        "quartz", "judge", "vow", "Please", "return", "before", "noon", "Room", "Gate", "Flight", "Price", "Number", "2024", "1987",
        "365", "42", "7500", "19:30", "12%", "Mr.", "Dr.", "No.", "A4", "B12", "(new)", "open", "closed", "east", "west", "train",
    ];

    /// <summary>Null where the fonts are not installed, for a reason.</summary>
    public static TextPage? Make(int seed, out string reason)
    {
        reason = $"{Folder} is not there: Debian's fonts-dejavu.";
        if (Fonts.FirstOrDefault(name => !File.Exists(Path.Combine(Folder, name))) is { } missing)
        {
            reason = $"{Path.Combine(Folder, missing)} is not there: install Debian's fonts-dejavu.";
            return null;
        }

        var random = new Random(seed);
        (int width, int height) = Sizes[random.Next(Sizes.Length)];
        float degrees = Turns[random.Next(Turns.Length)];
        int noise = random.Next(4) * 6;
        using var bitmap = new SKBitmap(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        List<string> lines = Print(bitmap, degrees, random);
        return new TextPage(WithNoise(bitmap, noise, random), lines, degrees);
    }

    private static List<string> Print(SKBitmap bitmap, float degrees, Random random)
    {
        using var canvas = new SKCanvas(bitmap);
        byte light = (byte)random.Next(200, 256);
        canvas.Clear(new SKColor(light, light, (byte)random.Next(180, light)));
        using var ink = new SKPaint
        {
            Color = new SKColor((byte)random.Next(80), (byte)random.Next(80), (byte)random.Next(120)),
            IsAntialias = true,
        };

        // The text area has the page's extents as they are when it is read.
        canvas.Translate(bitmap.Width / 2f, bitmap.Height / 2f);
        canvas.RotateDegrees(degrees);
        bool isUpright = degrees % 180 != 90;
        float right = (isUpright ? bitmap.Width : bitmap.Height) / 2f, bottom = (isUpright ? bitmap.Height : bitmap.Width) / 2f;
        float margin = 30 + (float)Math.Abs(Math.Sin(double.DegreesToRadians(degrees * 2)) * 60);
        using SKTypeface face = SKTypeface.FromFile(Path.Combine(Folder, Fonts[random.Next(Fonts.Length)]));
        List<string> lines = [];
        for (float y = margin - bottom; ;)
        {
            using var font = new SKFont(face, random.Next(16, 40)) { Edging = SKFontEdging.Antialias };
            y += font.Size * 1.1f;
            if (y > bottom - margin)
            {
                return lines;
            }

            string line = Words[random.Next(Words.Length)];
            for (int words = random.Next(1, 7); words > 0; words--)
            {
                string longer = $"{line} {Words[random.Next(Words.Length)]}";
                line = font.MeasureText(longer) < 2 * (right - margin) ? longer : line;
            }

            canvas.DrawText(line, margin - right, y, SKTextAlign.Left, font, ink);
            lines.Add(line);
            y += font.Size * (0.5f + random.NextSingle());
        }
    }

    private static Picture WithNoise(SKBitmap bitmap, int noise, Random random)
    {
        var picture = new Picture(bitmap.Width, bitmap.Height);
        for (int y = 0; y < picture.Height; y++)
        {
            for (int x = 0; x < picture.Width; x++)
            {
                SKColor color = bitmap.GetPixel(x, y);
                int change = noise == 0 ? 0 : random.Next(-noise, noise + 1);
                picture[x, y] = new Rgb(Level(color.Red), Level(color.Green), Level(color.Blue));

                byte Level(byte value) => (byte)Math.Clamp(value + change, 0, 255);
            }
        }

        return picture;
    }
}
