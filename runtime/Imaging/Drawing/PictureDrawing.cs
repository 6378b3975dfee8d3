using System;
using System.Collections.Generic;
using System.Globalization;
using System.Numerics;
using Strata.Pictures;

namespace Strata.Imaging;

/// <summary>
/// Draws boxes, polygons, key points, labels, masks and tracks on pictures. What lies outside of the picture is not drawn.
/// </summary>
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
    /// <typeparam name="T">What was found: objects in boxes, maybe with key points or masks.</typeparam>
    /// <param name="picture">The picture, which is changed.</param>
    /// <param name="detections">What was found, in pixels of this picture.</param>
    /// <param name="classNames">Names of the classes; null for their numbers.</param>
    /// <param name="scale">Pixels of a letter's dot, 1 or more; 0 (the default) chooses by the picture's size.</param>
    public static void DrawDetections<T>(
        this Picture picture, IReadOnlyList<T> detections, IReadOnlyList<string>? classNames = null, int scale = 0)
        where T : IDetection => DrawEach(
            picture, detections, scale, (d, color, thickness) => picture.DrawBox(d.Box, color, thickness), d => d.Box, d => d.Class,
            d => TextOf(d.Class, d.Score, classNames));

    /// <summary>Draws what a detector found in boxes that are turned.</summary>
    /// <param name="picture">The picture, which is changed.</param>
    /// <param name="detections">What was found, in pixels of this picture.</param>
    /// <param name="classNames">Names of the classes; null for their numbers.</param>
    /// <param name="scale">Pixels of a letter's dot, 1 or more; 0 (the default) chooses by the picture's size.</param>
    public static void DrawDetections(
        this Picture picture, IReadOnlyList<RotatedDetection> detections, IReadOnlyList<string>? classNames = null, int scale = 0) =>
        DrawEach(
            picture, detections, scale, (d, color, thickness) => picture.DrawPolygon(d.Box.Corners, color, thickness), d => d.Box.Bounds,
            d => d.Class, d => TextOf(d.Class, d.Score, classNames));

    /// <summary>Draws tracks: a box each, with the identity, the class and the score. Each identity has its colour.</summary>
    /// <param name="picture">The picture, which is changed.</param>
    /// <param name="tracks">The tracks of a frame, in pixels of this picture.</param>
    /// <param name="classNames">Names of the classes; null for their numbers.</param>
    /// <param name="scale">Pixels of a letter's dot, 1 or more; 0 (the default) chooses by the picture's size.</param>
    public static void DrawTracks(
        this Picture picture, IReadOnlyList<Track> tracks, IReadOnlyList<string>? classNames = null, int scale = 0) => DrawEach(
            picture, tracks, scale, (t, color, thickness) => picture.DrawBox(t.Box, color, thickness), t => t.Box, t => t.Id,
            t => $"#{t.Id.ToString(CultureInfo.InvariantCulture)} {TextOf(t.Class, t.Score, classNames)}");

    /// <summary>Draws the key points of what a detector found, and lines between them.</summary>
    /// <param name="picture">The picture, which is changed.</param>
    /// <param name="detections">What was found, in pixels of this picture.</param>
    /// <param name="links">Which points are joined, such as <see cref="KeyPoint.CocoLinks"/>; null for none.</param>
    /// <param name="leastVisibility">Points that are less visible are left out, with their lines, 0 to 1.</param>
    /// <param name="scale">Pixels of half a line's width, 1 or more; 0 (the default) chooses by the picture's size.</param>
    /// <exception cref="ArgumentOutOfRangeException">A link names a point that a detection does not have.</exception>
    public static void DrawKeyPoints(
        this Picture picture, IReadOnlyList<KeyPointDetection> detections, IReadOnlyList<(int From, int To)>? links = null,
        double leastVisibility = 0.5, int scale = 0)
    {
        scale = Checked(picture, detections, scale);
        foreach (KeyPointDetection detection in detections)
        {
            IReadOnlyList<KeyPoint> points = detection.KeyPoints;
            foreach ((int from, int to) in links ?? [])
            {
                if ((uint)from >= (uint)points.Count || (uint)to >= (uint)points.Count)
                {
                    throw new ArgumentOutOfRangeException(
                        nameof(links), (from, to), $"A link names a point that does not exist: there are {points.Count}.");
                }

                if (points[from].Visibility >= leastVisibility && points[to].Visibility >= leastVisibility)
                {
                    DrawLine(picture, points[from].Position, points[to].Position, ColorOf(detection.Class), scale);
                }
            }

            for (int i = 0; i < points.Count; i++)
            {
                if (points[i].Visibility >= leastVisibility)
                {
                    DrawLine(picture, points[i].Position, points[i].Position, ColorOf(i + 1), 3 * scale);
                }
            }
        }
    }

    /// <summary>Colours the pixels of an instance.</summary>
    /// <param name="picture">The picture, which is changed.</param>
    /// <param name="mask">The mask, in pixels of this picture.</param>
    /// <param name="color">The colour.</param>
    /// <param name="opacity">How much of the colour is seen, 0 to 1.</param>
    /// <param name="threshold">Pixels with a greater probability are coloured, 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The opacity is not from 0 to 1.</exception>
    public static void DrawMask(this Picture picture, InstanceMask mask, Rgb color, double opacity = 0.5, double threshold = 0.5)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(mask);
        CheckOpacity(opacity);
        for (int y = mask.Top; y < int.Min(mask.Top + mask.Height, picture.Height); y++)
        {
            for (int x = mask.Left; x < int.Min(mask.Left + mask.Width, picture.Width); x++)
            {
                if (mask[x, y] > threshold)
                {
                    picture[x, y] = Mix(picture[x, y], color, opacity);
                }
            }
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

        CheckOpacity(opacity);
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

    /// <summary>Draws shapes, then labels: no shape may hide one.</summary>
    private static void DrawEach<T>(
        Picture picture, IReadOnlyList<T> found, int scale, Action<T, Rgb, int> shape, Func<T, Box> bounds, Func<T, int> color,
        Func<T, string> label)
    {
        scale = Checked(picture, found, scale);
        foreach (T one in found)
        {
            shape(one, ColorOf(color(one)), 2 * scale);
        }

        foreach (T one in found)
        {
            string text = label(one);
            Box box = bounds(one);
            (int width, int height) = LabelSize(text, scale);
            int top = Pixel(box.Top) - height;
            int left = int.Clamp(Pixel(box.Left), 0, int.Max(0, picture.Width - width));
            picture.DrawLabel(text, left, top >= 0 ? top : Pixel(box.Top), ColorOf(color(one)), scale);
        }
    }

    private static string TextOf(int @class, float score, IReadOnlyList<string>? classNames)
    {
        string name = classNames is not null && (uint)@class < (uint)classNames.Count
            ? classNames[@class] : @class.ToString(CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{name} {100 * score:0}%");
    }

    /// <summary>The scale, or one that suits the picture.</summary>
    private static int Checked<T>(Picture picture, IReadOnlyList<T> detections, int scale)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(detections);
        ArgumentOutOfRangeException.ThrowIfNegative(scale);
        return scale > 0 ? scale : int.Max(1, int.Min(picture.Width, picture.Height) / 320);
    }

    private static void CheckOpacity(double opacity)
    {
        if (opacity is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(opacity), opacity, "Must be from 0 to 1.");
        }
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
