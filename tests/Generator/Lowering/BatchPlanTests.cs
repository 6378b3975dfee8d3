using System;
using System.Linq;
using Strata.Compiler.Declarations;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;
using Strata.Generator.Printing;
using Xunit;

namespace Strata.Generator.Tests.Lowering;

/// <summary>Which steps all samples of a batch do together.</summary>
public sealed class BatchPlanTests
{
    /// <summary>Second-level caches hold 1 MiB; half of it are 131,072 floats.</summary>
    [Theory]
    [InlineData(WorkAxis.Channels, 64, 1 << 20, 1 << 10, 8)]
    [InlineData(WorkAxis.Tiles, 100, 1 << 20, 1 << 10, 12)]
    [InlineData(WorkAxis.Panels, 2, 1 << 20, 1 << 10, 1)]
    [InlineData(WorkAxis.Channels, 64, 1 << 20, 1 << 21, 0)]
    [InlineData(WorkAxis.Channels, 64, 1 << 17, 1 << 10, 0)]
    [InlineData(WorkAxis.Rows, 64, 1 << 20, 1 << 10, 0)]
    [InlineData(WorkAxis.None, 1, 1 << 20, 1 << 10, 0)]
    [InlineData(WorkAxis.Tiles, 100, 1 << 20, 1 << 10, 12, 1 << 16)]
    [InlineData(WorkAxis.Tiles, 100, 1 << 20, 1 << 10, 0, (1 << 16) + 1)]
    public void They_do_so_many_items_before_the_next_that_their_weights_stay_in_the_cache(
        object axis, int items, long weights, long tensors, int expected, int ready = 0) =>
        Assert.Equal(expected,
            ThreadCosts.BatchItems(Tier.Avx512, new Work((WorkAxis)axis, items, Run: ready > 0 ? 10 : 1, ready), weights, tensors));

    [Fact]
    public void A_dense_layer_has_a_kernel_for_several_samples_where_its_weights_outweigh_them()
    {
        const string Stack = "[Input(16, 14, 14), Conv2D(64, 3, Padding = 1), ReLU, Flatten, Dense(300), Tanh, Dense(100)]";
        NetworkModel network = Graphs.ModelOf($"using Strata;\n[Network]\n{Stack}\npublic partial class Net;");
        foreach (Tier tier in Tier.All)
        {
            TierPrograms programs = TierPrograms.Lower(network.Graph!, tier, TestContext.Current.CancellationToken);
            int[] together =
                [.. programs.Sample.Steps.Select((step, i) => (step, i)).Where(s => s.step.OfSamples is not null).Select(s => s.i)];
            int dense = Assert.Single(together);
            Step step = programs.Sample.Steps[dense];
            Assert.Equal("Dense1", step.Name);
            Assert.Equal(step.Work, step.OfSamples!.WorkOf([]));
            string text = string.Concat(TierWriter.Write(network.Target!, programs, TestContext.Current.CancellationToken)
                .Files(null, TestContext.Current.CancellationToken).Select(file => file.Text));
            Assert.Contains($"case {dense}:", text[text.IndexOf("InferBatchStep(int", StringComparison.Ordinal)..],
                StringComparison.Ordinal);
            Assert.True(programs.Sample.Schedule.ElementAt(dense).BatchItems > 0);
            Assert.Contains("samples, arenaStride, first, end);", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Samples_of_a_small_network_are_on_their_own()
    {
        NetworkModel network = Graphs.ModelOf(
            "using Strata;\n[Network]\n[Input(16, 32, 32), Conv2D(16, 3, Padding = 1), ReLU, "
            + "Flatten, Dense(4)]\npublic partial class Net;");
        TierPrograms programs = TierPrograms.Lower(network.Graph!, Tier.Avx2, TestContext.Current.CancellationToken);
        Assert.DoesNotContain(
            "Batch",
            string.Concat(TierWriter.Write(network.Target!, programs, TestContext.Current.CancellationToken)
                .Files(null, TestContext.Current.CancellationToken).Select(file => file.Text)), StringComparison.Ordinal);
    }
}
