using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Strata.Compiler.Catalogue;
using Strata.Compiler.Operators;
using Strata.Onnx.Operators;
using Xunit;

namespace Strata.Onnx.Tests;

/// <summary>
/// The tables of the package's page are written from the families of operators. STRATA_ACCEPT=1 writes them. Each row stands beside the
/// code that it describes, and names all that the code has.
/// </summary>
public sealed partial class PageTableTests
{
    private static readonly string Path = System.IO.Path.Combine(SourceFolder.Path, "..", "..", "runtime", "Onnx", "PACKAGE.md");

    [Fact]
    public void The_tables_of_the_page_are_those_of_the_families()
    {
        string page = File.ReadAllText(Path).ReplaceLineEndings("\n");
        string written = WithTable(WithTable(page, "| nodes | become |", Families.InRows), "| layers | nodes |", Families.OutRows);
        if (Environment.GetEnvironmentVariable("STRATA_ACCEPT") == "1")
        {
            File.WriteAllText(Path, written);
            return;
        }

        Assert.True(page == written, "Run with STRATA_ACCEPT=1 to write the tables of runtime/Onnx/PACKAGE.md.");
    }

    [Fact]
    public void Each_node_that_becomes_a_layer_is_in_a_row()
    {
        HashSet<string> named = NamesIn(Families.InRows, Names());
        Assert.Empty(Families.Known.Except(named).Order());
    }

    [Fact]
    public void Each_layer_that_becomes_a_node_is_in_a_row_and_all_others_are_activations()
    {
        HashSet<string> named = NamesIn(Families.OutRows, Kinds());
        LayerOperator[] layers =
            [.. OperatorSet.BuiltIn.All.OfType<LayerOperator>().Where(known => known.Family is not OperatorFamily.Structure)];
        Assert.Empty(Families.Written.Except(named).Order());
        Assert.Empty(named.Except(layers.Select(known => Stem(known.Kind))).Order());
        Assert.All(
            layers.Where(known => !named.Contains(Stem(known.Kind))), known => Assert.Equal(OperatorFamily.Activations, known.Family));
    }

    private static HashSet<string> NamesIn(IEnumerable<PageRow> rows, Regex names) =>
        [.. rows.SelectMany(row => names.Matches(row.From).Select(match => Stem(match.Groups[1].Value)))];

    private static string Stem(string kind) => kind is [.., >= '1' and <= '3', 'D'] ? kind[..^2] : kind;

    private static string WithTable(string page, string header, IEnumerable<PageRow> rows)
    {
        int begin = page.IndexOf('\n', page.IndexOf('\n', page.IndexOf(header, StringComparison.Ordinal)) + 1) + 1, end = begin;
        while (end < page.Length && page[end] == '|')
        {
            end = page.IndexOf('\n', end) + 1;
        }

        return page[..begin] + string.Concat(rows.Select(row => $"| {row.From} | {row.To} |\n")) + page[end..];
    }

    [GeneratedRegex(@"`(\w+)`")]
    private static partial Regex Names();

    [GeneratedRegex(@"`\[(\w+)\]`")]
    private static partial Regex Kinds();
}
