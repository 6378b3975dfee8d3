using System;
using System.Buffers.Binary;
using System.IO;
using Strata.Imaging.Jpeg;
using Strata.Pictures;

namespace Strata.Imaging.Png;

/// <summary>Reads PNG files with Strata's reader, in Pillow's way: alpha is left out.</summary>
internal static class PngImage
{
    private const int SignatureLength = 8, ChunkHeaderLength = 8, ChecksumLength = 4;

    public static bool IsPng(ReadOnlySpan<byte> file) => file is [0x89, (byte)'P', (byte)'N', (byte)'G', ..];

    /// <exception cref="ImageFormatException">The file is damaged, or beyond a limit.</exception>
    public static Picture Read(ReadOnlySpan<byte> file, ImageReadOptions options, out ReadCost cost)
    {
        // Width and height are the beginning of the first chunk.
        long pixels = file.Length < 24 ? 0
            : (long)BinaryPrimitives.ReadUInt32BigEndian(file[16..]) * BinaryPrimitives.ReadUInt32BigEndian(file[20..]);
        cost = new ReadCost(pixels >= 0 && pixels <= options.MaxPixels ? pixels : 0, 0);
        try
        {
            var picture = Picture.Load(file, new PngReadOptions
            {
                MaxPixels = options.MaxPixels,
                IgnoreAlpha = true,
                AllowTruncated = options.AllowTruncated,
            });
            return options.ApplyOrientation ? Orientation.Apply(picture, ReadOrientation(file)) : picture;
        }
        catch (InvalidDataException e)
        {
            throw new ImageFormatException(e.Message, e) { IsCutOff = e.InnerException is EndOfStreamException };
        }
    }

    /// <summary>The orientation of the eXIf chunk; 1 if there is none.</summary>
    private static int ReadOrientation(ReadOnlySpan<byte> file)
    {
        ReadOnlySpan<byte> rest = file[SignatureLength..];
        while (rest.Length >= ChunkHeaderLength)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            if (length > (uint)(rest.Length - ChunkHeaderLength))
            {
                break;
            }

            if (rest[4..].StartsWith("eXIf"u8))
            {
                return Exif.ReadOrientation(rest.Slice(ChunkHeaderLength, (int)length));
            }

            rest = rest[int.Min(rest.Length, ChunkHeaderLength + (int)length + ChecksumLength)..];
        }

        return 1;
    }
}
