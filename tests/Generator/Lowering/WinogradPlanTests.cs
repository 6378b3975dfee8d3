using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;
using Xunit;

namespace Strata.Generator.Tests.Lowering;

/// <summary>When a convolution uses Winograd's algorithm, and how it goes through the image.</summary>
public sealed class WinogradPlanTests
{
    [Theory]
    [InlineData("[Input(64, 56, 56), Conv2D(64, 3, Padding = 1)]", "WinogradBlocks")]
    [InlineData("[Input(256, 14, 14), Conv2D(256, 3, Padding = 1)]", "WinogradInput, WinogradProducts, WinogradOutput")]
    [InlineData("[Input(16, 32, 32), Conv2D(16, 3, Padding = 1)]", "WinogradBlocks")]
    [InlineData("[Input(64, 8, 8), Conv2D(64, 3, Padding = 1)]", "WinogradInput, WinogradProducts, WinogradOutput")]
    [InlineData("[Input(64, 27, 27), Conv2D(192, 5, Padding = 2)]", "WinogradBlocks")]
    [InlineData("[Input(64, 56, 56), Conv2D(64, 7, Padding = 3)]", "TiledConvolution")]
    [InlineData("[Input(64, 56, 56), Conv2D(64, 3, Padding = 1, Stride = 2)]", "TiledConvolution")]
    [InlineData("[Input(64, 56, 56), Conv2D(64, 3, Padding = 2, Dilation = 2)]", "WinogradBlocks")]
    [InlineData("[Input(64, 56, 56), Conv2D(64, 3, Padding = 3, Dilation = 3)]", "TiledConvolution")]
    [InlineData("[Input(64, 56, 56), Conv2D(64, 3, Padding = 1, Groups = 2)]", "TiledConvolution")]
    [InlineData("[Input(64, 56), Conv1D(64, 3, Padding = 1)]", "WinogradBlocks")]
    [InlineData("[Input(64, 56), Conv1D(64, 4)]", "WinogradBlocks")]
    [InlineData("[Input(64, 56), Conv1D(64, 6)]", "TiledConvolution")]
    [InlineData("[Input(64, 1000), Conv1D(64, 9, Padding = 4)]", "TiledConvolution")]
    [InlineData("[Input(64, 28, 28), Conv2D(64, 4)]", "WinogradBlocks")]
    [InlineData("[Input(3, 224, 224), Conv2D(64, 7, Stride = 2, Padding = 3)]", "PixelUnshuffle, WinogradBlocks")]
    [InlineData("[Input(3, 224, 224), Conv2D(64, 11, Stride = 4, Padding = 2)]", "PixelUnshuffle, WinogradBlocks")]
    [InlineData("[Input(3, 224, 224), Conv2D(64, 3, Stride = 2)]", "TiledConvolution")]
    [InlineData("[Input(3, 224, 224), Conv2D(64, 7, Stride = 2, Dilation = 2)]", "TiledConvolution")]
    [InlineData("[Input(8, 224, 224), Conv2D(64, 7, Stride = 2)]", "TiledConvolution")]
    [InlineData("[Input(3, 28, 28), Conv2D(16, 5, Stride = 2)]", "TiledConvolution")]
    [InlineData("[Input(64, 56, 56), Conv2D(64, 1, KernelWidth = 7)]", "WinogradBlocks")]
    [InlineData("[Input(64, 56, 56), Conv2D(64, 3, KernelWidth = 7)]", "TiledConvolution")]
    public void Filters_beside_which_tiles_fit_go_through_blocks_and_others_through_all_tiles(string stack, string kernels) =>
        Assert.Equal(kernels, KernelsOf(Graphs.Of(stack)));

    [Theory]
    [InlineData("[Input(1, 28, 28), Conv2D(6, 5, Padding = 2), ReLU, MaxPool2D(2)]", "WinogradStrips")]
    [InlineData("[Input(3, 224, 224), Conv2D(64, 3, Padding = 1)]", "WinogradStrips")]
    [InlineData("[Input(3, 32, 32), Conv2D(16, 5, KernelWidth = 9)]", "WinogradStrips")]
    [InlineData("[Input(3, 32, 32), Conv2D(16, 6)]", "TiledConvolution")]
    [InlineData("[Input(3, 32, 32), Conv2D(16, 5, Stride = 2)]", "TiledConvolution")]
    [InlineData("[Input(3, 32, 32), Conv2D(16, 5, Dilation = 2)]", "TiledConvolution")]
    [InlineData("[Input(4, 32, 32), Conv2D(16, 5, Groups = 2)]", "TiledConvolution")]
    [InlineData("[Input(3, 32), Conv1D(16, 3)]", "TiledConvolution")]
    [InlineData("[Input(3, 8, 16, 16), Conv3D(16, 3)]", "TiledConvolution")]
    public void Images_of_few_channels_go_in_strips_of_rows(string stack, string kernels) =>
        Assert.Equal(kernels, KernelsOf(Graphs.Of(stack)));

    /// <summary>Threads share them without meeting between transforms and products.</summary>
    [Theory]
    [InlineData(16, 32)]
    [InlineData(32, 16)]
    public void An_image_beside_small_filters_goes_in_four_blocks(int channels, int size)
    {
        NetworkGraph graph = Graphs.Of($"[Input({channels}, {size}, {size}), Conv2D({channels}, 3, Padding = 1)]");
        foreach (Tier tier in Tier.All)
        {
            Step step = TierPrograms.Lower(graph, tier, TestContext.Current.CancellationToken).Sample.Steps.Single(
                s => s.Kernel is WinogradBlocks);
            Assert.Equal(4, step.Work.Items);
        }
    }

    [Fact]
    public void A_network_can_refuse_it() =>
        Assert.Equal("TiledConvolution", KernelsOf(
            Graphs.Of("[Input(64, 56, 56), Conv2D(64, 3, Padding = 1)]") with { Settings = new() { Winograd = false } }));

    /// <summary>The transformed filters would have 2.4 GB, the elements of the tiles of the other 1 GB.</summary>
    [Theory]
    [InlineData("[Input(4096, 8, 8), Conv2D(4096, 3, Padding = 1)]")]
    [InlineData("[Input(8192, 120, 120), Conv2D(8, 3, Padding = 1)]")]
    public void What_would_take_too_much_memory_is_computed_directly(string stack) =>
        Assert.Equal("TiledConvolution", KernelsOf(Graphs.Of(stack)));

    /// <summary>A block of samples would add in another order.</summary>
    [Fact]
    public void A_network_with_transforms_computes_all_samples_one_by_one()
    {
        NetworkGraph graph = Graphs.Of("[Input(16, 32, 32), Conv2D(16, 3, Padding = 1), Conv2D(16, 3, Padding = 1)]");
        Assert.Null(TierPrograms.Lower(graph, Tier.Avx2, TestContext.Current.CancellationToken).Block);
        Assert.Empty(TierPrograms.Lower(
            graph with { Settings = graph.Settings with { Winograd = false } }, Tier.Avx2, TestContext.Current.CancellationToken).Prepare);
    }

    private static string KernelsOf(NetworkGraph graph)
    {
        LoweringPlan plan = Plans.Of(graph, ProgramKind.OneSample, Tier.Avx2);
        Program program = ProgramLowering.Lower(Plans.Builder(graph, Tier.Avx2), plan);
        return string.Join(", ", program.Steps.Where(step => step.Name.StartsWith("Conv1", System.StringComparison.Ordinal))
            .Select(step => step.Kernel.GetType().Name));
    }
}
