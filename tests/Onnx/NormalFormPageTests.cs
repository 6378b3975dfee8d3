using System;
using System.IO;
using System.Linq;
using System.Text;
using Strata.Onnx.Reading;
using Xunit;

namespace Strata.Onnx.Tests;

/// <summary>
/// The page about normal form has its table, and its list of what is gone, from the reader's rules. STRATA_ACCEPT=1 writes them. Each node
/// that a test reads is compared with its row, in <see cref="NormalFormPage"/>.
/// </summary>
public sealed class NormalFormPageTests
{
    private const int LineLength = 140;

    private static readonly string Path =
        System.IO.Path.Combine(SourceFolder.Path, "..", "..", "runtime", "Onnx", "Model", "NORMAL-FORM.md");

    [Fact]
    public void The_page_is_that_of_the_rules()
    {
        string page = File.ReadAllText(Path).ReplaceLineEndings("\n");
        string written = With(With(page, "**Gone.**", Gone()), "| operator | inputs | attributes", Table());
        if (Environment.GetEnvironmentVariable("STRATA_ACCEPT") == "1")
        {
            File.WriteAllText(Path, written);
            return;
        }

        Assert.True(page == written, "Run with STRATA_ACCEPT=1 to write the page runtime/Onnx/Model/NORMAL-FORM.md.");
    }

    [Fact]
    public void Each_operator_of_the_page_is_computed_from_constants_except_those_that_it_names()
    {
        // A reshaped constant and one behind a dropout need no evaluator. Nobody has seen the others read constants only.
        Assert.Equal(
            ["Dropout", "Embedding", "GatherElements", "GridSample", "GRU", "LSTM", "MaxUnpool", "Reshape", "TopK"],
            NormalFormPage.Operators.Where(name => Evaluators.Find(name) is null).Order(StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>The page with another paragraph in the place of the one that begins so.</summary>
    private static string With(string page, string start, string paragraph)
    {
        int begin = page.IndexOf(start, StringComparison.Ordinal), end = page.IndexOf("\n\n", begin, StringComparison.Ordinal);
        return page[..begin] + paragraph + page[end..];
    }

    private static string Table() => string.Join('\n',
    [
        "| operator | inputs | attributes (all present, if not in brackets) |", "|---|---|---|",
        .. Rules.Rows.Select(row => $"| {row.Operators} | {row.Inputs} | {Cell(row)} |"),
    ]);

    private static string Cell(NormalRow row) =>
        string.Join("; ", new[] { row.Attributes.Length > 0 ? row.Attributes : "none", row.Note }.Where(part => part.Length > 0));

    private static string Gone()
    {
        var text = new StringBuilder("**Gone.**");
        int length = text.Length;
        foreach (string word in string.Join(", ", Rules.Gone).Split(' '))
        {
            bool fits = length + 1 + word.Length <= LineLength;
            text.Append(fits ? ' ' : '\n').Append(word);
            length = (fits ? length + 1 : 0) + word.Length;
        }

        return text.Append('.').ToString();
    }
}
