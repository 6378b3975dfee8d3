using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Strata.Tool;

/// <summary>Sizes of an input on the command line: <c>48x160,48x320</c>, or with ranges <c>160:320:32x160:320:32</c>.</summary>
internal static class SizeList
{
    /// <summary>More than any class has; it limits what a wrong range can cost.</summary>
    private const int MostOfAxis = 1_000;

    /// <summary>The sizes; null if the text has none.</summary>
    public static IReadOnlyList<IReadOnlyList<int>>? Parse(string text)
    {
        var sizes = new List<IReadOnlyList<int>>();
        foreach (string size in text.Split(','))
        {
            int[][] axes = [.. size.Split('x').Select(ExtentsOf)];
            if (axes.Length > 3 || axes.Any(axis => axis.Length == 0)
                || axes.Aggregate(1L, (count, axis) => count * axis.Length) > MostOfAxis)
            {
                return null;
            }

            sizes.AddRange(axes.Aggregate(
                (IEnumerable<int[]>)[[]], (all, axis) => all.SelectMany(one => axis.Select(extent => (int[])[.. one, extent]))));
        }

        return sizes;
    }

    /// <summary>A number, or those of from:to:step; none if the text is neither.</summary>
    private static int[] ExtentsOf(string text)
    {
        int[] numbers = [.. text.Split(':').Select(
            number => int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int extent) ? extent : 0)];
        return numbers.Any(number => number < 1) ? [] : numbers switch
        {
            [_] => numbers,
            [var from, var to, var step] when from <= to && (to - from) / step < MostOfAxis =>
                [.. Enumerable.Range(0, ((to - from) / step) + 1).Select(i => from + (i * step))],
            _ => [],
        };
    }
}
