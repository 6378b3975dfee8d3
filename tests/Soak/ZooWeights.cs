using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Reflection;
using Strata.Weights;
using Strata.Weights.Tests;

namespace Strata.Soak;

/// <summary>Loads each network of the zoo from the files that h5py and PyTorch write of its weights.</summary>
internal static class ZooWeights
{
    /// <summary>Prints a row for each network; false where a number differs.</summary>
    /// <param name="filter">A part of the names of networks.</param>
    public static bool Run(string filter)
    {
        if (SampleNetworks.Find(SampleNetworks.Zoo) is not { } types)
        {
            return false;
        }

        string project = typeof(ZooWeights).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == "ProjectDirectory").Value!;
        if (SavedByPython.Run("-c", "import h5py, torch") is { Code: not 0, Error: var error })
        {
            Console.Error.WriteLine($"It needs 'apt install python3-h5py python3-torch'. {error}");
            return false;
        }

        string script = Path.Combine(project, "..", "Keras", "save_network.py");
        bool isRight = true;
        int count = 0;
        Console.WriteLine($"{"loaded, seconds",-24}{"parameters",14}{string.Concat(Files.Select(name => $"{name,21}"))}");
        foreach (Type type in types.Where(
            type => type.Namespace == "Zoo.Networks" && type.Name.Contains(filter, StringComparison.OrdinalIgnoreCase)))
        {
            isRight &= Compare(type, script);
            count++;
        }

        Console.WriteLine($"{count} networks, {Files.Length} files of each: {(isRight ? "all bits are equal" : "some numbers differ")}");
        return isRight && count > 0;
    }

    private static string[] Files => [.. SavedByPython.OfKeras, .. SavedByPython.OfTorch];

    private static bool Compare(Type type, string script)
    {
        CompiledNetwork Make(ulong seed) => (CompiledNetwork)Activator.CreateInstance(type, new NetworkOptions { Seed = seed })!;
        DirectoryInfo folder = Directory.CreateTempSubdirectory("strata-zoo-");
        try
        {
            using CompiledNetwork source = Make(1);
            SavedByPython.Write(source, script, folder.FullName);
            Console.Write($"{type.Name,-24}{source.Parameters.Sum(parameter => (long)parameter.Length),14:N0}");
            string[] different = [];
            foreach (string name in Files)
            {
                using CompiledNetwork found = Make(2);
                string path = Path.Combine(folder.FullName, name);
                var watch = Stopwatch.StartNew();
                try
                {
                    _ = SavedByPython.OfKeras.Contains(name) ? found.LoadKeras(path) : found.LoadPyTorch(path);
                    different = [.. different, .. SavedByPython.Different(source, found).Select(key => $"{name}: {key}")];
                }
                catch (WeightsFormatException exception)
                {
                    different = [.. different, exception.Message];
                }

                Console.Write($"{watch.Elapsed.TotalSeconds,21:F2}");
            }

            Console.WriteLine(different.Length == 0 ? "" : $"   {different.Length} differ: {different[0]}");
            return different.Length == 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
