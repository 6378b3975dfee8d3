using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Strata.Compiler.Foundation;
using Strata.Generator.Printing;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>Long kernels that several networks of an assembly have in common are written once, in the class of the first.</summary>
public sealed partial class SharedKernelTests
{
    private const string Layers =
        "[Input(3, 24, 24)] [Conv2D(64, 3, Padding = 1), BatchNorm, ReLU] [Conv2D(64, 3, Padding = 1), BatchNorm, ReLU] [MaxPool2D(2)] " +
        "[Conv2D(128, 3, Padding = 1), BatchNorm, ReLU] [Conv2D(128, 1), ReLU] [Flatten] [Dense(CLASSES)] [CrossEntropy]";

    private static string Network(string name, int classes, string arguments = "") =>
        "using Strata;\nnamespace "
        + $"Demo;\n[Network{arguments}]\n{Layers.Replace("CLASSES", $"{classes}", StringComparison.Ordinal)}\npublic "
        + $"partial class {name};\n";

    [Fact]
    public void The_second_of_two_alike_networks_calls_the_first_ones_kernels()
    {
        Dictionary<string, string> alone = FilesOf(Network("Beta", 10));
        Dictionary<string, string> both = FilesOf(Network("Beta", 10), Network("Alpha", 12));
        foreach (string tier in new[] { "Avx512", "Avx2", "Vector128" })
        {
            string first = TextOf(both, "Alpha", tier), second = TextOf(both, "Beta", tier), whole = TextOf(alone, "Beta", tier);
            Assert.Contains($"using AlphaKernels = global::Strata.Generated.Demo_Alpha.{tier}Program.Kernel;", second,
                StringComparison.Ordinal);
            Assert.DoesNotContain("BetaKernels", first, StringComparison.Ordinal);
            Assert.True(second.Length < 0.7 * whole.Length, $"{second.Length} of {whole.Length} characters");

            // Both call their layers the same.
            string[] called = [.. Borrowed().Matches(second).Select(match => match.Groups[1].Value).Distinct()];
            Assert.NotEmpty(called);
            Assert.Empty(called.Except(Methods(first)));
            Assert.Equal(Methods(whole).Except(called).Order(), Methods(second).Order());
        }
    }

    [Fact]
    public void A_kernel_of_another_name_does_what_the_networks_own_would()
    {
        string renamed = Network("Beta", 10).Replace("[Conv2D(128, 3, Padding = 1)", "[Conv2D(128, 3, Padding = 1, Name = \"wide\")",
            StringComparison.Ordinal);
        GeneratorDriverRunResult result = new Harness().Generate(Network("Alpha", 12), renamed);
        ILookup<string, PrintedMethod> methods = result.Results[0].TrackedSteps[TrackingNames.Sources]
            .Select(step => (StrataGenerator.NetworkSources)step.Outputs.Single().Value)
            .SelectMany(network => network.Programs)
            .SelectMany(
                program => program.Kernels.Concat(program.Kernels.SelectMany(kernel => kernel.AllCalls)).Distinct()
                    .Select(method => (program.KernelClassName, method)))
            .ToLookup(pair => $"{pair.KernelClassName}.{pair.method.Name}", pair => pair.method);
        var borrowed =
            (EquatableArray<BorrowedMethods>)result.Results[0].TrackedSteps[TrackingNames.BorrowedMethods].Single().Outputs.Single().Value;
        Assert.Contains(borrowed.SelectMany(program => program.Methods), method => method.Name != method.NameThere);
        Assert.All(borrowed, program => Assert.All(program.Methods, method => Assert.Equal(
            methods[$"{program.Class}.{method.Name}"].Single(), methods[$"{method.Class}.{method.NameThere}"].Single(),
            PrintedMethod.SameCode)));
    }

    [Fact]
    public void The_order_of_files_changes_nothing()
    {
        string[] networks = [Network("Alpha", 12), Network("Beta", 10),
            Network("Gamma", 9).Replace("[Conv2D(128, 1), ReLU]", "[Conv2D(96, 1), ReLU]", StringComparison.Ordinal)];
        Dictionary<string, string> files = FilesOf(networks), reversed = FilesOf([.. networks.Reverse()]);
        Assert.Equal(files.OrderBy(file => file.Key, StringComparer.Ordinal), reversed.OrderBy(file => file.Key, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("maximum")]
    [InlineData("transformInput6x6")]
    [InlineData("transformProducts4x4Of3x3")]
    public void A_layer_may_be_called_like_a_function_of_kernels(string name)
    {
        static string Named(string network, string layer) => Network(network, 10)
            .Replace("[MaxPool2D(2)]", $"[MaxPool2D(2, Name = \"{layer}\")]", StringComparison.Ordinal)
            .Replace("[Network]", "[Network(Observable = true, TrainingLayout = TrainingLayout.SampleLanes)]", StringComparison.Ordinal)
            .Replace(", BatchNorm", "", StringComparison.Ordinal);
        string text = string.Concat(FilesOf(Named("Alpha", name), Named("Beta", name)).Values);
        Assert.Contains(char.ToUpperInvariant(name[0]) + name[1..] + "_2(", text, StringComparison.Ordinal);
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
    public void A_network_alone_has_all_of_its_kernels() =>
        Assert.DoesNotContain("Kernels = global::", string.Concat(FilesOf(Network("Alpha", 12)).Values), StringComparison.Ordinal);

    [Fact]
    public void Kernels_that_differ_in_a_number_are_not_shared()
    {
        Dictionary<string, string> files = FilesOf(Network("Alpha", 12),
            Network("Beta", 10).Replace("24, 24", "26, 26", StringComparison.Ordinal));
        string text = string.Concat(files.Values);
        Assert.All(new[] { "Avx512", "Avx2", "Vector128" }, tier => Assert.Contains(
            "[MethodImpl(Once)] public static void Conv2", TextOf(files, "Beta", tier), StringComparison.Ordinal));
        Assert.DoesNotContain("AlphaKernels.Conv1(", text, StringComparison.Ordinal);
        Assert.DoesNotContain("AlphaKernels.Conv2(", text, StringComparison.Ordinal);
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
        const string More =
            "[Conv2D(96, 11, Stride = 4, Padding = 2), ReLU] [Conv2D(128, 5, Padding = 2), ReLU] [Conv2D(192, 3, Padding = 1), "
            + "ReLU] [Conv2D(160, 1), Sigmoid] [Dense(";
        string large = Network("Alpha", 12, "(WeightStorage = WeightStorage.BFloat16)")
            .Replace("24, 24", "112, 112", StringComparison.Ordinal)
            .Replace("[Flatten] [Dense(",
                "[MaxPool2D(2)] [Conv2D(64, 3, Stride = 2), GELU] "
                + More.Replace("[Dense(", "[Flatten] [Dense(256), ReLU] [Dense(", StringComparison.Ordinal), StringComparison.Ordinal);
        Dictionary<string, string> files = FilesOf(large);
        Assert.Contains("using AlphaKernels = global::Strata.Generated.Demo_Alpha.Avx512Program.Kernel;",
            TextOf(files, "Alpha", "Avx512.BFloat16"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("@event", "eventKernels")]
    [InlineData("Größe", "GrößeKernels")]
    public void Names_of_networks_need_not_be_plain_identifiers(string name, string alias) =>
        Assert.Contains($"using {alias} = ", string.Concat(FilesOf(Network(name, 10), Network("Öx", 12), Network(name + "2", 10)).Values),
            StringComparison.Ordinal);

    [Fact]
    public void Networks_of_one_name_in_two_namespaces_are_told_apart()
    {
        string third = Network("Alpha", 8).Replace("[Conv2D(128, 1), ReLU]", "[Conv2D(96, 1), ReLU]", StringComparison.Ordinal);
        Dictionary<string, string> files = FilesOf(
            Network("Alpha", 10), third.Replace("namespace Demo", "namespace Other", StringComparison.Ordinal),
            Network("Beta", 10).Replace("namespace Demo", "namespace Sub", StringComparison.Ordinal),
            third.Replace("Alpha", "Omega", StringComparison.Ordinal).Replace("namespace Demo", "namespace Zed", StringComparison.Ordinal));
        string text =
            string.Concat(files.Where(file => file.Key.Contains("Zed.Omega.Avx512", StringComparison.Ordinal)).Select(file => file.Value));
        Assert.Contains("using AlphaKernels = ", text, StringComparison.Ordinal);
        Assert.Contains("using AlphaKernels2 = ", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_layer_may_be_called_like_another_networks_kernels()
    {
        string second = Network("Beta", 10).Replace("[Conv2D(128, 1)", "[Conv2D(128, 1, Name = \"alphaKernels\")",
            StringComparison.Ordinal);
        string text = string.Concat(FilesOf(Network("Alpha", 10), second).Where(file => file.Key.Contains("Beta", StringComparison.Ordinal))
            .Select(file => file.Value));
        Assert.Contains("using AlphaKernels2 = ", text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_edit_of_one_network_writes_another_again_only_where_it_borrows_other_kernels()
    {
        const IncrementalStepRunReason Cached = IncrementalStepRunReason.Cached, Modified = IncrementalStepRunReason.Modified;
        string alpha = Network("Alpha", 12), beta = Network("Beta", 10);
        Assert.Equal([Cached, Modified], ReasonsAfter([alpha, beta], beta, Network("Beta", 9)));
        Assert.Equal([IncrementalStepRunReason.Unchanged, Modified],
            ReasonsAfter([alpha, beta], beta, beta.Replace("[Conv2D(128, 3", "[Conv2D(112, 5", StringComparison.Ordinal)));

        // What the first one lends has another name, or is gone.
        Assert.Equal([Modified, Modified],
            ReasonsAfter([alpha, beta], alpha,
                alpha.Replace("[Conv2D(128, 3", "[Conv2D(128, 3, Name = \"wide\"", StringComparison.Ordinal)));
        Assert.Equal([Modified, Modified], ReasonsAfter([alpha, beta], alpha, alpha.Replace("24, 24", "1, 1", StringComparison.Ordinal)));
        Assert.Equal([Cached, Cached], ReasonsAfter([alpha, beta, "class Unrelated;"], "class Unrelated;", "class Unrelated { int x; }"));
    }

    /// <summary>What an edit does to the files of Alpha, and of Beta; the compilation has no errors but the network's own.</summary>
    private static IncrementalStepRunReason[] ReasonsAfter(string[] sources, string before, string after)
    {
        var harness = new Harness();
        CSharpCompilation compilation = harness.Compile(sources);
        GeneratorDriver driver = harness.Driver().RunGenerators(compilation, TestContext.Current.CancellationToken);
        SyntaxTree edited = compilation.SyntaxTrees.Single(tree => tree.ToString() == before);
        driver = driver.RunGeneratorsAndUpdateCompilation(
            compilation.ReplaceSyntaxTree(edited, CSharpSyntaxTree.ParseText(after, (CSharpParseOptions)edited.Options)),
            out Compilation output, out _, TestContext.Current.CancellationToken);
        Assert.Empty(output.GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        return [.. driver.GetRunResult().Results[0].TrackedSteps[TrackingNames.PlacedSources]
            .SelectMany(step => step.Outputs).Select(step =>
            (((StrataGenerator.PlacedSources)step.Value).Network.FullName, step.Reason))
            .OrderBy(step => step.FullName, StringComparer.Ordinal).Select(step => step.Reason)];
    }

    private static Dictionary<string, string> FilesOf(params string[] sources)
    {
        GeneratorDriverRunResult result = new Harness().Generate(new Harness().Compile(sources), out Compilation output);
        Assert.Empty(output.GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning));
        Assert.All(result.Results.Single().GeneratedSources, source => Assert.DoesNotContain('\u0001', source.SourceText.ToString()));
        return result.Results.Single().GeneratedSources.ToDictionary(source => source.HintName, source => source.SourceText.ToString());
    }

    private static IEnumerable<string> Methods(string text) => Method().Matches(text).Select(match => match.Groups[1].Value);

    private static string TextOf(Dictionary<string, string> files, string network, string tier) => string.Concat(files
        .Where(file => file.Key.StartsWith($"Demo.{network}.{tier}.", StringComparison.Ordinal)
            && (tier.Contains("BFloat16", StringComparison.Ordinal) || !file.Key.Contains("BFloat16", StringComparison.Ordinal)))
        .Select(file => file.Value));

    [GeneratedRegex(@"\bAlphaKernels\.(\w+)")]
    private static partial Regex Borrowed();

    [GeneratedRegex(@"\[MethodImpl\(Once\)\]\s+public static \w+ (\w+)\(")]
    private static partial Regex Method();
}
