using System;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;
using Strata.Generator.Printing;
using Xunit;

namespace Strata.Generator.Tests.Lowering;

/// <summary>Which convolutions prefetch the weights of the next channels.</summary>
public sealed class WeightsAheadTests
{
    [Theory]
    [InlineData("[Input(256, 14, 14), Conv2D(256, 3, Padding = 1)]", "WinogradProducts")]
    [InlineData("[Input(512, 7, 7), Conv2D(512, 3, Padding = 1)]", "WinogradProducts")]
    [InlineData("[Input(128, 112, 112), Conv2D(128, 3, Padding = 1)]", "WinogradBlocks")]
    [InlineData("[Input(512, 7, 7), Conv2D(2048, 1)]", "TiledConvolution")]
    [InlineData("[Input(512, 14, 14), Conv2D(512, 3, Padding = 1, Stride = 2)]", "TiledConvolution")]
    public void Weights_that_leave_the_cache_are_read_ahead(string stack, string kernel)
    {
        string text = TextOf(stack, kernel);
        Assert.Contains("VectorMath.PrefetchL2(ref ahead)", text, StringComparison.Ordinal);
        Assert.Contains("ahead = ref At(ref ahead, ", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[Input(16, 32, 32), Conv2D(16, 3, Padding = 1)]", "WinogradBlocks")]
    [InlineData("[Input(48, 8, 8), Conv2D(48, 3, Padding = 1)]", "WinogradProducts")]
    [InlineData("[Input(64, 7, 7), Conv2D(64, 1)]", "TiledConvolution")]
    [InlineData("[Input(512, 7, 7), Conv2D(512, 3, Padding = 1, Stride = 2, Groups = 2)]", "TiledConvolution")]
    public void Others_are_not(string stack, string kernel) =>
        Assert.DoesNotContain("ahead", TextOf(stack, kernel), StringComparison.Ordinal);

    /// <summary>Two tiles of pixels go through 16 channels of 2 vectors: each asks for half of their 32 lines.</summary>
    [Theory]
    [InlineData(512, 2, 256)]
    [InlineData(512, 3, 176)]
    [InlineData(64, 8, 16)]
    [InlineData(64, 33, 0)]
    public void Tiles_of_pixels_divide_the_lines_unless_they_are_many(int floats, int tiles, int each) =>
        Assert.Equal(each, WeightsAhead.FloatsOf(floats, tiles));

    private static string TextOf(string stack, string kernel)
    {
        NetworkGraph graph = Graphs.Of(stack);
        Program program = ProgramLowering.Lower(Plans.Builder(graph, Tier.Avx512), Plans.Of(graph, ProgramKind.OneSample, Tier.Avx512));
        return NestPrinter.Print(program.Steps.Single(step => step.Kernel.GetType().Name == kernel).Kernel.Build(), depth: 0).Body;
    }
}
