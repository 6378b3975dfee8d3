using System;
using System.IO;
using Strata.Benchmarks.Tables;

namespace Strata.Benchmarks.Commands;

/// <summary>Writes anew what is made from the results: tables, or the chart.</summary>
internal static class TablesCommand
{
    public static int Run(CommandLine line)
    {
        string project = ProjectFolder.Find() ?? throw new UsageException("Run this in the repository.");
        foreach ((string path, string text) in line.Command == "chart" ? MadeFiles.Charts(project) : MadeFiles.Tables(project))
        {
            bool changed = !File.Exists(path) || File.ReadAllText(path).ReplaceLineEndings("\n") != text;
            if (changed)
            {
                File.WriteAllText(path, text);
            }

            Console.WriteLine($"{Path.GetRelativePath(Path.Combine(project, "..", ".."), path)}{(changed ? "" : ": as it was")}");
        }

        return 0;
    }
}
