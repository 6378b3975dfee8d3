using System;
using System.Security.Cryptography;
using System.Text;

namespace Strata.Onnx;

/// <summary>
/// The file of an imported class. Its last line has a checksum of those before it, so that an edited class is told from one that nobody
/// has touched.
/// </summary>
internal static class ImportedSource
{
    private const string Seal = "// Not edited since it was imported: ";

    public static string Sealed(string source) => $"{source}{Seal}{Checksum(source)}\n";

    public static bool IsUntouched(string text)
    {
        text = text.ReplaceLineEndings("\n");
        int at = text.LastIndexOf(Seal, StringComparison.Ordinal);
        return at >= 0 && text[(at + Seal.Length)..].Trim() == Checksum(text[..at]);
    }

    private static string Checksum(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
}
