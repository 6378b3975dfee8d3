using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>Long kernels that networks of an assembly have in common stand in the first one's class only.</summary>
public sealed partial class SharedKernelTests
{
    private const string Layers =
        "[Input(3, 24, 24)] [Conv2D(64, 3, Padding = 1), BatchNorm, ReLU] [Conv2D(64, 3, Padding = 1), BatchNorm, ReLU] [MaxPool2D(2)] " +
        "[Conv2D(128, 3, Padding = 1), BatchNorm, ReLU] [Conv2D(128, 1), ReLU] [Flatten] [Dense(CLASSES)] [CrossEntropy]";

    private static string Network(string name, int classes, string arguments = "") =>
        $"using Strata;\nnamespace Demo;\n[Network{arguments}]\n{Layers.Replace("CLASSES", $"{classes}", StringComparison.Ordinal)}\npublic partial class {name};\n";

    [Fact]
    public void The_second_of_two_alike_networks_calls_the_first_ones_kernels()
    {
        Dictionary<string, string> alone = FilesOf(Network("Beta", 10));
        Dictionary<string, string> both = FilesOf(Network("Beta", 10), Network("Alpha", 12));
        foreach (string tier in new[] { "Avx512", "Avx2", "Vector128" })
        {
            string first = TextOf(both, "Alpha", tier), second = TextOf(both, "Beta", tier), whole = TextOf(alone, "Beta", tier);
            Assert.Contains($"using AlphaKernels = global::Strata.Generated.Demo_Alpha.{tier}Program;", second, StringComparison.Ordinal);
            Assert.DoesNotContain("BetaKernels", first, StringComparison.Ordinal);
            Assert.True(second.Length < 0.7 * whole.Length, $"{second.Length} of {whole.Length} characters");

            string[] called = [.. Borrowed().Matches(second).Select(match => match.Groups[1].Value).Distinct()];
            string[] lent = [.. Lent().Matches(first).Select(match => match.Groups[1].Value)];
            Assert.NotEmpty(called);
            Assert.Equal(called.Order(), lent.Order());

            // Each kernel is in one of both classes.
            Assert.Equal(Methods(whole).Except(called.Intersect(Methods(first))).Count(), Methods(second).Count());
        }
    }

    [Fact]
    public void Short_kernels_stand_where_they_are_called()
    {
        Dictionary<string, string> both = FilesOf(Network("Beta", 10), Network("Alpha", 12));
        Assert.Contains(" Conv1(", TextOf(both, "Alpha", "Avx512"), StringComparison.Ordinal);
        Assert.Contains("static void CopyInput(", TextOf(both, "Alpha", "Avx512"), StringComparison.Ordinal);
        Assert.Contains("static void CopyInput(", TextOf(both, "Beta", "Avx512"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_alone_has_all_of_its_kernels_and_lends_none()
    {
        string text = string.Concat(FilesOf(Network("Alpha", 12)).Values);
        Assert.Empty(Lent().Matches(text));
        Assert.DoesNotContain("Kernels = global::", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Networks_whose_kernels_differ_share_none()
    {
        string text = string.Concat(FilesOf(Network("Alpha", 12), Harness.LeNet5).Values);
        Assert.Empty(Lent().Matches(text));
    }

    [Fact]
    public void Small_networks_are_complete_in_their_own_files()
    {
        string text = string.Concat(FilesOf(Harness.LeNet5, Harness.LeNet5.Replace("LeNet5", "Alpha", StringComparison.Ordinal)).Values);
        Assert.DoesNotContain("Kernels = global::", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Programs_with_weights_in_bfloat16_call_the_kernels_of_those_without()
    {
        // Inference alone has to be large.
        const string More = "[Conv2D(96, 11, Stride = 4, Padding = 2), ReLU] [Conv2D(128, 5, Padding = 2), ReLU] [Conv2D(192, 3, Padding = 1), ReLU] [Conv2D(160, 1), Sigmoid] [Dense(";
        string large = Network("Alpha", 12, "(BFloat16 = true)").Replace("24, 24", "112, 112", StringComparison.Ordinal)
            .Replace("[Flatten] [Dense(", "[MaxPool2D(2)] [Conv2D(64, 3, Stride = 2), GELU] " + More.Replace("[Dense(", "[Flatten] [Dense(256), ReLU] [Dense(", StringComparison.Ordinal), StringComparison.Ordinal);
        Dictionary<string, string> files = FilesOf(large);
        Assert.Contains("using AlphaKernels = global::Strata.Generated.Demo_Alpha.Avx512Program;", TextOf(files, "Alpha", "Avx512.BFloat16"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("@event", "eventKernels")]
    [InlineData("Größe", "GrößeKernels")]
    public void Names_of_networks_need_not_be_plain_identifiers(string name, string alias) =>
        Assert.Contains($"using {alias} = ", string.Concat(FilesOf(Network(name, 10), Network("Öx", 12), Network(name + "2", 10)).Values), StringComparison.Ordinal);

    [Fact]
    public void Networks_of_one_name_in_two_namespaces_are_told_apart()
    {
        string third = Network("Alpha", 8).Replace("[Conv2D(128, 1), ReLU]", "[Conv2D(96, 1), ReLU]", StringComparison.Ordinal);
        Dictionary<string, string> files = FilesOf(
            Network("Alpha", 10), third.Replace("namespace Demo", "namespace Other", StringComparison.Ordinal),
            Network("Beta", 10).Replace("namespace Demo", "namespace Sub", StringComparison.Ordinal),
            third.Replace("Alpha", "Omega", StringComparison.Ordinal).Replace("namespace Demo", "namespace Zed", StringComparison.Ordinal));
        string text = string.Concat(files.Where(file => file.Key.Contains("Zed.Omega.Avx512", StringComparison.Ordinal)).Select(file => file.Value));
        Assert.Contains("using AlphaKernels = ", text, StringComparison.Ordinal);
        Assert.Contains("using AlphaKernels2 = ", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_layer_may_be_called_like_another_networks_kernels()
    {
        string second = Network("Beta", 10).Replace("[Conv2D(128, 1)", "[Conv2D(128, 1, Name = \"alphaKernels\")", StringComparison.Ordinal);
        string text = string.Concat(FilesOf(Network("Alpha", 10), second).Where(file => file.Key.Contains("Beta", StringComparison.Ordinal)).Select(file => file.Value));
        Assert.Contains("using AlphaKernels2 = ", text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_edit_of_one_network_writes_another_again_only_where_it_shares_other_kernels()
    {
        Assert.Equal(
            [IncrementalStepRunReason.Cached, IncrementalStepRunReason.Modified],
            ReasonsAfter(Network("Beta", 10), Network("Beta", 9)));
        Assert.Equal(
            [IncrementalStepRunReason.Modified, IncrementalStepRunReason.Modified],
            ReasonsAfter(Network("Beta", 10), Network("Beta", 10).Replace("[Conv2D(128, 3", "[Conv2D(112, 5", StringComparison.Ordinal)));
    }

    /// <summary>What an edit of Beta does to the files of Alpha, and of Beta.</summary>
    private static IncrementalStepRunReason[] ReasonsAfter(string before, string after)
    {
        var harness = new Harness();
        CSharpCompilation compilation = harness.Compile(Network("Alpha", 12), before);
        GeneratorDriver driver = harness.Driver().RunGenerators(compilation, TestContext.Current.CancellationToken);
        SyntaxTree edited = compilation.SyntaxTrees.Single(tree => tree.ToString() == before);
        driver = driver.RunGenerators(
            compilation.ReplaceSyntaxTree(edited, CSharpSyntaxTree.ParseText(after, (CSharpParseOptions)edited.Options)), TestContext.Current.CancellationToken);
        return [.. driver.GetRunResult().Results[0].TrackedSteps[TrackingNames.Files].SelectMany(step => step.Outputs).Select(output =>
            (((StrataGenerator.NetworkFiles)output.Value).FullName, output.Reason)).OrderBy(step => step.FullName, StringComparer.Ordinal).Select(step => step.Reason)];
    }

    private static Dictionary<string, string> FilesOf(params string[] sources)
    {
        GeneratorDriverRunResult result = new Harness().Generate(new Harness().Compile(sources), out Compilation output);
        Assert.Empty(output.GetDiagnostics(TestContext.Current.CancellationToken).Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning));
        return result.Results.Single().GeneratedSources.ToDictionary(source => source.HintName, source => source.SourceText.ToString());
    }

    private static IEnumerable<string> Methods(string text) => Method().Matches(text).Select(match => match.Groups[1].Value);

    private static string TextOf(Dictionary<string, string> files, string network, string tier) => string.Concat(files
        .Where(file => file.Key.StartsWith($"Demo.{network}.{tier}.", StringComparison.Ordinal) && (tier.Contains("BFloat16", StringComparison.Ordinal) || !file.Key.Contains("BFloat16", StringComparison.Ordinal)))
        .Select(file => file.Value));

    [GeneratedRegex(@"\bAlphaKernels\.(\w+)")]
    private static partial Regex Borrowed();

    [GeneratedRegex(@"internal static \w+ (\w+)\(")]
    private static partial Regex Lent();

    [GeneratedRegex(@"\[MethodImpl\(Optimized\)\]\s+(?:internal )?static \w+ (\w+)\(")]
    private static partial Regex Method();
}
