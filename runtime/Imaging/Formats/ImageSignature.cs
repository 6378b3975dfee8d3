using System;

namespace Strata.Imaging;

/// <summary>The formats that are not read, by their first bytes: for messages.</summary>
internal static class ImageSignature
{
    /// <summary>What a file is.</summary>
    public static string Describe(ReadOnlySpan<byte> file) => file switch
    {
        [] => "the file is empty",
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => "this is a WebP file",
        [(byte)'I', (byte)'I', 43, 0, ..] or [(byte)'M', (byte)'M', 0, 43, ..] => "this is a BigTIFF file",
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', (byte)'a', (byte)'v', (byte)'i', ..] => "this is an AVIF file",
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', (byte)'h' or (byte)'m', ..] => "this is a HEIF file",
        [0xFF, 0x0A, ..] or [0, 0, 0, 12, (byte)'J', (byte)'X', (byte)'L', (byte)' ', ..] => "this is a JPEG XL file",
        [0, 0, 0, 12, (byte)'j', (byte)'P', (byte)' ', (byte)' ', ..] => "this is a JPEG 2000 file",
        [0, 0, 1 or 2, 0, ..] => "this is a Windows icon file",
        [(byte)'8', (byte)'B', (byte)'P', (byte)'S', ..] => "this is a Photoshop file",
        [(byte)'P', >= (byte)'1' and <= (byte)'7', (byte)'\n' or (byte)' ', ..] => "this is a PNM file",
        _ => $"this is no image that is known: it begins with {Convert.ToHexString(file[..int.Min(8, file.Length)])}",
    };
}
