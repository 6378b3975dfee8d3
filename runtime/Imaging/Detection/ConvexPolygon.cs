using System;

namespace Strata.Imaging;

/// <summary>What two convex polygons have in common.</summary>
internal static class ConvexPolygon
{
    /// <summary>
    /// The area that two convex polygons share. The first is cut along each edge of the second (Sutherland and Hodgman, Reentrant polygon
    /// clipping, CACM 1974).
    /// </summary>
    /// <param name="first">Corners, clockwise on the screen, where y grows downwards.</param>
    /// <param name="second">The same of the other polygon.</param>
    public static double CommonArea(ReadOnlySpan<(double X, double Y)> first, ReadOnlySpan<(double X, double Y)> second)
    {
        // A cut adds one corner to a convex polygon. Rounding may bend one by a hair: twice the corners are always enough.
        int room = first.Length << second.Length;
        Span<(double X, double Y)> rest = stackalloc (double, double)[room], cut = stackalloc (double, double)[room];
        first.CopyTo(rest);
        int count = first.Length;
        for (int edge = 0; edge < second.Length; edge++)
        {
            count = Cut(rest[..count], second[edge], second[(edge + 1) % second.Length], cut);
            Span<(double X, double Y)> swapped = rest;
            rest = cut;
            cut = swapped;
        }

        double twice = 0;
        for (int i = 0; i < count; i++)
        {
            (double x, double y) = rest[(i + 1) % count];
            twice += rest[i].X * y - x * rest[i].Y;
        }

        return double.Max(0, twice / 2);
    }

    /// <summary>Keeps what lies to the right of a line, as seen along it.</summary>
    /// <returns>How many corners were written.</returns>
    private static int Cut(
        ReadOnlySpan<(double X, double Y)> polygon, (double X, double Y) from, (double X, double Y) to, Span<(double X, double Y)> kept)
    {
        int count = 0;
        for (int i = 0; i < polygon.Length; i++)
        {
            (double X, double Y) here = polygon[i], next = polygon[(i + 1) % polygon.Length];
            double side = Side(here), nextSide = Side(next);
            if (side >= 0)
            {
                kept[count++] = here;
            }

            if (side >= 0 != nextSide >= 0)
            {
                double share = side / (side - nextSide);
                kept[count++] = (here.X + share * (next.X - here.X), here.Y + share * (next.Y - here.Y));
            }
        }

        return count;

        double Side((double X, double Y) point) => (to.X - from.X) * (point.Y - from.Y) - (to.Y - from.Y) * (point.X - from.X);
    }
}
