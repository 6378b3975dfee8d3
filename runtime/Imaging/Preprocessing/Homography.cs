using System;
using System.Collections.Generic;
using System.Numerics;

namespace Strata.Imaging;

/// <summary>Where a place (x, y) of a result is in a picture: ((ax + by + c) / w, (dx + ey + f) / w), where w = gx + hy + 1.</summary>
/// <param name="m">The eight numbers a to h.</param>
internal sealed class Homography(double[] m)
{
    /// <summary>The one that leads four points of the result to four points of the picture.</summary>
    /// <exception cref="ArgumentException">There are not four points, or three of them lie on a line.</exception>
    public static Homography Between(IReadOnlyList<Vector2> result, IReadOnlyList<Vector2> picture, string name)
    {
        if (picture.Count != 4 || result.Count != 4)
        {
            throw new ArgumentException($"A perspective has four points; here are {picture.Count} and {result.Count}.", name);
        }

        // Two equations for each point.
        double[,] rows = new double[8, 9];
        for (int i = 0; i < 4; i++)
        {
            (double x, double y, double u, double v) = (result[i].X, result[i].Y, picture[i].X, picture[i].Y);
            double[] first = [x, y, 1, 0, 0, 0, -u * x, -u * y, u], second = [0, 0, 0, x, y, 1, -v * x, -v * y, v];
            for (int k = 0; k < 9; k++)
            {
                (rows[2 * i, k], rows[(2 * i) + 1, k]) = (first[k], second[k]);
            }
        }

        return new Homography(Solve(rows));
    }

    /// <summary>The place in the picture.</summary>
    public (double X, double Y) At(double x, double y)
    {
        double depth = Depth(x, y);
        return (((m[0] * x) + (m[1] * y) + m[2]) / depth, ((m[3] * x) + (m[4] * y) + m[5]) / depth);
    }

    /// <summary>w: it has one sign in all places that are seen from the front.</summary>
    public double Depth(double x, double y) => (m[6] * x) + (m[7] * y) + 1;

    /// <summary>Gauss's elimination with the largest pivot of each column.</summary>
    private static double[] Solve(double[,] rows)
    {
        const int Count = 8;
        for (int column = 0; column < Count; column++)
        {
            int pivot = column;
            for (int r = column + 1; r < Count; r++)
            {
                pivot = Math.Abs(rows[r, column]) > Math.Abs(rows[pivot, column]) ? r : pivot;
            }

            if (!(Math.Abs(rows[pivot, column]) > 1e-9))
            {
                throw new ArgumentException("Three of the four points lie on a line, or two are the same; there is no such perspective.");
            }

            for (int k = 0; k <= Count; k++)
            {
                (rows[column, k], rows[pivot, k]) = (rows[pivot, k], rows[column, k]);
            }

            for (int r = 0; r < Count; r++)
            {
                double factor = r == column ? 0 : rows[r, column] / rows[column, column];
                for (int k = column; k <= Count && factor != 0; k++)
                {
                    rows[r, k] -= factor * rows[column, k];
                }
            }
        }

        double[] solution = new double[Count];
        for (int i = 0; i < Count; i++)
        {
            solution[i] = rows[i, Count] / rows[i, i];
        }

        return solution;
    }
}
