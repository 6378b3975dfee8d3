using System.IO;
using System.Linq;

namespace Strata.Weights.Tests;

/// <summary>Damages files as Keras writes them, loads them into networks, and converts them.</summary>
internal static class KerasFuzz
{
    /// <summary>Loads and converts some damaged files, which the seed and their numbers make.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="count">How many damaged files are made.</param>
    public static WeightsFuzz.Report Run(int seed, int count)
    {
        string folder = Directory.CreateTempSubdirectory("strata-keras-").FullName;
        string path = Path.Combine(folder, "model.keras"), output = Path.Combine(folder, "model.safetensors");
        using var picture = new Picture(seed: 1);
        using var tokens = new Tokens(seed: 1);
        using var generator = new Generator(seed: 1);
        CompiledNetwork[] networks = [picture, tokens, generator];
        var options = new WeightsLoadOptions { Strict = false, SkipMismatched = true };
        int number = 0;
        try
        {
            return WeightsFuzz.Run(KerasGolden.OfKeras.Select(file => file.Value), seed, count, file =>
            {
                using (FileStream copy = File.Create(path))
                {
                    file.CopyTo(copy);
                }

                // Each file is read in both ways. A refusal by one of them is one.
                WeightsFormatException? refusal = null;
                try
                {
                    KerasWeights.ConvertToSafetensors(path, output);
                }
                catch (WeightsFormatException e)
                {
                    refusal = e;
                }

                file.Position = 0;
                networks[number++ % networks.Length].LoadKeras(file, options);
                if (refusal is not null)
                {
                    throw refusal;
                }
            });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
