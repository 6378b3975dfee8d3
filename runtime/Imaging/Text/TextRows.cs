using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;

namespace Strata.Imaging;

/// <summary>Regions of text in the order in which they are read.</summary>
public static class TextRows
{
    /// <summary>
    /// Puts regions into rows. The page may be turned: the reading direction is that of most regions, the longer ones counting more. Two
    /// regions are in a row if their middles differ by less than half of the lower one's height.
    /// </summary>
    /// <param name="regions">
    /// The corners of each region as it is read: top left, top right, bottom right, bottom left. A region that stands on its head begins
    /// with the corner where its text begins.
    /// </param>
    /// <returns>The rows from the top down, each with the numbers of its regions from left to right.</returns>
    /// <exception cref="ArgumentException">A region has not four corners.</exception>
    public static IReadOnlyList<int[]> Of(IReadOnlyList<IReadOnlyList<Vector2>> regions)
    {
        ArgumentNullException.ThrowIfNull(regions);
        Vector2 sum = Vector2.Zero;
        for (int i = 0; i < regions.Count; i++)
        {
            if (regions[i].Count != 4)
            {
                throw new ArgumentException($"A region has four corners; region {i} has {regions[i].Count}.", nameof(regions));
            }

            sum += regions[i][1] - regions[i][0];
        }

        Vector2 along = sum == Vector2.Zero ? Vector2.UnitX : Vector2.Normalize(sum), down = new(-along.Y, along.X);
        Region[] sorted =
        [
            .. regions.Select((corners, i) =>
            {
                Vector2 middle = (corners[0] + corners[1] + corners[2] + corners[3]) / 4;
                float height = (Vector2.Distance(corners[0], corners[3]) + Vector2.Distance(corners[1], corners[2])) / 2;
                return new Region(i, Vector2.Dot(middle, along), Vector2.Dot(middle, down), height);
            }).OrderBy(region => region.Y),
        ];

        var rows = new List<List<Region>>();
        foreach (Region region in sorted)
        {
            if (rows.Count == 0 || !IsInRow(region, rows[^1]))
            {
                rows.Add([]);
            }

            rows[^1].Add(region);
        }

        return [.. rows.Select(row => row.OrderBy(region => region.X).Select(region => region.Number).ToArray())];
    }

    private static bool IsInRow(Region region, List<Region> row) =>
        region.Y - row.Average(other => other.Y) < float.Min(region.Height, row.Min(other => other.Height)) / 2;

    /// <summary>A region with its middle, along the lines and across them.</summary>
    private readonly record struct Region(int Number, float X, float Y, float Height);
}
