using System;
using System.Globalization;
using System.Threading.Tasks;
using Strata.Embeddings;
using Strata.Embeddings.Tests;
using Strata.Imaging;
using Strata.Zoo;

namespace Strata.Soak;

/// <summary>The network of the page of Strata.Embeddings.</summary>
[Network, Input(3, 224, 224), LayersOf(typeof(MobileNetV2Attribute), Until = "classifier.1")]
internal sealed partial class MobileFeatures;

/// <summary>Searches among many pictures.</summary>
internal static class EmbeddingRun
{
    private const int Queries = 100;

    /// <summary>The share of changed pictures that find what they were. Weights are drawn, not trained.</summary>
    private const double LeastFound = 0.9;

    /// <returns>Whether nearly all queries found their picture.</returns>
    public static async Task<bool> RunAsync(int pictures)
    {
        using var net = new MobileFeatures(seed: 1);
        using var generator = new PictureEmbeddingGenerator(net, ImagePreprocessing.ImageNet);
        PictureSearch search = await PictureSearch.OfAsync(generator, pictures, default);
        (int found, TimeSpan time) = await search.FindAsync(generator, Queries, default);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{pictures} pictures in {search.Time.TotalSeconds:F1} s, {search.Time.TotalMilliseconds / pictures:F2} ms each. "
            + $"A search takes {time.TotalMilliseconds:F2} ms. {found} of {Queries} changed pictures found the one that they were."));
        return found >= LeastFound * Queries;
    }
}
