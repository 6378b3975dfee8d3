using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>The typed members of networks with blocks.</summary>
public sealed class BlockSurfaceTests
{
    private const string Blocks = """

        [Branch, Conv2D(Filters, 3, Stride = Stride, Padding = 1, Bias = false), BatchNorm, ReLU]
        [Branch, Shortcut(Filters, Stride = Stride)]
        [Add]
        class ResidualAttribute : BlockAttribute
        {
            const int Filters = 4, Stride = 1;
            public ResidualAttribute(int filters, int stride = Stride) { }
        }

        [Sequential, Conv2D(2, 1), ReLU]
        class StemAttribute : BlockAttribute { }

        static class Program
        {
            static string Keys(Net net) =>
                net.Stem._0.Weight.Key + net.Layer1_0.Conv1.Weight.Key + net.Layer1_0.Bn1.RunningMean.Key
                + net.Layer1_0.Downsample._0.Weight.Key + net.Layer1_0.Downsample._1.RunningVar.Key + net.Layer1_1.Bn1.Bias.Key + net.Features_0.Bias.Key;
        }
        """;

    [Theory]
    [InlineData("3")]
    [InlineData("33")]
    public void Layers_in_blocks_are_members_of_members(string kernel)
    {
        var harness = new Harness();
        harness.Generate(
            harness.Compile($$"""
                using Strata;
                [Network, Input(3, 8, 8), Stem(Name = "stem"), Residual(4, stride: 2, Name = "layer1.0"), Residual(4, Name = "layer1.1")]
                [Sequential("features"), Conv2D(2, {{kernel}}, Padding = 1)]
                partial class Net;
                {{Blocks}}
                """),
            out Compilation output);
        Assert.Empty(output.GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning).Select(diagnostic => diagnostic.ToString()));
    }

    [Fact]
    public void Blocks_of_one_kind_share_their_types()
    {
        int Surface(int repeat) => new Harness()
            .Generate(
                $"using Strata;\n[Network, Input(4, 8, 8), Residual(4, Name = \"layer1\", Repeat = "
                + $"{repeat})]\npartial class Net;\n{Blocks}")
            .GeneratedTrees.Where(tree => tree.FilePath.EndsWith("Net.g.cs", System.StringComparison.Ordinal))
            .Sum(tree => tree.ToString().Split('\n').Where(line => !line.StartsWith("/// Together", System.StringComparison.Ordinal))
                .Sum(Encoding.UTF8.GetByteCount));

        // Apart from the sums, whose digits vary: a row of the layer table and one of the description for each layer and parameter, and
        // one property for each block.
        int first = Surface(2), second = Surface(3);
        Assert.InRange(second - first, 1, 2_000);
        Assert.Equal(Surface(4) - second, second - first);
    }
}
