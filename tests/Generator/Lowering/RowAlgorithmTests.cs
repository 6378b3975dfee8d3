using System;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;
using Xunit;

using Layouts = Strata.Compiler.Graph.TrainingLayout;

namespace Strata.Generator.Tests.Lowering;

/// <summary>When attention, products of matrices and softmax along rows are computed by kernels of one sample.</summary>
public sealed class RowAlgorithmTests
{
    private const string Softmax = "Softmax(Axes = Axes.Width)", Product = "Branch, Branch, Tanh, MatMul";

    /// <summary>Where channels fill vectors and short rows do not, the operator's own loops are up to four times as fast.</summary>
    [Theory]
    [InlineData("16, 64, 2", false)]
    [InlineData("16, 64, 8", false)]
    [InlineData("16, 64, 24", false)]
    [InlineData("16, 64, 16", true)]
    [InlineData("16, 64, 64", true)]
    [InlineData("4, 64, 2", false)]
    [InlineData("4, 64, 8", true)]
    [InlineData("1, 64, 2", true)]
    [InlineData("12, 197, 197", true)]
    [InlineData("197, 197", true)]
    public void Softmax_along_rows_takes_what_needs_fewer_vectors(string shape, bool inRows) =>
        Assert.Equal(inRows, Lower($"Input({shape}), {Softmax}").Sample.Steps.Any(step => step.Kernel is RowSoftmaxKernel));

    /// <summary>They add in the order of the operator's own loops, so samples may be computed in lanes.</summary>
    [Theory]
    [InlineData("Input(64), Dense(64), ReLU, Reshape(4, 4, 4), " + Product + ", Flatten, Dense(10)")]
    [InlineData("Input(64), Dense(64), ReLU, Reshape(1, 4, 16), " + Softmax + ", Flatten, Dense(10)")]
    [InlineData("Input(64), Dense(64), ReLU, Reshape(8, 8), Attention(2), Flatten, Dense(10)")]
    public void A_small_network_computes_batches_in_lanes(string layers) => Assert.NotNull(Lower(layers).Block);

    /// <summary>In lanes, each product of a sum waits for the one before it.</summary>
    [Theory]
    [InlineData("Input(64, 197), Attention(1)")]
    [InlineData("Input(4, 32, 32), " + Product)]
    [InlineData("Input(16, 64, 64), " + Softmax)]
    public void What_is_faster_sample_by_sample_is_computed_so(string layers) => Assert.Null(Lower(layers).Block);

    /// <summary>32 heads of 40,000 tokens have 3,200,000,000 vectors of weights.</summary>
    [Fact]
    public void The_cost_of_long_sequences_does_not_overflow() => Assert.True(
        Lower("Input(32, 40000), Attention(32)").Sample.Steps.Single(step => step.Kernel is AttentionKernel).Cycles[0] > 3e9);

    /// <summary>The first network has no sum in another order, the second one has a convolution by Winograd's algorithm.</summary>
    [Theory]
    [InlineData("Input(1, 11000, 11000), Tanh, Conv2D(1, 1)")]
    [InlineData("Input(1, 11000, 11000), Conv2D(1, 3, Padding = 1)")]
    public void A_network_whose_blocks_are_too_large_is_computed_sample_by_sample(string layers) => Assert.Null(Lower(layers).Block);

    /// <summary>In training with samples apart, threads share the heads of attention, and the rows of the others.</summary>
    [Theory]
    [InlineData("Attention(4)", typeof(AttentionGradientKernel))]
    [InlineData("Branch, Tanh, Branch, Conv1D(64, 1), MatMul(TransposeB = true), Conv1D(8, 1)", typeof(MatrixProductKernel))]
    [InlineData("Conv1D(3, 1), Softmax(Axes = Axes.Width)", typeof(RowSoftmaxGradientKernel))]
    public void Training_apart_has_kernels_that_threads_share(string layers, Type kernel)
    {
        TrainingProgram training = Lower($"Input(64, 100), Conv1D(64, 1), {layers}, MeanSquaredError", Layouts.Blocked).Training!;
        Assert.Contains(training.Backward, step => step.Kernel.GetType() == kernel && step.Work.HasRange && step.IsOfSample);
    }

    /// <summary>A matrix or a mask that serves for several pairs gets the sum of their gradients, so they are not computed apart.</summary>
    [Theory]
    [InlineData("Input(8, 50, 60), Branch, Conv2D(1, 1), Branch, Tanh, MatMul(TransposeB = true)", typeof(MatrixProductKernel), false)]
    [InlineData(
        "Input(8, 60), Branch, Tanh, Branch, Branch, Branch, Param(60, 60), ScaledDotProductAttention(Heads = 4)",
        typeof(AttentionGradientKernel), true)]
    public void Sums_of_gradients_are_not_divided_among_threads(string layers, Type kernel, bool isUsed)
    {
        TrainingProgram training = Lower($"{layers}, MeanSquaredError", Layouts.Blocked).Training!;
        Step[] steps = [.. training.Backward.Where(step => step.Kernel.GetType() == kernel)];
        Assert.Equal(isUsed, steps.Length > 0);
        Assert.All(steps, step => Assert.False(step.Work.HasRange));
    }

    /// <summary>One row of a mask for all queries gets a sum of many gradients, but only if it has a gradient.</summary>
    [Theory]
    [InlineData("Input(1, 60, Name = \"mask\")", true)]
    [InlineData("Buffer(1, 60, Name = \"mask\")", true)]
    [InlineData("Param(1, 60, Name = \"mask\")", false)]
    [InlineData("Input(1, 60, Name = \"other\"), Scale(Name = \"mask\")", false)]
    public void A_mask_of_one_row_without_a_gradient_is_computed_in_tiles(string mask, bool isInTiles)
    {
        TrainingProgram training = Lower(
            $"Input(8, 60, Name = \"x\"), {mask}, Attention(4, Mask = \"mask\", From = \"x\"), MeanSquaredError",
            Layouts.Blocked).Training!;
        Assert.Equal(isInTiles, training.Backward.Any(step => step.Kernel is AttentionGradientKernel && step.Work.HasRange));
    }

    /// <summary>With samples in lanes, the weights of 10,000 × 10,000 pairs take 16 times the memory.</summary>
    [Fact]
    public void Training_in_lanes_that_is_too_large_is_not_chosen() =>
        Assert.NotNull(Lower("Input(4, 10000), Attention(1), MeanSquaredError").Training);

    private static TierPrograms Lower(string layers, Layouts layout = Layouts.Automatic)
    {
        NetworkGraph graph = Graphs.Of($"[{layers}]");
        return TierPrograms.Lower(
            graph with { Settings = graph.Settings with { TrainingLayout = layout } }, Tier.Avx512, TestContext.Current.CancellationToken);
    }
}
