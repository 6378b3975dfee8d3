using System.Linq;
using Strata.Compiler.Declarations;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;
using Xunit;

namespace Strata.Generator.Tests.Lowering;

/// <summary>What the lanes of convolutions hold if the samples of a training block are apart.</summary>
public sealed class TrainingFormTests
{
    [Theory]
    [InlineData("Input(24, 9, 9), Conv2D(24, 3, Groups = 8)")]
    [InlineData("Input(40, 9, 9), Conv2D(40, 3, Groups = 8)")]
    [InlineData("Input(48, 9, 9), Conv2D(48, 3, Groups = 2)")]
    [InlineData("Input(32, 9, 9), Conv2D(64, 3, Groups = 8)")]
    [InlineData("Input(20, 9, 9), Conv2D(40, 3, Groups = 20)")]
    [InlineData("Input(60, 9, 9), ConvTranspose2D(75, 3, Groups = 15)")]
    [InlineData("Input(35, 60), Conv1D(21, 3, Groups = 7)")]
    [InlineData("Input(36, 4, 5, 6), Conv3D(72, 2, Groups = 3)")]
    public void Groups_that_neither_fill_vectors_nor_divide_them_are_padded(string layers)
    {
        foreach (Tier tier in Tier.All)
        {
            TrainingProgram training = Lower(layers, tier);
            int moves = training.Forward.Count(step => step.Kernel is RespacedGroups);
            Assert.True(moves >= 3 || (tier != Tier.Avx512 && moves == 0), $"{tier.Name}: input, weights and result are not moved");
            AssertInBlocks(training);
        }
    }

    [Theory]
    [InlineData("Input(32, 9, 9), Conv2D(32, 3, Groups = 8)")]
    [InlineData("Input(32, 9, 9), Conv2D(64, 3, Groups = 2)")]
    [InlineData("Input(32, 9, 9), Conv2D(32, 3, Groups = 32)")]
    [InlineData("Input(32, 9, 9), Conv2D(32, 3)")]
    public void Others_stay_where_they_are(string layers)
    {
        foreach (Tier tier in Tier.All)
        {
            TrainingProgram training = Lower(layers, tier);
            Assert.DoesNotContain(training.Forward.Concat(training.Backward), step => step.Kernel is RespacedGroups);
            AssertInBlocks(training);
        }
    }

    [Fact]
    public void Weights_may_lie_in_the_order_in_which_rows_of_a_single_sample_read_them()
    {
        const string Layers = "Input(3, 32, 32), Conv2D(64, 5, Padding = 2), ReLU, MaxPool2D(2)";
        Assert.Equal(LaneUse.RowLanes,
            Programs(Layers, Tier.Avx2).Sample.Steps.Select(step => step.Kernel).OfType<TiledConvolution>().Single().LaneUse);
        AssertInBlocks(Lower(Layers, Tier.Avx2));
    }

    private static void AssertInBlocks(TrainingProgram training)
    {
        TiledConvolution[] convolutions =
            [.. training.Forward.Concat(training.Backward).Select(step => step.Kernel).OfType<TiledConvolution>()];
        Assert.True(convolutions.Length > 0 || training.Forward.Any(step => step.Kernel is FlatConvolution or WinogradProducts));
        Assert.All(convolutions, convolution => Assert.True(convolution.LanesAreChannels, convolution.Summary));
    }

    private static TrainingProgram Lower(string layers, Tier tier) => Programs(layers, tier).Training!;

    private static TierPrograms Programs(string layers, Tier tier)
    {
        NetworkModel network = Graphs.ModelOf(
            $"using Strata;\n[Network(Winograd = false, InputGradient = true, TrainingLayout = TrainingLayout.Blocked)]\n[{layers}, "
            + "CrossEntropy]\npublic partial class Net;");
        Assert.Empty(network.Problems.Select(problem => problem.Message));
        return TierPrograms.Lower(network.Graph!, tier, TestContext.Current.CancellationToken);
    }
}
