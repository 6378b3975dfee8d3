using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;
using Xunit;

namespace Strata.Generator.Tests.Lowering;

/// <summary>Which tensors are computed in place, inside of the tensor that concatenates them.</summary>
public sealed class ConcatenationPlanTests
{
    private const string Inception = """
        [Input(16, 12, 12), Conv2D(32, 1)]
        [Branch, Conv2D(16, 1), ReLU]
        [Branch, Conv2D(8, 1), ReLU, Conv2D(32, 3, Padding = 1), BatchNorm, ReLU]
        [Branch, MaxPool2D(3, Stride = 1, Padding = 1), Conv2D(20, 1)]
        [Concat, Conv2D(32, 3, Padding = 1)]
        """;

    private const string Dense = """
        [Input(3, 8, 8), Conv2D(32, 3, Padding = 1)]
        [Branch]
        [Branch, BatchNorm, ReLU, Conv2D(16, 3, Padding = 1)]
        [Concat]
        [Branch]
        [Branch, BatchNorm, ReLU, Conv2D(16, 3, Padding = 1)]
        [Concat]
        [Branch]
        [Branch, BatchNorm, ReLU, Conv2D(16, 3, Padding = 1)]
        [Concat, BatchNorm, ReLU, GlobalAveragePool2D]
        """;

    public static TheoryData<string, bool> Programs =>
        [.. from tier in Tier.All from block in new[] { false, true } select (tier.Name, block)];

    [Theory]
    [MemberData(nameof(Programs))]
    public void Branches_are_computed_where_they_are_joined(string tierName, bool block)
    {
        (NetworkGraph graph, LoweringPlan plan, Program program) = Lower(Inception, tierName, block);
        Assert.Equal(
            [("relu1", 0), ("relu3", 16), ("conv5", 48), ("concat1", 0)],
            new[] { "relu1", "relu3", "conv5", "concat1" }
                .Select(name => (name, plan.Layouts.Concatenations.PlaceOf(graph.Node(name))!.Value.Channel)));
        Assert.DoesNotContain(program.Steps, step => step.Name == "Concat1");

        // One tensor in memory, from the first branch on until it has been read.
        PlannedBuffer whole = Assert.Single(program.Memory.Buffers, planned => planned.Buffer.Name == TensorName.Of(graph.Node("concat1")));
        BufferOperand[][] steps =
            [.. program.Steps.Select(step => step.Operands.OfType<BufferOperand>().Where(b => b.Buffer.Root == whole.Buffer).ToArray())];
        Assert.Equal(whole.FirstStep, steps.TakeWhile(buffers => buffers.Length == 0).Count());
        Assert.Equal(whole.LastStep, steps.Length - 1 - steps.Reverse().TakeWhile(buffers => buffers.Length == 0).Count());
        Assert.Contains(program.Steps.Skip(whole.FirstStep).Take(2),
            step => step.Name.StartsWith("Conv2", System.StringComparison.Ordinal));
        Assert.StartsWith("Conv6", program.Steps[whole.LastStep].Name, System.StringComparison.Ordinal);
    }

    /// <summary>The reader wants zeros around the whole: each part has them, too, and they are cleared once.</summary>
    [Theory]
    [MemberData(nameof(Programs))]
    public void Parts_have_the_zeros_of_the_whole(string tierName, bool block)
    {
        (NetworkGraph graph, LoweringPlan plan, Program program) = Lower(Inception, tierName, block);
        foreach (string name in new[] { "relu1", "relu3", "conv5", "concat1" })
        {
            Assert.Equal(new Halo(1, 1, 1, 1), plan.Layouts.Of(graph.Node(name)).Halo);
        }

        TensorBuffer whole = program.Memory.Buffers.Single(planned => planned.Buffer.Name == TensorName.Of(graph.Node("concat1"))).Buffer;
        int[] cleared =
        [
            .. from step in program.Steps
               where step.Kernel is ClearHaloKernel
               from argument in step.Operands.OfType<BufferOperand>()
               where argument.Buffer.Root == whole
               from unit in Enumerable.Range(0, argument.Buffer.ChannelUnits)
               select argument.OffsetInRoot + (unit * whole.ChannelPitch),
        ];
        Assert.Equal(Enumerable.Range(0, whole.ChannelUnits).Select(unit => unit * whole.ChannelPitch), cleared);
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void A_chain_of_joins_is_one_growing_tensor(string tierName, bool block)
    {
        (NetworkGraph graph, LoweringPlan plan, Program program) = Lower(Dense, tierName, block);
        Assert.Equal(
            [("conv1", 0), ("conv2", 32), ("concat1", 0), ("conv3", 48), ("concat2", 0), ("conv4", 64), ("concat3", 0)],
            from name in new[] { "conv1", "conv2", "concat1", "conv3", "concat2", "conv4", "concat3" }
            let place = plan.Layouts.Concatenations.PlaceOf(graph.Node(name))
            where place.Value.Whole.Name == "concat3"
            select (name, place.Value.Channel));
        Assert.DoesNotContain(program.Steps, step => step.Name.StartsWith("Concat", System.StringComparison.Ordinal));
        Assert.Single(program.Memory.Buffers, planned => planned.Buffer.Name.Text.StartsWith("concat", System.StringComparison.Ordinal));
    }

    /// <summary>
    /// Blocks of channels are not cut: what begins inside of one is moved there, as vectors. What begins with one is computed in its place.
    /// </summary>
    [Theory]
    [InlineData(72, 64, 1)]
    [InlineData(64, 72, 0)]
    [InlineData(20, 12, 1)]
    public void A_part_that_begins_inside_of_a_block_is_moved_behind_the_one_before_it(int first, int second, int moves)
    {
        (NetworkGraph graph, LoweringPlan plan, Program program) = Lower(
            $"[Input(64, 9, 9)]\n[Branch, Conv2D({first}, 3)]\n[Branch, Conv2D({second}, 3)]\n[Concat, Conv2D(32, 3, Padding = 1)]",
            Tier.Avx512.Name, block: false);
        Assert.Equal(Layout.Blocked, plan.Layouts.Of(graph.Node("concat1")).Layout);
        Assert.Equal(0, plan.Layouts.Concatenations.PlaceOf(graph.Node("conv1"))!.Value.Channel);
        Assert.Equal(moves == 0, plan.Layouts.Concatenations.PlaceOf(graph.Node("conv2")) is not null);
        Assert.Equal(moves, program.Steps.Count(step => step.Name == "Concat1"));
        Assert.All(program.Steps.Where(step => step.Name == "Concat1"), step => Assert.IsType<BlockShiftKernel>(step.Kernel));
        Assert.DoesNotContain(program.Steps,
            step => step.Name == "Convert" && step.Comment.StartsWith("concat1", System.StringComparison.Ordinal));
    }

    [Fact]
    public void One_tensor_that_is_joined_twice_is_copied_to_the_second_place()
    {
        (NetworkGraph graph, LoweringPlan plan, Program program) = Lower(
            "[Input(2, 9, 9), Conv2D(2, 1)]\n[Branch]\n[Branch]\n[Concat]", Tier.Avx2.Name, block: false);
        Assert.Equal(new TensorPlace(graph.Node("concat1"), 0), plan.Layouts.Concatenations.PlaceOf(graph.Node("conv1")));
        Step copy = Assert.Single(program.Steps, step => step.Name == "Concat1");
        BufferOperand[] buffers = [.. copy.Operands.OfType<BufferOperand>()];
        Assert.Same(buffers[0].Buffer.Root, buffers[1].Buffer.Root);
        Assert.Equal(2 * buffers[1].Buffer.ChannelPitch, buffers[1].OffsetInRoot - buffers[0].OffsetInRoot);
    }

    [Theory]
    [InlineData("[Input(2, 9, 9)]\n[Branch]\n[Branch, Conv2D(2, 1)]\n[Concat]", 0)] // The input is taken in where it is joined.
    [InlineData("[Input(2, 9, 9), Conv2D(2, 1, Name = \"a\"), Output(\"y\"), Conv2D(2, 1, Name = "
        + "\"b\"), Concat(\"b\", \"a\"), Output(\"z\")]", 2)]
    // Overwritten by the activation.
    [InlineData("[Input(2, 9, 9), Conv2D(3, 1, Name = \"a\"), Conv2D(3, 1, Name = \"b\"), Concat(\"b\", \"a\"), Tanh, Conv2D(3, 1)]", -1)]
    [InlineData("[Input(2, 9, 9), Conv2D(3, 1, Name = \"a\"), Conv2D(3, 1, Name = \"b\"), Dropout(0.5), ReLU, Concat(\"relu1\", \"a\")]",
        3)]
    public void Inputs_outputs_and_tensors_with_other_readers_are_parts(string stack, int channel)
    {
        (NetworkGraph graph, LoweringPlan plan, _) = Lower(stack, Tier.Vector128.Name, block: false);
        Node part = graph.Nodes.SingleOrDefault(node => node.Name == "a") ?? graph.Input;
        Assert.Equal(channel, plan.Layouts.Concatenations.PlaceOf(part)?.Channel ?? -1);
    }

    /// <summary>The activation writes over the joined tensor, of which another layer still reads a part.</summary>
    [Fact]
    public void What_others_read_is_no_part_of_a_tensor_that_is_overwritten()
    {
        const string Stack = """
            [Input(4, 9, 9), Conv2D(4, 1, Name = "a"), Conv2D(4, 1, Name = "b"), Concat("a", "b", Name = "c"), Tanh(Name = "t")]
            [Conv2D(8, 1, From = "a", Name = "d"), Add("t", "d")]
            """;
        (NetworkGraph graph, LoweringPlan plan, _) = Lower(Stack, Tier.Avx512.Name, block: true);
        Assert.True(plan.Fusion.IsInPlace(plan.Fusion.ProducerOf(graph.Node("t"))!));
        Assert.Null(plan.Layouts.Concatenations.PlaceOf(graph.Node("a")));
        Assert.Equal(new TensorPlace(graph.Node("c"), 4), plan.Layouts.Concatenations.PlaceOf(graph.Node("b")));
    }

    /// <summary>An activation in place hands on the memory that it was given.</summary>
    [Fact]
    public void What_is_overwritten_in_place_is_a_part_from_the_beginning()
    {
        const string Stack = """
            [Input(4, 9, 9), Conv2D(4, 1, Name = "a"), Conv2D(4, 1, Name = "b"), Concat("a", "b", Name = "c"), Tanh(Name = "t")]
            [Conv2D(4, 1, From = "input", Name = "d"), Concat("d", "t", Name = "e")]
            """;
        (NetworkGraph graph, LoweringPlan plan, Program program) = Lower(Stack, Tier.Avx512.Name, block: true);
        Assert.Equal(new TensorPlace(graph.Node("e"), 4), plan.Layouts.Concatenations.PlaceOf(graph.Node("c")));
        Assert.Equal(new TensorPlace(graph.Node("e"), 8), plan.Layouts.Concatenations.PlaceOf(graph.Node("b")));
        Assert.Null(plan.Layouts.Concatenations.PlaceOf(graph.Node("a")));
        BufferOperand[] tanh = [.. program.Steps.Single(step => step.Name == "T").Operands.OfType<BufferOperand>()];
        Assert.Equal((TensorName.Of(graph.Node("e")), 4 * tanh[0].Buffer.ChannelPitch), (tanh[0].Buffer.Root.Name, tanh[1].Buffer.Start));
    }

    [Fact]
    public void In_training_each_tensor_has_memory_of_its_own()
    {
        NetworkGraph graph = Graphs.Of(Inception + "\n[Flatten, Dense(2), CrossEntropy]");
        LoweringPlan plan = Plans.Of(graph, ProgramKind.TrainingInLanes);
        Assert.All(graph.Nodes, node => Assert.Null(plan.Layouts.Concatenations.PlaceOf(node)));
    }

    private static (NetworkGraph Graph, LoweringPlan Plan, Program Program) Lower(string stack, string tierName, bool block)
    {
        Tier tier = Tier.All.Single(t => t.Name == tierName);
        NetworkGraph graph = Graphs.Of(stack) with { Settings = new() { Winograd = false } };
        LoweringPlan plan = Plans.Of(graph, block ? ProgramKind.Block : ProgramKind.OneSample, tier);
        return (graph, plan, ProgramLowering.Lower(Plans.Builder(graph, tier), plan));
    }
}
