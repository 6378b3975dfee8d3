using System;
using System.Buffers.Binary;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text;

namespace Strata.Runtime.Tests;

/// <summary>Writes PNG files for the tests: every colour type and filter, and faults on request.</summary>
internal static class PngWriter
{
    public const byte Grey = 0, Rgb = 2, Palette = 3, GreyAlpha = 4, Rgba = 6;

    public static byte[] Write(
        int width, int height, byte color, byte[] samples, Func<int, int>? filter = null, byte depth = 8, byte interlace = 0,
        params (string Type, byte[] Body)[] extra)
    {
        int channels = color switch { Rgb => 3, GreyAlpha => 2, Rgba => 4, _ => 1 } * (depth == 16 ? 2 : 1);
        return File(
        [
            ("IHDR", Header(width, height, color, depth, interlace)),
            .. extra,
            ("IDAT", Deflate(Filter(samples, width * channels, channels, filter ?? (_ => 0)))),
            ("IEND", []),
        ]);
    }

    public static byte[] Header(int width, int height, byte color, byte depth = 8, byte interlace = 0)
    {
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9], header[12]) = (depth, color, interlace);
        return header;
    }

    public static byte[] File(params (string Type, byte[] Body)[] chunks)
    {
        using var file = new MemoryStream();
        file.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        Span<byte> number = stackalloc byte[4];
        foreach ((string type, byte[] body) in chunks)
        {
            byte[] named = [.. Encoding.ASCII.GetBytes(type), .. body];
            BinaryPrimitives.WriteInt32BigEndian(number, body.Length);
            file.Write(number);
            file.Write(named);
            BinaryPrimitives.WriteUInt32BigEndian(number, Crc(named));
            file.Write(number);
        }

        return file.ToArray();
    }

    public static byte[] Deflate(byte[] data)
    {
        using var packed = new MemoryStream();
        using (var packer = new ZLibStream(packed, CompressionLevel.SmallestSize))
        {
            packer.Write(data);
        }

        return packed.ToArray();
    }

    private static byte[] Filter(byte[] samples, int rowLength, int step, Func<int, int> filter)
    {
        byte[] rows = new byte[samples.Length + samples.Length / rowLength];
        for (int y = 0; y < samples.Length / rowLength; y++)
        {
            int kind = filter(y);
            rows[y * (rowLength + 1)] = (byte)kind;
            for (int x = 0; x < rowLength; x++)
            {
                int At(int dx, int dy) => x + dx < 0 || y + dy < 0 ? 0 : samples[(y + dy) * rowLength + x + dx];
                (int a, int b, int c) = (At(-step, 0), At(0, -1), At(-step, -1));
                int predicted = kind switch
                {
                    1 => a,
                    2 => b,
                    3 => (a + b) / 2,
                    4 => new[] { a, b, c }.MinBy(value => Math.Abs(a + b - c - value)),
                    _ => 0,
                };
                rows[y * (rowLength + 1) + 1 + x] = (byte)(samples[y * rowLength + x] - predicted);
            }
        }

        return rows;
    }

    private static uint Crc(byte[] data)
    {
        uint crc = ~0u;
        foreach (byte value in data)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
            }
        }

        return ~crc;
    }
}
