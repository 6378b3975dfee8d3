using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Foundation;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;
using Xunit;

namespace Strata.Generator.Tests.Lowering;

/// <summary>When a convolution treats the image as one row of pixels, with which tiles, and how many kernels that takes.</summary>
public sealed class FlatConvolutionPlanTests
{
    private const string Flat = nameof(FlatConvolution), Tiled = nameof(TiledConvolution);

    [Theory]
    [InlineData("[Input(3, 28, 28), Conv2D(64, 2, Stride = 2), Conv2D(64, 1)]", Flat)]
    [InlineData("[Input(3, 26, 22), Conv2D(33, 2, Stride = 2), Conv2D(20, 1)]", Flat)]
    [InlineData("[Input(3, 100), Conv1D(64, 2, Stride = 2), Conv1D(64, 1)]", Flat)]
    [InlineData("[Input(3, 28, 28), Conv2D(64, 2, Stride = 2), Conv2D(64, 1), Conv2D(64, 3, Padding = 1)]", Flat)]
    [InlineData("[Input(3, 28, 28), Conv2D(64, 2, Stride = 2), Conv2D(64, 1, Stride = 2)]", Flat)]
    [InlineData("[Input(3, 60, 60), Conv2D(64, 2, Stride = 2), Conv2D(64, 3, Padding = 1, Stride = 2)]", Flat)]
    [InlineData("[Input(3, 58, 58), Conv2D(64, 2, Stride = 2), Conv2D(64, 1, Padding = 1)]", Flat)]
    [InlineData("[Input(3, 28, 28), Conv2D(64, 2, Stride = 2), Conv2D(64, 1, Groups = 2)]", Tiled)]
    [InlineData("[Input(3, 28, 28), Conv2D(64, 2, Stride = 2), Conv2D(64, 1), MaxPool2D(2)]", Tiled)]
    [InlineData("[Input(3, 2, 2), Conv2D(512, 2, Stride = 2), Conv2D(64, 1)]", Tiled)]
    public void Convolutions_are_products_of_matrices(string stack, string kernel)
    {
        foreach (Tier tier in Tier.All)
        {
            Assert.Equal(kernel, StepsOf(stack, tier)[0].Kernel.GetType().Name);
        }
    }

    /// <summary>Layer normalization writes planes. A tile of pixels would load a line of each plane, and use a part of it.</summary>
    [Theory]
    [InlineData(384, 256, 196, Flat)]
    [InlineData(384, 16, 196, Tiled)]
    [InlineData(32, 64, 196, Tiled)]
    public void Planes_of_many_channels_are_copied_into_blocks_before_a_pointwise_convolution(
        int inputs, int outputs, int pixels, string kernel)
    {
        foreach (Tier tier in Tier.All)
        {
            Step[] steps = [.. Lower($"[Input({inputs}, {pixels}), LayerNorm, Conv1D({outputs}, 1), ReLU]", tier).Steps];
            int convolution = System.Array.FindIndex(steps, step => step.Kernel is FlatConvolution or TiledConvolution);
            Assert.True(kernel == steps[convolution].Kernel.GetType().Name, $"{tier.Name}: {steps[convolution].Kernel.Summary}");
            Assert.Equal(kernel == Flat, steps[convolution - 1].Kernel is ConvertLayoutKernel);
        }
    }

    /// <summary>Copied pixels follow each other. So no sums have to wait in memory for the next channels.</summary>
    [Fact]
    public void Copied_pixels_go_through_all_channels_at_once()
    {
        const string Stack = "[Input(3, 28, 28), Conv2D(2048, 2, Stride = 2), Conv2D(512, 1)]";
        foreach (Tier tier in Tier.All)
        {
            FlatConvolution kernel = KernelOf(Stack, tier);
            Assert.NotNull(kernel.Prologue);
            Assert.Equal(0, kernel.PassChannels);
        }
    }

    /// <summary>A tile would cross the end of more than one row.</summary>
    [Theory]
    [InlineData("[Input(3, 60, 4), Conv2D(64, 2, Stride = 2), Conv2D(64, 1), Conv2D(64, 3, Padding = 1)]", "conv2")]
    public void Where_zeros_are_in_the_way_tiles_have_rows(string stack, string layer)
    {
        Step step = Lower(stack, Tier.Avx2).Steps.Single(s => s.Comment.StartsWith(layer + ":", System.StringComparison.Ordinal));
        Assert.IsType<TiledConvolution>(step.Kernel);
    }

    [Theory]
    [InlineData("Avx512", 4, 6)]
    [InlineData("Avx2", 2, 6)]
    [InlineData("Vector128", 2, 6)]
    public void A_tile_fills_the_accumulators_whatever_the_image(string tierName, int channels, int pixels)
    {
        Tier tier = Tier.All.Single(t => t.Name == tierName);
        foreach (int width in new[] { 56, 28, 14, 13 })
        {
            Assert.Equal(new Tile(channels, 1, pixels),
                KernelOf($"[Input(3, {2 * width}, {2 * width}), Conv2D(256, 2, Stride = 2), Conv2D(256, 1)]", tier).Tile);
        }
    }

    [Fact]
    public void A_mean_of_outputs_is_one_of_inputs_which_takes_fewer_products()
    {
        const string Before = "[Input(3, 60, 60), Conv2D(64, 2, Stride = 2), MaxPool2D(3, Stride = 1), ";
        foreach (Tier tier in Tier.All)
        {
            Assert.Equal(28 * 28, KernelOf(Before + "Conv2D(64, 1)]", tier).Extents.Pixels);
            Assert.Equal(14 * 14, KernelOf(Before + "BatchNorm, ReLU, Conv2D(64, 1), AveragePool2D(2)]", tier).Extents.Pixels);
            Assert.Equal(14 * 14, KernelOf(Before + "Conv2D(64, 1), BatchNorm, AveragePool2D(2)]", tier).Extents.Pixels);
            Assert.IsType<TiledConvolution>(StepsOf(Before + "Conv2D(64, 1), ReLU, AveragePool2D(2)]", tier)[^1].Kernel);
        }
    }

    [Theory]
    [InlineData("Conv2D(64, 1)", false)]
    [InlineData("Conv2D(128, 1)", true)]
    [InlineData("Conv2D(64, 1, Stride = 2)", true)]
    [InlineData("Conv2D(32, 3, Stride = 2, Padding = 1)", false)]
    [InlineData("Conv2D(64, 3, Stride = 2, Padding = 1)", true)]
    [InlineData("Conv2D(64, 3, Padding = 2, Dilation = 2)", true)]
    [InlineData("Conv2D(64, 1, KernelHeight = 4)", false)]
    public void Pixels_that_many_tiles_of_channels_read_are_copied(string layer, bool isCopied)
    {
        foreach (Tier tier in Tier.All)
        {
            FlatConvolution kernel = KernelOf($"[Input(3, 60, 60), Conv2D(64, 2, Stride = 2), {layer}]", tier);
            Assert.Equal(isCopied, kernel.Prologue is not null);
            Work work = kernel.WorkOf([]);
            Assert.Equal(isCopied ? Arithmetic.CeilingDivide(kernel.Extents.Outputs, kernel.Tile.Channels) : 1, work.Run);
            Assert.Equal(0, work.Items % work.Run);
            Assert.Equal(isCopied, kernel.PreparedLength > 0);
        }
    }

    /// <summary>A core knows the addresses of some pages only, and each plane of 32 × 32 pixels is one.</summary>
    [Theory]
    [InlineData(192, false)]
    [InlineData(48, true)]
    public void Many_large_planes_are_not_read_one_by_one(int channels, bool inRows)
    {
        string stack =
            $"[Input(3, 32, 32), Conv2D({channels}, 5, Padding = 2), ReLU, Conv2D({channels}, 1), ReLU, Conv2D({channels}, 1), ReLU, "
            + "Conv2D(64, 2, Stride = 2)]";
        Kernel kernel = StepsOf(stack, Tier.Avx2).Single(step => step.Comment.StartsWith("conv2 ", System.StringComparison.Ordinal)).Kernel;
        Assert.Equal(inRows, kernel is TiledConvolution { LaneUse: LaneUse.RowLanes });
    }

    [Fact]
    public void Pixels_stay_in_the_cache_unless_filters_outweigh_them()
    {
        FlatConvolution wide = KernelOf("[Input(3, 112, 112), Conv2D(256, 2, Stride = 2), Conv2D(64, 1)]", Tier.Avx2),
            deep = KernelOf("[Input(3, 28, 28), Conv2D(8192, 2, Stride = 2), Conv2D(512, 1)]", Tier.Avx2);
        Assert.InRange(wide.BlockPixels * 256 * sizeof(float), 1 << 17, Tier.Avx2.Families[0].SecondLevelBytes / 2);
        Assert.True(deep.BlockPixels >= 196);

        // Each of a few threads finds enough to do.
        Assert.True(wide.WorkOf([]).Items >= 16);
        Assert.True(deep.WorkOf([]).Items >= 16);
    }

    [Theory]
    [InlineData(160)]
    [InlineData(400)]
    public void Five_vectors_of_channels_have_five_pixels_if_there_are_registers_for_their_sums(int channels)
    {
        string stack = $"[Input(3, 28, 28), Conv2D(64, 2, Stride = 2), Conv2D({channels}, 1)]";
        Assert.Equal(new Tile(5, 1, 5), KernelOf(stack, Tier.Avx512).Tile);
        Assert.Equal(Tier.Avx2.Accumulators, KernelOf(stack, Tier.Avx2).Tile.Accumulators);
    }

    [Fact]
    public void A_block_of_pixels_has_tiles_enough_to_wait_for_the_next_weights()
    {
        foreach (Tier tier in Tier.All)
        {
            FlatConvolution kernel = KernelOf("[Input(3, 14, 14), Conv2D(64, 2, Stride = 2), Conv2D(160, 1)]", tier);
            Assert.True(kernel.Tiles.Count / kernel.Blocks >= 4);
        }
    }

    [Fact]
    public void Weights_of_the_next_channels_are_prefetched_unless_those_of_taps_that_are_left_out_stand_between_them()
    {
        foreach (Tier tier in Tier.All)
        {
            FlatConvolution dense = KernelOf("[Input(3, 28, 28), Conv2D(64, 2, Stride = 2), Conv2D(128, 1)]", tier),
                sparse = KernelOf("[Input(3, 28, 28), Conv2D(64, 2, Stride = 2), Conv2D(128, 3, Padding = 24, Dilation = 24)]", tier);
            Assert.True(dense.FloatsAhead > 0);
            Assert.Equal((1, 0), (sparse.Filter.Count, sparse.FloatsAhead));
        }
    }

    /// <summary>
    /// Passes are worth their while where the weights of a tile leave the first-level cache, and windows that lie apart fill it sooner.
    /// </summary>
    [Theory]
    [InlineData("Conv2D(256, 2, Stride = 2), Conv2D(64, 1)", false)]
    [InlineData("Conv2D(512, 2, Stride = 2), Conv2D(64, 1)", false)]
    [InlineData("Conv2D(2048, 2, Stride = 2), Conv2D(64, 1)", true)]
    [InlineData("Conv2D(32, 2, Stride = 2), Conv2D(64, 3, Stride = 2, Padding = 1)", false)]
    [InlineData("Conv2D(128, 2, Stride = 2), Conv2D(64, 3, Stride = 2, Padding = 1)", true)]
    public void Where_weights_leave_the_first_level_cache_tiles_take_turns(string layers, bool hasPasses)
    {
        FlatConvolution kernel = KernelOf($"[Input(3, 60, 60), {layers}]", Tier.Avx2);
        Assert.Equal(hasPasses, kernel.PassChannels > 0);
        Assert.Equal(hasPasses, kernel.PassSumsLength > 0);
        if (hasPasses)
        {
            Assert.True(
                kernel.PassChannels * kernel.Filter.Count * kernel.Tile.Channels * Tier.Avx2.Lanes * sizeof(float)
                <= Tier.Avx2.Families[0].FirstLevelBytes / 2);
        }
    }

    [Fact]
    public void Layers_of_a_network_share_a_kernel()
    {
        Nest[] nests =
        [
            .. from stack in new[] { "[Input(3, 112, 112), Conv2D(256, 2, Stride = 2), Conv2D(64, 1)]",
                "[Input(3, 112, 112), Conv2D(64, 2, Stride = 2), Conv2D(80, 1)]",
                "[Input(3, 28, 28), Conv2D(512, 2, Stride = 2), Conv2D(112, 1)]",
                "[Input(3, 18, 10), Conv2D(40, 2, Stride = 2), Conv2D(32, 1)]" }
               select KernelOf(stack, Tier.Avx2).Build(),
        ];
        AssertAreShared(nests);
    }

    [Fact]
    public void So_do_those_that_copy_their_pixels() => AssertAreShared([
        .. from stack in new[] { "[Input(3, 112, 112), Conv2D(64, 2, Stride = 2), Conv2D(256, 1)]",
            "[Input(3, 28, 28), Conv2D(512, 2, Stride = 2), Conv2D(1024, 1)]",
            "[Input(3, 30, 10), Conv2D(40, 2, Stride = 2), Conv2D(128, 1)]" }
           select KernelOf(stack, Tier.Avx2).Build(),
    ]);

    private static void AssertAreShared(Nest[] nests)
    {
        SharedNest[] shared = Sharing.Share(nests, TestContext.Current.CancellationToken);
        Assert.Single(shared.Select(nest => nest.Nest).Distinct());
        Assert.Equal(nests.Length, shared.Select(nest => nest.Extents).Distinct().Count());
    }

    /// <summary>64 sets of a line each: blocks of channels at the same pixel lie in many of them.</summary>
    [Theory]
    [InlineData(56)]
    [InlineData(112)]
    [InlineData(28)]
    [InlineData(16)]
    public void Blocks_of_channels_do_not_evict_one_another(int width)
    {
        foreach (Tier tier in Tier.All)
        {
            var buffer = new TensorBuffer(default!, Shape.Image(256, width, width), Layout.Blocked, default, tier.Lanes);
            const int Line = 16, Sets = 64;
            IEnumerable<int> sets = Enumerable.Range(0, Sets).Select(block => block * buffer.ChannelPitch / Line % Sets);
            Assert.True(sets.Distinct().Count() >= 8);
            Assert.True(buffer.ChannelPitch >= width * width * tier.Lanes);
        }
    }

    private static FlatConvolution KernelOf(string stack, Tier tier) => Assert.IsType<FlatConvolution>(StepsOf(stack, tier)[0].Kernel);

    /// <summary>The steps of the second layer; the first reads rows.</summary>
    private static Step[] StepsOf(string stack, Tier tier) => [.. Lower(stack, tier).Steps.Where(step => step.Name == "Conv2")];

    private static Program Lower(string stack, Tier tier)
    {
        NetworkGraph graph = Graphs.Of(stack) with { Settings = new() { Winograd = false } };
        return ProgramLowering.Lower(Plans.Builder(graph, tier), Plans.Of(graph, ProgramKind.OneSample, tier));
    }
}
