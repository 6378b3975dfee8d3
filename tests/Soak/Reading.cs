using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Samples.Read;
using Strata.Samples.Tests;

namespace Strata.Soak;

/// <summary>Reads many pages with samples/Read and with ONNX Runtime.</summary>
internal static class Reading
{
    private const int Calls = 5;

    /// <returns>Whether all texts are the same.</returns>
    public static bool Run(int pages, int seed)
    {
        if (OcrModels.Find(out string reason) is not { } models)
        {
            Console.Error.WriteLine(reason);
            return false;
        }

        using var comparison = new Comparison(models);
        int different = 0;
        var times = new List<(TimeSpan Sample, TimeSpan Reference)>();
        for (int i = seed; i < seed + pages; i++)
        {
            if (TextPage.Make(i, out reason) is not { } page)
            {
                Console.Error.WriteLine(reason);
                return false;
            }

            IReadOnlyList<string> differences = comparison.Read(page);
            times.Add(comparison.Time(page, Calls));
            different += differences.Count;
            foreach (string difference in differences)
            {
                Console.WriteLine($"page {i}, {difference}");
            }
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{pages} pages, {comparison.Texts} texts, {different} differ; {100 * comparison.Accuracy:F2} % of the characters are right."));
        double ratio = times.Sum(one => one.Reference.Ticks) / (double)times.Sum(one => one.Sample.Ticks);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"A page that was read before takes {Median(one => one.Sample):F0} ms, with ONNX Runtime {Median(one => one.Reference):F0} ms "
            + $"(medians); the sum of all pages {ratio:F2} times."));
        return different == 0;

        double Median(Func<(TimeSpan Sample, TimeSpan Reference), TimeSpan> of) =>
            times.Select(of).Order().ElementAt(times.Count / 2).TotalMilliseconds;
    }
}
