using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;
using Xunit;

namespace Strata.Generator.Tests.Lowering;

/// <summary>The order of the steps of a training pass. Some steps are done for each sample, others for a block of samples.</summary>
public sealed class SampleMajorOrderTests
{
    private const string Normalized = """
        [Input(16, 48, 48), Conv2D(32, 3, Padding = 1, Bias = false), BatchNorm, ReLU, Conv2D(64, 1, Bias = false), BatchNorm, ReLU]
        [Conv2D(32, 3, Padding = 1, Bias = false), BatchNorm, ReLU, GlobalAveragePool2D, Flatten, Dense(10), CrossEntropy]
        """;

    private static readonly string Plain = Normalized.Replace("BatchNorm, ", "", StringComparison.Ordinal);

    [Fact]
    public void Between_steps_for_the_whole_batch_those_for_each_sample_follow_one_another()
    {
        TrainingProgram training = Training(Normalized);
        Assert.True(training.GoesBySample);
        List<List<Step>> sections = Sections(training.Backward);
        Assert.Equal(4, sections.Count);
        foreach (List<Step> section in sections.Skip(1).Take(2))
        {
            int first = section.FindIndex(step => step.IsOfSample), last = section.FindLastIndex(step => step.IsOfSample);
            Assert.True(last > first + 1, "no run");
            Assert.All(section.Take(first), step => Assert.Matches("weights by inputs|transposed filters", step.Comment));
            Assert.All(section.GetRange(first, last - first), step => Assert.True(step.IsOfSample, step.Comment));
            Assert.Contains(section.Skip(last), step => step.Comment.Contains("gradient of the weights", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Without_such_steps_gradients_of_weights_do_not_wait_for_those_of_all_inputs()
    {
        List<Step> backward = [.. Training(Plain).Backward];
        int Of(string layer, string what) =>
            backward.FindLastIndex(step => step.Comment.StartsWith($"{layer}: gradient of the {what}", StringComparison.Ordinal));
        Assert.InRange(Of("conv3", "weights"), 0, Of("conv2", "input"));
        Assert.InRange(Of("conv2", "weights"), Of("conv3", "weights"), Of("conv1", "weights"));
    }

    [Fact]
    public void Where_the_samples_of_a_block_stay_in_the_caches_their_steps_stay_in_the_order_of_the_layers()
    {
        TrainingProgram training = Training(Normalized.Replace("48", "12", StringComparison.Ordinal));
        Assert.False(training.GoesBySample);
        List<Step> section = Sections(training.Backward)[1];
        Assert.InRange(
            section.FindIndex(step => step.Comment.StartsWith("conv3: gradient of the weights", StringComparison.Ordinal)), 1,
            section.FindLastIndex(step => step.IsOfSample) - 1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_in_order_stays_as_it_is(bool normalized)
    {
        TrainingProgram training = Training(normalized ? Normalized : Plain);
        Assert.Equal(Comments(training.Forward), Comments(SampleMajorOrder.Reorder(training.Forward)));
        Assert.Equal(Comments(training.Backward), Comments(SampleMajorOrder.Reorder(training.Backward)));
    }

    private static IEnumerable<string> Comments(IEnumerable<Step> steps) => steps.Select(step => step.Comment);

    private static List<List<Step>> Sections(IEnumerable<Step> steps)
    {
        List<List<Step>> sections = [[]];
        foreach (Step step in steps)
        {
            if (step.Combines)
            {
                sections.Add([]);
            }
            else
            {
                sections[^1].Add(step);
            }
        }

        return sections;
    }

    private static TrainingProgram Training(string stack) =>
        TierPrograms.Lower(Graphs.Of(stack) with { Settings = new() { TrainingLayout = Compiler.Graph.TrainingLayout.Blocked } },
            Tier.Avx512, TestContext.Current.CancellationToken).Training!;
}
