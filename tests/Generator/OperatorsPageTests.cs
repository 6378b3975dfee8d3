using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Strata.Generator.Operators;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>The pages for readers, beside the operators that they are about.</summary>
public sealed class OperatorsPageTests
{
    private static readonly string Folder = Path.Combine(SourceFolder.Path, "..", "..", "generator", "Operators");

    [Fact]
    public void The_page_of_operators_is_in_step_with_the_operators()
    {
        string path = Path.Combine(Folder, "OPERATORS.md"), page = Page();
        if (Environment.GetEnvironmentVariable("STRATA_ACCEPT") == "1")
        {
            File.WriteAllText(path, page);
        }

        Assert.Equal(page, File.ReadAllText(path).ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Every_operator_with_a_counterpart_in_PyTorch_is_in_the_table_of_translations()
    {
        string table = File.ReadAllText(Path.Combine(Folder, "FROM-PYTORCH.md"));
        Assert.Empty(OperatorCatalog.All
            .Where(o => o.Documentation.PyTorch.Length > 0 && !table.Contains($"[{o.Kind}", StringComparison.Ordinal))
            .Select(o => o.Kind));
    }

    private static string Page()
    {
        var page = new StringBuilder();
        page.Append("# Operators\n\n");
        page.Append("Every attribute of the network language. This page is written by a test from the operators in this folder.\n");
        page.Append("C is the number of channels, H × W the image; sequences are C×L, volumes C×D×H×W. What each argument means stands in the\n");
        page.Append("attribute's own documentation; what does not fit is a [rule](../Diagnostics/RULES.md).\n");
        Section(page, "Layers", OperatorCatalog.All.Where(o => o is LayerOperator));
        Section(page, "Losses", OperatorCatalog.All.Where(o => o is LossOperator));
        Section(page, "Structure", OperatorCatalog.All.Where(o => o is not (LayerOperator or LossOperator)));
        return page.ToString();
    }

    private static void Section(StringBuilder page, string title, IEnumerable<Operator> operators)
    {
        page.Append($"\n## {title}\n\n| attribute | shape | what it computes | PyTorch | Keras |\n|---|---|---|---|---|\n");
        foreach (OperatorDocumentation row in operators.Select(o => o.Documentation))
        {
            page.Append($"| {Code(row.Usage)} | {Text(row.Shape)} | {Text(row.Formula)} | {Code(row.PyTorch)} | {Code(row.Keras)} |\n");
        }
    }

    private static string Code(string text) => text.Length == 0 ? "" : $"`{text.Replace("|", "\\|", StringComparison.Ordinal)}`";

    private static string Text(string text) => text
        .Replace("|", "\\|", StringComparison.Ordinal).Replace("*", "\\*", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
}
