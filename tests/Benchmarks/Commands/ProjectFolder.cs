using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Strata.Benchmarks.Commands;

internal static class ProjectFolder
{
    private const string ProjectFile = "Strata.Benchmarks.csproj";

    /// <summary>This project's folder, seen from where the user or the program is; null where it is not to be seen.</summary>
    public static string? Find()
    {
        string[] starts = [Directory.GetCurrentDirectory(), AppContext.BaseDirectory];
        return starts.SelectMany(Ancestors)
            .SelectMany(folder => new[] { folder, Path.Combine(folder, "tests", "Benchmarks") })
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, ProjectFile)));
    }

    private static IEnumerable<string> Ancestors(string folder)
    {
        for (DirectoryInfo? parent = new(folder); parent is not null; parent = parent.Parent)
        {
            yield return parent.FullName;
        }
    }
}
