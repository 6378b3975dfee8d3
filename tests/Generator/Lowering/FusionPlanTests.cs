using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.Lowering;
using Xunit;

namespace Strata.Generator.Tests.Lowering;

/// <summary>Which layers are computed together.</summary>
public sealed class FusionPlanTests
{
    private const string Convolutional =
        "[Input(3, 8, 8), Conv2D(4, 3), BatchNorm, ReLU, MaxPool2D(2), Flatten, Dense(2), Softmax, CrossEntropy]";

    [Fact]
    public void In_inference_a_convolution_takes_norm_activation_and_pooling() => Assert.Equal(
        ["conv1 + bn1 + relu1 + pool1", "flatten1", "dense1", "softmax1"], Groups(Convolutional, ProgramKind.OneSample));

    /// <summary>What each matcher takes behind a convolution, in inference and in training.</summary>
    private static readonly (string Matcher, string Layers, string Inference, string Training)[] Behind =
    [
        ("batch norm", "BatchNorm", "conv1 + bn1", "conv1"),
        ("join", "Add(\"a\", \"conv1\")", "conv1 + add1", "conv1"),
        ("activation", "ReLU", "conv1 + relu1", "conv1 + relu1"),
        ("pooling", "MaxPool2D(2)", "conv1 + pool1", "conv1 + pool1"),
    ];

    [Fact]
    public void Each_matcher_takes_its_kind_of_layer()
    {
        Assert.Equal(FusionMatcher.All.Select(matcher => matcher.Name), Behind.Select(row => row.Matcher));
        Assert.All(FusionMatcher.All, matcher => Assert.NotEmpty(matcher.Reason));
        foreach ((_, string layers, string inference, string training) in Behind)
        {
            string network = $"[Input(4, 8, 8), PReLU(Name = \"a\"), Conv2D(4, 1), {layers}, Flatten, Dense(2), CrossEntropy]";
            Assert.Contains(inference, Groups(network, ProgramKind.OneSample));
            Assert.Contains(training, Groups(network, ProgramKind.TrainingInLanes));
        }
    }

    [Fact]
    public void In_training_a_norm_stands_by_itself_since_it_needs_the_whole_batch() => Assert.Equal(
        ["conv1", "bn1 + relu1", "pool1", "flatten1", "dense1", "softmax1"], Groups(Convolutional, ProgramKind.TrainingInLanes));

    [Fact]
    public void Who_wants_to_see_every_layer_gets_each_by_itself() => Assert.Equal(
        ["conv1", "bn1", "relu1", "pool1", "flatten1", "dense1", "softmax1"], Groups(Convolutional, ProgramKind.Observed));

    [Theory]
    [InlineData("ReLU, MaxPool2D(2)", "conv1 + relu1 + pool1")]
    [InlineData("ReLU, AveragePool2D(2)", "conv1 + relu1")] // Its gradient needs the activations themselves.
    [InlineData("GELU, MaxPool2D(2)", "conv1")] // Its gradient needs its input.
    [InlineData("ReLU, MaxPool2D(3, Stride = 2)", "conv1 + relu1")] // Windows overlap.
    public void In_training_what_backward_needs_is_not_fused_away(string layers, string first) => Assert.Equal(
        first, Groups($"[Input(3, 8, 8), Conv2D(4, 3), {layers}, Flatten, Dense(2), CrossEntropy]", ProgramKind.TrainingInLanes)[0]);

    [Fact]
    public void What_others_read_is_not_fused_away() => Assert.Equal(
        ["conv1", "relu1", "add1"], Groups("[Input(3, 8, 8), Conv2D(3, 1)]\n[Branch]\n[Branch, ReLU]\n[Add]", ProgramKind.OneSample));

    [Theory]
    [InlineData("BatchNorm, ReLU, Conv2D(4, 1), BatchNorm", "bn1 + relu1 + conv1 + bn2")]
    [InlineData("BatchNorm, Conv2D(4, 1), AveragePool2D(2)", "bn1 + conv1 + pool1")]
    [InlineData("BatchNorm, ReLU, Conv2D(4, 1, Stride = 2)", "bn1 + relu1 + conv1")]
    [InlineData("BatchNorm, ReLU, Conv2D(4, 1, Padding = 1)", "bn1 + relu1, conv1")] // Zeros are not normalized.
    [InlineData("BatchNorm, ReLU, Conv2D(4, 3)", "bn1 + relu1, conv1")] // It would be applied nine times.
    [InlineData("BatchNorm, ReLU, Conv2D(6, 1, Groups = 3)", "bn1 + relu1, conv1")]
    public void In_inference_a_convolution_of_single_pixels_takes_the_norm_in_front_of_it(string layers, string groups)
    {
        NetworkGraph graph = Graphs.Of($"[Input(3, 8, 8), {layers}]");
        FusionPlan plan = FusionPlan.Create(graph, ProgramKind.OneSample);
        Assert.Equal(groups, string.Join(", ", plan.All.Select(group => group.Label)));
        Assert.Equal(0, plan.All[0].Input.Index);
        Assert.StartsWith("bn1", FusionPlan.Create(graph, ProgramKind.Block).All[0].Label, System.StringComparison.Ordinal);
        Assert.DoesNotContain("conv1", FusionPlan.Create(graph, ProgramKind.Block).All[0].Label, System.StringComparison.Ordinal);
    }

    [Fact]
    public void A_norm_that_others_read_stands_by_itself() => Assert.Equal(
        ["bn1 + relu1", "conv1 + add1"],
        Groups("[Input(3, 8, 8), BatchNorm, ReLU]\n[Branch, Conv2D(3, 1)]\n[Branch]\n[Add]", ProgramKind.OneSample));

    [Theory]
    [InlineData("[Branch, Conv2D(3, 1), BatchNorm]\n[Branch]\n[Add, ReLU]", "conv1 + bn1 + add1 + relu1", "input")]
    // Tiles with an addend are not pooled.
    [InlineData("[Branch]\n[Branch, Conv2D(3, 1)]\n[Add, MaxPool2D(2)]", "conv1 + add1, pool1", "input")]
    // The layer waits for its addend.
    [InlineData("[Branch, Conv2D(3, 1)]\n[Branch, Tanh]\n[Add, GELU]", "tanh1, conv1 + add1 + gelu1", "tanh1")]
    [InlineData("[Branch, Conv2D(4, 1), BatchNorm]\n[Branch, Conv2D(4, 1)]\n[Add, ReLU]", "conv1 + bn1, conv2 + add1 + relu1", "bn1")]
    [InlineData("[Branch, Conv2D(4, 1)]\n[Branch, Conv2D(4, 1), BatchNorm]\n[Add, ReLU]", "conv1, conv2 + bn1 + add1 + relu1", "conv1")]
    [InlineData("[Branch, Conv2D(3, 1), BatchNorm, StochasticDepth(0.2)]\n[Branch]\n[Add, ReLU]",
        "conv1 + bn1 + drop1 + add1 + relu1", "input")]
    [InlineData("[Branch, Conv2D(3, 1), StochasticDepth(0), Dropout]\n[Branch, Dropout]\n[Add]",
        "dropout2, conv1 + drop1 + dropout1 + add1", "dropout2")]
    [InlineData("[Branch, Conv2D(4, 1), SpatialDropout]\n[Branch, Conv2D(4, 1), Dropout, ReLU]\n[Add]",
        "conv2 + dropout2 + relu1, conv1 + dropout1 + add1", "relu1")]
    [InlineData("[Branch, Conv2D(4, 1), StochasticDepth(0.2)]\n[Branch, Conv2D(4, 1), StochasticDepth(0.2)]\n[Add]",
        "conv1, drop1, conv2 + drop2 + add1", "drop1")]
    // An activated tensor takes no addition.
    [InlineData("[Branch, Conv2D(4, 1)]\n[Branch, Conv2D(4, 1), ReLU]\n[Add]", "conv2 + relu1, conv1 + add1", "relu1")]
    public void In_inference_a_convolution_takes_the_addition_behind_it(string layers, string groups, string addend)
    {
        FusionPlan plan = FusionPlan.Create(Graphs.Of($"[Input(3, 8, 8)]\n{layers}"), ProgramKind.OneSample);
        Assert.Equal(groups, string.Join(", ", plan.All.Select(group => group.Label)));
        LayerGroup sum = Assert.Single(plan.All, group => group.Join is not null);
        Assert.Equal(addend, sum.Join!.Other.Name.Length > 0 ? sum.Join.Other.Name : "input");
        Assert.Equal([sum.Head.Inputs[0], sum.Join.Other.Index], sum.Inputs.Select(input => input.Index));
        Assert.Contains(sum, plan.ReadersOf(sum.Join.Other));
    }

    [Theory]
    [InlineData("[Input(3, 8, 8), Conv2D(3, 1)]\n[Branch]\n[Branch]\n[Add]")] // One tensor twice.
    [InlineData("[Input(3, 8, 8)]\n[Branch, Conv2D(3, 1)]\n[Branch, Tanh]\n[Branch]\n[Add]")] // Three tensors.
    [InlineData("[Input(3, 8, 8)]\n[Branch, Conv2D(3, 1), ReLU]\n[Branch]\n[Add]")] // An activation before the addition.
    [InlineData("[Input(3, 8, 8)]\n[Conv2D(3, 1, Name = \"a\"), Tanh(Name = \"b\"), Add(\"a\", \"b\")]")] // Two readers.
    // Read from outside.
    [InlineData("[Input(3, 8, 8, Name = \"x\")]\n[Conv2D(3, 1, Name = \"a\"), Output(\"y\"), Add(\"a\", \"x\"), Output(\"z\")]")]
    [InlineData("[Input(12)]\n[Branch, Dense(12)]\n[Branch]\n[Add]")] // No tiles.
    public void An_addition_stands_by_itself_where_no_tile_could_take_it(string stack) =>
        Assert.Contains(Groups(stack, ProgramKind.OneSample), label => label.StartsWith("add1", System.StringComparison.Ordinal));

    [Theory]
    [InlineData("TrainingInLanes")]
    [InlineData("Observed")]
    public void In_training_and_where_every_layer_is_seen_nothing_is_added_in_registers(string program)
    {
        ProgramKind kind = program == "Observed" ? ProgramKind.Observed : ProgramKind.TrainingInLanes;
        FusionPlan plan = FusionPlan.Create(
            Graphs.Of("[Input(3, 8, 8)]\n[Branch, Conv2D(3, 1)]\n[Branch]\n[Add, Flatten, Dense(2), CrossEntropy]"), kind);
        Assert.All(plan.All, group => Assert.Null(group.Join));
    }

    [Fact]
    public void A_group_comes_behind_those_whose_results_it_reads()
    {
        foreach (NetworkGraph graph in Plans.Stacks.Select(Graphs.Of).Concat(Graphs.AllOf(Graphs.ZooSources()).Values))
        {
            foreach (ProgramKind kind in new[] { ProgramKind.OneSample, ProgramKind.Block, ProgramKind.Observed,
                ProgramKind.TrainingInLanes })
            {
                var computed = graph.Inputs.Select(input => input.Index).ToHashSet();
                foreach (LayerGroup group in FusionPlan.Create(graph, kind).All)
                {
                    Assert.Superset(group.Inputs.Select(input => input.Index).ToHashSet(), computed);
                    Assert.True(computed.Add(group.Last.Index));
                }

                Assert.Superset(graph.Exits(kind.Trains).ToHashSet(), computed);
            }
        }
    }

    [Theory]
    [InlineData("Dense(2), Softmax, CrossEntropy", true)]
    [InlineData("Dense(2), Softmax, MeanSquaredError", false)]
    [InlineData("Dense(2), Sigmoid, BinaryCrossEntropy", true)]
    public void A_layer_that_is_one_function_with_its_loss_waits_until_somebody_asks_for_outputs(string layers, bool waits)
    {
        FusionPlan plan = FusionPlan.Create(Graphs.Of($"[Input(4), {layers}]"), ProgramKind.TrainingInLanes);
        Assert.Equal(waits, plan.IsOnRequest(plan.All[^1]));
        Assert.DoesNotContain(plan.All.SkipLast(1), plan.IsOnRequest);
    }

    [Fact]
    public void An_activation_that_is_not_fused_overwrites_its_input_where_nobody_else_reads_it()
    {
        bool InPlace(string stack, ProgramKind kind)
        {
            FusionPlan plan = FusionPlan.Create(Graphs.Of(stack), kind);
            return plan.IsInPlace(plan.All.Single(group => group.Head.Name == "relu1"));
        }

        const string Alone = "[Input(3, 4, 4), Flatten, ReLU, Dense(2), CrossEntropy]";
        Assert.True(InPlace(Alone, ProgramKind.OneSample));
        Assert.True(InPlace(Alone, ProgramKind.Block));
        Assert.False(InPlace(Alone, ProgramKind.TrainingInLanes));
        Assert.False(InPlace(Alone, ProgramKind.Observed));
        Assert.False(InPlace("[Input(3, 4, 4)]\n[Branch, Flatten, ReLU]\n[Branch, Flatten]\n[Add]", ProgramKind.OneSample));
    }

    private static string[] Groups(string stack, ProgramKind kind)
    {
        NetworkGraph graph = Graphs.Of(stack);
        return [.. FusionPlan.Create(graph, kind).All.Select(group => group.Label)];
    }
}
