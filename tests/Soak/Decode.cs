using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Strata.Imaging;
using Strata.Pictures;

namespace Strata.Soak;

/// <summary>Times the reading of images, and what makes inputs of them.</summary>
internal static class Decode
{
    public static void Run()
    {
        var pictures = new Dictionary<string, Picture>();
        while (Console.ReadLine() is { Length: > 0 } line)
        {
            if (line.Split(' ', 3) is ["prepare", var threads, var picture])
            {
                Prepare(pictures, picture, int.Parse(threads, CultureInfo.InvariantCulture));
                continue;
            }

            byte[] file = File.ReadAllBytes(line);
            var watch = Stopwatch.StartNew();
            _ = ImageFile.Read(file);
            Console.WriteLine(Text(watch.Elapsed));
        }
    }

    /// <summary>Writes the milliseconds, and a hash of the floats.</summary>
    private static void Prepare(Dictionary<string, Picture> pictures, string path, int threads)
    {
        if (!pictures.TryGetValue(path, out Picture? picture))
        {
            pictures.Add(path, picture = ImageFile.Read(path));
        }

        ImagePreprocessing preprocessing = ImagePreprocessing.ImageNet with { Threads = threads };
        float[] input = new float[preprocessing.Length];
        var watch = Stopwatch.StartNew();
        preprocessing.Apply(picture, input);
        string time = Text(watch.Elapsed);
        Console.WriteLine($"{time} {Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(input.AsSpan())))}");
    }

    private static string Text(TimeSpan time) => time.TotalMilliseconds.ToString("F3", CultureInfo.InvariantCulture);
}
