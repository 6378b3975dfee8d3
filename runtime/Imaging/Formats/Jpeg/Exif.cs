using System;
using System.Buffers.Binary;

namespace Strata.Imaging.Jpeg;

/// <summary>Finds the orientation in EXIF data, which are a TIFF file's first directory.</summary>
internal static class Exif
{
    private const int Orientation = 0x0112, EntryLength = 12, HeaderLength = 8;

    /// <summary>The orientation, 1 to 8; 1 if there is none or the data are damaged, as Pillow has it.</summary>
    /// <param name="tiff">What follows <c>Exif\0\0</c>.</param>
    public static int ReadOrientation(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < HeaderLength || !(tiff.StartsWith("II*\0"u8) || tiff.StartsWith("MM\0*"u8)))
        {
            return 1;
        }

        bool isBig = tiff[0] == (byte)'M';
        uint start = ReadUInt32(tiff[4..], isBig);
        if (start > (uint)tiff.Length - 2)
        {
            return 1;
        }

        ReadOnlySpan<byte> directory = tiff[(int)start..];
        int entries = ReadUInt16(directory, isBig), found = 1;
        directory = directory[2..];
        for (int i = 0; i < entries && directory.Length >= EntryLength; i++, directory = directory[EntryLength..])
        {
            // Integers of 16 and 32 bits, with and without sign.
            int type = ReadUInt16(directory[2..], isBig);
            if (ReadUInt16(directory, isBig) == Orientation && type is 3 or 4 or 8 or 9 && ReadUInt32(directory[4..], isBig) == 1)
            {
                uint value = type is 3 or 8 ? (uint)ReadUInt16(directory[8..], isBig) : ReadUInt32(directory[8..], isBig);
                found = value is >= 1 and <= 8 ? (int)value : 1;
            }
        }

        return found;
    }

    private static int ReadUInt16(ReadOnlySpan<byte> bytes, bool isBig) =>
        isBig ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private static uint ReadUInt32(ReadOnlySpan<byte> bytes, bool isBig) =>
        isBig ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
