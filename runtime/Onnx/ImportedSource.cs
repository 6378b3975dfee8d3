using System;
using System.IO;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Strata.Onnx;

/// <summary>
/// The last line of an imported class's file. It has checksums of the lines before it and of the weights, so that what was edited or
/// trained is told from what nobody has touched, and the name of the ONNX file.
/// </summary>
/// <param name="Text">The checksum of the class.</param>
/// <param name="Weights">That of its weights.</param>
/// <param name="File">The ONNX file; empty if it was a stream.</param>
internal sealed partial record ImportedSource(string Text, string Weights, string File)
{
    private const string Seal = "// Not edited since it was imported";

    /// <summary>The whole file of a class.</summary>
    /// <param name="source">The class.</param>
    /// <param name="weights">The file of its weights.</param>
    /// <param name="file">The ONNX file.</param>
    public static string Sealed(string source, string weights, string file)
    {
        string from = file.Length > 0 ? $" from {OneLine(file)}" : "";
        return $"{source}{Seal}{from}: {Checksum(Encoding.UTF8.GetBytes(source))}, weights {ChecksumOf(weights)}\n";
    }

    /// <summary>What stands in the file of a class; null if it was edited, or is no imported one.</summary>
    public static ImportedSource? Read(string path)
    {
        string text = System.IO.File.ReadAllText(path).ReplaceLineEndings("\n");
        int at = text.LastIndexOf(Seal, StringComparison.Ordinal);
        Match match = LastLine().Match(at < 0 ? "" : text[at..]);
        return match.Success && match.Groups["text"].Value == Checksum(Encoding.UTF8.GetBytes(text[..at]))
            ? new ImportedSource(match.Groups["text"].Value, match.Groups["weights"].Value, match.Groups["file"].Value) : null;
    }

    /// <summary>Whether an ONNX file of that name may replace the class: it is the same, or one of both has no name.</summary>
    public bool IsOf(string file) => File.Length == 0 || file.Length == 0 || File == OneLine(file);

    /// <summary>The checksum of a file.</summary>
    public static string ChecksumOf(string path)
    {
        using FileStream stream = System.IO.File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream))[..16];
    }

    private static string Checksum(byte[] text) => Convert.ToHexStringLower(SHA256.HashData(text))[..16];

    private static string OneLine(string file) => string.Concat(file.Split('\r', '\n', '\u0085', '\u2028', '\u2029')).Trim();

    [GeneratedRegex($@"^{Seal}(?: from (?<file>.+))?: (?<text>\w{{16}}), weights (?<weights>\w{{16}})\s*$")]
    private static partial Regex LastLine();
}
