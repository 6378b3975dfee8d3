using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;

namespace Strata.Weights.Tests;

/// <summary>
/// Damages files and loads them. A file may be refused; no other exception may come out, and little time and memory is taken.
/// </summary>
internal static class WeightsFuzz
{
    private const double MaximumSeconds = 2;
    private const int MemoryShare = 100, MemoryAlways = 20_000_000;

    /// <param name="Read">How many files were read.</param>
    /// <param name="Refused">How many were refused with a message.</param>
    /// <param name="Failures">What went wrong, with the number that makes the file again.</param>
    /// <param name="Slowest">The longest time for a file.</param>
    /// <param name="MostBytes">The most that was allocated for a file.</param>
    internal sealed record Report(int Read, int Refused, IReadOnlyList<string> Failures, TimeSpan Slowest, long MostBytes);

    /// <summary>Loads some damaged files, which the seed and their numbers make.</summary>
    /// <param name="files">Files that are whole.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="count">How many damaged files are made.</param>
    /// <param name="load">Loads one.</param>
    public static Report Run(IEnumerable<byte[]> files, int seed, int count, Action<Stream> load)
    {
        byte[][] whole = [.. files];
        List<string> failures = [];
        (int read, int refused) = (0, 0);
        TimeSpan slowest = default;
        long mostBytes = 0;
        for (int number = 0; number < count; number++)
        {
            var random = new Random(unchecked((seed * 1_000_003) + number));
            byte[] file = Damage([.. whole[random.Next(whole.Length)]], whole, random);
            long before = GC.GetAllocatedBytesForCurrentThread();
            var watch = Stopwatch.StartNew();
            try
            {
                load(new MemoryStream(file));
                read++;
            }
            catch (WeightsFormatException)
            {
                refused++;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                failures.Add($"file {number}: {e}");
            }

            slowest = watch.Elapsed > slowest ? watch.Elapsed : slowest;
            long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            mostBytes = long.Max(mostBytes, bytes);
            if (watch.Elapsed.TotalSeconds > MaximumSeconds || bytes > ((long)MemoryShare * file.Length) + MemoryAlways)
            {
                failures.Add($"file {number}: {watch.Elapsed.TotalSeconds:F1} s, {bytes} bytes");
            }
        }

        return new Report(read, refused, failures, slowest, mostBytes);
    }

    private static byte[] Damage(byte[] file, byte[][] others, Random random)
    {
        for (int times = random.Next(1, 4); times > 0 && file.Length > 8; times--)
        {
            int at = random.Next(file.Length);
            switch (random.Next(6))
            {
                case 0:
                    file[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    file[at] = (byte)random.Next(256);
                    break;
                case 2:
                    // A number of 32 bits becomes large, small or another.
                    int[] numbers = [0, 1, -1, int.MaxValue, int.MinValue, random.Next()];
                    BitConverter.GetBytes(numbers[random.Next(numbers.Length)]).CopyTo(file, int.Min(at, file.Length - 4));
                    break;
                case 3:
                    file = file[..at];
                    break;
                case 4:
                    int length = random.Next(int.Min(64, file.Length - at));
                    file = [.. file[..at], .. file[(at + length)..]];
                    break;
                default:
                    byte[] other = others[random.Next(others.Length)];
                    int from = random.Next(other.Length), count = random.Next(int.Min(64, other.Length - from));
                    file = [.. file[..at], .. other.AsSpan(from, count), .. file[at..]];
                    break;
            }
        }

        return file;
    }
}
