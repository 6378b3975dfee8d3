using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;
using Strata.Generator.Tests.KernelLanguage;
using Xunit;

namespace Strata.Generator.Tests.Lowering;

/// <summary>The loads of depthwise kernels. If outputs of a row share inputs, each input is loaded once for a row of taps.</summary>
public sealed class DepthwiseKernelTests
{
    /// <param name="taps">Of a row.</param>
    /// <param name="step">From one tap to the next.</param>
    /// <param name="stride">From one output to the next.</param>
    [Theory]
    [InlineData(3, 1, 1)]
    [InlineData(3, 1, 2)]
    [InlineData(5, 1, 3)]
    [InlineData(3, 2, 1)]
    [InlineData(4, 3, 2)]
    [InlineData(3, -1, 1)]
    [InlineData(3, -2, 1)]
    [InlineData(2, 1, 2)]
    [InlineData(5, 4, 6)]
    [InlineData(3, 7, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(1, 1, 1)]
    public void Each_output_gets_its_products_in_the_order_of_the_taps(int taps, int step, int stride)
    {
        const int Columns = 6;
        IGrouping<int, (int Column, int Tap)>[] inputs = [.. new RowOfTaps(taps, step, stride).Inputs(Columns)];
        Assert.Equal(inputs.Length, new RowOfTaps(taps, step, stride).CountInputs(Columns));
        Assert.Equal(inputs.Length, inputs.DistinctBy(input => input.Key).Count());
        Assert.All(inputs,
            input => Assert.All(input, product => Assert.Equal(input.Key, (product.Column * stride) + (product.Tap * step))));
        ILookup<int, int> ofOutputs = inputs.SelectMany(input => input).ToLookup(product => product.Column, product => product.Tap);
        Assert.All(Enumerable.Range(0, Columns), column => Assert.Equal(Enumerable.Range(0, taps), ofOutputs[column]));
    }

    /// <param name="arguments">Of the convolution.</param>
    /// <param name="kernel">Taps of a row and of a column.</param>
    /// <param name="perOutput">Inputs for each further output of a row.</param>
    /// <param name="more">Inputs beside them.</param>
    [Theory]
    [InlineData(", Padding = 1", 3, 1, 2)]
    [InlineData(", Padding = 1, Stride = 2", 3, 2, 1)]
    [InlineData(", Padding = 2, Dilation = 2", 3, 1, 4)]
    [InlineData(", Padding = 2", 5, 1, 4)]
    [InlineData(", Stride = 3", 5, 3, 2)]
    public void An_input_is_loaded_once_for_a_row_of_taps(string arguments, int kernel, int perOutput, int more)
    {
        foreach (Tier tier in Tier.All)
        {
            TiledConvolution nest = KernelOf(
                $"[Input(3, 40, 40), Conv2D(64, 1), Conv2D(64, {kernel}, Groups = 64, Bias = false{arguments})]", tier);
            Assert.Equal(LaneUse.Depthwise, nest.LaneUse);
            Operations tile = Budget.Of(nest.Build()).Run;
            long loads = kernel * (kernel + ((long)nest.Tile.Rows * ((perOutput * nest.Tile.Columns) + more)));
            long products = (long)kernel * kernel * nest.Tile.Accumulators;
            Assert.True(loads < products);
            Assert.Equal((0, products), (tile.Loads % loads, tile.MultiplyAdds / (tile.Loads / loads)));
        }
    }

    /// <summary>A load of its own for each multiply-add, and one for the weights of a tap.</summary>
    [Theory]
    [InlineData(", Stride = 3", 3)]
    [InlineData(", Stride = 2, Dilation = 3", 2)]
    public void Inputs_that_no_outputs_share_are_read_where_they_are_multiplied(string arguments, int kernel)
    {
        foreach (Tier tier in Tier.All)
        {
            TiledConvolution nest = KernelOf(
                $"[Input(3, 40, 40), Conv2D(64, 1), Conv2D(64, {kernel}, Groups = 64, Bias = false{arguments})]", tier);
            Operations tile = Budget.Of(nest.Build()).Run;
            Assert.Equal(tile.MultiplyAdds + (tile.MultiplyAdds / nest.Tile.Accumulators), tile.Loads);
        }
    }

    [Fact]
    public void Weights_of_a_row_leave_registers_to_the_sums()
    {
        foreach (Tier tier in Tier.All)
        {
            foreach (int taps in new[] { 1, 3, 5, 7, 11, 31 })
            {
                foreach (Tile tile in new Tile[] { new(1, 1, tier.Registers / 2), new(1, 2, 4), new(1, 1, 7) })
                {
                    Assert.Equal(taps > 1 && taps + tile.Accumulators + 1 < tier.Registers, new RowOfTaps(taps, 1, 1).IsShared(tier, tile));
                }
            }
        }
    }

    private static TiledConvolution KernelOf(string stack, Tier tier)
    {
        NetworkGraph graph = Graphs.Of(stack);
        IEnumerable<Step> steps = ProgramLowering.Lower(Plans.Builder(graph, tier), Plans.Of(graph, ProgramKind.OneSample, tier)).Steps;
        return steps.Select(step => step.Kernel).OfType<TiledConvolution>().Last();
    }
}
