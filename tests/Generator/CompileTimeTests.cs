using System;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Strata.Compiler.Declarations;
using Strata.Compiler.KernelLanguage;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;
using Strata.Generator.Printing;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>What the generator must not do to an editor: run without an end, or go on after it was cancelled.</summary>
public sealed class CompileTimeTests
{
    private const string Bottlenecks = """
        [Branch, Conv2D(8, 1), BatchNorm, ReLU, Conv2D(8, 3, Padding = 1), BatchNorm]
        [Branch, Shortcut(8)]
        [Add, ReLU]
        public sealed class ResidualAttribute : BlockAttribute;

        [Branch]
        [Branch, BatchNorm, ReLU, Conv2D(1, 1)]
        [Concat]
        public sealed class GrowAttribute : BlockAttribute;

        [Branch, Branch, Branch, Flatten, Reshape(8, 4, 4), Dropout(0.1)]
        [Multiply]
        public sealed class GateAttribute : BlockAttribute;
        """;

    [Theory]
    [InlineData("fc", "[Network, Input(3, 224, 224), BottleneckResNet(3, 4, 23, 3, Name = \"\"), CrossEntropy] public partial class Deep;",
        "ResNet", "ResidualBlocks", "SqueezeExcite", "Cbam")]
    [InlineData("classifier", "", "DenseNet")]
    [InlineData("fc", "", "InceptionV3", "ConvUnit")]
    public Task A_network_of_the_zoo_that_is_frozen_up_to_its_head_compiles(string head, string declaration, params string[] files)
    {
        // One network, and the blocks of each file.
        string Read(string folder, string file) =>
            File.ReadAllText(Path.Combine(SourceFolder.Path, "..", "..", "samples", "Zoo", folder, file + ".cs"));
        string network = declaration.Length > 0 ? $"using Strata;\nusing Strata.Zoo;\n{declaration}" : Read("Declarations", files[0]);
        string[] sources = [network, .. files.Select(file => Read("Networks", file))];
        sources[0] = Regex.Replace(sources[0], @"^\[Network|\[Network(?=, Input)", $"[Network(FreezeUntil = \"{head}\")",
            RegexOptions.Multiline);
        return CompilesAsync(sources);
    }

    [Theory]
    [InlineData("Residual")]
    [InlineData("Grow")]
    [InlineData("Gate")]
    public Task A_hundred_joins_that_are_frozen_compile(string block) => CompilesAsync(
        $"using Strata;\n[Network(FreezeUntil = \"head\")]\n[Input(8, 4, 4), {block}(Repeat = 100), Flatten, Dense(2, Name = \"head\"), "
        + $"CrossEntropy]\npublic partial class Deep;\n{Bottlenecks}");

    [Theory]
    [InlineData("Flatten")]
    [InlineData("ReLU")]
    [InlineData("Dropout(0.5)")]
    public Task A_long_chain_of_views_or_of_what_is_done_in_place_compiles(string layer) => CompilesAsync(
        $"using Strata;\n[Network]\n[Input(8), {string.Concat(Enumerable.Repeat(layer + ", ", 3000))} Dense(2), "
        + "CrossEntropy]\npublic partial class Deep;");

    [Theory]
    [InlineData("Branch, Conv2D(8, 1), ", 200, "Add")]
    [InlineData("Branch, Conv2D(8, 1), ", 200, "Concat")]
    [InlineData("Branch, Conv2D(8, 1), ", 100, "Multiply")]
    [InlineData("Branch, Dropout(0.5), ", 200, "Add")]
    [InlineData("Branch, Conv2D(4, 1), BatchNorm, ReLU, Conv2D(4, 3, Padding = 1), ReLU, Conv2D(8, 1), BatchNorm, ", 32,
        "Branch, Add, ReLU")]
    public Task Many_branches_compile(string branch, int times, string join) => CompilesAsync(
        $"using Strata;\n[Network, Input(8, 6, 6), {string.Concat(Enumerable.Repeat(branch, times))}{join}, Flatten, Dense(2), "
        + "CrossEntropy]\npublic partial class Wide;");

    [Theory]
    [InlineData("Add", 1000)]
    [InlineData("Concat", 1000)]
    [InlineData("Multiply", 200)]
    public Task A_join_that_repeats_a_tensor_compiles(string join, int times) => CompilesAsync(
        $"using Strata;\n[Network, Input(8, 6, 6), Conv2D(8, 1, Name = \"t\"), "
        + $"{join}({string.Join(", ", Enumerable.Repeat("\"t\"", times))}), Flatten, Dense(2), CrossEntropy]\npublic partial class Wide;");

    [Theory]
    [InlineData("Add")]
    [InlineData("Concat")]
    public Task Layers_that_each_read_all_before_them_compile(string join)
    {
        string All(int count) => string.Join(", ", Enumerable.Range(0, count).Select(i => $"\"l{i}\"").Append("\"l0\""));
        string layers = string.Concat(Enumerable.Range(1, 40).Select(i => $"{join}({All(i)}), Conv2D(8, 1), ReLU(Name = \"l{i}\"), "));
        return CompilesAsync(
            $"using Strata;\n[Network, Input(8, 6, 6), Conv2D(8, 1, Name = \"l0\"), {layers}Flatten, Dense(2), "
            + "CrossEntropy]\npublic partial class Dense;");
    }

    [Fact]
    public void The_compilers_flow_analysis_for_nulls_leaves_generated_code_out()
    {
        var harness = new Harness();
        harness.Generate(harness.Compile(Harness.LeNet5), out Compilation output);
        SyntaxTree[] generated = [.. output.SyntaxTrees.Where(tree => tree.FilePath.EndsWith(".g.cs", StringComparison.Ordinal))];

        Assert.NotEmpty(generated);
        Assert.All(generated, tree =>
        {
            NullableDirectiveTriviaSyntax[] directives = [.. tree.GetRoot(TestContext.Current.CancellationToken)
                .DescendantNodes(descendIntoTrivia: true).OfType<NullableDirectiveTriviaSyntax>()];
            string[] settings = [.. directives.Select(directive => $"{directive.SettingToken} {directive.TargetToken}".TrimEnd())];
            Assert.Equal(["disable warnings", "enable annotations"], settings);
            Assert.True(directives[^1].Span.End < tree.GetRoot(TestContext.Current.CancellationToken).GetFirstToken().SpanStart,
                "Behind the first token.");
        });
    }

    [Fact]
    public void Every_stage_behind_the_graph_looks_at_its_token()
    {
        NetworkModel model = Graphs.ModelOf(Harness.LeNet5);
        TierPrograms programs = TierPrograms.Lower(model.Graph!, Tier.Avx2, CancellationToken.None);
        var cancelled = new CancellationToken(canceled: true);

        Assert.Throws<OperationCanceledException>(
            () => SurfaceWriter.Write(model.Target!, model.Graph!, model.Surface, Tier.All, cancelled));
        Assert.Throws<OperationCanceledException>(() => TierPrograms.Lower(model.Graph!, Tier.Avx2, cancelled));
        Assert.Throws<OperationCanceledException>(() => TierWriter.Write(model.Target!, programs, cancelled));
        Assert.Throws<OperationCanceledException>(() => MemoryPlan.Create(programs.Sample.Steps, MemorySpace.Arena, null, cancelled));
        Assert.Throws<OperationCanceledException>(
            () => Sharing.Share([.. programs.Sample.Steps.Select(step => step.Kernel.Build())], cancelled));
        Assert.Throws<OperationCanceledException>(() => NetworkWriter.WritePrograms(model.Target!, model.Graph!, Tier.All, cancelled));
        ProgramText text = TierWriter.Write(model.Target!, programs, CancellationToken.None);
        Assert.Throws<OperationCanceledException>(() => BorrowedMethods.Find([text with { MayShare = true }], cancelled));
        Assert.Throws<OperationCanceledException>(() => text.Files(null, cancelled));
    }

    /// <summary>Generous: what is meant is seconds, not for ever.</summary>
    private static async Task CompilesAsync(params string[] sources)
    {
        var harness = new Harness();
        GeneratorDriverRunResult result = await CpuTime.WithinAsync(TimeSpan.FromMinutes(2),
            () => harness.Generate(harness.Compile(sources), out _));
        ImmutableArray<GeneratedSourceResult> files = result.Results[0].GeneratedSources;
        Assert.Contains(files, file => file.HintName.Contains(".Avx512.", StringComparison.Ordinal));
        Assert.DoesNotContain(files, file => file.HintName.EndsWith("Errors.g.cs", StringComparison.Ordinal));
    }
}
