using System;
using System.Collections.Immutable;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Strata.Compiler.Declarations;
using Strata.Generator.Reading;
using Strata.Compiler.Diagnostics;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>
/// Each rule has a page such as <c>generator/Diagnostics/rules/STRATA030.md</c>, to which its help link leads. The page has the meaning of
/// the rule, an example that fails with the message, and the same example fixed. STRATA_ACCEPT=1 writes the messages into the pages.
/// </summary>
public sealed partial class RulePageTests
{
    /// <summary>
    /// Rules that no source can show: two versions at once, another generator, settings that MSBuild reads, a bug, what is no mistake.
    /// </summary>
    private static readonly string[] WithoutExample =
    [
        "STRATA023", "STRATA061", "STRATA063", "STRATA064", "STRATA065", "STRATA067", "STRATA068", "STRATA099", "STRATA100",
    ];

    /// <summary>The rule that build/Strata.targets reports: MSBuild reads no .editorconfig.</summary>
    private const string OfTargets = "STRATA063";

    private static readonly string Folder = Path.Combine(SourceFolder.Path, "..", "..", "generator", "Diagnostics", "rules");

    public static TheoryData<string> All => [.. Rules.All.Select(rule => rule.Id)];

    public static TheoryData<string> Fixed => [.. WithExample.Select(row => row.Data).Append("STRATA061")];

    public static TheoryData<string> WithExample => [.. Rules.All.Select(rule => rule.Id).Except(WithoutExample)];

    [Theory]
    [MemberData(nameof(All))]
    public void A_rule_has_a_page_that_its_link_opens(string id)
    {
        Rule rule = Rules.Find(id);
        Assert.EndsWith(
            $"/generator/Diagnostics/rules/{id}.md", new Uri(Descriptors.Of(rule).HelpLinkUri).AbsolutePath, StringComparison.Ordinal);
        Assert.True(File.Exists(PathOf(id)), $"{id} has no page. Write generator/Diagnostics/rules/{id}.md as the others are.");
        string page = Text(id);
        Assert.StartsWith($"# {id}: {rule.Title}\n\n", page, StringComparison.Ordinal);
        Assert.Equal(
            rule.Severity == Severity.Error,
            page.Contains("errors stop every build and cannot be configured", StringComparison.Ordinal));
        Assert.Equal(
            rule.Severity == Severity.Warning && id != OfTargets,
            page.Contains($"dotnet_diagnostic.{id}.severity = none", StringComparison.Ordinal));
        Assert.Equal(id == OfTargets, page.Contains($"<NoWarn>$(NoWarn);{id}</NoWarn>", StringComparison.Ordinal));
        Assert.Equal(CodeFixes.Value.Contains(id), page.Contains("Editors offer a code fix.", StringComparison.Ordinal));
    }

    [Fact]
    public void A_page_has_a_rule() => Assert.Equal(
        Rules.All.Select(rule => rule.Id),
        Directory.GetFiles(Folder).Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal)!);

    [Theory]
    [MemberData(nameof(WithExample))]
    public async Task The_example_fails_with_the_message_on_the_page(string id)
    {
        string fails = Section(Text(id), "What fails");
        ImmutableArray<Diagnostic> diagnostics = await Project(fails).AnalyzeAsync(Source(fails));
        ComparesMessages(id, diagnostics);
    }

    /// <summary>Compares what is reported with the message on a page, or writes it there.</summary>
    private static void ComparesMessages(string id, ImmutableArray<Diagnostic> diagnostics)
    {
        Assert.Equal([id], diagnostics.Select(diagnostic => diagnostic.Id).Distinct());
        string page = Text(id);
        string messages = string.Concat(diagnostics.Select(diagnostic =>
            $"{diagnostic.Severity.ToString().ToLowerInvariant()} {id}: {diagnostic.GetMessage(CultureInfo.InvariantCulture)}\n"));
        string expected = Message().Replace(page, _ => $"```\n{messages}```\n", 1);
        if (Environment.GetEnvironmentVariable("STRATA_ACCEPT") == "1")
        {
            File.WriteAllText(PathOf(id), expected);
        }
        else
        {
            Assert.Equal(expected, page);
        }
    }

    /// <summary>Off, it says nothing; on, it says what is on its page.</summary>
    [Fact]
    public async Task The_shapes_of_layers_are_shown_as_their_page_says()
    {
        const string Id = "STRATA100";
        string source = Source(Section(Text(Id), "What it shows"));
        Assert.Empty(await new Harness().AnalyzeAsync(source));
        var asking = new Harness { EditorConfig = ImmutableDictionary<string, ReportDiagnostic>.Empty.Add(Id, ReportDiagnostic.Info) };
        ComparesMessages(Id, await asking.AnalyzeAsync(source));
    }

    [Fact]
    public async Task The_constant_of_another_generator_is_reported_as_its_page_says()
    {
        string source = Source(Section(Text("STRATA061"), "What fails"));
        var harness = new Harness();
        harness.Generate(harness.Compile(source), out Compilation output);
        SyntaxTree made = CSharpSyntaxTree.ParseText(
            "static class Made { public const int Classes = 2; }",
            harness.Parsing,
            "Made.cs",
            cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(["STRATA061"], (await harness.AnalyzeAsync(output.AddSyntaxTrees(made))).Select(diagnostic => diagnostic.Id));
    }

    [Theory]
    [MemberData(nameof(Fixed))]
    public async Task The_fixed_example_builds_without_a_word(string id)
    {
        string page = Text(id), helps = Section(page, "What helps");
        Harness harness = Project(helps, Section(page, "What fails"));
        harness.Generate(harness.Compile(Source(helps)), out Compilation output);
        Assert.Empty(await harness.AnalyzeAsync(output));

        // Examples have no documentation (CS1591). That generated code compiles is tested elsewhere.
        SyntaxTree source = output.SyntaxTrees.First();
        Assert.Empty(output.GetSemanticModel(source).GetDiagnostics(cancellationToken: TestContext.Current.CancellationToken)
            .Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning && diagnostic.Id != "CS1591")
            .Select(diagnostic => diagnostic.ToString()));
    }

    private static readonly Lazy<ImmutableHashSet<string>> CodeFixes = new(() =>
    {
        string page = File.ReadAllText(Path.Combine(Folder, "..", "RULES.md"));
        return [.. Id().Matches(page[..page.IndexOf("| id |", StringComparison.Ordinal)]).Select(match => match.Value)];
    });

    /// <summary>The project that a section describes: settings as XML, and a library as the first of two blocks of C#.</summary>
    private static Harness Project(string section, string? libraries = null)
    {
        string settings = Xml().Match(section).Groups[1].Value;
        MatchCollection blocks = Code().Matches(libraries ?? section);
        return new Harness
        {
            Language = LanguageVersionFacts.TryParse(Setting().Match(settings).Groups[1].Value, out LanguageVersion version)
                ? version
                : LanguageVersion.Latest,
            Optimization = settings.Contains("<Optimize>false", StringComparison.Ordinal)
                ? OptimizationLevel.Debug
                : OptimizationLevel.Release,
            ImportsProperties = !settings.Contains("<Analyzer ", StringComparison.Ordinal),
            References = blocks.Count == 2 ? [Library(blocks[0].Groups[1].Value)] : [],
        };
    }

    private static PortableExecutableReference Library(string source)
    {
        using var image = new MemoryStream();
        EmitResult result = new Harness().Compile("using Strata;\n" + source).WithAssemblyName("Library").Emit(image);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        return MetadataReference.CreateFromImage(image.ToArray());
    }

    private static string Source(string section) => "using Strata;\n" + Code().Matches(section)[^1].Groups[1].Value;

    private static string Section(string page, string heading)
    {
        int start = page.IndexOf($"## {heading}\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"The page has no section '{heading}'.");
        return page[start..page.IndexOf("\n## ", start, StringComparison.Ordinal)];
    }

    private static string PathOf(string id) => Path.Combine(Folder, id + ".md");

    private static string Text(string id) => File.ReadAllText(PathOf(id)).ReplaceLineEndings("\n");

    [GeneratedRegex("STRATA[0-9]{3}")]
    private static partial Regex Id();

    /// <summary>A fence without a language, behind an empty line: the others end blocks.</summary>
    [GeneratedRegex("(?<=\n\n)```\n(.*?)^```\n", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Message();

    [GeneratedRegex("^```csharp\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Code();

    [GeneratedRegex("^```xml\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Xml();

    [GeneratedRegex("<LangVersion>(.*)</LangVersion>")]
    private static partial Regex Setting();
}
