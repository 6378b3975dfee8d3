using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;
using Strata.Compiler.Operators;
using Xunit;

namespace Strata.Generator.Tests.Lowering;

/// <summary>The plan of gradients: which tensors have one, and where gradients join.</summary>
public sealed class GradientFlowTests
{
    [Fact]
    public void Backward_goes_from_the_loss_to_the_first_layer_with_parameters()
    {
        GradientFlow flow = Flow("[Input(3, 8, 8), AveragePool2D(2), Conv2D(4, 1), ReLU, Flatten, Dense(2), Softmax, CrossEntropy]");

        // Softmax is one function with its loss; in front of the convolution nothing is trained.
        Assert.Equal(["dense1", "flatten1", "conv1"], Heads(flow));
        Assert.Equal([true, true, false], flow.Steps.Select(step => step.Wanted[0]));
        Assert.Empty(flow.Inputs);
    }

    [Fact]
    public void The_inputs_gradient_is_computed_where_the_caller_asks_for_it()
    {
        GradientFlow flow = Flow("[Input(3, 8, 8), AveragePool2D(2), Conv2D(4, 1), Flatten, Dense(2), CrossEntropy]",
            graph => graph with { Settings = graph.Settings with { InputGradient = true } });
        Assert.Equal(["dense1", "flatten1", "conv1", "pool1"], Heads(flow));
        Assert.All(flow.Steps, step => Assert.True(step.Wanted[0]));
        Assert.Single(flow.Inputs);
    }

    [Fact]
    public void Nothing_flows_into_what_is_frozen() => Assert.Equal(
        ["dense1"], Heads(Flow("[Input(3, 8, 8), Conv2D(4, 1, Frozen = true), ReLU, Flatten, Dense(2), CrossEntropy]")));

    [Fact]
    public void Through_what_is_frozen_it_flows_on()
    {
        GradientFlow flow = Flow("[Input(8), Dense(4), ReLU, Dense(4, Frozen = true), Dense(2), CrossEntropy]");
        Assert.Equal(["dense3", "dense2", "dense1"], Heads(flow));
        Assert.Equal([true, false, true], flow.Steps.Select(step => step.Group.IsTrained));
    }

    [Fact]
    public void The_gradients_of_several_readers_are_summed()
    {
        GradientFlow flow =
            Flow("[Input(3, 8, 8), Conv2D(3, 1)]\n[Branch, Conv2D(3, 1)]\n[Branch]\n[Add, Flatten, Dense(2), CrossEntropy]");
        Assert.Equal(["dense1", "flatten1", "add1", "conv2", "conv1"], Heads(flow));
        Assert.Equal([1, 1, 1, 1, 2], flow.Steps.Select(step => step.Readers));
    }

    [Theory]
    [InlineData("ReLU, Conv2D(2, 1)", true)]
    [InlineData("ReLU, Flatten, Dense(2)", true)] // Through a view.
    [InlineData("GELU, Conv2D(2, 1)", false)] // Its gradient needs its input.
    [InlineData("ReLU, MaxPool2D(2), Conv2D(2, 1)", false)] // Pooling stands in between.
    [InlineData("ReLU, AveragePool2D(2)", false)] // Not in registers.
    public void The_next_layer_multiplies_by_the_gradient_of_the_activation_before_it(string layers, bool fuses)
    {
        GradientFlow flow = Flow($"[Input(3, 8, 8), Conv2D(4, 1), {layers}, Flatten, Dense(2), CrossEntropy]");
        GradientStep first = flow.Steps[^1];
        Assert.Equal(fuses, first.IsActivated);
        Assert.Equal(fuses, flow.Steps.Take(flow.Steps.Count - 1).Any(step => step.Fused is not null));
    }

    [Fact]
    public void An_activation_with_several_readers_takes_its_own_gradient_of_their_sum()
    {
        GradientFlow flow = Flow(
            "[Input(3, 8, 8), Conv2D(3, 1), ReLU]\n[Branch, Conv2D(3, 1)]\n[Branch, Conv2D(3, 1)]\n[Add, Flatten, Dense(2), CrossEntropy]");
        Assert.False(flow.Steps[^1].IsActivated);
        Assert.DoesNotContain(flow.Steps, step => step.Fused is not null);
    }

    [Fact]
    public void A_convolution_finds_the_zeros_that_it_reads_around_its_gradient()
    {
        GradientFlow flow =
            Flow("[Input(3, 8, 8), Conv2D(3, 1), Conv2D(3, 3, Padding = 1), Conv2D(3, 5, Padding = 2), Flatten, Dense(2), CrossEntropy]");
        GradientStep[] convolutions = [.. flow.Steps.Where(step => step.Group.Filters is not null)];
        Assert.Equal([new Halo(2, 2, 2, 2), new Halo(1, 1, 1, 1), default], convolutions.Select(step => step.Zeros));

        // Whoever makes the gradient of what the one before computed leaves room for its zeros.
        Assert.Equal([new Halo(1, 1, 1, 1), default, default], convolutions.Select(step => step.ZerosAroundInput));
    }

    [Fact]
    public void What_dense_layers_read_is_read_again_over_the_whole_batch()
    {
        NetworkGraph graph = Graphs.Of("[Input(2, 4, 4), Conv2D(2, 1), Flatten, Dense(3), ReLU, Dense(2), CrossEntropy]");
        GradientFlow flow = Plans.Of(graph, ProgramKind.TrainingInLanes).Gradients!;
        Assert.Equal(["conv1", "flatten1", "relu1"],
            graph.Nodes.Where(node => flow.ReadOverBatch.Contains(node.Index)).Select(node => node.Name));
    }

    /// <summary>The steps of backward are those of the flow.</summary>
    [Fact]
    public void Sums_of_gradients_are_where_the_flow_has_several_readers()
    {
        foreach (string stack in Plans.Stacks)
        {
            NetworkGraph graph = Graphs.Of(stack);
            GradientFlow flow = Plans.Of(graph, ProgramKind.TrainingInLanes, Tier.Avx2).Gradients!;
            TrainingProgram training = TierPrograms.Lower(graph, Tier.Avx2, Xunit.TestContext.Current.CancellationToken).Training!;
            Assert.Equal(
                flow.Steps.Where(step => step.Readers > 1)
                    .Select(step => $"{step.Group.Last.Name}'s gradient: the sum over {step.Readers} readers"),
                training.Backward.Where(step => step.Name == "SumGradients").Select(step => step.Comment));
        }
    }

    /// <summary>Backward reads of forward what the flow says, and no more; loops that operators write may leave some of it.</summary>
    [Theory]
    [MemberData(nameof(LayoutPlanTests.Networks), MemberType = typeof(LayoutPlanTests))]
    public void What_is_saved_for_backward_is_what_it_reads(int stack, string tierName)
    {
        Tier tier = Tier.All.Single(t => t.Name == tierName);
        NetworkGraph graph = Graphs.Of(Plans.Stacks[stack]);
        LoweringPlan plan = Plans.Of(graph, ProgramKind.TrainingInLanes, tier);
        ProgramBuilder builder = Plans.Builder(graph, tier);
        LoweredTensors tensors = new ProgramLowering(builder, plan).Forward();
        foreach (GradientStep step in plan.Gradients!.Steps)
        {
            LoweredGroup group = tensors.Of(step.Group);
            int before = builder.Steps.Count, whole = builder.OverBatch.Count;
            var shape = new TensorBuffer(new TensorName("g", "G"), group.Output.Shape, Layout.SampleLanes, default, tier.Lanes);
            var at = new BackwardContext(builder, step, group, shape);
            at.EnterLayer();
            plan.Algorithms[step.Group].Backward(at);
            var read = new HashSet<object>(ReferenceEqualityComparer.Instance);
            read.UnionWith(builder.Steps.Skip(before).SelectMany(s => s.Operands).OfType<BufferOperand>().Select(a => a.Buffer.Root));
            read.UnionWith(builder.OverBatch.Skip(whole).Select(s => s.Input.Root));
            SavedForBackward seen =
                (group.Inputs.Concat(group.Read).Any(x => read.Contains(x.Root) && !ReferenceEquals(x.Root, group.Output.Root))
                    ? SavedForBackward.Input : 0)
                | (read.Contains(group.Output.Root) ? SavedForBackward.Output : 0)
                | (group.Indices is { } indices && read.Contains(indices) ? SavedForBackward.Indices : 0);
            Assert.Equal(step.Group.Operation is LoopOperation ? step.Saved & seen : step.Saved, seen);
        }
    }

    private static GradientFlow Flow(string stack, System.Func<NetworkGraph, NetworkGraph>? change = null)
    {
        NetworkGraph graph = Graphs.Of(stack);
        return Plans.Of(change is null ? graph : change(graph), ProgramKind.TrainingInLanes).Gradients!;
    }

    private static string[] Heads(GradientFlow flow) => [.. flow.Steps.Select(step => step.Group.Head.Name)];
}
