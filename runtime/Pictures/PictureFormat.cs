using System;

namespace Strata.Pictures;

/// <summary>Tells which picture format it is that is not read.</summary>
internal static class PictureFormat
{
    /// <summary>Bytes of a file that are looked at.</summary>
    public const int BeginningLength = 16;

    private const string Read = "PNG files are read: grey, RGB or palette, 8 bits a channel, not interlaced";

    /// <summary>What is said of a file that is no PNG file.</summary>
    /// <param name="file">Its first bytes.</param>
    public static string Refusal(ReadOnlySpan<byte> file)
    {
        if (file.IsEmpty)
        {
            return $"the file is empty; {Read}";
        }

        if (Name(file) is { } name)
        {
            return $"{name} file; only {Read}";
        }

        return $"not a PNG file, which begins with {Hex(Png.Signature)}, but {Hex(file[..int.Min(8, file.Length)])}; {Read}";

        static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexString(bytes);
    }

    // The signatures of the formats' own specifications.
    private static string? Name(ReadOnlySpan<byte> file) => file switch
    {
        [0xFF, 0xD8, 0xFF, ..] => "a JPEG",
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => "a GIF",
        [(byte)'B', (byte)'M', _, _, _, _, 0, 0, 0, 0, ..] => "a BMP",
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => "a WebP",
        [(byte)'I', (byte)'I', 42, 0, ..] or [(byte)'M', (byte)'M', 0, 42, ..] => "a TIFF",
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', (byte)'a', (byte)'v', (byte)'i', ..] => "an AVIF",
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', (byte)'h' or (byte)'m', ..] => "a HEIF",
        [0xFF, 0x0A, ..] or [0, 0, 0, 12, (byte)'J', (byte)'X', (byte)'L', (byte)' ', ..] => "a JPEG XL",
        [0, 0, 0, 12, (byte)'j', (byte)'P', (byte)' ', (byte)' ', ..] => "a JPEG 2000",
        [0, 0, 1, 0, ..] => "a Windows icon",
        [(byte)'8', (byte)'B', (byte)'P', (byte)'S', ..] => "a Photoshop",
        [(byte)'%', (byte)'P', (byte)'D', (byte)'F', ..] => "a PDF",
        [(byte)'<', (byte)'s', (byte)'v', (byte)'g', ..] => "an SVG",
        [(byte)'P', >= (byte)'1' and <= (byte)'7', (byte)'\n' or (byte)' ', ..] => "a PNM",
        _ => null,
    };
}
