using System;
using System.Collections.Generic;
using System.Globalization;
using Samples.Read;
using Strata.Samples.Tests;

namespace Strata.Soak;

/// <summary>Reads many pages with samples/Read and with ONNX Runtime.</summary>
internal static class Reading
{
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
        for (int i = seed; i < seed + pages; i++)
        {
            if (TextPage.Make(i, out reason) is not { } page)
            {
                Console.Error.WriteLine(reason);
                return false;
            }

            IReadOnlyList<string> differences = comparison.Read(page);
            different += differences.Count;
            foreach (string difference in differences)
            {
                Console.WriteLine($"page {i}, {difference}");
            }
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{pages} pages, {comparison.Texts} texts, {different} differ; {100 * comparison.Accuracy:F2} % of the characters are right."));
        return different == 0;
    }
}
