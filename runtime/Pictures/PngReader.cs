using System;
using System.IO;
using System.IO.Compression;
using System.Linq;

namespace Strata.Pictures;

/// <summary>
/// Reads PNG files, row by row. It allocates memory for rows that have arrived, not for the size that the header claims.
/// </summary>
internal sealed class PngReader
{
    // The picture grows as rows arrive, from this number of pixels.
    private const int FirstPixels = 1 << 16;

    private readonly PngChunks _chunks;
    private readonly PngReadOptions _options;
    private readonly PngHeader _header;
    private byte[] _palette = [];
    private byte[] _paletteAlpha = [];

    // The transparent colour of an image without alpha; empty for none.
    private byte[] _transparent = [];

    // The pixels that have arrived, in the order of the file, and their opacity if it counts.
    private Rgb[] _pixels = [];
    private byte[]? _alpha;
    private int _arrived;

    private PngReader(PngChunks chunks, PngReadOptions options)
    {
        (_chunks, _options) = (chunks, options);
        _chunks.Next();
        if (_chunks.Type != "IHDR" || _chunks.ChunkLength != Png.HeaderLength)
        {
            throw new InvalidDataException("the PNG file does not begin with a header");
        }

        _header = PngHeader.Parse(_chunks.Body(), options.MaxPixels);
    }

    /// <summary>Reads a file at a stream's position. The stream then stands after the file.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="options">Limits and what is allowed; null for the defaults.</param>
    /// <exception cref="InvalidDataException">
    /// The file is not such an image, or is damaged. If it is cut off, the cause is an <see cref="EndOfStreamException"/>.
    /// </exception>
    public static Picture Read(Stream stream, PngReadOptions? options = null)
    {
        options ??= new PngReadOptions();
        Span<byte> beginning = stackalloc byte[FileFormat.BeginningLength];
        Span<byte> signature = beginning[..Png.Signature.Length];
        int length = stream.ReadAtLeast(signature, signature.Length, throwOnEndOfStream: false);
        if (!beginning[..length].SequenceEqual(Png.Signature))
        {
            length += stream.ReadAtLeast(beginning[length..], beginning.Length - length, throwOnEndOfStream: false);
            throw new InvalidDataException(PictureFormat.Refusal(beginning[..length]));
        }

        using var chunks = new PngChunks(stream, options.AllowTruncated);
        return new PngReader(chunks, options).ReadPicture();
    }

    /// <summary>Reads a file from memory.</summary>
    /// <param name="file">The file.</param>
    /// <param name="options">Limits and what is allowed; null for the defaults.</param>
    /// <exception cref="InvalidDataException">The file is not such an image, or is damaged.</exception>
    public static unsafe Picture Read(ReadOnlySpan<byte> file, PngReadOptions? options = null)
    {
        fixed (byte* bytes = file)
        {
            byte none = 0;
            using var stream = new UnmanagedMemoryStream(bytes == null ? &none : bytes, file.Length);
            return Read(stream, options);
        }
    }

    private Picture ReadPicture()
    {
        Picture? picture = null;
        _chunks.Next();
        while (_chunks.Type != "IEND" && !_chunks.IsCutOff)
        {
            if (_chunks.Type == "IDAT")
            {
                // ReadImage ends at the chunk after the image data.
                picture = picture is null ? ReadImage()
                    : throw new InvalidDataException("the PNG file is damaged (image data in two places)");
            }
            else
            {
                ReadExtra();
                _chunks.Next();
            }
        }

        if (!_chunks.IsCutOff)
        {
            _chunks.End();
        }

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
            case "tRNS" when _options.IgnoreAlpha:
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

    /// <summary>The colour has 16 bits per channel; of a file with fewer bits, only the low ones are used.</summary>
    private void ReadTransparentColor()
    {
        if (_chunks.ChunkLength != 2 * _header.Channels)
        {
            throw new InvalidDataException(
                $"the PNG file's transparent colour has {MessageText.Count(_chunks.ChunkLength, "byte")}; "
                + $"{2 * _header.Channels} are needed");
        }

        byte[] body = _chunks.Body();
        int bits = (1 << int.Min(_header.Depth, Png.Depth)) - 1;
        _transparent = _header.SampleBytes == 2 ? body
            : [.. Enumerable.Range(0, _header.Channels).Select(i => (byte)(body[(2 * i) + 1] & bits))];
    }

    private Picture ReadImage()
    {
        if (_header.Color == Png.Palette && _palette.Length == 0)
        {
            throw new InvalidDataException("the PNG file lacks its palette");
        }

        int total = _header.Width * _header.Height;
        _pixels = new Rgb[int.Min(total, FirstPixels)];
        bool isAlphaStored = _header.HasAlpha || _paletteAlpha.Length > 0 || _transparent.Length > 0;
        _alpha = isAlphaStored && !_options.IgnoreAlpha ? new byte[_pixels.Length] : null;
        using (var inflater = new ZLibStream(_chunks, CompressionMode.Decompress, leaveOpen: true))
        {
            bool isWhole = true;
            foreach ((int left, int top, int across, int down) in _header.Passes)
            {
                int columns = Steps(_header.Width - left, across), rows = Steps(_header.Height - top, down);
                isWhole = isWhole && (columns == 0 || ReadPass(inflater, columns, rows));
            }

            if (isWhole && Inflate(inflater, new byte[1]) > 0)
            {
                throw new InvalidDataException("the PNG file holds more data than its header says");
            }
        }

        Span<byte> rest = stackalloc byte[64];
        while (_chunks.Read(rest) > 0)
        {
        }

        FillMissing(total);
        if (_alpha is not null)
        {
            Cover(_pixels, _alpha);
        }

        return new Picture(_header.Width, _header.Height, _header.IsInterlaced ? InOrder() : _pixels);
    }

    /// <summary>How often one can step through a length from its beginning.</summary>
    private static int Steps(int length, int step) => length <= 0 ? 0 : (length + step - 1) / step;

    /// <summary>The rows of a pass; all rows, if the file has no passes.</summary>
    /// <returns>Whether all of them were there. If not, the file ends too early, and that is allowed.</returns>
    private bool ReadPass(Stream inflater, int columns, int rows)
    {
        byte[] row = [], above = [], samples = new byte[_header.Depth < Png.Depth ? columns : 0];
        int total = _header.Width * _header.Height;
        for (int y = 0; y < rows; y++)
        {
            if (!ReadRow(inflater, ref row, _header.RowLength(columns)))
            {
                return false;
            }

            above = above.Length == 0 ? new byte[row.Length] : above;
            Unfilter(row, above, y);
            if (_pixels.Length < _arrived + columns)
            {
                int length = (int)long.Min(total, long.Max(2L * _pixels.Length, (long)_arrived + columns));
                Array.Resize(ref _pixels, length);
                if (_alpha is not null)
                {
                    Array.Resize(ref _alpha, length);
                }
            }

            ReadOnlySpan<byte> bytes = _header.Depth < Png.Depth ? Unpack(row.AsSpan(1), samples) : row.AsSpan(1);
            Convert(bytes, _pixels.AsSpan(_arrived, columns), _alpha is null ? default : _alpha.AsSpan(_arrived, columns));
            _arrived += columns;
            (row, above) = (above, row);
        }

        return true;
    }

    // The buffer of the first row grows with the data that arrive.
    private bool ReadRow(Stream inflater, ref byte[] row, int rowLength)
    {
        int length = 1 + rowLength, filled = 0;
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
                return _options.AllowTruncated ? false
                    : throw new InvalidDataException("the PNG file holds less data than its header says");
            }
        }

        return true;
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

    /// <summary>Gives each sample of less than 8 bits a byte. The first one is in the highest bits.</summary>
    private ReadOnlySpan<byte> Unpack(ReadOnlySpan<byte> row, Span<byte> samples)
    {
        int depth = _header.Depth, mask = (1 << depth) - 1;
        for (int x = 0; x < samples.Length; x++)
        {
            int place = x * depth;
            samples[x] = (byte)((row[place / 8] >> (8 - depth - (place % 8))) & mask);
        }

        return samples;
    }

    private void Convert(ReadOnlySpan<byte> row, Span<Rgb> pixels, Span<byte> alpha)
    {
        // Of 16 bits, the first 8 are the high ones. Greys of fewer bits are stretched to 255.
        int length = _header.PixelBytes, size = _header.SampleBytes;
        int stretch = byte.MaxValue / ((1 << int.Min(_header.Depth, Png.Depth)) - 1);
        for (int x = 0; x < pixels.Length; x++)
        {
            ReadOnlySpan<byte> pixel = row.Slice(x * length, length);
            byte grey = (byte)(pixel[0] * stretch);
            pixels[x] = _header.Color switch
            {
                Png.Grey or Png.GreyAlpha => new Rgb(grey, grey, grey),
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

    /// <summary>Pixels that have not arrived have the number 0: black, or the palette's first colour.</summary>
    private void FillMissing(int total)
    {
        if (_arrived == total)
        {
            return;
        }

        Array.Resize(ref _pixels, total);
        _pixels.AsSpan(_arrived).Fill(_header.Color == Png.Palette ? new Rgb(_palette[0], _palette[1], _palette[2]) : default);
        if (_alpha is not null)
        {
            Array.Resize(ref _alpha, total);
            _alpha.AsSpan(_arrived).Fill(byte.MaxValue);
        }
    }

    /// <summary>The pixels of the passes, row by row.</summary>
    private Rgb[] InOrder()
    {
        var pixels = new Rgb[_pixels.Length];
        int next = 0;
        foreach ((int left, int top, int across, int down) in _header.Passes)
        {
            for (int y = top; y < _header.Height; y += down)
            {
                for (int x = left; x < _header.Width; x += across)
                {
                    pixels[(y * _header.Width) + x] = _pixels[next++];
                }
            }
        }

        return pixels;
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
}
