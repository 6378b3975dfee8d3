using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

namespace Strata.Tool;

/// <summary>The attributes that a folder's sources declare.</summary>
internal static partial class FolderClasses
{
    /// <summary>The names of attributes in a namespace, without <c>Attribute</c>.</summary>
    /// <param name="folder">The folder, which may not exist yet.</param>
    /// <param name="except">The file that is about to be replaced.</param>
    /// <param name="namespace">The namespace; null for none.</param>
    public static IEnumerable<string> Find(string folder, string except, string? @namespace) =>
        !Directory.Exists(folder) ? [] : Directory.EnumerateFiles(folder, "*.cs")
            .Where(path => Path.GetFileName(path) != except)
            .Select(File.ReadAllText)
            .Where(text => Namespace().Match(text).Groups[1].Value == (@namespace ?? ""))
            .SelectMany(text => Class().Matches(text).Select(match => match.Groups[1].Value))
            .Distinct();

    [GeneratedRegex(@"^namespace ([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^[^/\n]*\bclass (\w+)Attribute\b", RegexOptions.Multiline)]
    private static partial Regex Class();
}
