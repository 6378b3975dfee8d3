using System;
using System.Buffers.Binary;
using System.Collections.Generic;

namespace Strata.Imaging.Formats;

/// <summary>
/// Looks at the first directory of a TIFF file before LibTiff.NET reads it, which allocates whatever a damaged entry asks for (TIFF 6.0,
/// section 2).
/// </summary>
internal static class TiffDirectory
{
    private const int Width = 256, Height = 257, StripOffsets = 273, SamplesOfPixel = 277, RowsOfStrip = 278, StripLengths = 279;
    private const int Planes = 284, TileWidth = 322, TileHeight = 323, TileOffsets = 324, TileLengths = 325, MostSamples = 8;

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
        var sizes = new Dictionary<int, long>();
        long places = 0;
        for (int i = 0; i < count; i++)
        {
            long at = offset + 2L + (12L * i);
            if (at + 12 > file.Length)
            {
                throw new ImageFormatException("the TIFF file is cut off in its directory") { IsCutOff = true };
            }

            ReadOnlySpan<byte> entry = file.Slice((int)at, 12);
            int tag = Half(entry, isLittle), type = Half(entry[2..], isLittle);
            uint values = Word(entry[4..], isLittle);
            long length = (long)values * SizeOf(type);
            if (length > file.Length)
            {
                throw new ImageFormatException($"the TIFF file is damaged: tag {tag} has {length:N0} bytes, the file {file.Length:N0}");
            }

            if (tag is StripOffsets or StripLengths or TileOffsets or TileLengths)
            {
                CheckParts(file, entry, type, length, isLittle);
                places = tag is StripOffsets or TileOffsets ? long.Max(places, values) : places;
            }
            else if (tag is Width or Height or SamplesOfPixel or RowsOfStrip or Planes or TileWidth or TileHeight
                && !sizes.TryAdd(tag, type == 3 ? Half(entry[8..], isLittle) : Word(entry[8..], isLittle)))
            {
                throw new ImageFormatException($"the TIFF file is damaged: tag {tag} is there twice");
            }
        }

        CheckSizes(sizes, places, maxPixels);
    }

    /// <summary>A picture of the allowed size, and a place in the file for each of its parts.</summary>
    private static void CheckSizes(Dictionary<int, long> sizes, long places, int maxPixels)
    {
        long width = sizes.GetValueOrDefault(Width), height = sizes.GetValueOrDefault(Height);
        if (width < 1 || height < 1)
        {
            throw new ImageFormatException($"the TIFF file's header says {width}×{height} pixels; 1×1 or more were expected");
        }

        // Both are below 2³².
        if ((ulong)width * (ulong)height > (ulong)maxPixels)
        {
            throw new ImageFormatException($"the image has {width}×{height} pixels; at most {maxPixels:N0} are read");
        }

        long samples = sizes.GetValueOrDefault(SamplesOfPixel, 1);
        if (samples > MostSamples)
        {
            throw new ImageFormatException($"the TIFF file has {samples} samples for a pixel; at most {MostSamples} are read");
        }

        // Missing sizes of parts mean that the picture is one.
        long rows = sizes.GetValueOrDefault(TileHeight, sizes.GetValueOrDefault(RowsOfStrip)), columns = sizes.GetValueOrDefault(TileWidth);
        long parts = Parts(width, columns) * Parts(height, rows) * (sizes.GetValueOrDefault(Planes) == 2 ? samples : 1);
        if (parts > places)
        {
            throw new ImageFormatException($"the TIFF file is damaged: it has {parts:N0} parts, and places of {places:N0}");
        }

        static long Parts(long side, long part) => part < 1 ? 1 : (side + part - 1) / part;
    }

    /// <summary>No strip or tile begins behind the file's end, or is longer than the file.</summary>
    private static void CheckParts(ReadOnlySpan<byte> file, ReadOnlySpan<byte> entry, int type, long length, bool isLittle)
    {
        long start = length <= 4 ? -1 : Word(entry[8..], isLittle);
        if (start > file.Length - length || type is not (3 or 4))
        {
            throw new ImageFormatException("the TIFF file is damaged: the places or lengths of its parts are not there");
        }

        ReadOnlySpan<byte> values = start < 0 ? entry.Slice(8, (int)length) : file.Slice((int)start, (int)length);
        for (; !values.IsEmpty; values = values[SizeOf(type)..])
        {
            long value = type == 3 ? Half(values, isLittle) : Word(values, isLittle);
            if (value > file.Length)
            {
                throw new ImageFormatException(
                    $"the TIFF file is damaged: a part begins at byte {value:N0}, or has as many; the file has {file.Length:N0}");
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
