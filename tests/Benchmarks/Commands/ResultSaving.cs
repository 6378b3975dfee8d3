using System;
using System.IO;
using Strata.Benchmarks.Tables;

namespace Strata.Benchmarks.Commands;

/// <summary>What <c>--save</c> does.</summary>
internal static class ResultSaving
{
    /// <summary>Adds the row to the results of this CPU family. A row without the peer that was asked for is not kept.</summary>
    public static void Save(CommandLine line, Result row)
    {
        if (line.Save && row.NoPeer is null)
        {
            string project = ProjectFolder.Find() ?? throw new UsageException("Run --save in the repository.");
            string path = Path.GetRelativePath(project, ResultFile.Save(project, row));
            Console.Error.WriteLine($"saved in {path}; -- tables and -- chart write the pages anew");
        }
    }
}
