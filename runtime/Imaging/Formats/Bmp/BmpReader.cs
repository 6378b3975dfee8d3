using System;
using System.Buffers.Binary;
using System.Numerics;
using Strata.Pictures;

namespace Strata.Imaging.Bmp;

/// <summary>
/// Reads Windows bitmaps: 1, 4 or 8 bits with a palette, plain or with run lengths, and 16, 24 or 32 bits. Alpha is left out.
/// </summary>
internal static class BmpReader
{
    private const int FileHeaderLength = 14, CoreHeaderLength = 12, InfoHeaderLength = 40, MasksHeaderLength = 52;

    private const uint Raw = 0, RunLength8 = 1, RunLength4 = 2, Bitfields = 3;

    /// <summary>Whether a file begins as a bitmap.</summary>
    public static bool IsBmp(ReadOnlySpan<byte> file) => file.StartsWith("BM"u8);

    /// <summary>Reads a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="options">Limits and what is allowed.</param>
    /// <param name="cost">What it cost, also if the file is refused.</param>
    /// <exception cref="ImageFormatException">The file cannot be read; the message says why.</exception>
    public static Picture Read(ReadOnlySpan<byte> file, ImageReadOptions options, out ReadCost cost)
    {
        cost = default;
        Header header = Header.Parse(file, options.MaxPixels);
        cost = new ReadCost((long)header.Width * header.Height, 0);
        Rgb[] palette = header.Bits <= 8 ? ReadPalette(file, ref header) : [];
        if (header.IsCompressed)
        {
            return ReadRuns(file, header, palette, options.AllowTruncated);
        }

        long stride = (((long)header.Width * header.Bits) + 31) / 32 * 4, begin = header.DataOffset;
        // The last row needs no padding.
        long rowBytes = (((long)header.Width * header.Bits) + 7) / 8, expected = begin + (stride * (header.Height - 1)) + rowBytes;
        if (expected > file.Length && !options.AllowTruncated)
        {
            throw new ImageFormatException($"the BMP file is cut off: it has {file.Length:N0} bytes; {expected:N0} are expected")
            {
                IsCutOff = true,
            };
        }

        var picture = new Picture(header.Width, header.Height);
        for (int y = 0; y < header.Height; y++, begin += stride)
        {
            Span<Rgb> row = picture.Row(header.IsTopDown ? y : header.Height - 1 - y);
            if (begin + rowBytes <= file.Length)
            {
                ReadRow(header, file.Slice((int)begin, (int)rowBytes), palette, row);
            }
            else if (palette.Length > 0)
            {
                row.Fill(palette[0]);
            }
        }

        return picture;
    }

    private static Picture ReadRuns(ReadOnlySpan<byte> file, Header header, Rgb[] palette, bool allowTruncated)
    {
        byte[] pixels = new byte[header.Width * header.Height];
        ReadOnlySpan<byte> data = file[(int)long.Min(file.Length, header.DataOffset)..];
        if (!RunLengths.Decode(data, header.Width, header.Bits == 4, pixels) && !allowTruncated)
        {
            throw new ImageFormatException("the BMP file is cut off in its image data") { IsCutOff = true };
        }

        var picture = new Picture(header.Width, header.Height);
        for (int y = 0; y < header.Height; y++)
        {
            ReadRow(header with { Bits = 8 }, pixels.AsSpan(y * header.Width, header.Width), palette,
                picture.Row(header.IsTopDown ? y : header.Height - 1 - y));
        }

        return picture;
    }

    private static void ReadRow(Header header, ReadOnlySpan<byte> bytes, Rgb[] palette, Span<Rgb> row)
    {
        int bits = header.Bits;
        for (int x = 0; x < row.Length; x++)
        {
            if (bits <= 8)
            {
                int place = x * bits;
                row[x] = palette[(bytes[place / 8] >> (8 - bits - (place % 8))) & ((1 << bits) - 1)];
                continue;
            }

            ReadOnlySpan<byte> pixel = bytes[(x * bits / 8)..];
            uint value = bits switch
            {
                16 => BinaryPrimitives.ReadUInt16LittleEndian(pixel),
                24 => (uint)(pixel[0] | (pixel[1] << 8) | (pixel[2] << 16)),
                _ => BinaryPrimitives.ReadUInt32LittleEndian(pixel),
            };
            row[x] = new Rgb(Channel(value, header.Red), Channel(value, header.Green), Channel(value, header.Blue));
        }
    }

    /// <summary>The bits under a mask, stretched to 0 … 255 and rounded down, as Pillow does.</summary>
    private static byte Channel(uint value, uint mask)
    {
        int shift = BitOperations.TrailingZeroCount(mask);
        return (byte)(((value & mask) >> shift) * byte.MaxValue / (mask >> shift));
    }

    private static Rgb[] ReadPalette(ReadOnlySpan<byte> file, ref Header header)
    {
        // Colours that the file leaves out are greys.
        var palette = new Rgb[256];
        for (int i = 0; i < palette.Length; i++)
        {
            palette[i] = new Rgb((byte)i, (byte)i, (byte)i);
        }

        long begin = FileHeaderLength + header.Length;
        int size = header.Length == CoreHeaderLength ? 3 : 4;
        for (int i = 0; i < header.Colors && i < palette.Length; i++)
        {
            long place = begin + ((long)i * size);
            if (place + 3 > file.Length)
            {
                throw new ImageFormatException("the BMP file is cut off in its palette") { IsCutOff = true };
            }

            ReadOnlySpan<byte> color = file[(int)place..];
            palette[i] = new Rgb(color[2], color[1], color[0]);
        }

        if (header.DataOffset <= begin)
        {
            header = header with { DataOffset = begin + ((long)size * header.Colors) };
        }

        return palette;
    }

    private readonly record struct Header(
        int Length, int Width, int Height, bool IsTopDown, int Bits, long Colors, long DataOffset, uint Red, uint Green, uint Blue,
        bool IsCompressed = false)
    {
        public static Header Parse(ReadOnlySpan<byte> file, int maxPixels)
        {
            if (file.Length < FileHeaderLength + CoreHeaderLength)
            {
                throw CutOff();
            }

            uint offset = BinaryPrimitives.ReadUInt32LittleEndian(file[10..]), length = BinaryPrimitives.ReadUInt32LittleEndian(file[14..]);
            ReadOnlySpan<byte> body = file[FileHeaderLength..];
            if (length == CoreHeaderLength)
            {
                int coreBits = BinaryPrimitives.ReadUInt16LittleEndian(body[10..]);
                return new Header(CoreHeaderLength, BinaryPrimitives.ReadUInt16LittleEndian(body[4..]),
                    BinaryPrimitives.ReadUInt16LittleEndian(body[6..]), false, coreBits, 1L << coreBits, offset, 0, 0, 0)
                    .Check(Raw, body, maxPixels);
            }

            if (length is not (InfoHeaderLength or MasksHeaderLength or 56 or 64 or 108 or 124))
            {
                throw new ImageFormatException($"the BMP file has a header of {length} bytes; 12, 40, 52, 56, 64, 108 or 124 are expected");
            }

            if (body.Length < length)
            {
                throw CutOff();
            }

            int height = BinaryPrimitives.ReadInt32LittleEndian(body[8..]), bits = BinaryPrimitives.ReadUInt16LittleEndian(body[14..]);
            uint colors = BinaryPrimitives.ReadUInt32LittleEndian(body[32..]);
            return new Header((int)length, BinaryPrimitives.ReadInt32LittleEndian(body[4..]), height == int.MinValue ? 0 : int.Abs(height),
                height < 0, bits, colors != 0 ? colors : 1L << (bits & 31), offset, 0, 0, 0)
                .Check(BinaryPrimitives.ReadUInt32LittleEndian(body[16..]), body, maxPixels);
        }

        private static ImageFormatException CutOff() => new("the BMP file is cut off in its header") { IsCutOff = true };

        private Header Check(uint compression, ReadOnlySpan<byte> body, int maxPixels)
        {
            if (Width <= 0 || Height <= 0)
            {
                throw new ImageFormatException($"the BMP file's header says {Width}×{Height} pixels; 1×1 or more are read");
            }

            if ((long)Width * Height > maxPixels)
            {
                throw new ImageFormatException($"the image has {Width}×{Height} pixels; at most {maxPixels:N0} are read");
            }

            if (Bits is not (1 or 4 or 8 or 16 or 24 or 32))
            {
                throw new ImageFormatException($"the BMP file has {Bits} bits a pixel; 1, 4, 8, 16, 24 and 32 are read");
            }

            bool isKnown = compression switch
            {
                Raw => true,
                RunLength8 => Bits == 8,
                RunLength4 => Bits == 4,
                _ => compression == Bitfields && Bits >= 16,
            };
            if (!isKnown)
            {
                throw new ImageFormatException(
                    $"the BMP file has {Bits} bits a pixel, compressed by method {compression}; run lengths of 4 or 8 bits are read");
            }

            Header header = this with { IsCompressed = compression is RunLength8 or RunLength4 };
            header = Bits == 16 ? header with { Red = 0x7C00, Green = 0x3E0, Blue = 0x1F }
                : header with { Red = 0xFF0000, Green = 0xFF00, Blue = 0xFF };
            if (compression == Bitfields)
            {
                header = header.WithMasks(body);
            }

            int masksLength = compression == Bitfields && Length == InfoHeaderLength ? MasksHeaderLength - InfoHeaderLength : 0;
            return header.DataOffset != 0 ? header : header with { DataOffset = FileHeaderLength + Length + masksLength };
        }

        private Header WithMasks(ReadOnlySpan<byte> body)
        {
            if (body.Length < MasksHeaderLength)
            {
                throw CutOff();
            }

            uint red = BinaryPrimitives.ReadUInt32LittleEndian(body[40..]), green = BinaryPrimitives.ReadUInt32LittleEndian(body[44..]);
            uint blue = BinaryPrimitives.ReadUInt32LittleEndian(body[48..]);
            if ((red | green | blue) == 0)
            {
                return this;
            }

            return IsMask(red) && IsMask(green) && IsMask(blue) ? this with { Red = red, Green = green, Blue = blue }
                : throw new ImageFormatException(
                    $"the BMP file has the masks {red:X8}, {green:X8} and {blue:X8}; each must be 1 to 8 bits in a row");
        }

        private static bool IsMask(uint mask) =>
            mask != 0 && BitOperations.IsPow2((mask >> BitOperations.TrailingZeroCount(mask)) + 1UL) && BitOperations.PopCount(mask) <= 8;
    }
}
