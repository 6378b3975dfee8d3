using System;
using System.Buffers.Binary;
using Strata.Pictures;

namespace Strata.Imaging.Gif;

/// <summary>Reads the first frame of a GIF file. Transparent pixels have the colour that the palette gives them, as in Pillow.</summary>
internal ref struct GifReader
{
    private const int HeaderLength = 13, FrameHeaderLength = 9, MostCodes = 4096, ColorBytes = 3;

    private const byte Extension = (byte)'!', FrameMark = (byte)',', End = (byte)';', GraphicControl = 0xF9;

    private readonly ReadOnlySpan<byte> _file;
    private readonly ImageReadOptions _options;
    private int _position;

    private GifReader(ReadOnlySpan<byte> file, ImageReadOptions options)
    {
        _file = file;
        _options = options;
    }

    /// <summary>Whether a file begins as a GIF file.</summary>
    public static bool IsGif(ReadOnlySpan<byte> file) => file.StartsWith("GIF87a"u8) || file.StartsWith("GIF89a"u8);

    /// <summary>Reads a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="options">Limits and what is allowed.</param>
    /// <param name="cost">What it cost, also if the file is refused.</param>
    /// <exception cref="ImageFormatException">The file cannot be read; the message says why.</exception>
    public static Picture Read(ReadOnlySpan<byte> file, ImageReadOptions options, out ReadCost cost) =>
        new GifReader(file, options).Read(out cost);

    private Picture Read(out ReadCost cost)
    {
        cost = default;
        ReadOnlySpan<byte> header = Take(HeaderLength, "its header");
        int width = BinaryPrimitives.ReadUInt16LittleEndian(header[6..]), height = BinaryPrimitives.ReadUInt16LittleEndian(header[8..]);
        Rgb[] palette = ReadPalette(header[10]);
        int background = FindFrame();
        ReadOnlySpan<byte> frame = Take(FrameHeaderLength, "its frame's header");
        int left = BinaryPrimitives.ReadUInt16LittleEndian(frame), top = BinaryPrimitives.ReadUInt16LittleEndian(frame[2..]);
        int frameWidth = BinaryPrimitives.ReadUInt16LittleEndian(frame[4..]);
        int frameHeight = BinaryPrimitives.ReadUInt16LittleEndian(frame[6..]);
        (width, height) = (int.Max(width, left + frameWidth), int.Max(height, top + frameHeight));
        if (width == 0 || height == 0)
        {
            throw new ImageFormatException($"the GIF file's header says {width}×{height} pixels; 1×1 or more are read");
        }

        if ((long)width * height > _options.MaxPixels)
        {
            throw new ImageFormatException($"the image has {width}×{height} pixels; at most {_options.MaxPixels:N0} are read");
        }

        cost = new ReadCost((long)width * height, 0);
        palette = (frame[8] & 0x80) != 0 ? ReadPalette(frame[8]) : palette;
        var picture = new Picture(width, height);
        for (int y = 0; y < height; y++)
        {
            picture.Row(y).Fill(palette[background]);
        }

        bool isInterlaced = (frame[8] & 0x40) != 0;
        byte[] pixels = Decompress(frameWidth * frameHeight);
        for (int i = 0, y = 0, step = isInterlaced ? 8 : 1; i < pixels.Length && frameWidth > 0; i += frameWidth)
        {
            Span<Rgb> row = picture.Row(top + y)[left..];
            for (int x = 0; x < frameWidth && i + x < pixels.Length; x++)
            {
                row[x] = palette[pixels[i + x]];
            }

            // Interlaced: every eighth row, then those between, from 4 on, then from 2, then from 1.
            y += step;
            while (isInterlaced && y >= frameHeight && step > 1)
            {
                (y, step) = y % 8 == 0 && step == 8 ? (4, 8) : step == 8 ? (2, 4) : step == 4 ? (1, 2) : (y, 1);
            }
        }

        return picture;
    }

    /// <summary>Passes the extensions before the first frame.</summary>
    /// <returns>What fills the pixels around the frame: the transparent colour if there is one, else colour 0.</returns>
    private int FindFrame()
    {
        int transparent = 0;
        while (true)
        {
            switch (Take(1, "its blocks")[0])
            {
                case FrameMark:
                    return transparent;
                case End:
                    throw new ImageFormatException("the GIF file holds no image");
                case Extension:
                    bool isControl = Take(1, "an extension")[0] == GraphicControl;
                    for (ReadOnlySpan<byte> block = TakeBlock(); block.Length > 0; block = TakeBlock())
                    {
                        transparent = isControl && block.Length >= 4 && (block[0] & 1) != 0 ? block[3] : transparent;
                    }

                    break;
            }
        }
    }

    private Rgb[] ReadPalette(byte flags)
    {
        var palette = new Rgb[256];
        for (int i = 0; i < palette.Length; i++)
        {
            palette[i] = new Rgb((byte)i, (byte)i, (byte)i);
        }

        if ((flags & 0x80) != 0)
        {
            int colors = 2 << (flags & 7);
            ReadOnlySpan<byte> bytes = Take(colors * ColorBytes, "its palette");
            for (int i = 0; i < colors; i++)
            {
                palette[i] = new Rgb(bytes[ColorBytes * i], bytes[(ColorBytes * i) + 1], bytes[(ColorBytes * i) + 2]);
            }
        }

        return palette;
    }

    /// <summary>Undoes LZW. A code stands for the string of an earlier code and one more byte.</summary>
    private byte[] Decompress(int length)
    {
        int size = Take(1, "its image data")[0];
        if (size is 0 or > 11)
        {
            throw new ImageFormatException($"the GIF file is damaged: codes begin with {size} bits; 1 to 11 are expected");
        }

        byte[] pixels = new byte[length];
        Span<ushort> prefixes = stackalloc ushort[MostCodes];
        Span<byte> lasts = stackalloc byte[MostCodes], text = stackalloc byte[MostCodes];
        int clear = 1 << size, bits = size + 1, next = clear + 2, previous = -1, filled = 0, first = 0;
        var codes = new Codes();
        while (filled < length)
        {
            int code = ReadCode(ref codes, bits);
            if (code == clear)
            {
                (bits, next, previous) = (size + 1, clear + 2, -1);
                continue;
            }

            if (code < 0 || code == clear + 1)
            {
                return _options.AllowTruncated ? pixels[..filled] : throw CutOff(filled, length);
            }

            if (code > next || (code == next && previous < 0) || (previous < 0 && code >= clear))
            {
                throw new ImageFormatException("the GIF file is damaged: a code stands for nothing");
            }

            // The string comes out backwards. A code that is just being made begins as the one before.
            int at = text.Length, symbol = code == next ? previous : code;
            if (code == next)
            {
                text[--at] = (byte)first;
            }

            at = Expand(ref symbol, clear, prefixes, lasts, text, at);
            first = symbol;
            ReadOnlySpan<byte> found = text[at..];
            found[..int.Min(found.Length, length - filled)].CopyTo(pixels.AsSpan(filled));
            filled += int.Min(found.Length, length - filled);
            if (previous >= 0 && next < MostCodes)
            {
                (prefixes[next], lasts[next]) = ((ushort)previous, (byte)first);
                next++;
                bits += next == 1 << bits && bits < 12 ? 1 : 0;
            }

            previous = code;
        }

        return pixels;
    }

    /// <summary>Writes the string of a code backwards. The code becomes the string's first byte.</summary>
    /// <returns>Where the string begins.</returns>
    private static int Expand(ref int code, int clear, ReadOnlySpan<ushort> prefixes, ReadOnlySpan<byte> lasts, Span<byte> text, int end)
    {
        for (; code >= clear; code = prefixes[code])
        {
            text[--end] = lasts[code];
        }

        text[--end] = (byte)code;
        return end;
    }

    private static ImageFormatException CutOff(int filled, int length) =>
        new($"the GIF file is cut off: it has {filled:N0} of {length:N0} pixels") { IsCutOff = true };

    /// <summary>The next code, lowest bits first; −1 at the end of the data.</summary>
    private int ReadCode(ref Codes codes, int bits)
    {
        while (codes.Count < bits)
        {
            if (codes.Left == 0)
            {
                // Of a block that is cut off, Pillow reads nothing.
                codes.Left = _position < _file.Length ? _file[_position++] : 0;
                if (codes.Left == 0 || codes.Left > _file.Length - _position)
                {
                    return -1;
                }
            }

            if (_position >= _file.Length)
            {
                return -1;
            }

            codes.Bits |= (uint)_file[_position++] << codes.Count;
            (codes.Count, codes.Left) = (codes.Count + 8, codes.Left - 1);
        }

        int code = (int)(codes.Bits & ((1u << bits) - 1));
        (codes.Bits, codes.Count) = (codes.Bits >> bits, codes.Count - bits);
        return code;
    }

    private ReadOnlySpan<byte> TakeBlock() => Take(Take(1, "an extension")[0], "an extension");

    private ReadOnlySpan<byte> Take(int length, string what)
    {
        if (length > _file.Length - _position)
        {
            throw new ImageFormatException($"the GIF file is cut off in {what}") { IsCutOff = true };
        }

        _position += length;
        return _file.Slice(_position - length, length);
    }

    private ref struct Codes
    {
        public uint Bits;
        public int Count;
        public int Left;
    }
}
