using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>The C# of the README compiles, with the names that its text speaks of.</summary>
public class ReadmeTests
{
    /// <summary>What a reader of a snippet has already.</summary>
    private const string Known = """
        float[] images = [], image = [], outputs = [], targets = [], outputGradient = [], testImages = [];
        int[] labels = [], testLabels = [];
        string[] files = [];
        static float[] ImagesOf(string file) => [];
        static int[] LabelsOf(string file) => [];
        static void LossGradient(float[] outputs, float[] targets, float[] outputGradient) { }

        """;

    private static readonly string Readme = File.ReadAllText(Path.Combine(SourceFolder.Path, "..", "..", "README.md"));

    public static TheoryData<string> Statements => [.. Snippets().Where(text => !text.Contains("public ") && !IsGenerated(text))];

    [Fact]
    public void The_declarations_compile()
    {
        string[] classes = [.. Snippets().Where(text => text.Contains("public ") && !IsGenerated(text))];
        Assert.Equal(2, classes.Length);
        Check([.. classes.Select(text => text.Contains("using Strata;") ? text : "using Strata;\n" + text)]);
    }

    [Theory]
    [MemberData(nameof(Statements))]
    public void Each_snippet_compiles(string snippet)
    {
        string[] usings = [.. Regex.Matches(snippet, @"^using [\w.]+;.*$", RegexOptions.Multiline).Select(match => match.Value)];
        string body = usings.Aggregate(snippet, (text, line) => text.Replace(line, ""));
        string network = Snippets().First(text => text.Contains("class LeNet5"));
        if (body.Contains("outputGradient"))
        {
            network = network.Replace("[CrossEntropy]", "[ExternalLoss]");
        }

        Check(
            network,
            $$"""
            using System; using System.Collections.Generic; using System.Linq; using Strata; using Strata.Data; using Strata.Training;
            class Reader
            {
                void Reads({{(body.Contains("using var net") ? "" : "LeNet5 net")}})
                {
                    {{Known}}
                    {{body}}
                }
            }
            """);
    }

    [Fact]
    public void There_are_snippets_of_every_kind()
    {
        Assert.Equal(5, Statements.Count);
        Assert.Equal(3, Snippets().Count(IsGenerated));
    }

    /// <summary>Code that the generator writes is shown with gaps; the samples' own output is its test.</summary>
    private static bool IsGenerated(string snippet) => snippet.StartsWith("// ", System.StringComparison.Ordinal) || char.IsDigit(snippet[0]);

    private static IEnumerable<string> Snippets() => Regex
        .Matches(Readme, @"^ *```csharp\r?\n(.*?)^ *```", RegexOptions.Singleline | RegexOptions.Multiline).Select(match => match.Groups[1].Value.TrimStart());

    private static void Check(params string[] sources)
    {
        var harness = new Harness();
        harness.Generate(harness.Compile(sources), out Compilation output);
        Assert.Empty(output.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error).Select(d => $"{d}\n{d.Location.SourceTree}"));
    }
}
