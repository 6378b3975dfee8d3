using System;
using System.Buffers.Binary;
using System.IO;
using System.IO.Compression;
using System.Text;

namespace Digits;

/// <summary>An image of grey pixels, row by row from the top: 0 is black, 255 white.</summary>
internal sealed record GreyImage(int Width, int Height, byte[] Pixels);

/// <summary>
/// Reads PNG files (ISO/IEC 15948) as grey images.
/// Limits: 8 bits per channel (grey, RGB, palette, with or without alpha), not interlaced, at most
/// 32 million pixels. Transparency is laid over the background on which the image shows best.
/// Gamma, colour profiles and <c>tRNS</c> outside palettes are ignored.
/// </summary>
internal static class Png
{
    private const int MaxPixels = 32_000_000;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public static GreyImage Read(ReadOnlySpan<byte> file)
    {
        if (!file.StartsWith(Signature))
        {
            throw new InvalidDataException("not a PNG file");
        }

        ReadOnlySpan<byte> rest = file[Signature.Length..];
        ReadOnlySpan<byte> body = NextChunk(ref rest, out string type);
        if (type != "IHDR" || body.Length != 13)
        {
            throw new InvalidDataException("the PNG file does not begin with a header");
        }

        Header header = Header.Parse(body);
        ReadOnlySpan<byte> palette = default, paletteAlpha = default;
        using var compressed = new MemoryStream();
        while (type != "IEND")
        {
            body = NextChunk(ref rest, out type);
            switch (type)
            {
                case "IDAT":
                    compressed.Write(body);
                    break;
                case "PLTE":
                    palette = body.Length is > 0 and <= 768 && body.Length % 3 == 0
                        ? body
                        : throw new InvalidDataException($"the PNG file's palette has {body.Length} bytes");
                    break;
                case "tRNS":
                    paletteAlpha = body;
                    break;
                case "IEND":
                    break;
                default:
                    // A capital first letter marks a chunk without which the image cannot be shown.
                    if (char.IsAsciiLetterUpper(type[0]))
                    {
                        throw new InvalidDataException($"the PNG file needs an unknown extension ('{type}')");
                    }

                    break;
            }
        }

        if (header.Color == Color.Palette && palette.IsEmpty)
        {
            throw new InvalidDataException("the PNG file lacks its palette");
        }

        compressed.Position = 0;
        byte[] rows = Inflate(compressed, header);
        Unfilter(rows, header);
        return ToGrey(rows, header, palette, paletteAlpha);
    }

    private static ReadOnlySpan<byte> NextChunk(scoped ref ReadOnlySpan<byte> file, out string type)
    {
        const int Frame = 12; // length, type and checksum
        if (file.Length < Frame || BinaryPrimitives.ReadUInt32BigEndian(file) > (uint)(file.Length - Frame))
        {
            throw new InvalidDataException("the PNG file is cut off");
        }

        int length = BinaryPrimitives.ReadInt32BigEndian(file);
        type = Encoding.Latin1.GetString(file.Slice(4, 4));
        if (BinaryPrimitives.ReadUInt32BigEndian(file[(8 + length)..]) != Checksum(file.Slice(4, 4 + length)))
        {
            throw new InvalidDataException($"the PNG file is damaged (checksum of '{type}')");
        }

        ReadOnlySpan<byte> body = file.Slice(8, length);
        file = file[(Frame + length)..];
        return body;
    }

    /// <summary>CRC-32 with the reversed polynomial 0xEDB88320, four bits at a time.</summary>
    private static uint Checksum(ReadOnlySpan<byte> data)
    {
        ReadOnlySpan<uint> table =
        [
            0x00000000, 0x1DB71064, 0x3B6E20C8, 0x26D930AC, 0x76DC4190, 0x6B6B51F4, 0x4DB26158, 0x5005713C,
            0xEDB88320, 0xF00F9344, 0xD6D6A3E8, 0xCB61B38C, 0x9B64C2B0, 0x86D3D2D4, 0xA00AE278, 0xBDBDF21C,
        ];
        uint sum = ~0u;
        foreach (byte value in data)
        {
            sum ^= value;
            sum = (sum >> 4) ^ table[(int)(sum & 15)];
            sum = (sum >> 4) ^ table[(int)(sum & 15)];
        }

        return ~sum;
    }

    private static byte[] Inflate(Stream compressed, Header header)
    {
        byte[] rows = new byte[header.Height * (1 + header.RowLength)];
        using var inflater = new ZLibStream(compressed, CompressionMode.Decompress);
        int length;
        bool more;
        try
        {
            length = inflater.ReadAtLeast(rows, rows.Length, throwOnEndOfStream: false);
            more = inflater.ReadByte() >= 0;
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException("the PNG file is damaged (compressed data)", e);
        }

        if (length < rows.Length || more)
        {
            throw new InvalidDataException($"the PNG file holds {(more ? "more" : "less")} data than its header says");
        }

        return rows;
    }

    /// <summary>Undoes the prediction of each byte from its neighbours, in place. The first byte of a row names its filter.</summary>
    private static void Unfilter(byte[] rows, Header header)
    {
        int length = header.RowLength, step = header.Channels;
        ReadOnlySpan<byte> above = new byte[length];
        for (int y = 0; y < header.Height; y++)
        {
            int start = y * (1 + length);
            Span<byte> row = rows.AsSpan(start + 1, length);
            int filter = rows[start];
            if (filter > 4)
            {
                throw new InvalidDataException($"the PNG file is damaged (filter {filter} in row {y})");
            }

            for (int x = 0; x < length; x++)
            {
                int left = x < step ? 0 : row[x - step];
                row[x] += (byte)(filter switch
                {
                    1 => left,
                    2 => above[x],
                    3 => (left + above[x]) / 2,
                    4 => Paeth(left, above[x], x < step ? 0 : above[x - step]),
                    _ => 0,
                });
            }

            above = row;
        }
    }

    private static int Paeth(int left, int above, int corner)
    {
        int estimate = left + above - corner;
        int toLeft = Math.Abs(estimate - left), toAbove = Math.Abs(estimate - above), toCorner = Math.Abs(estimate - corner);
        return toLeft <= toAbove && toLeft <= toCorner ? left : toAbove <= toCorner ? above : corner;
    }

    private static GreyImage ToGrey(byte[] rows, Header header, ReadOnlySpan<byte> palette, ReadOnlySpan<byte> paletteAlpha)
    {
        int count = header.Width * header.Height;
        byte[] grey = new byte[count], alpha = new byte[count];
        long ink = 0, cover = 0;
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> pixel = rows.AsSpan(i / header.Width + 1 + i * header.Channels, header.Channels);
            (grey[i], alpha[i]) = header.Color switch
            {
                Color.Grey => (pixel[0], (byte)255),
                Color.GreyAlpha => (pixel[0], pixel[1]),
                Color.Rgb => (Luminance(pixel), (byte)255),
                Color.Rgba => (Luminance(pixel), pixel[3]),
                _ when 3 * pixel[0] >= palette.Length => throw new InvalidDataException("a pixel of the PNG file is not in its palette"),
                _ => (Luminance(palette[(3 * pixel[0])..]), pixel[0] < paletteAlpha.Length ? paletteAlpha[pixel[0]] : (byte)255),
            };
            ink += grey[i] * alpha[i];
            cover += alpha[i];
        }

        // What is transparent becomes white under dark ink and black under light ink.
        int background = ink > cover * 128 ? 0 : 255;
        for (int i = 0; i < count; i++)
        {
            grey[i] = (byte)((grey[i] * alpha[i] + background * (255 - alpha[i]) + 127) / 255);
        }

        return new GreyImage(header.Width, header.Height, grey);
    }

    /// <summary>Luma of ITU-R BT.601.</summary>
    private static byte Luminance(ReadOnlySpan<byte> rgb) => (byte)((299 * rgb[0] + 587 * rgb[1] + 114 * rgb[2] + 500) / 1000);

    private enum Color
    {
        Grey = 0,
        Rgb = 2,
        Palette = 3,
        GreyAlpha = 4,
        Rgba = 6,
    }

    private readonly record struct Header(int Width, int Height, Color Color)
    {
        public int Channels => Color switch { Color.Rgb => 3, Color.GreyAlpha => 2, Color.Rgba => 4, _ => 1 };

        public int RowLength => Width * Channels;

        public static Header Parse(ReadOnlySpan<byte> body)
        {
            uint width = BinaryPrimitives.ReadUInt32BigEndian(body), height = BinaryPrimitives.ReadUInt32BigEndian(body[4..]);
            (int depth, int color, int compression, int filter, int interlace) = (body[8], body[9], body[10], body[11], body[12]);
            if (width == 0 || height == 0 || compression != 0 || filter != 0 || !Enum.IsDefined((Color)color))
            {
                throw new InvalidDataException("the PNG file's header is damaged");
            }

            if ((ulong)width * height > MaxPixels)
            {
                throw new InvalidDataException($"the image has {width}×{height} pixels; at most {MaxPixels:N0} are read");
            }

            if (depth != 8 || interlace != 0)
            {
                throw new InvalidDataException(
                    $"the PNG file has {depth} bits per channel{(interlace != 0 ? " and is interlaced" : "")}; only 8 bits, not interlaced, are read");
            }

            return new Header((int)width, (int)height, (Color)color);
        }
    }
}
