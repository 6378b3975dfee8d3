using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>The C# of the README and of the pages for users compiles, and the names in their text exist.</summary>
public sealed partial class PageTests
{
    private const string Readme = "README.md", Generated = "generator/GENERATED.md";

    /// <summary>The most words of the README; what is longer belongs on a page of its own.</summary>
    private const int MostWords = 1300;

    private static readonly string[] Pages =
    [
        Readme, "runtime/PACKAGE.md", "runtime/Networks/NETWORKS.md", "runtime/Training/TRAINING.md", "runtime/Files/FILES.md",
    ];

    /// <summary>What a reader of a snippet has already: type, name, value.</summary>
    private static readonly (string Type, string Name, string Value)[] Known =
    [
        ("LeNet5", "net", "null!"), ("ClassificationTrainer", "trainer", "null!"), ("FitOptions", "options", "null!"),
        ("float[]", "images", "[]"), ("float[]", "image", "[]"), ("float[]", "outputs", "[]"), ("float[]", "targets", "[]"),
        ("float[]", "outputGradient", "[]"), ("float[]", "testImages", "[]"), ("int[]", "labels", "[]"), ("int[]", "testLabels", "[]"),
        ("string[]", "files", "[]"), ("ICollectives", "world", "null!"),
    ];

    /// <summary>The README's network, with what is generated for it.</summary>
    private static readonly Lazy<Compilation> WithLoss = new(() => Network("[CrossEntropy]"));

    private static readonly Lazy<Compilation> WithExternalLoss = new(() => Network("[ExternalLoss]"));

    public static TheoryData<string, string> Statements =>
    [
        .. from page in Pages
           from text in Snippets(page)
           where !IsDeclaration(text) && !IsGenerated(text)
           select (page, text),
    ];

    [Fact]
    public void The_readme_is_short() => Assert.InRange(Words().Count(Text(Readme)), 500, MostWords);

    /// <summary>A page says in its first paragraph what it is for.</summary>
    [Fact]
    public void Each_page_begins_with_its_purpose() => Assert.All(
        [
            .. Pages.Skip(2), Generated, "generator/Compiler/Operators/OWN-OPERATORS.md", "generator/Compiler/Operators/NEW-OPERATOR.md",
            "runtime/LIMITS.md", "runtime/COMPARED.md",
            "tests/Benchmarks/README.md", "tests/Benchmarks/PERFORMANCE.md",
        ],
        page => Assert.Matches("^# .+\n\nThis (page|project) ", Text(page)));

    [Fact]
    public void The_declarations_compile()
    {
        string[] classes = [.. Snippets(Readme).Where(IsDeclaration)];
        Assert.Equal(2, classes.Length);
        Check([.. classes.Select(text => text.Contains("using Strata;") ? text : "using Strata;\n" + text)]);
        Assert.Equal(Snippets(Readme).First(IsDeclaration), Snippets("runtime/PACKAGE.md").First(IsDeclaration));
        Check([
            .. Snippets("runtime/Training/TRAINING.md").Where(IsDeclaration)
                .Select(text => "using System; using System.Collections.Generic; using Strata; using Strata.Training;\n" + text),
        ]);
    }

    [Fact]
    public void The_operators_of_ones_own_compile() => Check(
        [.. Snippets("generator/Compiler/Operators/OWN-OPERATORS.md").Select(text => "using System;\nusing Strata;\n" + text)]);

    [Theory]
    [MemberData(nameof(Statements))]
    public void Each_snippet_compiles(string page, string snippet)
    {
        Assert.NotEmpty(page);
        string[] usings = [.. Usings().Matches(snippet).Select(match => match.Value)];
        string body = usings.Aggregate(snippet, (text, line) => text.Replace(line, ""));
        IEnumerable<string> known = Known
            .Where(variable => !Regex.IsMatch(body, $@"[\w\])>] {variable.Name} = "))
            .Where(variable => variable.Name != "trainer" || !body.Contains("outputGradient"))
            .Select(variable => $"{variable.Type} {variable.Name} = {variable.Value};");
        string reader = $$"""
            #nullable enable
            using System; using System.Collections.Generic; using System.IO; using System.Linq; using System.Threading.Tasks;
            using Strata; using Strata.Data; using Strata.Training; {{string.Join(' ', usings.Where(line => line.Contains("Pictures")))}}
            class Reader
            {
                static float[] ImagesOf(string file) => [];
                static int[] LabelsOf(string file) => [];
                static void LossGradient(float[] outputs, float[] targets, float[] outputGradient) { }

                {{(body.Contains("await ") ? "async Task" : "void")}} Reads()
                {
                    {{string.Join('\n', known)}}
                    {{body}}
                }
            }
            """;
        Compilation network = (body.Contains("outputGradient") ? WithExternalLoss : WithLoss).Value;
        SyntaxTree tree = CSharpSyntaxTree.ParseText(reader, new Harness().Parsing,
            cancellationToken: TestContext.Current.CancellationToken);
        IEnumerable<Diagnostic> errors = network.AddSyntaxTrees(tree).GetSemanticModel(tree)
            .GetDiagnostics(cancellationToken: TestContext.Current.CancellationToken)
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error || IsNullable(diagnostic));
        Assert.Empty(errors.Select(error => $"{error}\n{reader}"));
    }

    [Fact]
    public void There_are_snippets_on_every_page()
    {
        Assert.All(Pages, page => Assert.Contains(Snippets(page), text => !IsGenerated(text)));
        Assert.Single(Snippets(Readme), IsGenerated);
        Assert.Equal(2, Snippets(Generated).Count());
    }

    /// <summary>Code that the generator writes is shown with gaps (…). What stands between them is what it writes for LeNet-5.</summary>
    [Theory]
    [InlineData(Readme)]
    [InlineData(Generated)]
    public void Generated_code_is_shown_as_it_is_written(string page)
    {
        string written = Lines(File.ReadAllText(Path.Combine(SourceFolder.Path, "Snapshots", "LeNet5.Demo.LeNet5.Avx512.g.verified.cs")));
        foreach (string piece in Snippets(page).Where(IsGenerated).SelectMany(text => Lines(text).Split('…', '\n')))
        {
            Assert.True(
                written.Contains(piece, StringComparison.Ordinal),
                $"The generator does not write '{piece}' any more: take another excerpt for {page}.");
        }

        static string Lines(string text) => string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(line => line.Trim()));
    }

    /// <summary>Whether a reader's project, where nullable is enabled, warns that something may be null.</summary>
    private static bool IsNullable(Diagnostic diagnostic) => diagnostic.Id.StartsWith("CS86", StringComparison.Ordinal);

    private static bool IsDeclaration(string snippet) => snippet.Contains("public ");

    private static bool IsGenerated(string snippet) => snippet.StartsWith("// ", StringComparison.Ordinal);

    private static string Text(string page) => File.ReadAllText(Path.Combine(SourceFolder.Path, "..", "..", page)).ReplaceLineEndings("\n");

    private static IEnumerable<string> Snippets(string page) =>
        Blocks().Matches(Text(page)).Select(match => match.Groups[1].Value.TrimStart());

    private static Compilation Network(string loss)
    {
        string network = Snippets(Readme).First(text => text.Contains("class LeNet5"));
        var harness = new Harness();
        harness.Generate(harness.Compile(network.Replace("[CrossEntropy]", loss)), out Compilation output);
        return output;
    }

    private static void Check(params string[] sources)
    {
        var harness = new Harness();
        harness.Generate(harness.Compile(sources), out Compilation output);
        IEnumerable<Diagnostic> errors = output.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        Assert.Empty(errors.Select(error => $"{error}\n{error.Location.SourceTree}"));
    }

    [GeneratedRegex(@"^ *```csharp\n(.*?)^ *```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Blocks();

    [GeneratedRegex(@"^using [\w.]+;.*$", RegexOptions.Multiline)]
    private static partial Regex Usings();

    [GeneratedRegex(@"\S+")]
    private static partial Regex Words();
}
