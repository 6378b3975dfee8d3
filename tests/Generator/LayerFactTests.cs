using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>What editors show at the layers of a network, if the project asks for it.</summary>
public sealed class LayerFactTests
{
    private const string Id = "STRATA100";

    private static readonly Harness Asking = new() { EditorConfig = Set(ReportDiagnostic.Info) };

    [Fact]
    public Task Each_attribute_has_its_shapes_and_its_cost() => Asking.ReportsAsync(
        """
        using Strata;
        [Network, Input(1, 28, 28)]
        [{|STRATA100:Conv2D(6, 5, Padding = 2)|}, {|STRATA100:ReLU|}, {|STRATA100:MaxPool2D(2)|}]
        [{|STRATA100:Flatten|}, {|STRATA100:Dense(10, Name = "head")|}, CrossEntropy]
        partial class Net;
        """,
        "Conv2D 'conv1': 1×28×28 → 6×28×28; (28 + 2·2 − 5)/1 + 1 = 28; 156 parameters; 117,600 multiply-adds; 18,816 bytes.",
        "ReLU 'relu1': 6×28×28 → 6×28×28; 18,816 bytes.",
        "MaxPool2D 'pool1': 6×28×28 → 6×14×14; (28 + 2·0 − 2)/2 + 1 = 14; 4,704 bytes.",
        "Flatten 'flatten1': 6×14×14 → 1176; 6·14·14 = 1176; 4,704 bytes.",
        "Dense 'head': 1176 → 10; 11,770 parameters; 11,760 multiply-adds; 40 bytes.");

    /// <summary>The padding is a part of the convolution, and the input that it reads is that of the padding.</summary>
    [Fact]
    public Task A_layer_of_several_parts_is_one() => Asking.ReportsAsync(
        "using Strata;\n[Network, Input(1, 8, 8), {|STRATA100:Conv2D(2, 3, Padding = 1, PaddingMode = PaddingMode.Reflect)|}] "
        + "partial class Net;",
        "Conv2D 'conv1': 1×8×8 → 2×8×8; (8 + 2·1 − 3)/1 + 1 = 8; 20 parameters; 1,152 multiply-adds; 512 bytes.");

    [Fact]
    public Task A_join_has_the_shapes_of_its_branches() => Asking.ReportsAsync(
        """
        using Strata;
        [Network, Input(2, 6, 6), Branch, {|STRATA100:Conv2D(3, 1)|}, Branch, {|STRATA100:Concat|}] partial class Net;
        """,
        "Conv2D 'conv1': 2×6×6 → 3×6×6; (6 + 2·0 − 1)/1 + 1 = 6; 9 parameters; 216 multiply-adds; 432 bytes.",
        "Concat 'concat1': 3×6×6, 2×6×6 → 5×6×6; 3 + 2 = 5; 720 bytes.");

    /// <summary>A layer in a block may have another shape at each use, so the uses have them.</summary>
    [Fact]
    public Task A_block_has_the_sums_of_its_layers_where_it_is_used() => Asking.ReportsAsync(
        """
        using Strata;
        [Network, Input(1, 8, 8), {|STRATA100:B(2)|}, {|STRATA100:B(3, Repeat = 2)|}, {|STRATA100:Shortcut(4)|}] partial class Net;
        [Conv2D(N, 3), ReLU] class BAttribute : BlockAttribute { const int N = 1; public BAttribute(int n) { } }
        """,
        "[B]: 1×8×8 → 2×6×6; 2 layers; 20 parameters; 648 multiply-adds; 576 bytes.",
        "[B]: 2×6×6 → 3×2×2; 4 layers; 141 parameters; 1,188 multiply-adds; 480 bytes.",
        "[Shortcut]: 3×2×2 → 4×2×2; 2 layers; 20 parameters; 48 multiply-adds; 128 bytes.");

    [Theory]
    [InlineData(ReportDiagnostic.Suppress)]
    [InlineData(ReportDiagnostic.Default)]
    public async Task Nothing_is_shown_unless_the_project_asks(ReportDiagnostic severity)
    {
        Assert.Empty(await new Harness().AnalyzeAsync(Harness.LeNet5));
        Assert.Empty(await new Harness { EditorConfig = Set(severity) }.AnalyzeAsync(Harness.LeNet5));
    }

    [Fact]
    public async Task A_project_may_ask_by_its_settings() =>
        Assert.NotEmpty(await new Harness { Severities = Set(ReportDiagnostic.Warn) }.AnalyzeAsync(Harness.LeNet5));

    [Fact]
    public async Task A_network_with_a_mistake_tells_the_mistake_alone()
    {
        ImmutableArray<Diagnostic> diagnostics = await Asking.AnalyzeAsync(
            "using Strata;\n[Network, Input(1, 8, 8), Conv2D(2, 3), Conv2D(2, 30)] partial class Net;");
        Assert.Equal(["STRATA030"], diagnostics.Select(diagnostic => diagnostic.Id));
    }

    /// <summary>The text is that of the table in the generated class's remarks.</summary>
    [Fact]
    public async Task It_is_the_text_of_the_generated_remarks()
    {
        var result = Asking.Generate(Harness.LeNet5);
        string surface = string.Concat(result.GeneratedTrees.Select(tree => tree.ToString()));
        ImmutableArray<Diagnostic> diagnostics = await Asking.AnalyzeAsync(Harness.LeNet5);
        Assert.Equal(13, diagnostics.Length);
        Assert.All(diagnostics, diagnostic =>
        {
            string message = diagnostic.GetMessage(CultureInfo.InvariantCulture);
            string text = message.Split(" → ")[1].TrimEnd('.');
            Assert.Contains($"<description>{text}</description>", surface, System.StringComparison.Ordinal);
        });
    }

    private static ImmutableDictionary<string, ReportDiagnostic> Set(ReportDiagnostic severity) =>
        ImmutableDictionary<string, ReportDiagnostic>.Empty.Add(Id, severity);
}
