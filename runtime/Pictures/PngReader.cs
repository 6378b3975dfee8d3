using System;
using System.Buffers.Binary;
using System.IO;
using System.IO.Compression;
using System.Text;

namespace Strata;

/// <summary>Reads the PNG files that <see cref="Picture.Load"/> names.</summary>
internal static class PngReader
{
    /// <exception cref="InvalidDataException">The file is no such image, or damaged.</exception>
    public static Picture Read(ReadOnlySpan<byte> file)
    {
        if (!file.StartsWith(Png.Signature))
        {
            throw new InvalidDataException("not a PNG file");
        }

        ReadOnlySpan<byte> rest = file[Png.Signature.Length..];
        ReadOnlySpan<byte> body = NextChunk(ref rest, out string type);
        if (type != "IHDR" || body.Length != Png.HeaderLength)
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

        if (header.Color == Png.Palette && palette.IsEmpty)
        {
            throw new InvalidDataException("the PNG file lacks its palette");
        }

        compressed.Position = 0;
        byte[] rows = Inflate(compressed, header);
        Unfilter(rows, header);
        return ToPicture(rows, header, palette, paletteAlpha);
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
        if (BinaryPrimitives.ReadUInt32BigEndian(file[(8 + length)..]) != Png.Checksum(file.Slice(4, 4 + length)))
        {
            throw new InvalidDataException($"the PNG file is damaged (checksum of '{type}')");
        }

        ReadOnlySpan<byte> body = file.Slice(8, length);
        file = file[(Frame + length)..];
        return body;
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

    private static Picture ToPicture(byte[] rows, Header header, ReadOnlySpan<byte> palette, ReadOnlySpan<byte> paletteAlpha)
    {
        var picture = new Picture(header.Width, header.Height);
        byte[] alpha = new byte[header.Width * header.Height];
        long light = 0, cover = 0;
        for (int i = 0; i < alpha.Length; i++)
        {
            (int y, int x) = Math.DivRem(i, header.Width);
            ReadOnlySpan<byte> pixel = rows.AsSpan((y * (1 + header.RowLength)) + 1 + (x * header.Channels), header.Channels);
            (Rgb color, alpha[i]) = header.Color switch
            {
                Png.Grey => (new Rgb(pixel[0], pixel[0], pixel[0]), byte.MaxValue),
                Png.GreyAlpha => (new Rgb(pixel[0], pixel[0], pixel[0]), pixel[1]),
                Png.Colours => (new Rgb(pixel[0], pixel[1], pixel[2]), byte.MaxValue),
                Png.ColoursAlpha => (new Rgb(pixel[0], pixel[1], pixel[2]), pixel[3]),
                _ when 3 * pixel[0] >= palette.Length => throw new InvalidDataException("a pixel of the PNG file is not in its palette"),
                _ => (
                    new Rgb(palette[3 * pixel[0]], palette[(3 * pixel[0]) + 1], palette[(3 * pixel[0]) + 2]),
                    pixel[0] < paletteAlpha.Length ? paletteAlpha[pixel[0]] : byte.MaxValue),
            };
            picture[x, y] = color;
            light += Picture.Luminance(color) * alpha[i];
            cover += alpha[i];
        }

        // What is transparent becomes white under dark ink and black under light ink.
        int background = light > cover * 128 ? 0 : 255;
        for (int i = 0; i < alpha.Length; i++)
        {
            if (alpha[i] < byte.MaxValue)
            {
                (int y, int x) = Math.DivRem(i, header.Width);
                Rgb color = picture[x, y];
                picture[x, y] = new Rgb(Cover(color.Red, alpha[i]), Cover(color.Green, alpha[i]), Cover(color.Blue, alpha[i]));
            }
        }

        return picture;

        byte Cover(byte value, byte opacity) => (byte)(((value * opacity) + (background * (255 - opacity)) + 127) / 255);
    }

    private readonly record struct Header(int Width, int Height, byte Color)
    {
        public int Channels => Color switch { Png.Colours => 3, Png.GreyAlpha => 2, Png.ColoursAlpha => 4, _ => 1 };

        public int RowLength => Width * Channels;

        public static Header Parse(ReadOnlySpan<byte> body)
        {
            uint width = BinaryPrimitives.ReadUInt32BigEndian(body), height = BinaryPrimitives.ReadUInt32BigEndian(body[4..]);
            (int depth, byte color, int compression, int filter, int interlace) = (body[8], body[9], body[10], body[11], body[12]);
            if (width == 0 || height == 0 || compression != 0 || filter != 0 || color is not (Png.Grey or Png.Colours or Png.Palette or Png.GreyAlpha or Png.ColoursAlpha))
            {
                throw new InvalidDataException("the PNG file's header is damaged");
            }

            if ((ulong)width * height > Picture.MaxPixels)
            {
                throw new InvalidDataException($"the image has {width}×{height} pixels; at most {Picture.MaxPixels:N0} are read");
            }

            if (depth != Png.Depth || interlace != 0)
            {
                throw new InvalidDataException(
                    $"the PNG file has {depth} bits per channel{(interlace != 0 ? " and is interlaced" : "")}; only 8 bits, not interlaced, are read");
            }

            return new Header((int)width, (int)height, color);
        }
    }
}
