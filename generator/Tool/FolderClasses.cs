using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

namespace Strata.Tool;

/// <summary>The attributes that sources declare.</summary>
internal static partial class FolderClasses
{
    /// <summary>The names of attributes in a namespace, without <c>Attribute</c>.</summary>
    /// <param name="files">The sources.</param>
    /// <param name="namespace">The namespace; null for none.</param>
    public static IEnumerable<string> Find(IEnumerable<string> files, string? @namespace) =>
        files.Select(File.ReadAllText)
            .Where(text => Namespace().Match(text).Groups[1].Value == (@namespace ?? ""))
            .SelectMany(text => Class().Matches(text).Select(match => match.Groups[1].Value))
            .Distinct();

    [GeneratedRegex(@"^namespace ([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^[^/\n]*\bclass (\w+)Attribute\b", RegexOptions.Multiline)]
    private static partial Regex Class();
}
