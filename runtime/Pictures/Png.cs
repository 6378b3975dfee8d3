using System;
using System.Buffers.Binary;
using System.IO;
using System.IO.Compression;
using System.Text;

namespace Strata.Pictures;

/// <summary>
/// The PNG format (ISO/IEC 15948): a signature, then chunks of length, type, data and checksum. Strata has its own reader and writer, so
/// that apps need no imaging library for it.
/// </summary>
internal static class Png
{
    public const byte Grey = 0, Colours = 2, Palette = 3, GreyAlpha = 4, ColoursAlpha = 6;

    public const int HeaderLength = 13, Depth = 8;

    /// <summary>The filter of a row that is stored as its difference from the row above.</summary>
    public const byte Up = 2;

    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Writes a picture in red, green and blue.</summary>
    public static void Write(Picture picture, Stream stream)
    {
        stream.Write(Signature);
        byte[] header = new byte[HeaderLength];
        BinaryPrimitives.WriteInt32BigEndian(header, picture.Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), picture.Height);
        (header[8], header[9]) = (Depth, Colours);
        WriteChunk(stream, "IHDR", header);

        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            // Enlarged pixels repeat downwards, so that differences from the row above are mostly zeros.
            int length = 3 * picture.Width;
            byte[] row = new byte[1 + length];
            row[0] = Up;
            ReadOnlySpan<byte> above = new byte[length];
            for (int y = 0; y < picture.Height; y++)
            {
                ReadOnlySpan<byte> pixels = picture.Bytes.Slice(y * length, length);
                for (int x = 0; x < length; x++)
                {
                    row[1 + x] = (byte)(pixels[x] - above[x]);
                }

                zlib.Write(row);
                above = pixels;
            }
        }

        WriteChunk(stream, "IDAT", compressed.GetBuffer().AsSpan(0, (int)compressed.Length));
        WriteChunk(stream, "IEND", []);
    }

    /// <summary>CRC-32 of ISO 3309, whose reflected polynomial is 0xEDB88320, four bits at a time.</summary>
    /// <param name="data">The bytes.</param>
    /// <param name="sum">The sum of the bytes before them.</param>
    public static uint Checksum(ReadOnlySpan<byte> data, uint sum = 0)
    {
        ReadOnlySpan<uint> table =
        [
            0x00000000, 0x1DB71064, 0x3B6E20C8, 0x26D930AC, 0x76DC4190, 0x6B6B51F4, 0x4DB26158, 0x5005713C,
            0xEDB88320, 0xF00F9344, 0xD6D6A3E8, 0xCB61B38C, 0x9B64C2B0, 0x86D3D2D4, 0xA00AE278, 0xBDBDF21C,
        ];
        sum = ~sum;
        foreach (byte value in data)
        {
            sum ^= value;
            sum = (sum >> 4) ^ table[(int)(sum & 15)];
            sum = (sum >> 4) ^ table[(int)(sum & 15)];
        }

        return ~sum;
    }

    private static void WriteChunk(Stream stream, string type, ReadOnlySpan<byte> data)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(type), .. data];
        Span<byte> number = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        stream.Write(number);
        stream.Write(body);
        BinaryPrimitives.WriteUInt32BigEndian(number, Checksum(body));
        stream.Write(number);
    }
}
