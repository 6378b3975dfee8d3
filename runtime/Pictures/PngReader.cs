using System;
using System.Buffers.Binary;
using System.IO;
using System.IO.Compression;
using System.Linq;

namespace Strata.Pictures;

/// <summary>
/// Reads the PNG files that <see cref="Picture.Load(string, int)"/> supports, row by row. It allocates memory for rows that have arrived,
/// not for the size that the header claims.
/// </summary>
internal sealed class PngReader
{
    // The picture grows as rows arrive, from this number of pixels.
    private const int FirstPixels = 1 << 16;

    private readonly PngChunks _chunks;
    private readonly Header _header;
    private byte[] _palette = [];
    private byte[] _paletteAlpha = [];

    // The transparent colour of an image without alpha; empty for none.
    private byte[] _transparent = [];

    private PngReader(PngChunks chunks, int maxPixels)
    {
        _chunks = chunks;
        _chunks.Next();
        if (_chunks.Type != "IHDR" || _chunks.ChunkLength != Png.HeaderLength)
        {
            throw new InvalidDataException("the PNG file does not begin with a header");
        }

        _header = Header.Parse(_chunks.Body(), maxPixels);
    }

    /// <summary>Reads a file at a stream's position. The stream then stands after the file.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="maxPixels">Most pixels that are read.</param>
    /// <exception cref="InvalidDataException">The file is not such an image, or is damaged.</exception>
    public static Picture Read(Stream stream, int maxPixels = Picture.MaxPixels)
    {
        Span<byte> beginning = stackalloc byte[FileFormat.BeginningLength];
        Span<byte> signature = beginning[..Png.Signature.Length];
        int length = stream.ReadAtLeast(signature, signature.Length, throwOnEndOfStream: false);
        if (!beginning[..length].SequenceEqual(Png.Signature))
        {
            length += stream.ReadAtLeast(beginning[length..], beginning.Length - length, throwOnEndOfStream: false);
            throw new InvalidDataException(PictureFormat.Refusal(beginning[..length]));
        }

        using var chunks = new PngChunks(stream);
        return new PngReader(chunks, maxPixels).ReadPicture();
    }

    /// <summary>Reads a file from memory.</summary>
    /// <param name="file">The file.</param>
    /// <param name="maxPixels">Most pixels that are read.</param>
    /// <exception cref="InvalidDataException">The file is not such an image, or is damaged.</exception>
    public static unsafe Picture Read(ReadOnlySpan<byte> file, int maxPixels = Picture.MaxPixels)
    {
        fixed (byte* bytes = file)
        {
            byte none = 0;
            using var stream = new UnmanagedMemoryStream(bytes == null ? &none : bytes, file.Length);
            return Read(stream, maxPixels);
        }
    }

    private Picture ReadPicture()
    {
        Picture? picture = null;
        _chunks.Next();
        while (_chunks.Type != "IEND")
        {
            if (_chunks.Type == "IDAT")
            {
                // ReadRows ends at the chunk after the image data.
                picture = picture is null ? ReadRows()
                    : throw new InvalidDataException("the PNG file is damaged (image data in two places)");
            }
            else
            {
                ReadExtra();
                _chunks.Next();
            }
        }

        _chunks.End();
        return picture ?? throw new InvalidDataException("the PNG file holds no image data");
    }

    private void ReadExtra()
    {
        switch (_chunks.Type)
        {
            case "PLTE":
                _palette = _chunks.ChunkLength is > 0 and <= 768 && _chunks.ChunkLength % 3 == 0
                    ? _chunks.Body()
                    : throw new InvalidDataException($"the PNG file's palette has {MessageText.Count(_chunks.ChunkLength, "byte")}");
                break;
            case "tRNS" when _header.Color == Png.Palette && _chunks.ChunkLength <= 256:
                _paletteAlpha = _chunks.Body();
                break;
            case "tRNS" when _header.Color is Png.Grey or Png.Colours:
                ReadTransparentColor();
                break;
            default:
                // A capital first letter marks a critical chunk: the image cannot be shown without it.
                if (char.IsAsciiLetterUpper(_chunks.Type[0]))
                {
                    throw new InvalidDataException($"the PNG file needs an unknown extension ('{MessageText.Show(_chunks.Type)}')");
                }

                break;
        }
    }

    /// <summary>The colour has 16 bits per channel; of a file with 8 bits, only the low ones are used.</summary>
    private void ReadTransparentColor()
    {
        if (_chunks.ChunkLength != 2 * _header.Channels)
        {
            throw new InvalidDataException(
                $"the PNG file's transparent colour has {MessageText.Count(_chunks.ChunkLength, "byte")}; "
                + $"{2 * _header.Channels} are needed");
        }

        byte[] body = _chunks.Body();
        _transparent = _header.SampleBytes == 2 ? body : [.. Enumerable.Range(0, _header.Channels).Select(i => body[(2 * i) + 1])];
    }

    private Picture ReadRows()
    {
        if (_header.Color == Png.Palette && _palette.Length == 0)
        {
            throw new InvalidDataException("the PNG file lacks its palette");
        }

        int width = _header.Width, total = width * _header.Height;
        var pixels = new Rgb[int.Min(total, FirstPixels)];
        byte[]? alpha = _header.HasAlpha || _paletteAlpha.Length > 0 || _transparent.Length > 0 ? new byte[pixels.Length] : null;
        using (var inflater = new ZLibStream(_chunks, CompressionMode.Decompress, leaveOpen: true))
        {
            byte[] row = [], above = [];
            for (int y = 0; y < _header.Height; y++)
            {
                ReadRow(inflater, ref row);
                above = above.Length == 0 ? new byte[row.Length] : above;
                Unfilter(row, above, y);
                if (pixels.Length < (y + 1) * width)
                {
                    int length = (int)long.Min(total, long.Max(2L * pixels.Length, (y + 1L) * width));
                    Array.Resize(ref pixels, length);
                    if (alpha is not null)
                    {
                        Array.Resize(ref alpha, length);
                    }
                }

                Convert(row.AsSpan(1), pixels.AsSpan(y * width, width), alpha is null ? default : alpha.AsSpan(y * width, width));
                (row, above) = (above, row);
            }

            if (Inflate(inflater, new byte[1]) > 0)
            {
                throw new InvalidDataException("the PNG file holds more data than its header says");
            }
        }

        Span<byte> rest = stackalloc byte[64];
        while (_chunks.Read(rest) > 0)
        {
        }

        if (alpha is not null)
        {
            Cover(pixels, alpha);
        }

        return new Picture(width, _header.Height, pixels);
    }

    // The buffer of the first row grows with the data that arrive.
    private void ReadRow(Stream inflater, ref byte[] row)
    {
        int length = 1 + _header.RowLength, filled = 0;
        while (filled < length)
        {
            if (filled == row.Length)
            {
                Array.Resize(ref row, (int)long.Min(length, long.Max(FirstPixels, 2L * filled)));
            }

            int found = Inflate(inflater, row.AsSpan(filled));
            filled += found;
            if (filled < row.Length)
            {
                throw new InvalidDataException("the PNG file holds less data than its header says");
            }
        }
    }

    private int Inflate(Stream inflater, Span<byte> bytes)
    {
        try
        {
            return inflater.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        }
        catch (Exception e) when (e is InvalidDataException or IOException && !_chunks.Failed)
        {
            // ZLibStream's own IOException means data that ask for a dictionary, which PNG does not have.
            throw new InvalidDataException("the PNG file is damaged (compressed data)", e);
        }
    }

    /// <summary>Undoes the prediction of each byte from its neighbours, in place. The first byte of a row names its filter.</summary>
    private void Unfilter(byte[] bytes, byte[] bytesAbove, int y)
    {
        int step = _header.PixelBytes, filter = bytes[0];
        if (filter > 4)
        {
            throw new InvalidDataException($"the PNG file is damaged (filter {filter} in row {y})");
        }

        Span<byte> row = bytes.AsSpan(1), above = bytesAbove.AsSpan(1);
        for (int x = 0; x < row.Length && filter > 0; x++)
        {
            int left = x < step ? 0 : row[x - step];
            row[x] += (byte)(filter switch
            {
                1 => left,
                2 => above[x],
                3 => (left + above[x]) / 2,
                _ => Paeth(left, above[x], x < step ? 0 : above[x - step]),
            });
        }
    }

    private static int Paeth(int left, int above, int corner)
    {
        int estimate = left + above - corner;
        int toLeft = Math.Abs(estimate - left), toAbove = Math.Abs(estimate - above), toCorner = Math.Abs(estimate - corner);
        return toLeft <= toAbove && toLeft <= toCorner ? left : toAbove <= toCorner ? above : corner;
    }

    private void Convert(ReadOnlySpan<byte> row, Span<Rgb> pixels, Span<byte> alpha)
    {
        // Of 16 bits, the first 8 are the high ones.
        int length = _header.PixelBytes, size = _header.SampleBytes;
        for (int x = 0; x < pixels.Length; x++)
        {
            ReadOnlySpan<byte> pixel = row.Slice(x * length, length);
            pixels[x] = _header.Color switch
            {
                Png.Grey or Png.GreyAlpha => new Rgb(pixel[0], pixel[0], pixel[0]),
                Png.Colours or Png.ColoursAlpha => new Rgb(pixel[0], pixel[size], pixel[2 * size]),
                _ when 3 * pixel[0] >= _palette.Length => throw new InvalidDataException("a pixel of the PNG file is not in its palette"),
                _ => new Rgb(_palette[3 * pixel[0]], _palette[(3 * pixel[0]) + 1], _palette[(3 * pixel[0]) + 2]),
            };
            if (alpha.Length > 0)
            {
                alpha[x] = _header.HasAlpha ? pixel[^size]
                    : _transparent.Length > 0 ? (pixel.SequenceEqual(_transparent) ? byte.MinValue : byte.MaxValue)
                    : pixel[0] < _paletteAlpha.Length ? _paletteAlpha[pixel[0]] : byte.MaxValue;
            }
        }
    }

    /// <summary>Transparent pixels become white if the visible ones are dark, and black if these are light.</summary>
    private static void Cover(Rgb[] pixels, byte[] alpha)
    {
        long light = 0, cover = 0;
        for (int i = 0; i < pixels.Length; i++)
        {
            light += Picture.Luminance(pixels[i]) * alpha[i];
            cover += alpha[i];
        }

        int background = light > cover * 128 ? 0 : 255;
        for (int i = 0; i < pixels.Length; i++)
        {
            int opacity = alpha[i];
            pixels[i] = new Rgb(Mix(pixels[i].Red), Mix(pixels[i].Green), Mix(pixels[i].Blue));

            byte Mix(byte value) => (byte)(((value * opacity) + (background * (255 - opacity)) + 127) / 255);
        }
    }

    private readonly record struct Header(int Width, int Height, byte Color, int SampleBytes)
    {
        public int Channels => Color switch { Png.Colours => 3, Png.GreyAlpha => 2, Png.ColoursAlpha => 4, _ => 1 };

        public bool HasAlpha => Color is Png.GreyAlpha or Png.ColoursAlpha;

        public int PixelBytes => Channels * SampleBytes;

        public int RowLength => Width * PixelBytes;

        public static Header Parse(ReadOnlySpan<byte> body, int maxPixels)
        {
            uint width = BinaryPrimitives.ReadUInt32BigEndian(body), height = BinaryPrimitives.ReadUInt32BigEndian(body[4..]);
            (int depth, byte color, int compression, int filter, int interlace) = (body[8], body[9], body[10], body[11], body[12]);
            if (width == 0 || height == 0 || compression != 0 || filter != 0
                || color is not (Png.Grey or Png.Colours or Png.Palette or Png.GreyAlpha or Png.ColoursAlpha))
            {
                throw new InvalidDataException("the PNG file's header is damaged");
            }

            if ((ulong)width * height > (uint)maxPixels)
            {
                throw new InvalidDataException($"the image has {width}×{height} pixels; at most {maxPixels:N0} are read");
            }

            if (!(depth == Png.Depth || (depth == 2 * Png.Depth && color != Png.Palette)) || interlace != 0)
            {
                throw new InvalidDataException(
                    $"the PNG file has {MessageText.Count(depth, "bit")} per channel{(interlace != 0 ? " and is interlaced" : "")}; only "
                    + "8 or 16 bits, not interlaced, are read");
            }

            return new Header((int)width, (int)height, color, depth / Png.Depth);
        }
    }
}
