using System;
using System.Text;

namespace Strata.Imaging;

/// <summary>What a file is that is not read, by its bytes: for messages.</summary>
internal static class ImageSignature
{
    // The brands of HEIF files with one picture or a sequence of them (ISO/IEC 23008-12).
    private static readonly string[] HeifBrands = ["heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs", "mif1", "msf1"];

    private const int TgaHeaderLength = 18, MostShown = 20;

    /// <summary>What a file is.</summary>
    public static string Describe(ReadOnlySpan<byte> file) => file switch
    {
        [] => "the file is empty",
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => "this is a WebP file",
        [(byte)'I', (byte)'I', 43, 0, ..] or [(byte)'M', (byte)'M', 0, 43, ..] => "this is a BigTIFF file",
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', _, _, _, _, ..] => DescribeBrand(Encoding.Latin1.GetString(file[8..12])),
        [0xFF, 0x0A, ..] or [0, 0, 0, 12, (byte)'J', (byte)'X', (byte)'L', (byte)' ', ..] => "this is a JPEG XL file",
        [0, 0, 0, 12, (byte)'j', (byte)'P', (byte)' ', (byte)' ', ..] or [0xFF, 0x4F, 0xFF, 0x51, ..] => "this is a JPEG 2000 file",
        [(byte)'8', (byte)'B', (byte)'P', (byte)'S', ..] => "this is a Photoshop file",
        [(byte)'%', (byte)'P', (byte)'D', (byte)'F', ..] => "this is a PDF file",
        [(byte)'P', >= (byte)'1' and <= (byte)'7', (byte)'\n' or (byte)'\r' or (byte)'\t' or (byte)' ', ..] => "this is a PNM file",
        [0, 0, 1 or 2, 0, _, _, _, _, _, 0, ..] when IsIcon(file) => "this is a Windows icon file",
        _ when file.EndsWith("TRUEVISION-XFILE.\0"u8) => "this is a TGA file",
        _ when IsTga(file) => "this looks like a TGA file",
        _ when Text(file) is { Length: > 3 } text => $"this is text, no image: it begins with '{text}'",
        _ => $"this is no image that is known: it begins with {Convert.ToHexString(file[..int.Min(8, file.Length)])}",
    };

    /// <summary>The letters with which a file begins.</summary>
    private static string Text(ReadOnlySpan<byte> file)
    {
        ReadOnlySpan<byte> shown = file[..int.Min(file.Length, MostShown)];
        int end = shown.IndexOfAnyExceptInRange((byte)' ', (byte)'~');
        return Encoding.Latin1.GetString(end < 0 ? shown : shown[..end]);
    }

    private static string DescribeBrand(string brand) => Array.IndexOf(HeifBrands, brand) >= 0 ? "this is a HEIF file"
        : brand.StartsWith("avi", StringComparison.Ordinal) ? "this is an AVIF file"
        : "this is a video, or another file of its family";

    /// <summary>An icon's directory has an entry or more, and the first one's picture lies behind the directory.</summary>
    private static bool IsIcon(ReadOnlySpan<byte> file)
    {
        const int Header = 6, Entry = 16;
        int count = file[4] | (file[5] << 8);
        return count > 0 && (file.Length < Header + Entry
            || BitConverter.ToUInt32(file[(Header + 12)..]) >= Header + ((long)count * Entry));
    }

    /// <summary>TGA files have no signature; a header of one is unlikely by chance.</summary>
    private static bool IsTga(ReadOnlySpan<byte> file) => file.Length > TgaHeaderLength && file[1] <= 1
        && (file[2] is 1 or 9) == (file[1] == 1) && file[2] is 1 or 2 or 3 or 9 or 10 or 11 && file[16] is 8 or 15 or 16 or 24 or 32
        && (file[12] | file[13]) != 0 && (file[14] | file[15]) != 0 && (file[17] & 0xC0) == 0;
}
