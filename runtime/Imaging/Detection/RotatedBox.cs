using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;

namespace Strata.Imaging;

/// <summary>A rectangle in a picture that may be turned.</summary>
/// <param name="Center">Its middle, in pixels from the top left corner.</param>
/// <param name="Width">The length of its first side, in pixels.</param>
/// <param name="Height">The length of its second side, in pixels.</param>
/// <param name="Angle">
/// How far the first side is turned clockwise from the horizontal, in degrees. <see cref="Around"/> gives −45 to 45; detectors may give
/// others, where the first side is the object's length.
/// </param>
public readonly record struct RotatedBox(Vector2 Center, float Width, float Height, float Angle) : IOverlapping<RotatedBox>
{
    /// <summary>Width · Height, in square pixels.</summary>
    public float Area => Width * Height;

    /// <summary>The four corners, clockwise from the top left one.</summary>
    public IReadOnlyList<Vector2> Corners
    {
        get
        {
            (float sin, float cos) = MathF.SinCos(float.DegreesToRadians(Angle));
            Vector2 along = new Vector2(cos, sin) * (Width / 2), down = new Vector2(-sin, cos) * (Height / 2);
            return [Center - along - down, Center + along - down, Center + along + down, Center - along + down];
        }
    }

    /// <summary>The smallest upright box around it.</summary>
    public Box Bounds
    {
        get
        {
            IReadOnlyList<Vector2> corners = Corners;
            return new Box(corners.Min(c => c.X), corners.Min(c => c.Y), corners.Max(c => c.X), corners.Max(c => c.Y));
        }
    }

    /// <summary>
    /// How much two boxes agree: the area that both cover over the area that either covers. The common part is a polygon of up to eight
    /// corners, whose area is computed exactly, in double precision.
    /// </summary>
    /// <param name="other">The other box.</param>
    /// <returns>0 (they do not touch) to 1 (they are the same); NaN if both areas are 0, or a number is infinite or NaN.</returns>
    public float IntersectionOverUnion(RotatedBox other)
    {
        double area = (double)Width * Height, otherArea = (double)other.Width * other.Height;
        (double x, double y) = ((double)other.Center.X - Center.X, (double)other.Center.Y - Center.Y);
        if (!double.IsFinite(area + otherArea + x + y + Angle + other.Angle))
        {
            return float.NaN;
        }

        // Circles around the boxes tell most pairs apart.
        double common = 0;
        if (Math.Sqrt(x * x + y * y) < (Math.Sqrt(Diagonal(this)) + Math.Sqrt(Diagonal(other))) / 2)
        {
            Span<(double, double)> first = stackalloc (double, double)[4], second = stackalloc (double, double)[4];
            WriteCorners(0, 0, first);
            other.WriteCorners(x, y, second);
            common = ConvexPolygon.CommonArea(first, second);
        }

        return (float)(common / (area + otherArea - common));

        static double Diagonal(RotatedBox box) => (double)box.Width * box.Width + (double)box.Height * box.Height;
    }

    /// <summary>
    /// The smallest rectangle around points. One of its sides lies on a side of their convex hull (Freeman and Shapira, Determining the
    /// minimum-area encasing rectangle, CACM 1975), so each side of the hull is tried.
    /// </summary>
    /// <param name="points">The points, one or more.</param>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static RotatedBox Around(IReadOnlyList<Vector2> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        if (points.Count == 0)
        {
            throw new ArgumentException("There is no rectangle around no points.", nameof(points));
        }

        List<Vector2> hull = Hull(points);
        RotatedBox best = Upright(hull);
        for (int i = 0; i < hull.Count; i++)
        {
            Vector2 side = hull[(i + 1) % hull.Count] - hull[i];
            if (side != Vector2.Zero && Along(hull, Vector2.Normalize(side)) is var box
                && box.Width * box.Height < best.Width * best.Height)
            {
                best = box;
            }
        }

        return best;
    }

    /// <summary>The corners of such a box around another middle, in double precision.</summary>
    private void WriteCorners(double x, double y, Span<(double X, double Y)> corners)
    {
        (double sin, double cos) = Math.SinCos(double.DegreesToRadians(Angle));
        (double alongX, double alongY) = (cos * Width / 2, sin * Width / 2);
        (double downX, double downY) = (-sin * Height / 2, cos * Height / 2);
        corners[0] = (x - alongX - downX, y - alongY - downY);
        corners[1] = (x + alongX - downX, y + alongY - downY);
        corners[2] = (x + alongX + downX, y + alongY + downY);
        corners[3] = (x - alongX + downX, y - alongY + downY);
    }

    private static RotatedBox Upright(List<Vector2> hull) => Along(hull, Vector2.UnitX);

    /// <summary>The rectangle with a side of the given direction.</summary>
    private static RotatedBox Along(List<Vector2> hull, Vector2 direction)
    {
        var normal = new Vector2(-direction.Y, direction.X);
        float first = hull.Min(p => Vector2.Dot(p, direction)), last = hull.Max(p => Vector2.Dot(p, direction));
        float upper = hull.Min(p => Vector2.Dot(p, normal)), lower = hull.Max(p => Vector2.Dot(p, normal));
        Vector2 center = (first + last) / 2 * direction + (upper + lower) / 2 * normal;
        (float width, float height) = (last - first, lower - upper);
        float angle = float.RadiansToDegrees(MathF.Atan2(direction.Y, direction.X));

        // A rectangle can be written in four ways; the one that is turned least is returned.
        int quarters = (int)MathF.Round(angle / 90);
        return (quarters & 1) == 0
            ? new RotatedBox(center, width, height, angle - 90 * quarters) : new RotatedBox(center, height, width, angle - 90 * quarters);
    }

    /// <summary>The convex hull (Andrew, Another efficient algorithm for convex hulls in two dimensions, 1979).</summary>
    private static List<Vector2> Hull(IReadOnlyList<Vector2> points)
    {
        List<Vector2> sorted = [.. points.Distinct().OrderBy(p => p.X).ThenBy(p => p.Y)];
        var hull = new List<Vector2>();
        for (int pass = 0; pass < 2; pass++)
        {
            int start = hull.Count;
            foreach (Vector2 point in pass == 0 ? sorted : sorted.AsEnumerable().Reverse())
            {
                while (hull.Count >= start + 2 && Turn(hull[^2], hull[^1], point) <= 0)
                {
                    hull.RemoveAt(hull.Count - 1);
                }

                hull.Add(point);
            }

            // The last point of one half is the first of the other.
            hull.RemoveAt(hull.Count - 1);
        }

        return hull.Count == 0 ? sorted : hull;
    }

    private static float Turn(Vector2 a, Vector2 b, Vector2 c) => (b.X - a.X) * (c.Y - a.Y) - (b.Y - a.Y) * (c.X - a.X);
}
