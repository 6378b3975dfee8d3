using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using Strata.Imaging;

namespace Strata.Soak;

/// <summary>Times the reading of images.</summary>
internal static class Decode
{
    public static void Run()
    {
        while (Console.ReadLine() is { Length: > 0 } path)
        {
            byte[] file = File.ReadAllBytes(path);
            var watch = Stopwatch.StartNew();
            _ = ImageFile.Read(file);
            Console.WriteLine(watch.Elapsed.TotalMilliseconds.ToString("F3", CultureInfo.InvariantCulture));
        }
    }
}
