using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Strata.Compiler.Foundation;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;
using Xunit;

namespace Strata.Generator.Tests.Lowering;

/// <summary>Which steps backward computes again, and how much memory that saves.</summary>
public sealed class RecomputationTests
{
    private const string Residual = """
        [Input(16, 24, 24), Conv2D(32, 3, Padding = 1, Bias = false), BatchNorm, ReLU, MaxPool2D(2, Name = "pool"), Conv2D(32, 3, Padding = 1, Bias = false), BatchNorm, ReLU]
        [Conv2D(32, 3, Padding = 1, Bias = false), BatchNorm, Dropout(0.2), Add("dropout1", "pool"), ReLU, Conv2D(16, 1), GlobalAveragePool2D, Flatten, Dense(10), CrossEntropy]
        """;

    private static readonly Lazy<Dictionary<string, NetworkGraph>> Zoo = new(() => Graphs.AllOf(
        new[]
        {
            "Networks/ResNet.cs", "Networks/ResidualBlocks.cs", "Networks/Cbam.cs", "Networks/SqueezeExcite.cs", "Networks/DenseNet.cs",
            "Declarations/ResNet.cs", "Declarations/DenseNet.cs",
        }.Select(file => File.ReadAllText(Path.Combine(SourceFolder.Path, "..", "..", "samples", "Zoo", file)))));

    [Theory]
    [InlineData(TrainingLayout.SampleLanes)]
    [InlineData(TrainingLayout.Blocked)]
    public void Normalizations_activations_dropout_and_sums_are_computed_again_by_the_steps_of_forward(TrainingLayout layout)
    {
        NetworkGraph graph = Graphs.Of(Residual) with { Settings = new() { TrainingLayout = (Compiler.Graph.TrainingLayout)layout } };
        TrainingProgram kept = Training(graph), again = Training(graph with { Settings = graph.Settings with { Recompute = true } });
        Assert.Equal(kept.Forward.Select(step => step.Comment), again.Forward.Select(step => step.Comment));
        Step[] repeated = [.. again.Backward.Where(IsRepeated)];
        Assert.Equal(kept.Backward.Select(step => step.Comment),
            again.Backward.Except(repeated, ReferenceComparer<Step>.Instance).Select(step => step.Comment));

        foreach (string name in new[] { "Bn2", "Bn3", "Dropout1", "Add1" })
        {
            Step step = Assert.Single(repeated, step => step.Name == name);
            Assert.Contains(again.Forward, forward => forward.Kernel == step.Kernel && forward.Comment + "; again" == step.Comment);
        }

        Assert.DoesNotContain(repeated, step => step.Combines || step.Kernel is TiledConvolution or FlatConvolution or WindowPooling);
    }

    /// <summary>Forward's tensors whose memory backward needs no more are gone when it begins.</summary>
    [Fact]
    public void Backward_reads_what_it_computes_again_where_it_lies_then()
    {
        TrainingProgram training = Training(
            Graphs.Of(Residual) with { Settings = new() { TrainingLayout = Compiler.Graph.TrainingLayout.Blocked, Recompute = true } });
        HashSet<TensorBuffer> written = new(training.Forward.Concat(training.Loss!.Steps).SelectMany(step => Tensors(step, written: true)),
            ReferenceComparer<TensorBuffer>.Instance);
        foreach (Step step in training.Backward)
        {
            Assert.All(Tensors(step, written: false), tensor => Assert.Contains(tensor, written));
            written.UnionWith(Tensors(step, written: true));
        }

        TensorBuffer norm = Result(training.Forward.Single(step => step.Name == "Bn2"));
        Assert.DoesNotContain(training.Backward,
            step => Tensors(step, written: false).Contains(norm, ReferenceComparer<TensorBuffer>.Instance));
        TensorBuffer again = Result(training.Backward.Single(step => step.Name == "Bn2"));
        Assert.Contains(training.Backward,
            step => !IsRepeated(step) && Tensors(step, written: false).Contains(again, ReferenceComparer<TensorBuffer>.Instance));
    }

    /// <summary>In samples' memory, of what their tensors take without.</summary>
    [Theory]
    [InlineData("ResNet18", 0.7)]
    [InlineData("ResNet50", 0.65)]
    [InlineData("DenseNet121", 0.4)]
    public void Large_networks_take_clearly_less(string name, double share)
    {
        NetworkGraph graph = Zoo.Value[name];
        int kept = Training(graph).Sample.Length;
        int again = Training(graph with { Settings = graph.Settings with { Recompute = true } }).Sample.Length;
        Assert.InRange(again, 1, share * kept);
    }

    [Fact]
    public void A_result_that_is_smaller_than_what_it_is_computed_from_is_kept()
    {
        NetworkGraph graph = Graphs.Of(
            "[Input(16, 24, 24), Conv2D(32, 3), BatchNorm, SiLU, AdaptiveAveragePool2D(3), "
            + "Conv2D(16, 1), Flatten, Dense(4), CrossEntropy]");
        TrainingProgram training = Training(graph with { Settings = graph.Settings with { Recompute = true } });
        Assert.DoesNotContain(training.Backward, step => IsRepeated(step) && step.Name.Contains("Pool", StringComparison.Ordinal));
    }

    /// <summary>Four tell which of a window's 9 elements it is; of each there are two bytes for the 16 lanes of a vector.</summary>
    [Fact]
    public void Indices_of_maxima_take_bits()
    {
        NetworkGraph graph = Graphs.Of(
            "[Input(16, 24, 24), Conv2D(32, 3, Padding = 1), MaxPool2D(3, Stride = 2, Padding = 1), "
            + "Conv2D(16, 1), Flatten, Dense(4), CrossEntropy]");
        TrainingProgram training = Training(
            graph with { Settings = graph.Settings with { TrainingLayout = Compiler.Graph.TrainingLayout.Blocked } });
        Step pool = training.Forward.Single(step => step.Name == "Pool1");
        Assert.Equal(32 / 16 * 12 * 12 * 4 * 2 / 4,
            pool.Operands.OfType<BufferOperand>().Single(argument => argument.Element == Tier.Avx512.LaneBits).Buffer.Floats);
    }

    private static bool IsRepeated(Step step) => step.Comment.EndsWith("; again", StringComparison.Ordinal);

    private static TensorBuffer Result(Step step) => Tensors(step, written: true).Single();

    private static IEnumerable<TensorBuffer> Tensors(Step step, bool written) => step.Operands.OfType<BufferOperand>()
        .Where(argument => argument.Buffer.Space is MemorySpace.Arena or MemorySpace.Sample && (argument.Access != Access.Read) == written)
        .Select(operand => operand.Buffer.Root);

    private static TrainingProgram Training(NetworkGraph graph) =>
        TierPrograms.Lower(graph, Tier.Avx512, TestContext.Current.CancellationToken).Training!;
}
