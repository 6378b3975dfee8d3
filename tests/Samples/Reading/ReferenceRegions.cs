using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Samples.Tests;

/// <summary>DB's regions of a map of probabilities, by the shortest way to say it.</summary>
internal static class ReferenceRegions
{
    public static List<Rectangle> Find(float[] map, int width, int height)
    {
        // Each pixel of text has the number of its region: the smallest index that it can reach.
        int[] region = [.. map.Select((p, i) => p > 0.3f ? i : -1)];
        for (bool changed = true; changed;)
        {
            changed = false;
            foreach (int i in Enumerable.Range(0, map.Length).Concat(Enumerable.Range(0, map.Length).Reverse()).Where(i => region[i] >= 0))
            {
                int least = Around(i, width, height).Where(j => region[j] >= 0).Min(j => region[j]);
                changed |= least < region[i];
                region[i] = Math.Min(region[i], least);
            }
        }

        return
        [
            .. region.Select((number, i) => (number, i)).Where(pixel => pixel.number >= 0).GroupBy(pixel => pixel.number, pixel => pixel.i)
                .Select(pixels => Smallest([.. pixels.Select(i => (i % width, i / width))]))
                .Where(found => Math.Min(found.Width, found.Height) >= 3 && Mean(map, width, height, found) >= 0.6)
                .Select(Enlarged),
        ];
    }

    private static IEnumerable<int> Around(int i, int width, int height) =>
        from y in Enumerable.Range((i / width) - 1, 3)
        from x in Enumerable.Range((i % width) - 1, 3)
        where x >= 0 && x < width && y >= 0 && y < height
        select (y * width) + x;

    /// <summary>The smallest rectangle around the corners of pixels: a side of it lies on two corners that are seen from outside.</summary>
    private static Rectangle Smallest(List<(int X, int Y)> pixels)
    {
        (int X, int Y)[] corners =
        [
            .. pixels.GroupBy(pixel => pixel.Y).SelectMany(row => new[] { row.Key, row.Key + 1 }.SelectMany(
                y => new[] { (row.Min(pixel => pixel.X), y), (row.Max(pixel => pixel.X) + 1, y) })).Distinct(),
        ];
        Rectangle best = Along(corners, 0);
        foreach (((int X, int Y) a, (int X, int Y) b) in Outline(corners))
        {
            Rectangle found = Along(corners, Math.Atan2(b.Y - a.Y, b.X - a.X));
            best = found.Width * found.Height < best.Width * best.Height - 1e-3 ? found : best;
        }

        // Turned as little as possible.
        int quarters = (int)Math.Round(best.Angle / (Math.PI / 2));
        double angle = best.Angle - (quarters * Math.PI / 2);
        return quarters % 2 == 0 ? best with { Angle = angle } : best with { Angle = angle, Width = best.Height, Height = best.Width };
    }

    /// <summary>The sides of the convex hull, by gift wrapping (Jarvis, 1973).</summary>
    private static IEnumerable<((int X, int Y) From, (int X, int Y) To)> Outline((int X, int Y)[] points)
    {
        (int X, int Y) first = points.Min(), from = first;
        do
        {
            (int X, int Y) to = points[0] == from ? points[1] : points[0];
            foreach ((int X, int Y) other in points)
            {
                long turn = ((long)(to.X - from.X) * (other.Y - from.Y)) - ((long)(to.Y - from.Y) * (other.X - from.X));
                bool isFarther = turn == 0 && Distance(from, other) > Distance(from, to);
                to = turn < 0 || isFarther ? other : to;
            }

            yield return (from, to);
            from = to;
        }
        while (from != first);

        static int Distance((int X, int Y) a, (int X, int Y) b) => Math.Abs(a.X - b.X) + Math.Abs(a.Y - b.Y);
    }

    private static Rectangle Along((int X, int Y)[] points, double angle)
    {
        (double sin, double cos) = Math.SinCos(angle);
        double[] along = [.. points.Select(p => (p.X * cos) + (p.Y * sin))], down = [.. points.Select(p => (p.Y * cos) - (p.X * sin))];
        (double u, double v) = ((along.Min() + along.Max()) / 2, (down.Min() + down.Max()) / 2);
        return new Rectangle((u * cos) - (v * sin), (u * sin) + (v * cos), along.Max() - along.Min(), down.Max() - down.Min(), angle);
    }

    private static double Mean(float[] map, int width, int height, Rectangle box)
    {
        (double sin, double cos) = Math.SinCos(box.Angle);
        return map.Where((_, i) =>
        {
            (double x, double y) = ((i % width) + 0.5 - box.X, (i / width) + 0.5 - box.Y);
            return Math.Abs((x * cos) + (y * sin)) <= box.Width / 2 && Math.Abs((y * cos) - (x * sin)) <= box.Height / 2;
        }).Average(p => (double)p);
    }

    private static Rectangle Enlarged(Rectangle box)
    {
        double margin = box.Width * box.Height * 1.5 / (2 * (box.Width + box.Height));
        return box with { Width = box.Width + (2 * margin), Height = box.Height + (2 * margin) };
    }
}
