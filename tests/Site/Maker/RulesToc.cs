using System;
using System.IO;
using System.Linq;

namespace Strata.Site;

/// <summary>The table of contents of the rules' pages, whose names are their ids.</summary>
internal static class RulesToc
{
    /// <summary>Writes <c>toc.yml</c>.</summary>
    /// <param name="rules">The folder of the pages.</param>
    /// <param name="folder">Where the table is written.</param>
    public static void Write(string rules, string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllLines(
            Path.Combine(folder, "toc.yml"),
            Directory.GetFiles(rules, "*.md").Order(StringComparer.Ordinal)
                .Select(file => $"- href: {Path.GetRelativePath(folder, file).Replace('\\', '/')}"));
    }
}
