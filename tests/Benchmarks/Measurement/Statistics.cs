using System.Collections.Generic;
using System.Linq;

namespace Strata.Benchmarks.Measurement;

internal static class Statistics
{
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = values.Order().ToArray();
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>What a quarter of the values does not exceed: other work on the machine only adds to times, and a quarter of them may be free of it where the half is not.</summary>
    public static double LowerQuartile(IEnumerable<double> values)
    {
        double[] sorted = values.Order().ToArray();
        return sorted[(sorted.Length - 1) / 4];
    }
}
