using System;
using System.Buffers.Binary;
using System.IO;
using System.IO.Compression;
using System.Text;

namespace Strata;

/// <summary>
/// Small images in rows and columns, as a PNG file (ISO/IEC 15948). The writer is our own: the format's simplest form (8 bits, no
/// filter) takes less code than a reference to a library of images would take space in every app.
/// </summary>
internal sealed class ContactSheet
{
    private const int Margin = 2;
    private const byte Background = 128;
    private const byte GreyType = 0, ColourType = 2;

    private readonly int _cellHeight;
    private readonly int _cellWidth;
    private readonly int _channels;
    private readonly int _imageHeight;
    private readonly int _imageWidth;
    private readonly int _stride;
    private readonly byte[] _pixels;

    public ContactSheet(int rows, int columns, int height, int width, bool colour)
    {
        (_cellHeight, _cellWidth, _channels) = (height + Margin, width + Margin, colour ? 3 : 1);
        _imageHeight = checked((rows * _cellHeight) + Margin);
        _imageWidth = checked((columns * _cellWidth) + Margin);

        // A byte before each row names its filter: none.
        _stride = checked(1 + (_imageWidth * _channels));
        _pixels = new byte[checked(_imageHeight * _stride)];
        for (int y = 0; y < _imageHeight; y++)
        {
            _pixels.AsSpan((y * _stride) + 1, _stride - 1).Fill(Background);
        }
    }

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Puts an image (C, H, W) into a cell.</summary>
    public void Draw(int row, int column, ReadOnlySpan<float> image, (float Minimum, float Maximum) range)
    {
        int height = _cellHeight - Margin, width = _cellWidth - Margin;
        for (int y = 0; y < height; y++)
        {
            int at = (((row * _cellHeight) + Margin + y) * _stride) + 1 + (((column * _cellWidth) + Margin) * _channels);
            for (int x = 0; x < width; x++)
            {
                for (int c = 0; c < _channels; c++)
                {
                    float share = (image[(((c * height) + y) * width) + x] - range.Minimum) / (range.Maximum - range.Minimum);
                    _pixels[at++] = (byte)float.Round(255 * float.Clamp(share, 0, 1));
                }
            }
        }
    }

    public void Save(string path)
    {
        using var stream = new FileStream(path, FileMode.Create, FileAccess.Write);
        stream.Write(Signature);
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, _imageWidth);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), _imageHeight);
        (header[8], header[9]) = (8, _channels == 3 ? ColourType : GreyType);
        WriteChunk(stream, "IHDR", header);

        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write(_pixels);
        }

        WriteChunk(stream, "IDAT", compressed.GetBuffer().AsSpan(0, (int)compressed.Length));
        WriteChunk(stream, "IEND", []);
    }

    private static void WriteChunk(Stream stream, string type, ReadOnlySpan<byte> data)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(type), .. data];
        Span<byte> number = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        stream.Write(number);
        stream.Write(body);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc(body));
        stream.Write(number);
    }

    // The reflected polynomial of ISO 3309, bit by bit: a preview is small.
    private static uint Crc(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in data)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) == 0 ? 0 : 0xEDB88320);
            }
        }

        return ~crc;
    }
}
