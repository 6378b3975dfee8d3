using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;

namespace Strata.Imaging.Tests;

/// <summary>Damages image files and reads them. A file may be refused; it may not crash, hang or cost much memory.</summary>
internal static class ImageFuzz
{
    private const int MostSeconds = 2, BytesPerPixel = 16, FreeBytes = 10_000_000;

    private static readonly byte[] PngSignature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <param name="Read">How many files were read in spite of the damage.</param>
    /// <param name="Refused">How many were refused with a message.</param>
    /// <param name="Failures">What went wrong, with the number that makes the file again.</param>
    /// <param name="Slowest">The longest time for a file.</param>
    /// <param name="MostShare">The most memory for a file, as a share of what is allowed.</param>
    internal sealed record Report(int Read, int Refused, IReadOnlyList<string> Failures, TimeSpan Slowest, double MostShare);

    /// <param name="corpus">The files to damage.</param>
    /// <param name="seed">A number that other damage comes from.</param>
    /// <param name="count">How many files are made.</param>
    /// <param name="format">The only format to take, such as <c>tiff</c>; empty for all.</param>
    public static Report Run(string corpus, int seed, int count, string format = "")
    {
        Corpus.Entry[] entries = [.. Corpus.Load(corpus).Entries
            .Where(entry => format.Length == 0 || entry.Name.Split('-').Contains(format, StringComparer.Ordinal))];
        if (entries.Length == 0)
        {
            throw new ArgumentException($"There are no files of the format '{format}'.", nameof(format));
        }

        List<string> failures = [];
        int read = 0, refused = 0;
        TimeSpan slowest = default;
        double most = 0;
        for (int number = 0; number < count; number++)
        {
            var random = new Random(HashCode(seed, number));
            byte[] bytes = Damage(entries, random);
            var options = new ImageReadOptions { AllowTruncated = random.Next(2) == 0, ApplyOrientation = random.Next(2) == 0 };
            ReadCost cost = default;
            long before = GC.GetAllocatedBytesForCurrentThread();
            var watch = Stopwatch.StartNew();
            try
            {
                _ = ImageFile.Read(bytes, options, out cost);
                read++;
            }
            catch (ImageFormatException)
            {
                refused++;
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                failures.Add($"file {number}: {exception}");
            }

            TimeSpan time = Least(watch.Elapsed, bytes, options);
            long memory = GC.GetAllocatedBytesForCurrentThread() - before + cost.NativeBytes;
            double share = memory / (FreeBytes + ((double)BytesPerPixel * cost.Pixels));
            (slowest, most) = (time > slowest ? time : slowest, double.Max(most, share));
            if (time.TotalSeconds > MostSeconds || share > 1)
            {
                failures.Add($"file {number}: {time.TotalSeconds:F1} s and {memory:N0} bytes for {cost.Pixels:N0} pixels");
            }
        }

        return new Report(read, refused, failures, slowest, most);
    }

    /// <summary>A busy machine makes a file slow now and then, but not three times in a row.</summary>
    private static TimeSpan Least(TimeSpan time, byte[] bytes, ImageReadOptions options)
    {
        for (int again = 0; again < 2 && time.TotalSeconds > MostSeconds; again++)
        {
            var watch = Stopwatch.StartNew();
            try
            {
                _ = ImageFile.Read(bytes, options);
            }
            catch (ImageFormatException)
            {
                // The first reading counts.
            }

            time = watch.Elapsed < time ? watch.Elapsed : time;
        }

        return time;
    }

    /// <summary>The same for all runs and machines, unlike <see cref="System.HashCode"/>.</summary>
    private static int HashCode(int seed, int number) =>
        unchecked((int)(((ulong)(uint)seed * 0x9E3779B97F4A7C15) + ((ulong)(uint)number * 0xD1B54A32D192ED03) >> 29));

    private static byte[] Damage(Corpus.Entry[] entries, Random random)
    {
        byte[] bytes = entries[random.Next(entries.Length)].File.ToArray();
        for (int round = random.Next(5); round >= 0; round--)
        {
            bytes = DamageOnce(bytes, entries, random);
        }

        // The reader of PNG files would see little else than wrong checksums.
        return random.Next(4) > 0 && bytes.AsSpan().StartsWith(PngSignature) ? MendChecksums(bytes) : bytes;
    }

    /// <summary>Gives each chunk of a PNG file the checksum that it has now.</summary>
    private static byte[] MendChecksums(byte[] bytes)
    {
        int place = PngSignature.Length;
        while (place + 12 <= bytes.Length)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(place));
            if (length > (uint)(bytes.Length - place - 12))
            {
                break;
            }

            uint sum = uint.MaxValue;
            foreach (byte value in bytes.AsSpan(place + 4, (int)length + 4))
            {
                sum ^= value;
                for (int bit = 0; bit < 8; bit++)
                {
                    sum = (sum & 1) != 0 ? (sum >> 1) ^ 0xEDB88320 : sum >> 1;
                }
            }

            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(place + 8 + (int)length), ~sum);
            place += (int)length + 12;
        }

        return bytes;
    }

    private static byte[] DamageOnce(byte[] bytes, Corpus.Entry[] entries, Random random)
    {
        // Half of the damage is in the headers.
        int end = random.Next(2) == 0 ? Math.Min(bytes.Length, 700) : bytes.Length;
        int place = random.Next(Math.Max(1, end)), length = random.Next(1, 65);
        length = Math.Min(length, bytes.Length - place);
        switch (random.Next(9))
        {
            case 0 when length > 0:
                bytes[place] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 1 when length > 0:
                bytes[place] = (byte)random.Next(256);
                return bytes;
            case 2 when length > 0:
                bytes[place] = 0xFF;
                return bytes;
            case 3 when length > 1:
                (bytes[place], bytes[place + 1]) = (0xFF, (byte)random.Next(0xC0, 0x100));
                return bytes;
            case 4:
                return bytes[..place];
            case 5:
                return [.. bytes[..place], .. bytes[(place + length)..]];
            case 6:
                return [.. bytes[..place], .. bytes[place..(place + length)], .. bytes[place..]];
            case 7:
                // The headers of one file, and the data of another.
                byte[] other = entries[random.Next(entries.Length)].File.ToArray();
                return [.. bytes[..place], .. other[Math.Min(place, other.Length)..]];
            default:
                return bytes.AsSpan().StartsWith("II*\0"u8) ? DamageDirectory(bytes, random) : DamageSize(bytes, random);
        }
    }

    /// <summary>Another size, sampling or process in the frame header.</summary>
    private static byte[] DamageSize(byte[] bytes, Random random)
    {
        for (int i = 0; i + 12 < bytes.Length; i++)
        {
            if (bytes[i] == 0xFF && bytes[i + 1] is 0xC0 or 0xC1 or 0xC2)
            {
                switch (random.Next(4))
                {
                    case 0:
                        bytes[i + 1] = (byte)random.Next(0xC0, 0xC3);
                        break;
                    case 1:
                        bytes[i + 11] = (byte)((random.Next(1, 5) << 4) | random.Next(1, 5));
                        break;
                    default:
                        int place = i + 5 + (2 * random.Next(2));
                        (bytes[place], bytes[place + 1]) = ((byte)random.Next(random.Next(2) == 0 ? 256 : 16), (byte)random.Next(256));
                        break;
                }

                return bytes;
            }
        }

        return bytes;
    }

    /// <summary>Another tag, type, count or value in an entry of a TIFF file's directory.</summary>
    private static byte[] DamageDirectory(byte[] bytes, Random random)
    {
        uint directory = bytes.Length < 8 ? uint.MaxValue : BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(4));
        if (directory > bytes.Length - 14)
        {
            return bytes;
        }

        int entries = int.Max(1, (int)BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan((int)directory)));
        int entry = (int)directory + 2 + (12 * random.Next(entries));
        if (entry > bytes.Length - 12)
        {
            return bytes;
        }

        // The tags from width to tile lengths; all types; counts and values that are small, or that no file can have.
        switch (random.Next(4))
        {
            case 0:
                BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(entry), (ushort)random.Next(254, 326));
                break;
            case 1:
                bytes[entry + 2] = (byte)random.Next(14);
                break;
            default:
                uint value = random.Next(2) == 0 ? (uint)random.Next(70) : (uint)random.NextInt64(1L << random.Next(1, 33));
                BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(entry + 4 + (4 * random.Next(2))), value);
                break;
        }

        return bytes;
    }
}
