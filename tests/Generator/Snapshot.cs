using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using DiffPlex;
using DiffPlex.DiffBuilder;
using DiffPlex.DiffBuilder.Model;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>
/// Compares generated files with checked-in ones, by Verify's conventions: <c>Test.File.verified.cs</c> is right,
/// <c>Test.File.received.cs</c> is what came out instead. STRATA_ACCEPT=1 takes what comes out as right.
/// </summary>
internal static class Snapshot
{
    /// <param name="test">What the files' names begin with.</param>
    /// <param name="result">What was generated.</param>
    /// <param name="tier">The only tier whose files are compared, besides the surface, where one shows all that the test is about; null for
    /// all.</param>
    public static void Match(string test, GeneratorDriverRunResult result, string? tier = null)
    {
        string folder = Path.Combine(SourceFolder.Path, "Snapshots");
        bool accept = Environment.GetEnvironmentVariable("STRATA_ACCEPT") is { Length: > 0 } and not "0";
        string[] others = tier is null ? [] : [.. Compiler.Kernels.Tier.All.Select(t => t.Name).Where(name => name != tier)];
        Dictionary<string, string> received = result.Results.Single().GeneratedSources
            .Where(source => !others.Any(other => source.HintName.Contains($".{other}.", StringComparison.Ordinal)))
            .ToDictionary(source => $"{test}.{Path.GetFileNameWithoutExtension(source.HintName)}", source => source.SourceText.ToString());
        Directory.CreateDirectory(folder);
        foreach (string stale in Directory.GetFiles(folder, $"{test}.*.received.cs"))
        {
            File.Delete(stale);
        }

        var verified = Directory.GetFiles(folder, $"{test}.*.verified.cs")
            .ToDictionary(file => Path.GetFileName(file)[..^".verified.cs".Length], file => file);
        var differences = new StringBuilder();
        foreach ((string name, string text) in received.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            string expected = verified.Remove(name, out string? file) ? File.ReadAllText(file) : "";
            if (expected == text && file is not null)
            {
                continue;
            }

            if (accept)
            {
                File.WriteAllText(Path.Combine(folder, name + ".verified.cs"), text);
                continue;
            }

            File.WriteAllText(Path.Combine(folder, name + ".received.cs"), text);
            differences.Append("--- ").Append(name).Append(file is null ? " is new\n" : "\n").Append(Difference(expected, text));
        }

        foreach ((string name, string file) in verified)
        {
            if (accept)
            {
                File.Delete(file);
            }
            else
            {
                differences.Append("--- ").Append(name).Append(" is no longer generated\n");
            }
        }

        Assert.True(differences.Length == 0, $"Run with STRATA_ACCEPT=1 to accept.\n{differences}");
    }

    private static string Difference(string expected, string actual)
    {
        var text = new StringBuilder();
        foreach (DiffPiece line in new InlineDiffBuilder(new Differ()).BuildDiffModel(expected, actual).Lines
            .Where(line => line.Type != ChangeType.Unchanged).Take(40))
        {
            text.Append(line.Type == ChangeType.Deleted ? "- " : "+ ").Append(line.Text).Append('\n');
        }

        return text.ToString();
    }
}
