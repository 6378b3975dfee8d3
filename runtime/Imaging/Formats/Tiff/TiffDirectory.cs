using System;
using System.Buffers.Binary;

namespace Strata.Imaging.Formats;

/// <summary>
/// Looks at the first directory of a TIFF file before LibTiff.NET reads it, which allocates whatever a damaged entry asks for (TIFF 6.0,
/// section 2).
/// </summary>
internal static class TiffDirectory
{
    private const int Width = 256, Height = 257, StripLengths = 279, TileLengths = 325, SamplesOfPixel = 277, MostSamples = 8;

    /// <exception cref="ImageFormatException">The picture is too large, or an entry does not fit the file.</exception>
    public static void Check(ReadOnlySpan<byte> file, int maxPixels)
    {
        bool isLittle = file[0] == 'I';
        uint offset = file.Length < 8 ? uint.MaxValue : Word(file[4..], isLittle);
        if (offset > file.Length - 2)
        {
            throw new ImageFormatException("the TIFF file is cut off: its directory is not there") { IsCutOff = true };
        }

        int count = Half(file[(int)offset..], isLittle);
        long width = 0, height = 0;
        for (int i = 0; i < count; i++)
        {
            long at = offset + 2L + (12L * i);
            if (at + 12 > file.Length)
            {
                throw new ImageFormatException("the TIFF file is cut off in its directory") { IsCutOff = true };
            }

            ReadOnlySpan<byte> entry = file.Slice((int)at, 12);
            int tag = Half(entry, isLittle), type = Half(entry[2..], isLittle);
            long length = (long)Word(entry[4..], isLittle) * SizeOf(type);
            if (length > file.Length)
            {
                throw new ImageFormatException($"the TIFF file is damaged: tag {tag} has {length:N0} bytes, the file {file.Length:N0}");
            }

            long first = type == 3 ? Half(entry[8..], isLittle) : Word(entry[8..], isLittle);
            (width, height) = (tag == Width ? first : width, tag == Height ? first : height);
            if (tag == SamplesOfPixel && first > MostSamples)
            {
                throw new ImageFormatException($"the TIFF file has {first} samples for a pixel; at most {MostSamples} are read");
            }

            if (tag is StripLengths or TileLengths)
            {
                CheckLengths(file, entry, type, length, isLittle);
            }
        }

        if (width * height > maxPixels)
        {
            throw new ImageFormatException($"the image has {width}×{height} pixels; at most {maxPixels:N0} are read");
        }
    }

    /// <summary>No strip or tile is longer than the file.</summary>
    private static void CheckLengths(ReadOnlySpan<byte> file, ReadOnlySpan<byte> entry, int type, long length, bool isLittle)
    {
        long start = length <= 4 ? -1 : Word(entry[8..], isLittle);
        if (start > file.Length - length || type is not (3 or 4))
        {
            throw new ImageFormatException("the TIFF file is damaged: the lengths of its parts are not there");
        }

        ReadOnlySpan<byte> values = start < 0 ? entry.Slice(8, (int)length) : file.Slice((int)start, (int)length);
        for (; !values.IsEmpty; values = values[SizeOf(type)..])
        {
            long part = type == 3 ? Half(values, isLittle) : Word(values, isLittle);
            if (part > file.Length)
            {
                throw new ImageFormatException($"the TIFF file is damaged: a part has {part:N0} bytes, the file {file.Length:N0}");
            }
        }
    }

    /// <summary>Bytes of a value; 8 for types that do not exist.</summary>
    private static int SizeOf(int type) => type switch
    {
        1 or 2 or 6 or 7 => 1,
        3 or 8 => 2,
        4 or 9 or 11 or 13 => 4,
        _ => 8,
    };

    private static ushort Half(ReadOnlySpan<byte> bytes, bool isLittle) =>
        isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static uint Word(ReadOnlySpan<byte> bytes, bool isLittle) =>
        isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
