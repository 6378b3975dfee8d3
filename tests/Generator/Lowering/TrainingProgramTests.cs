using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;
using Xunit;

namespace Strata.Generator.Tests.Lowering;

/// <summary>The training pass of a block.</summary>
public sealed class TrainingProgramTests
{
    private const string Large = """
        [Input(3, 56, 56), Conv2D(64, 3, Padding = 1), BatchNorm, ReLU, Conv2D(64, 3, Padding = 1), ReLU, MaxPool2D(2), Flatten, Dense(10), CrossEntropy]
        """;

    private const string Small = "[Input(1, 8, 8), Conv2D(4, 3), ReLU, Flatten, Dense(4), CrossEntropy]";

    [Fact]
    public void Steps_that_threads_share_are_called_by_themselves_and_the_others_in_a_row_together()
    {
        TrainingProgram training = Training(Large);
        ScheduledStep[] schedule = [.. training.ForwardSchedule, .. training.BackwardSchedule];

        Assert.Equal(training.Forward.Concat(training.Backward), schedule.SelectMany(step => step.Steps));
        Assert.All(schedule.Where(step => step.TakesItems), step =>
        {
            Assert.Single(step.Steps);
            Assert.InRange(step.LeastItems, 1, step.IsOfSample ? step.Items : step.Items - 1);
        });
        Assert.All(schedule.Where(IsWhole), step => Assert.Equal((1, 1), (step.Items, step.LeastItems)));
        foreach (IReadOnlyList<ScheduledStep> pass in new[] { training.ForwardSchedule, training.BackwardSchedule })
        {
            Assert.DoesNotContain(pass.Zip(pass.Skip(1)),
                pair => IsWhole(pair.First) && IsWhole(pair.Second) && pair.First.IsOfSample == pair.Second.IsOfSample);
        }

        Assert.True(schedule.Count(step => step.TakesItems) > 10);
    }

    /// <summary>
    /// Lanes of samples would take panels of weights piece by piece, once for each of a panel's tiles, and compute
    /// for lanes without a sample.
    /// </summary>
    [Fact]
    public void A_dense_layer_whose_weights_leave_the_cache_goes_by_rows_of_samples()
    {
        TrainingProgram training = Training("[Input(2048), Dense(256), ReLU, Dense(10), CrossEntropy]");
        Assert.Equal(
            [typeof(RowsOfLanesKernel), typeof(SamplesTimesPanels), typeof(PackSamplesKernel), typeof(LaneDense)],
            training.Forward.Select(step => step.Kernel.GetType()).Where(type => type != typeof(ClearKernel))
                .SkipWhile(type => type != typeof(RowsOfLanesKernel)).Take(4));
        Step gradient = Assert.Single(
            Training("[Input(2048), Dense(256, Name = \"first\"), ReLU, Dense(2048), CrossEntropy]").Backward,
            step => step.Kernel is TiledConvolution);
        Assert.True(((TiledConvolution)gradient.Kernel).ReadsPanelsAhead);
    }

    [Fact]
    public void A_step_for_the_whole_batch_is_called_by_itself()
    {
        TrainingProgram training = Training(Large);
        Assert.Equal(
            [1, 1],
            new[] { training.ForwardSchedule, training.BackwardSchedule }.Select(schedule => schedule.Count(step => step.Combines)));
        Assert.All(
            training.ForwardSchedule.Concat(training.BackwardSchedule).Where(step => step.Combines),
            step => Assert.Equal((1, 1, 1), (step.Items, step.LeastItems, step.Steps.Count)));
    }

    [Fact]
    public void A_block_that_takes_little_time_is_not_shared()
    {
        TrainingProgram training = Training(Small);
        Assert.False(training.IsShared);
        Assert.Single(training.ForwardSchedule);
        Assert.Single(training.BackwardSchedule);
    }

    /// <summary>
    /// Gradients of few pixels, of few weights, or of channels that do not fill their blocks read the weights as they are.
    /// </summary>
    [Theory]
    [InlineData("[Input(16, 12, 12), Conv2D(64, 3, Padding = 1), Conv2D(64, 3, Padding = 1), Flatten, Dense(4), CrossEntropy]", true)]
    [InlineData("[Input(16, 12, 12), Conv2D(64, 3, Padding = 1), Conv2D(64, 3, Padding = 1, Stride = 2), Flatten, Dense(4), CrossEntropy]",
        true)]
    [InlineData("[Input(16, 5, 5), Conv2D(64, 3, Padding = 1), Conv2D(64, 3, Padding = 1), Flatten, Dense(4), CrossEntropy]", false)]
    [InlineData("[Input(16, 12, 12), Conv2D(64, 3, Padding = 1), Conv2D(8, 3, Padding = 1), Flatten, Dense(4), CrossEntropy]", false)]
    [InlineData("[Input(16, 12, 12), Conv2D(63, 3, Padding = 1), Conv2D(64, 3, Padding = 1), Flatten, Dense(4), CrossEntropy]", false)]
    [InlineData("[Input(16, 12, 12), Conv2D(64, 3, Padding = 1), Conv2D(64, 3, Padding = 1, Groups = 2), Flatten, Dense(4), CrossEntropy]",
        false)]
    public void Many_weights_are_transposed_before_the_gradient_of_many_pixels(string stack, bool areTransposed)
    {
        TrainingProgram training = Training(stack, TrainingLayout.SampleLanes);
        Assert.Equal(areTransposed ? 1 : 0,
            training.Backward.Count(step => step.Name.EndsWith("TransposedWeights", StringComparison.Ordinal)));
    }

    /// <summary>
    /// Steps in a sample's memory are done for each sample; sums over samples, weights and what needs lanes for the block.
    /// </summary>
    [Fact]
    public void Samples_that_lie_apart_have_steps_of_their_own()
    {
        TrainingProgram training = Training(
            "[Input(16, 12, 12), Conv2D(32, 3, Padding = 1), BatchNorm, ReLU, Conv2D(16, 1), ReLU, Flatten, Dense(4), CrossEntropy]",
            TrainingLayout.Blocked);
        bool IsOfSample(string name) => training.Forward.Concat(training.Backward).Single(step => step.Name == name).IsOfSample;
        Assert.All(new[] { "CopyInput", "Conv1", "Bn1", "Conv2", "Conv2InputGradient", "Bn1Gradient" },
            name => Assert.True(IsOfSample(name), name));
        Assert.All(
            new[] { "Bn1BlockMoments", "DenseBlock", "Conv2WeightGradient", "Conv2TransposedWeights", "Conv1BiasGradient" }
                .Where(name => training.Forward.Concat(training.Backward).Any(step => step.Name == name)),
            name => Assert.False(IsOfSample(name), name));
        Assert.All(training.ForwardSchedule.Concat(training.BackwardSchedule),
            called => Assert.Single(called.Steps.Select(step => step.IsOfSample).Distinct()));
    }

    /// <summary>No sample is moved to a lane for it and back, and a rate of 0 has no step.</summary>
    [Theory]
    [InlineData("Dropout(0.2)", 2)]
    [InlineData("SpatialDropout(0.2)", 2)]
    [InlineData("StochasticDepth(0.2)", 2)]
    [InlineData("StochasticDepth(0)", 0)]
    public void Dropout_works_in_blocks_of_channels(string layer, int steps)
    {
        TrainingProgram training = Training(
            $"[Input(16, 12, 12), Conv2D(32, 3, Padding = 1), {layer}, Conv2D(16, 3), Flatten, Dense(4), CrossEntropy]",
            TrainingLayout.Blocked);
        Step[] all = [.. training.Forward, .. training.Backward];
        Assert.Equal(steps, all.Count(step => step.Kernel is BlockedDropoutKernel && step.IsOfSample));
        Assert.DoesNotContain(all, step => step.Kernel is LaneDropoutKernel);

        // To the dense layer, and its gradient back.
        Assert.Equal(2, all.Count(step => step.Kernel is SampleMovesKernel));
    }

    /// <summary>Otherwise all sums behind it, with one branch that goes past each block, would be in lanes.</summary>
    [Fact]
    public void A_sum_of_tensors_of_which_one_lies_in_blocks_lies_in_blocks()
    {
        TrainingProgram training = Training(
            "[Input(16, 12, 12), Branch, Conv2D(32, 3, Padding = 1), Branch, Conv2D(32, 3, Padding = 1, Groups = 8), Add, "
            + "Conv2D(16, 1), Flatten, Dense(4), CrossEntropy]",
            TrainingLayout.Blocked);
        Step sum = training.Forward.Single(step => step.Name == "Add1");
        Assert.All(sum.Operands.OfType<BufferOperand>(), argument => Assert.Equal(Layout.Blocked, argument.Buffer.Layout));
    }

    /// <summary>
    /// No sample is moved to a lane for a convolution: only to the dense layer, and its gradient back. Groups of channels fill vectors,
    /// divide one, or get some of padding.
    /// </summary>
    [Theory]
    [InlineData("Conv2D(32, 3, Padding = 1, Stride = 2)")]
    [InlineData("Conv2D(32, 3, Dilation = 2, Groups = 32)")]
    [InlineData("Conv2D(32, 3, Padding = 1, Groups = 16)")]
    [InlineData("Conv2D(32, 3, Padding = 1, Stride = 2, Groups = 8)")]
    [InlineData("Conv2D(32, 3, Dilation = 2, Groups = 4)")]
    [InlineData("Conv2D(64, 3, Groups = 2)")]
    [InlineData("ConvTranspose2D(32, 3, Stride = 2, Groups = 8)")]
    [InlineData("Conv2D(64, 3, Groups = 8)")]
    [InlineData("Conv2D(20, 1), Conv2D(60, 3, Groups = 20, Padding = 1), MaxPool2D(2)")]
    [InlineData("Conv2D(48, 1), Tanh, ConvTranspose2D(24, 3, Stride = 2, Groups = 4)")]
    [InlineData("Reshape(32, 3, 4, 12), Conv3D(32, 3, Padding = 1, StrideDepth = 2)")]
    [InlineData("Reshape(32, 3, 4, 12), Conv3D(32, 2, Groups = 8), MaxPool3D(2, Stride = 1)")]
    [InlineData("Reshape(32, 3, 4, 12), Conv3D(32, 2, Groups = 32), AveragePool3D(2, Stride = 1)")]
    [InlineData("Reshape(32, 3, 4, 12), ConvTranspose3D(16, 2, Stride = 2)")]
    public void Convolutions_train_in_blocks_of_channels(string layers)
    {
        TrainingProgram training = Training(
            $"[Input(16, 12, 12), Conv2D(32, 3, Padding = 1), Tanh, {layers}, Tanh, "
            + $"Conv{(layers.Contains("3D", StringComparison.Ordinal) ? 3 : 2)}D(16, 1), Flatten, Dense(4), CrossEntropy]",
            TrainingLayout.Blocked);
        Step[] moves = [.. training.Forward.Concat(training.Backward).Where(step => step.Kernel is SampleMovesKernel)];
        int reshapes = layers.StartsWith("Reshape", StringComparison.Ordinal) ? 4 : 0;
        Assert.True(moves.Length == 2 + reshapes, string.Join("; ", moves.Select(step => step.Comment)));
    }

    /// <summary>Small images of few channels fill lanes with samples better.</summary>
    [Theory]
    [InlineData("[Input(1, 28, 28), Conv2D(6, 5, Padding = 2), ReLU, MaxPool2D(2), Conv2D(16, 5), ReLU, MaxPool2D(2), Flatten, "
        + "Dense(120), ReLU, Dense(10), CrossEntropy]", false)]
    [InlineData("[Input(3, 56, 56), Conv2D(64, 3, Padding = 1), ReLU, Conv2D(64, 3, Padding = 1), ReLU, "
        + "GlobalAveragePool2D, Flatten, Dense(10), CrossEntropy]", true)]
    public void The_layout_of_training_is_the_cheaper_one(string stack, bool isBlocked) =>
        Assert.Equal(isBlocked, Training(stack).Sample.Length > 0);

    private static bool IsWhole(ScheduledStep step) => !step.TakesItems && !step.Combines;

    private static TrainingProgram Training(string stack, TrainingLayout layout = TrainingLayout.Automatic) =>
        TierPrograms.Lower(Graphs.Of(stack) with { Settings = new() { TrainingLayout = (Compiler.Graph.TrainingLayout)layout } }, Tier.Avx2,
            TestContext.Current.CancellationToken).Training!;
}
