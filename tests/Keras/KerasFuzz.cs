using System.IO;
using System.Linq;

namespace Strata.Weights.Tests;

/// <summary>Damages files as Keras writes them, loads them into networks, and converts them.</summary>
internal static class KerasFuzz
{
    // A file that is converted is written to the disk until it is there, which takes longer than all the rest.
    private const int FilesOfConversion = 10;

    /// <summary>Loads some damaged files, which the seed and their numbers make, and converts every tenth.</summary>
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

        // The first file of all takes the time to compile what reads it.
        picture.LoadKeras(new MemoryStream(KerasGolden.Files["picture.keras"]), options);
        try
        {
            return WeightsFuzz.Run(KerasGolden.OfKeras.Select(file => file.Value), seed, count, file =>
            {
                if (number++ % FilesOfConversion > 0)
                {
                    networks[number % networks.Length].LoadKeras(file, options);
                    return;
                }

                using (FileStream copy = File.Create(path))
                {
                    file.CopyTo(copy);
                }

                KerasWeights.ConvertToSafetensors(path, output);
            });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
