using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Strata.Imaging.Bmp;
using Strata.Imaging.Formats;
using Strata.Imaging.Gif;
using Strata.Imaging.Jpeg;
using Strata.Imaging.Png;
using Strata.Pictures;

namespace Strata.Imaging;

/// <summary>
/// A format of pictures: how its files begin and end, and what decodes them. <see cref="All"/> is the table of formats: to read another
/// one, write a decoder in a folder beside this file, and name it in a row.
/// </summary>
/// <param name="Name">The name: <c>JPEG</c>.</param>
/// <param name="Begins">Whether a file begins as one of this format; null where <see cref="FileFormat"/> alone recognises it.</param>
/// <param name="Decode">The decoder; null where the format is not read.</param>
/// <param name="Endings">
/// How names of files end. Folders of pictures list these files, also where the format is not read: a message then names the file and its
/// format, and no data are left out without a word.
/// </param>
internal sealed record ImageFormat(
    string Name, ImageFormat.Signature? Begins, ImageFormat.Decoder? Decode, params IReadOnlyList<string> Endings)
{
    /// <summary>All formats that folders of pictures list. The unread ones are those that torchvision reads.</summary>
    public static readonly IReadOnlyList<ImageFormat> All =
    [
        new("JPEG", JpegReader.IsJpeg, JpegReader.Read, ".jpg", ".jpeg"),
        new("PNG", PngImage.IsPng, PngImage.Read, ".png"),
        new("BMP", BmpReader.IsBmp, BmpReader.Read, ".bmp"),
        new("GIF", GifReader.IsGif, GifReader.Read, ".gif"),
        new("TIFF", TiffReader.IsTiff, TiffReader.Read, ".tif", ".tiff"),
        new("WebP", Begins: null, Decode: null, ".webp"),
        new("PNM", Begins: null, Decode: null, ".ppm", ".pgm"),
    ];

    private const int TgaHeaderLength = 18, MostShown = 20;

    public delegate bool Signature(ReadOnlySpan<byte> file);

    /// <summary>Reads a file, and tells what that cost, also if the file is refused.</summary>
    public delegate Picture Decoder(ReadOnlySpan<byte> file, ImageReadOptions options, out ReadCost cost);

    public bool IsRead => Decode is not null;

    /// <summary>The decoder of a file.</summary>
    /// <exception cref="ImageFormatException">There is none. The message says what the file is, and what is read.</exception>
    public static Decoder DecoderOf(ReadOnlySpan<byte> file)
    {
        foreach (ImageFormat format in All)
        {
            if (format is { Begins: { } begins, Decode: { } decode } && begins(file))
            {
                return decode;
            }
        }

        string[] read = [.. All.Where(format => format.IsRead).Select(format => format.Name)];
        throw new ImageFormatException($"{Describe(file)}; {string.Join(", ", read[..^1])} and {read[^1]} files are read");
    }

    /// <summary>What a file is that is not read.</summary>
    private static string Describe(ReadOnlySpan<byte> file) =>
        file.IsEmpty ? "the file is empty"
        : FileFormat.OfSignature(file) is { } format ? $"this is {format.Name}"
        : file.EndsWith("TRUEVISION-XFILE.\0"u8) ? "this is a TGA file"
        : IsTga(file) ? "this looks like a TGA file"
        : Text(file) is { Length: > 3 } text ? $"this is text, no image: it begins with '{text}'"
        : $"this is no image that is known: it begins with {Convert.ToHexString(file[..int.Min(8, file.Length)])}";

    /// <summary>The letters with which a file begins.</summary>
    private static string Text(ReadOnlySpan<byte> file)
    {
        ReadOnlySpan<byte> shown = file[..int.Min(file.Length, MostShown)];
        int end = shown.IndexOfAnyExceptInRange((byte)' ', (byte)'~');
        return Encoding.Latin1.GetString(end < 0 ? shown : shown[..end]);
    }

    /// <summary>TGA files have no signature; a header of one is unlikely by chance.</summary>
    private static bool IsTga(ReadOnlySpan<byte> file) => file.Length > TgaHeaderLength && file[1] <= 1
        && (file[2] is 1 or 9) == (file[1] == 1) && file[2] is 1 or 2 or 3 or 9 or 10 or 11 && file[16] is 8 or 15 or 16 or 24 or 32
        && (file[12] | file[13]) != 0 && (file[14] | file[15]) != 0 && (file[17] & 0xC0) == 0;
}
