using System;
using BitMiracle.LibTiff.Classic;
using Strata.Pictures;

namespace Strata.Imaging.Formats;

/// <summary>Makes pixels of the samples of a TIFF file.</summary>
internal static class TiffPixels
{
    public static Picture Read(Tiff tiff, TiffLayout layout)
    {
        Func<ReadOnlySpan<byte>, Rgb> colorOf = Colors(tiff, layout);
        var picture = new Picture(layout.Width, layout.Height);
        int across = (layout.Width + layout.PartWidth - 1) / layout.PartWidth, planes = layout.IsPlanar ? layout.Samples : 1;
        byte[][] parts = new byte[planes][];
        for (int i = 0; i < planes; i++)
        {
            parts[i] = new byte[layout.RowBytes * layout.PartHeight];
        }

        Span<byte> samples = stackalloc byte[layout.Samples];
        for (int top = 0; top < layout.Height; top += layout.PartHeight)
        {
            for (int column = 0; column < across; column++)
            {
                int left = column * layout.PartWidth;
                for (int plane = 0; plane < planes; plane++)
                {
                    ReadPart(tiff, layout, left, top, plane, parts[plane]);
                }

                int right = int.Min(layout.Width, left + layout.PartWidth);
                for (int y = top; y < int.Min(layout.Height, top + layout.PartHeight); y++)
                {
                    Span<Rgb> row = picture.Row(y);
                    for (int x = left; x < right; x++)
                    {
                        for (int s = 0; s < samples.Length; s++)
                        {
                            byte[] part = parts[layout.IsPlanar ? s : 0];
                            int place = layout.IsPlanar ? x - left : ((x - left) * layout.Samples) + s;
                            samples[s] = Sample(part, (y - top) * layout.RowBytes, place, layout.Bits);
                        }

                        if (layout.IsPremultiplied)
                        {
                            Divide(samples, layout.ColorSamples);
                        }

                        row[x] = colorOf(samples);
                    }
                }
            }
        }

        return picture;
    }

    /// <summary>The colours before they were multiplied by alpha, as Pillow has them.</summary>
    private static void Divide(Span<byte> samples, int colors)
    {
        int alpha = colors < samples.Length ? samples[colors] : byte.MaxValue;
        for (int s = 0; s < colors; s++)
        {
            samples[s] = alpha == 0 ? (byte)0 : (byte)int.Min(byte.MaxValue, samples[s] * byte.MaxValue / alpha);
        }
    }

    private static void ReadPart(Tiff tiff, TiffLayout layout, int left, int top, int plane, byte[] part)
    {
        int read = tiff.IsTiled()
            ? tiff.ReadEncodedTile(tiff.ComputeTile(left, top, 0, (short)plane), part, 0, part.Length)
            : tiff.ReadEncodedStrip(
                tiff.ComputeStrip(top, (short)plane), part, 0, layout.RowBytes * int.Min(layout.PartHeight, layout.Height - top));
        if (read < 0)
        {
            throw new ImageFormatException($"the TIFF file is damaged: the part at column {left}, row {top} cannot be decompressed");
        }
    }

    /// <summary>A sample of a row; of 16 bits, the upper 8, in the order of the machine, into which LibTiff.NET turns them.</summary>
    private static byte Sample(byte[] part, int row, int place, int bits) => bits switch
    {
        8 => part[row + place],
        16 => part[row + (2 * place) + (BitConverter.IsLittleEndian ? 1 : 0)],
        _ => (byte)(part[row + (place * bits / 8)] >> (8 - bits - (place * bits % 8)) & ((1 << bits) - 1)),
    };

    private static Func<ReadOnlySpan<byte>, Rgb> Colors(Tiff tiff, TiffLayout layout)
    {
        int scale = layout.Bits < 8 ? 255 / ((1 << layout.Bits) - 1) : 1;
        switch (layout.Color)
        {
            case Photometric.MINISWHITE:
                return s => Grey((byte)(255 - (s[0] * scale)));
            case Photometric.MINISBLACK:
                return s => Grey((byte)(s[0] * scale));
            case Photometric.RGB:
                return s => new Rgb(s[0], s[1], s[2]);
            case Photometric.SEPARATED:
                // As Pillow's convert("RGB"): paper less ink, darkened by the black ink.
                return s => new Rgb(Ink(s[0], s[3]), Ink(s[1], s[3]), Ink(s[2], s[3]));
            default:
                FieldValue[] map = tiff.GetField(TiffTag.COLORMAP) ?? throw new ImageFormatException("the TIFF file has no palette");
                (short[] red, short[] green, short[] blue) = (map[0].ToShortArray(), map[1].ToShortArray(), map[2].ToShortArray());
                return s => s[0] < red.Length ? new Rgb(Upper(red[s[0]]), Upper(green[s[0]]), Upper(blue[s[0]]))
                    : throw new ImageFormatException(
                        $"the TIFF file is damaged: its palette has {red.Length} colours, a pixel number {s[0]}");
        }

        static Rgb Grey(byte light) => new(light, light, light);

        static byte Upper(short value) => (byte)((ushort)value >> 8);

        static byte Ink(byte ink, byte black)
        {
            int paper = 255 - black, product = (ink * paper) + 128;
            return (byte)(paper - ((product + (product >> 8)) >> 8));
        }
    }
}
