using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Threading.Tasks;
using Strata.Data;
using Strata.Imaging;
using Strata.Training;

namespace Strata.Soak;

/// <summary>Streams a folder of photographs, in turn with torchvision's ImageFolder and DataLoader.</summary>
internal static class Folder
{
    private const int Batch = 32, Warmup = 2;

    private const string Plain = "plain", Mirrored = "mirrored", Cropped = "cropped";

    private const string PythonVariable = "STRATA_PYTHON", SystemPython = "/usr/bin/python3";

    /// <summary>Our threads, and how many workers the peer has: with none, its main process reads.</summary>
    private static readonly (int Threads, int Workers)[] Pairs = [(1, 0), (1, 1), (2, 2)];

    /// <summary>Prints images a second of both, and their ratios; false where the floats differ.</summary>
    public static async Task<bool> RunAsync(int rounds)
    {
        string folder = Directory.CreateTempSubdirectory("strata-folder").FullName;
        using Process peer = StartPeer();
        try
        {
            string versions = await AskAsync(peer, null), pictures = Path.Combine(folder, "pictures");
            Console.WriteLine(
                $"{versions}; CPU family {CpuFamily()}, {Environment.ProcessorCount} processors; medians of {rounds} in turn");
            string files = await AskAsync(peer, $"make\t{pictures}");
            Console.WriteLine($"{files} files of about 500×375 become batches of {Batch}×3×224×224.");
            bool areSame = await HashAsync(pictures) == await AskAsync(peer, $"hash\t{pictures}");
            Console.WriteLine(areSame ? "The floats are the same, to the bit." : "The floats differ.");
            Console.WriteLine($"\n{"",-12}{"threads",9}{"Strata",11}{"workers",11}{"torchvision",14}{"ratio",8}");
            foreach (string kind in new[] { Plain, Mirrored, Cropped })
            {
                await CompareAsync(pictures, peer, kind, rounds);
            }

            return areSame;
        }
        finally
        {
            peer.StandardInput.Close();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task CompareAsync(string pictures, Process peer, string kind, int rounds)
    {
        var ours = Pairs.Select(_ => new List<double>()).ToArray();
        var theirs = Pairs.Select(_ => new List<double>()).ToArray();
        ImageFolder[] sets = [.. Pairs.Select(pair => Set(pictures, kind, pair.Threads))];
        for (int round = -Warmup; round < rounds; round++)
        {
            for (int i = 0; i < Pairs.Length; i++)
            {
                double our = await EpochAsync(sets[i]);
                double their = double.Parse(
                    await AskAsync(peer, $"epoch\t{pictures}\t{Pairs[i].Workers}\t{kind}"), CultureInfo.InvariantCulture);
                if (round >= 0)
                {
                    ours[i].Add(our);
                    theirs[i].Add(their);
                }
            }
        }

        for (int i = 0; i < Pairs.Length; i++)
        {
            double our = Median(ours[i]), their = Median(theirs[i]);
            Console.WriteLine($"{kind,-12}{Pairs[i].Threads,9}{our,9:F0}/s{Pairs[i].Workers,11}{their,12:F0}/s"
                + $"{our / their,8:F2}");
        }
    }

    private static ImageFolder Set(string pictures, string kind, int threads) => new(pictures, ImagePreprocessing.ImageNet)
    {
        BatchSize = Batch,
        Threads = threads,
        Shuffle = kind != Plain,
        Augmentation = kind switch
        {
            Mirrored => new Augmentation(new RandomHorizontalFlip()),
            Cropped => new Augmentation(new RandomResizedCrop(), new RandomHorizontalFlip()),
            _ => null,
        },
    };

    /// <summary>Pictures in a second, over one pass.</summary>
    private static async Task<double> EpochAsync(ImageFolder set)
    {
        int count = 0;
        var watch = Stopwatch.StartNew();
        await foreach (SampleBatch batch in set)
        {
            count += batch.Classes.Length;
        }

        return count / watch.Elapsed.TotalSeconds;
    }

    private static async Task<string> HashAsync(string pictures)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await foreach (SampleBatch batch in Set(pictures, Plain, threads: 0))
        {
            hash.AppendData(MemoryMarshal.AsBytes(batch.Inputs.Span));
        }

        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    private static Process StartPeer()
    {
        string python = Environment.GetEnvironmentVariable(PythonVariable) is string path and not "" ? path
            : File.Exists(SystemPython) ? SystemPython : "python3";
        string project = typeof(Folder).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == "ProjectDirectory").Value!;
        return Process.Start(new ProcessStartInfo(python, [Path.Combine(project, "..", "Imaging", "folder_peer.py")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
    }

    /// <summary>The peer's next line, after a command of ours.</summary>
    private static async Task<string> AskAsync(Process peer, string? command)
    {
        if (command is not null)
        {
            await peer.StandardInput.WriteLineAsync(command);
            await peer.StandardInput.FlushAsync();
        }

        return await peer.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException(
            "The Python script ended. It needs torchvision: 'apt install python3-torchvision', or name a Python that has it in "
            + $"{PythonVariable}.");
    }

    private static string CpuFamily() => (File.Exists("/proc/cpuinfo") ? File.ReadLines("/proc/cpuinfo") : [])
        .FirstOrDefault(line => line.StartsWith("cpu family", StringComparison.Ordinal))?.Split(':')[^1].Trim() ?? "?";

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
