using System;

namespace Strata.Pictures;

/// <summary>What is said of a file that is no PNG file.</summary>
internal static class PictureFormat
{
    private const string Read = "PNG files are read: grey, RGB or palette, 8 bits a channel, not interlaced";

    /// <summary>Names the file's format where it is known.</summary>
    /// <param name="file">Its first bytes.</param>
    public static string Refusal(ReadOnlySpan<byte> file) =>
        file.IsEmpty ? $"the file is empty; {Read}"
        : FileFormat.Of(file) is { } format ? $"{MessageText.Show(format.Name)}; only {Read}"
        : $"not a PNG file, which begins with {Hex(Png.Signature)}, but {Hex(file[..int.Min(8, file.Length)])}; {Read}";

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexString(bytes);
}
