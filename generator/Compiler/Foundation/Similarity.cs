using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Compiler.Foundation;

/// <summary>Compares names, for messages that suggest what may have been meant.</summary>
internal static class Similarity
{
    /// <summary>The number of letters to insert, remove or replace (Levenshtein 1966). A difference in case counts little.</summary>
    public static double Distance(string left, string right)
    {
        double[] row = Enumerable.Range(0, right.Length + 1).Select(i => (double)i).ToArray();
        for (int i = 1; i <= left.Length; i++)
        {
            double diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                (char a, char b) = (left[i - 1], right[j - 1]);
                double replaced = diagonal + (a == b ? 0 : char.ToUpperInvariant(a) == char.ToUpperInvariant(b) ? 0.1 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[right.Length];
    }

    /// <summary>The most similar of several names; null if there are none.</summary>
    public static string? Nearest(string name, IEnumerable<string> candidates) =>
        candidates.OrderBy(candidate => Distance(candidate, name)).ThenBy(candidate => candidate, StringComparer.Ordinal).FirstOrDefault();

    /// <summary>The most similar of several names, unless it differs in more than a third of its letters.</summary>
    public static string? NearestAlike(string name, IEnumerable<string> candidates) =>
        Nearest(name, candidates) is { } nearest
            && Distance(nearest, name) < Math.Max(1.5, (Math.Min(name.Length, nearest.Length) / 3.0) + 0.5)
                ? nearest
                : null;
}
