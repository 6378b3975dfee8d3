using System;

namespace Strata.Pictures;

/// <summary>The message about a file that is not a PNG file.</summary>
internal static class PictureFormat
{
    private const string Read = "PNG files are read";

    /// <summary>The message, with the file's format if it is known.</summary>
    /// <param name="file">The file's first bytes.</param>
    public static string Refusal(ReadOnlySpan<byte> file) =>
        file.IsEmpty ? $"the file is empty; {Read}"
        : FileFormat.Detect(file) is { } format ? $"{MessageText.Show(format.Name)}; only {Read}"
        : $"not a PNG file, which begins with {Hex(Png.Signature)}, but {Hex(file[..int.Min(8, file.Length)])}; {Read}";

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexString(bytes);
}
