using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;
using Strata.Tests;
using Xunit;

using Layouts = Strata.Compiler.Graph.TrainingLayout;
using Storage = Strata.Compiler.Graph.WeightStorage;

namespace Strata.Generator.Tests.Lowering;

/// <summary>Limits of algorithms, layouts and what training keeps.</summary>
public sealed class AlgorithmLimitTests
{
    [Theory]
    [InlineData("Input(64, 56, 56), Conv2D(64, 2)")]
    [InlineData("Input(64, 56, 56), Conv2D(64, 7, Padding = 3)")]
    [InlineData("Input(64, 56, 56), Conv2D(64, 3, Padding = 1, Stride = 2)")]
    [InlineData("Input(64, 56, 56), Conv2D(64, 3, Padding = 3, Dilation = 3)")]
    [InlineData("Input(64, 56, 56), Conv2D(64, 3, Padding = 1, Groups = 2)")]
    [InlineData("Input(64, 16, 16, 16), Conv3D(64, 3, Padding = 1)")]
    [InlineData("Input(64, 28, 28), ConvTranspose2D(64, 3)")]
    public void Other_convolutions_are_sums_of_products(string layers) => Limit.Holds(
        "Winograd's algorithm computes some convolutions only", !UsesWinograd(Lower(layers).Sample.Steps));

    [Fact]
    public void So_are_those_of_a_training_whose_samples_are_in_lanes()
    {
        TrainingProgram training = Lower("Input(64, 28, 28), Conv2D(64, 3, Padding = 1), CrossEntropy", Layouts.SampleLanes).Training!;
        Limit.Holds("Winograd's algorithm computes some convolutions only", !UsesWinograd(training.Forward.Concat(training.Backward)));
    }

    /// <summary>The same steps with a convolution that is served, so that the other tests can fail.</summary>
    [Fact]
    public void A_convolution_of_3_by_3_is_not() =>
        Assert.True(UsesWinograd(Lower("Input(64, 56, 56), Conv2D(64, 3, Padding = 1)").Sample.Steps));

    [Fact]
    public void A_convolution_to_24_channels_takes_the_time_of_32()
    {
        double CyclesOf(int channels) =>
            Lower($"Input(64, 14, 14), Conv2D({channels}, 3, Padding = 1)").Sample.Steps.Sum(step => step.Cycles[0]);
        Limit.Holds("channels fill vectors: of 16 floats with AVX-512, 8 with AVX2, else 4", CyclesOf(24) > 0.95 * CyclesOf(32));
    }

    [Fact]
    public void Groups_of_3_channels_are_moved_to_groups_with_padding() => Limit.Holds(
        "groups are padded if their channels are neither a multiple nor a divisor of a vector's floats",
        Lower("Input(24, 9, 9), Conv2D(24, 3, Groups = 8), CrossEntropy", Layouts.Blocked).Training!.Forward
            .Any(step => step.Kernel is RespacedGroups));

    [Fact]
    public void Convolutions_keep_32_bit_weights()
    {
        NetworkGraph graph = Of("Input(16, 8, 8), Conv2D(16, 3), Flatten, Dense(10)") with
        {
            Settings = new() { WeightStorage = Storage.BFloat16 },
        };
        Step[] narrow = [.. TierPrograms.Lower(graph, Tier.Avx512, TestContext.Current.CancellationToken, Storage.BFloat16).Sample.Steps
            .Where(step => step.Operands.OfType<ParameterOperand>().Any(operand => operand.Element == ElementType.BFloat16))];
        Assert.NotEmpty(narrow);
        Limit.Holds(
            "bfloat16 for the weights of dense layers only",
            narrow.All(step => step.Name.StartsWith("Dense", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_samples_of_a_small_network_are_in_lanes() => Limit.Holds(
        "samples lie in the lanes of a vector",
        TierPrograms.Lower(Graphs.ModelOf(Harness.LeNet5).Graph!, Tier.Avx512, TestContext.Current.CancellationToken).Training!.Forward
            .SelectMany(step => step.Operands.OfType<BufferOperand>())
            .Any(operand => operand.Buffer.Layout == Layout.SampleLanes));

    [Fact]
    public void Recompute_repeats_no_convolution_dense_or_pooling_layer()
    {
        NetworkGraph graph = Of(
            "Input(16, 12, 12), Conv2D(16, 3), BatchNorm, ReLU, MaxPool2D(2), Conv2D(16, 3), BatchNorm, SiLU, Flatten, Dense(20), Tanh, "
            + "Dense(4), CrossEntropy");
        Step[] repeated = [.. Lower(graph with { Settings = graph.Settings with { Recompute = true } }).Training!.Backward
            .Where(step => step.Comment.EndsWith("; again", StringComparison.Ordinal))];
        Assert.NotEmpty(repeated);
        Limit.Holds(
            "`Recompute` keeps what convolutions, dense and pooling layers computed",
            !repeated.Any(step => step.Name is "Conv1" or "Conv2" or "Pool1" or "Dense1" or "Dense2"));
    }

    private static bool UsesWinograd(IEnumerable<Step> steps) =>
        steps.Any(step => step.Kernel.GetType().Name.StartsWith("Winograd", StringComparison.Ordinal));

    private static TierPrograms Lower(string layers, Layouts layout = Layouts.Automatic)
    {
        NetworkGraph graph = Of(layers);
        return Lower(graph with { Settings = graph.Settings with { TrainingLayout = layout } });
    }

    private static TierPrograms Lower(NetworkGraph graph) => TierPrograms.Lower(graph, Tier.Avx512, TestContext.Current.CancellationToken);

    private static NetworkGraph Of(string layers) => Graphs.Of($"[{layers}]");
}
