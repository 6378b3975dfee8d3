using System;
using System.Buffers.Binary;
using System.IO;

namespace Strata.Pictures;

/// <summary>The header of a PNG file (ISO/IEC 15948, 11.2.2).</summary>
/// <param name="Width">Pixels of a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Color">The colour type.</param>
/// <param name="Depth">Bits of a sample, or of a number in the palette: 1, 2, 4, 8 or 16.</param>
/// <param name="IsInterlaced">Whether the pixels come in seven passes.</param>
internal readonly record struct PngHeader(int Width, int Height, byte Color, int Depth, bool IsInterlaced)
{
    // The first column and row of each pass, and the steps to the next ones (Adam7).
    private static readonly (int Left, int Top, int Across, int Down)[] Interlaced =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    private static readonly (int, int, int, int)[] Whole = [(0, 0, 1, 1)];

    public int Channels => Color switch { Png.Colours => 3, Png.GreyAlpha => 2, Png.ColoursAlpha => 4, _ => 1 };

    public bool HasAlpha => Color is Png.GreyAlpha or Png.ColoursAlpha;

    /// <summary>Bytes of a sample.</summary>
    public int SampleBytes => Depth > Png.Depth ? 2 : 1;

    /// <summary>Bytes of a pixel; 1 if several share a byte.</summary>
    public int PixelBytes => Channels * SampleBytes;

    /// <summary>The passes in which the pixels come. Some may have none.</summary>
    public ReadOnlySpan<(int Left, int Top, int Across, int Down)> Passes => IsInterlaced ? Interlaced : Whole;

    /// <summary>Bytes of a row of some pixels.</summary>
    public int RowLength(int pixels) => (int)((((long)pixels * Channels * Depth) + 7) / 8);

    public static PngHeader Parse(ReadOnlySpan<byte> body, int maxPixels)
    {
        uint width = BinaryPrimitives.ReadUInt32BigEndian(body), height = BinaryPrimitives.ReadUInt32BigEndian(body[4..]);
        (int depth, byte color, int compression, int filter, int interlace) = (body[8], body[9], body[10], body[11], body[12]);
        if (width == 0 || height == 0 || compression != 0 || filter != 0 || interlace > 1
            || color is not (Png.Grey or Png.Colours or Png.Palette or Png.GreyAlpha or Png.ColoursAlpha))
        {
            throw new InvalidDataException("the PNG file's header is damaged");
        }

        if ((ulong)width * height > (uint)maxPixels)
        {
            throw new InvalidDataException($"the image has {width}×{height} pixels; at most {maxPixels:N0} are read");
        }

        bool fits = color switch
        {
            Png.Grey => depth is 1 or 2 or 4 or 8 or 16,
            Png.Palette => depth is 1 or 2 or 4 or 8,
            _ => depth is 8 or 16,
        };
        return fits ? new PngHeader((int)width, (int)height, color, depth, interlace == 1)
            : throw new InvalidDataException(
                $"the PNG file's header is damaged: {MessageText.Count(depth, "bit")} a channel, which colour type {color} does not have");
    }
}
