using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Strata.Compiler.Declarations;
using Strata.Generator.Reading;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>
/// The tiers that a project is compiled for. They are those of its StrataTiers, which build/Strata.targets passes on as a list with commas.
/// </summary>
public sealed class TierSelectionTests
{
    private const string Net = "using Strata;\n[Network, Input(4), Dense(2)]\npublic partial class Net;";

    private static readonly string Build = Path.Combine(SourceFolder.Path, "..", "..", "generator", "build");

    [Theory]
    [InlineData("", "Avx2 Avx512 Vector128", "")]
    [InlineData("avx512,avx2,vector128", "Avx2 Avx512 Vector128", "")]
    [InlineData("vector128,AVX2", "Avx2 Vector128", "[global::Strata.Isa.Avx2, global::Strata.Isa.Vector128]")]
    [InlineData(" Avx512 ,, avx512 ", "Avx512", "[global::Strata.Isa.Avx512]")]
    [InlineData("vector128", "Vector128", "[global::Strata.Isa.Vector128]")]
    public void Only_the_chosen_tiers_are_written_and_the_network_knows_which(string list, string files, string tiers)
    {
        var harness = Choose(list);
        GeneratorDriverRunResult result = harness.Generate(harness.Compile(Net), out Compilation output);
        Assert.Equal(
            files.Split(' ').Select(name => $"Net.{name}.g.cs").Append("Net.g.cs"),
            result.Results.Single().GeneratedSources.Select(source => source.HintName).Order(StringComparer.Ordinal));
        string surface = result.Results.Single().GeneratedSources.Single(source => source.HintName == "Net.g.cs").SourceText.ToString();
        Assert.Equal(tiers.Length > 0, surface.Contains("Tiers = ", StringComparison.Ordinal));
        Assert.Contains(tiers, surface, StringComparison.Ordinal);
        Assert.Empty(output.GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
    }

    [Fact]
    public async Task An_unknown_tier_is_an_error_that_says_which_word_it_is()
    {
        await Choose("avx3,vector128").ReportsAsync(
            Net.Replace("class Net", "class {|STRATA064:Net|}", StringComparison.Ordinal),
            "Network 'Net' is compiled with <StrataTiers>avx3;vector128</StrataTiers>, but 'avx3' is no tier. "
            + "Use avx512, avx2 or vector128, or several of them with semicolons between.");
        OnPage("STRATA064", "Net", "avx3;vector128", "avx3", TierSelection.Names);
    }

    [Fact]
    public void An_unknown_tier_stops_the_build_where_no_analyzer_runs()
    {
        Harness harness = Choose("avx3");
        harness = harness with { Properties = harness.Properties.Add("RunAnalyzers", "false") };
        harness.Generate(harness.Compile(Net), out Compilation output);
        Diagnostic error = Assert.Single(
            output.GetDiagnostics(TestContext.Current.CancellationToken)
                .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        Assert.Contains("STRATA064", error.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("Zen 5", "Zen 5, Zen 5, Zen 5")]
    [InlineData("sapphirerapids", "Sapphire Rapids, , ")]
    [InlineData("Zen 3", ", Zen 3, ")]
    public void A_family_is_chosen_for_the_tiers_that_it_runs(string family, string expected)
    {
        TierSelection selection = TierSelection.Parse("", family);
        Assert.Null(selection.UnknownFamily);
        Assert.Equal(Tier.All.Select(tier => tier.Name), selection.Tiers.Select(tier => tier.Name));
        Assert.Equal(expected.Length == 0 ? ", , " : expected, string.Join(", ", selection.Tiers.Select(tier => tier.Family)));
    }

    /// <summary>Each family that was measured has cycles of its own. A tier for all families uses those of its first.</summary>
    [Fact]
    public void Measurements_of_a_family_count_for_it_alone()
    {
        Assert.Same(MeasuredTable.Of(Tier.Avx512), MeasuredTable.Of(Tier.Avx512.For("Zen 5")));
        Assert.NotEmpty(MeasuredTable.Of(Tier.Avx512).Rows);
        Assert.Same(MeasuredTable.Of(Tier.Avx2), MeasuredTable.Of(Tier.Avx2.For("Zen 3")));
        Assert.NotEmpty(MeasuredTable.Of(Tier.Avx2).Rows);
        Assert.NotSame(MeasuredTable.Of(Tier.Avx2), MeasuredTable.Of(Tier.Avx2.For("Zen 5")));
        Assert.NotEmpty(MeasuredTable.Of(Tier.Avx2.For("Zen 5")).Rows);
        Assert.Empty(MeasuredTable.Of(Tier.Avx512.For("Sapphire Rapids")).Rows);
    }

    [Fact]
    public void Each_family_has_its_own_kernels_and_no_other_file_changes()
    {
        const string Large = "using Strata;\n[Network, Input(64, 56, 56), Conv2D(64, 3, Padding = 1), ReLU, Conv2D(128, 1)]\n"
            + "public partial class Net;";
        Dictionary<string, string> Files(string family)
        {
            Harness harness = new()
            {
                Properties = ImmutableDictionary<string, string>.Empty.Add("StrataTierList", "avx512,avx2").Add("StrataFamily", family),
            };
            GeneratorDriverRunResult result = harness.Generate(harness.Compile(Large), out Compilation output);
            Assert.Empty(output.GetDiagnostics(TestContext.Current.CancellationToken)
                .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
            return result.Results.Single().GeneratedSources.ToDictionary(source => source.HintName, source => source.SourceText.ToString());
        }

        Dictionary<string, string> all = Files(""), one = Files("Sapphire Rapids");
        Assert.Equal(
            ["Net.Avx512.g.cs"], all.Where(file => one[file.Key] != file.Value).Select(file => file.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_unknown_family_is_an_error_that_names_all()
    {
        Harness harness = new() { Properties = ImmutableDictionary<string, string>.Empty.Add("StrataFamily", "Zen 6") };
        string families = string.Join(", ", Tier.FamilyNames);
        await harness.ReportsAsync(
            Net.Replace("class Net", "class {|STRATA068:Net|}", StringComparison.Ordinal),
            "Network 'Net' is compiled with <StrataFamily>Zen 6</StrataFamily>, but 'Zen 6' is no family of CPUs that is known here. "
            + $"Use one of {families}, or remove the setting.");
        OnPage("STRATA068", "Net", "Zen 6", families);
        string page = File.ReadAllText(Path.Combine(Build, "..", "Diagnostics", "rules", "STRATA068.md"));
        Assert.All(Tier.All, tier => Assert.Contains(
            $"| `{tier.Setting}` | {string.Join(", ", tier.Families.Select(one => one.ShortName))} |",
            page.Replace(" (and Emerald Rapids)", "", StringComparison.Ordinal), StringComparison.Ordinal));
    }

    [Fact]
    public void Another_choice_builds_no_model_anew()
    {
        var compilation = new Harness().Compile(Net);
        GeneratorDriver driver = new Harness().Driver().RunGenerators(compilation, TestContext.Current.CancellationToken);
        GeneratorRunResult result = driver
            .WithUpdatedAnalyzerConfigOptions(Choose("avx2").OptionsProviderOf())
            .RunGenerators(compilation, TestContext.Current.CancellationToken).GetRunResult().Results.Single();
        IncrementalStepRunReason Reason(string name) => Assert.Single(Assert.Single(result.TrackedSteps[name]).Outputs).Reason;
        Assert.Equal(IncrementalStepRunReason.Modified, Reason(TrackingNames.Tiers));
        Assert.Equal(IncrementalStepRunReason.Cached, Reason(TrackingNames.Models));
        Assert.Equal(IncrementalStepRunReason.Modified, Reason(TrackingNames.Sources));
    }

    [Fact]
    public void A_setting_that_chooses_no_tier_writes_nothing_anew()
    {
        var compilation = new Harness().Compile(Net);
        GeneratorDriver driver = new Harness().Driver().RunGenerators(compilation, TestContext.Current.CancellationToken);
        var other = new Harness { Properties = ImmutableDictionary<string, string>.Empty.Add("StrataAllowUnoptimized", "true") };
        GeneratorRunResult result = driver
            .WithUpdatedAnalyzerConfigOptions(other.OptionsProviderOf())
            .RunGenerators(compilation, TestContext.Current.CancellationToken).GetRunResult().Results.Single();
        Assert.Equal(IncrementalStepRunReason.Cached,
            Assert.Single(Assert.Single(result.TrackedSteps[TrackingNames.Sources]).Outputs).Reason);
    }

    /// <summary>MSBuild cannot read the rules: the warning's text stands in the targets a second time.</summary>
    [Fact]
    public void The_warning_of_the_targets_is_that_of_the_rule()
    {
        XElement warning = XDocument.Load(Path.Combine(Build, "Strata.targets")).Descendants("Warning").Single();
        Rule rule = Rules.Find("STRATA063");
        Assert.Equal(rule.Id, warning.Attribute("Code")!.Value);
        Assert.Equal(Descriptors.Of(rule).HelpLinkUri, warning.Attribute("HelpLink")!.Value);
        Assert.Equal(
            rule.Message.Replace("{0}", "$(MSBuildProjectName)", StringComparison.Ordinal),
            warning.Attribute("Text")!.Value);
        OnPage("STRATA063", "App");
    }

    [Fact]
    public void The_error_of_the_targets_is_that_of_the_rule()
    {
        XElement error = XDocument.Load(Path.Combine(Build, "Strata.Kernels.targets")).Descendants("Error").Single();
        Rule rule = Rules.Find("STRATA067");
        Assert.Equal(rule.Id, error.Attribute("Code")!.Value);
        Assert.Equal(Descriptors.Of(rule).HelpLinkUri, error.Attribute("HelpLink")!.Value);
        Assert.Equal(
            string.Format(CultureInfo.InvariantCulture, rule.Message, "$(MSBuildProjectName)", "$(StrataKernels)"),
            error.Attribute("Text")!.Value);
        OnPage("STRATA067", "App", "dll");
    }

    /// <summary>MSBuild cannot read the tiers: those that it chooses among stand in the targets a second time.</summary>
    [Fact]
    public void The_targets_choose_a_tier_for_each_instruction_set_and_else_the_one_that_runs_everywhere()
    {
        XElement[] choices = [.. XDocument.Load(Path.Combine(Build, "Strata.targets")).Descendants("StrataTierList")
            .Where(choice => choice.Attribute("Condition") is not null)];
        string ConditionOf(XElement choice) => choice.Attribute("Condition")!.Value;
        Assert.All(Tier.All, tier => Assert.Equal(
            tier.RunsEverywhere ? [] : [tier.Setting],
            choices.Where(choice => !tier.RunsEverywhere && ConditionOf(choice).Contains(tier.AheadOfTime, StringComparison.Ordinal))
                .Select(choice => choice.Value)));
        Assert.All(
            choices.Where(choice => !ConditionOf(choice).Contains("IlcInstructionSet", StringComparison.Ordinal)),
            choice => Assert.Equal(Tier.All[^1].Setting, choice.Value));
        Assert.All(Tier.All, tier => Assert.Contains(tier.AheadOfTime, Rules.Find("STRATA063").Message, StringComparison.Ordinal));
    }

    /// <summary>NativeAOT refuses a set of x64 for arm64: "Unrecognized instruction set x86-64-v3".</summary>
    [Theory]
    [InlineData("linux-x64", "x86-64-v3")]
    [InlineData("linux-musl-x64", "x86-64-v3")]
    [InlineData("", "x86-64-v3")]
    [InlineData("linux-arm64", "")]
    [InlineData("osx-arm64", "")]
    [InlineData("win-arm64", "")]
    public async Task An_instruction_set_of_x64_counts_on_x64_only(string host, string expected)
    {
        string folder = Directory.CreateTempSubdirectory("strata-").FullName;
        try
        {
            string project = Path.Combine(folder, "Small.proj");
            await File.WriteAllTextAsync(project, $"""
                <Project>
                  <PropertyGroup>
                    <RuntimeIdentifier>{host}</RuntimeIdentifier>
                    <IlcInstructionSet>x86-64-v3</IlcInstructionSet>
                  </PropertyGroup>
                  <Import Project="{Path.GetFullPath(Path.Combine(Build, "Strata.targets"))}" />
                  <Target Name="WriteIlcRspFileForCompilation" />
                </Project>
                """, TestContext.Current.CancellationToken);
            var start = new ProcessStartInfo(
                "dotnet", ["msbuild", project, "-t:WriteIlcRspFileForCompilation", "-getProperty:IlcInstructionSet", "-nodeReuse:false"])
            {
                RedirectStandardOutput = true,
            };
            using Process build = Process.Start(start)!;
            string found = await build.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await build.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal((0, expected), (build.ExitCode, found.Trim()));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void OnPage(string id, params string[] arguments)
    {
        string page = File.ReadAllText(Path.Combine(Build, "..", "Diagnostics", "rules", $"{id}.md"));
        Rule rule = Rules.Find(id);
        string severity = rule.Severity.ToString().ToLowerInvariant();
        string message = string.Format(CultureInfo.InvariantCulture, rule.Message, arguments);
        Assert.Contains($"```\n{severity} {id}: {message}\n```", page, StringComparison.Ordinal);
    }

    private static Harness Choose(string list) =>
        new() { Properties = ImmutableDictionary<string, string>.Empty.Add("StrataTierList", list) };
}
