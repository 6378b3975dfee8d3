using System;
using System.Collections.Generic;
using System.Globalization;
using System.Numerics;
using Strata.Pictures;

namespace Strata.Imaging;

/// <summary>Draws boxes, polygons, labels and masks on pictures. What lies outside of the picture is not drawn.</summary>
public static class PictureDrawing
{
    private const int Margin = 2;

    /// <summary>
    /// Colours that differ from their neighbours, also for colour-blind people (Okabe and Ito, Color Universal Design, 2008).
    /// </summary>
    private static readonly Rgb[] Palette =
    [
        new(230, 159, 0), new(86, 180, 233), new(0, 158, 115), new(240, 228, 66),
        new(0, 114, 178), new(213, 94, 0), new(204, 121, 167), new(153, 153, 153),
    ];

    /// <summary>The colour in which a class is drawn if none is given.</summary>
    /// <param name="class">The class, counted from 0.</param>
    public static Rgb ColorOf(int @class) => Palette[(@class & int.MaxValue) % Palette.Length];

    /// <summary>Draws the edges of a box.</summary>
    /// <param name="picture">The picture, which is changed.</param>
    /// <param name="box">The box, in pixels.</param>
    /// <param name="color">The colour.</param>
    /// <param name="thickness">Pixels of an edge, 1 or more. Edges grow inwards.</param>
    /// <exception cref="ArgumentOutOfRangeException">The thickness is less than 1.</exception>
    public static void DrawBox(this Picture picture, Box box, Rgb color, int thickness = 2)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentOutOfRangeException.ThrowIfLessThan(thickness, 1);
        (int left, int top, int right, int bottom) = (Pixel(box.Left), Pixel(box.Top), Pixel(box.Right), Pixel(box.Bottom));
        thickness = int.Max(1, int.Min(thickness, int.Min(right - left, bottom - top)));
        Fill(picture, left, top, right, top + thickness, color);
        Fill(picture, left, bottom - thickness, right, bottom, color);
        Fill(picture, left, top, left + thickness, bottom, color);
        Fill(picture, right - thickness, top, right, bottom, color);
    }

    /// <summary>Draws the outline of a polygon, such as the corners of a <see cref="RotatedBox"/>.</summary>
    /// <param name="picture">The picture, which is changed.</param>
    /// <param name="corners">The corners, in pixels; the last one is joined with the first.</param>
    /// <param name="color">The colour.</param>
    /// <param name="thickness">Pixels of a line, 1 or more; its middle runs through the corners.</param>
    /// <exception cref="ArgumentOutOfRangeException">The thickness is less than 1.</exception>
    public static void DrawPolygon(this Picture picture, IReadOnlyList<Vector2> corners, Rgb color, int thickness = 2)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(corners);
        ArgumentOutOfRangeException.ThrowIfLessThan(thickness, 1);
        for (int i = 0; i < corners.Count; i++)
        {
            DrawLine(picture, corners[i], corners[(i + 1) % corners.Count], color, thickness / 2f);
        }
    }

    /// <summary>Fills the pixels whose middle is near enough to a line between two points.</summary>
    private static void DrawLine(Picture picture, Vector2 from, Vector2 to, Rgb color, float reach)
    {
        Vector2 along = to - from;
        (Vector2 least, Vector2 most) = (Vector2.Min(from, to), Vector2.Max(from, to));
        for (int y = int.Max(0, Pixel(least.Y - reach)); y < int.Min(picture.Height, Pixel(most.Y + reach)); y++)
        {
            for (int x = int.Max(0, Pixel(least.X - reach)); x < int.Min(picture.Width, Pixel(most.X + reach)); x++)
            {
                Vector2 place = new Vector2(x + 0.5f, y + 0.5f) - from;
                float share = along == Vector2.Zero ? 0 : float.Clamp(Vector2.Dot(place, along) / along.LengthSquared(), 0, 1);
                if (Vector2.Distance(place, share * along) <= reach)
                {
                    picture[x, y] = color;
                }
            }
        }
    }

    /// <summary>Writes a line of text on a filled background.</summary>
    /// <param name="picture">The picture, which is changed.</param>
    /// <param name="text">The text; characters outside of ASCII become question marks.</param>
    /// <param name="left">The left edge of the background, in pixels.</param>
    /// <param name="top">Its upper edge.</param>
    /// <param name="background">Its colour. The text is black or white, whichever can be read better.</param>
    /// <param name="scale">Pixels of a dot, 1 or more: letters are 5 dots wide and 8 high.</param>
    /// <exception cref="ArgumentOutOfRangeException">The scale is less than 1.</exception>
    public static void DrawLabel(this Picture picture, string text, int left, int top, Rgb background, int scale = 1)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(scale, 1);
        (int width, int height) = LabelSize(text, scale);
        Fill(picture, left, top, left + width, top + height, background);
        Rgb ink = IsLight(background) ? new Rgb(0, 0, 0) : new Rgb(255, 255, 255);
        Font.ForEachPixel(text, (x, y) =>
        {
            (int dotLeft, int dotTop) = (left + ((Margin + x) * scale), top + ((Margin + y) * scale));
            Fill(picture, dotLeft, dotTop, dotLeft + scale, dotTop + scale, ink);
        });
    }

    /// <summary>Draws what a detector found: a box each, with the class and the score.</summary>
    /// <param name="picture">The picture, which is changed.</param>
    /// <param name="detections">What was found, in pixels of this picture.</param>
    /// <param name="classNames">Names of the classes; null for their numbers.</param>
    /// <param name="scale">Pixels of a letter's dot, 1 or more; 0 (the default) chooses by the picture's size.</param>
    public static void DrawDetections(
        this Picture picture, IReadOnlyList<Detection> detections, IReadOnlyList<string>? classNames = null, int scale = 0)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(detections);
        ArgumentOutOfRangeException.ThrowIfNegative(scale);
        scale = scale > 0 ? scale : int.Max(1, int.Min(picture.Width, picture.Height) / 320);
        foreach (Detection detection in detections)
        {
            Rgb color = ColorOf(detection.Class);
            picture.DrawBox(detection.Box, color, 2 * scale);
        }

        // Labels come last: no box may hide one.
        foreach (Detection detection in detections)
        {
            string name = classNames is not null && (uint)detection.Class < (uint)classNames.Count
                ? classNames[detection.Class] : detection.Class.ToString(CultureInfo.InvariantCulture);
            string text = string.Create(CultureInfo.InvariantCulture, $"{name} {100 * detection.Score:0}%");
            (int width, int height) = LabelSize(text, scale);
            int top = Pixel(detection.Box.Top) - height;
            int left = int.Clamp(Pixel(detection.Box.Left), 0, int.Max(0, picture.Width - width));
            picture.DrawLabel(text, left, top >= 0 ? top : Pixel(detection.Box.Top), ColorOf(detection.Class), scale);
        }
    }

    /// <summary>Colours the pixels of each class, such as a segmentation's.</summary>
    /// <param name="picture">The picture, which is changed.</param>
    /// <param name="classes">The class of each pixel, row by row; those below 0 stay as they are.</param>
    /// <param name="opacity">How much of the colour is seen, 0 to 1.</param>
    /// <param name="colors">A colour for each class; null for <see cref="ColorOf"/>.</param>
    /// <exception cref="ArgumentException">There are not as many classes as pixels.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The opacity is not from 0 to 1.</exception>
    public static void DrawMask(
        this Picture picture, ReadOnlySpan<int> classes, double opacity = 0.5, IReadOnlyList<Rgb>? colors = null)
    {
        ArgumentNullException.ThrowIfNull(picture);
        if (classes.Length != picture.Width * picture.Height)
        {
            throw new ArgumentException(
                $"A picture of {picture.Width}×{picture.Height} pixels needs as many classes; here are {classes.Length}.", nameof(classes));
        }

        if (opacity is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(opacity), opacity, "Must be from 0 to 1.");
        }

        for (int i = 0; i < classes.Length; i++)
        {
            if (classes[i] >= 0)
            {
                (int y, int x) = Math.DivRem(i, picture.Width);
                Rgb color = colors is not null && classes[i] < colors.Count ? colors[classes[i]] : ColorOf(classes[i]);
                picture[x, y] = Mix(picture[x, y], color, opacity);
            }
        }
    }

    internal static Rgb Mix(Rgb under, Rgb over, double opacity)
    {
        return new Rgb(Part(under.Red, over.Red), Part(under.Green, over.Green), Part(under.Blue, over.Blue));

        byte Part(byte a, byte b) => (byte)Math.Round(a + (opacity * (b - a)));
    }

    private static (int Width, int Height) LabelSize(string text, int scale) =>
        (((text.Length * (Font.Width + 1)) - 1 + (2 * Margin)) * scale, (Font.Height + (2 * Margin)) * scale);

    private static bool IsLight(Rgb color) => (299 * color.Red) + (587 * color.Green) + (114 * color.Blue) > 128_000;

    // A network's box may be infinite, or not a number.
    private static int Pixel(float coordinate) => (int)float.Clamp(float.IsNaN(coordinate) ? 0 : MathF.Round(coordinate), -1e6f, 1e6f);

    private static void Fill(Picture picture, int left, int top, int right, int bottom, Rgb color)
    {
        for (int y = int.Max(top, 0); y < int.Min(bottom, picture.Height); y++)
        {
            for (int x = int.Max(left, 0); x < int.Min(right, picture.Width); x++)
            {
                picture[x, y] = color;
            }
        }
    }
}
