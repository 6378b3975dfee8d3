using System;

namespace Strata.Imaging.Bmp;

/// <summary>Undoes the compression of bitmaps with 4 or 8 bits (Windows GDI, "Bitmap Compression").</summary>
internal static class RunLengths
{
    private const byte EndOfLine = 0, EndOfBitmap = 1, Delta = 2;

    /// <summary>Decompresses a bitmap. Pixels that it skips keep their number.</summary>
    /// <param name="data">Pairs of bytes: how often a value comes, and the value; or 0 and a command.</param>
    /// <param name="width">Pixels of a row.</param>
    /// <param name="isHalf">Whether a byte holds two pixels.</param>
    /// <param name="pixels">Receives a byte for each pixel, in the order of the file.</param>
    /// <returns>Whether the data were complete.</returns>
    public static bool Decode(ReadOnlySpan<byte> data, int width, bool isHalf, Span<byte> pixels)
    {
        int x = 0;
        while (pixels.Length > width || (pixels.Length > 0 && x < width))
        {
            if (data.Length < 2)
            {
                return false;
            }

            (int count, byte value) = (data[0], data[1]);
            data = data[2..];
            if (count > 0)
            {
                for (int i = 0; i < count && x < width; i++, x++)
                {
                    pixels[x] = isHalf ? Half(value, i) : value;
                }
            }
            else if (value is EndOfLine)
            {
                pixels = pixels[width..];
                x = 0;
            }
            else if (value is EndOfBitmap)
            {
                return true;
            }
            else if (value is Delta)
            {
                if (data.Length < 2)
                {
                    return false;
                }

                x += data[0];
                pixels = pixels[(int)long.Min(pixels.Length, (long)width * data[1])..];
                data = data[2..];
            }
            else if (!Copy(ref data, value, width, isHalf, pixels, ref x))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Copies pixels that are not compressed. They take an even number of bytes.</summary>
    private static bool Copy(ref ReadOnlySpan<byte> data, int count, int width, bool isHalf, Span<byte> pixels, ref int x)
    {
        int bytes = isHalf ? (count + 1) / 2 : count;
        for (int i = 0; i < count && x < width; i++, x++)
        {
            int place = isHalf ? i / 2 : i;
            if (place >= data.Length)
            {
                return false;
            }

            pixels[x] = isHalf ? Half(data[place], i) : data[place];
        }

        data = data[int.Min(data.Length, bytes + (bytes % 2))..];
        return true;
    }

    /// <summary>The pixel of a byte that holds two: the one in its upper half comes first.</summary>
    private static byte Half(byte value, int i) => (byte)(i % 2 == 0 ? value >> 4 : value & 15);
}
