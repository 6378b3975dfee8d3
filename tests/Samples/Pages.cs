using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;

namespace Strata.Samples.Tests;

/// <summary>A page of the repository.</summary>
/// <param name="Path">Its path from the repository's root, with slashes.</param>
/// <param name="Text">Its text.</param>
internal sealed record Page(string Path, string Text);

/// <summary>All pages.</summary>
internal static class Pages
{
    private static readonly string[] Skipped = ["bin", "obj", ".git", "node_modules", "TestResults", "artifacts"];

    /// <summary>The repository's root.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(
        typeof(Pages).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "TestsDirectory").Value!, ".."));

    public static IReadOnlyList<Page> All { get; } =
    [
        .. from file in Files(Root)
           let path = Path.GetRelativePath(Root, file).Replace('\\', '/')
           orderby path
           select new Page(path, File.ReadAllText(file).ReplaceLineEndings("\n")),
    ];

    private static IEnumerable<string> Files(string folder) => Directory.GetFiles(folder, "*.md").Concat(
        Directory.GetDirectories(folder).Where(inner => !Skipped.Contains(Path.GetFileName(inner))).SelectMany(Files));
}
