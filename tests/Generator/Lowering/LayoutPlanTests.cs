using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;
using Xunit;

namespace Strata.Generator.Tests.Lowering;

/// <summary>The plan of layouts: the layout of each tensor.</summary>
public sealed class LayoutPlanTests
{
    public static TheoryData<int, string> Networks =>
        [.. from stack in Enumerable.Range(0, Plans.Stacks.Length) from tier in Tier.All select (stack, tier.Name)];

    [Fact]
    public void Few_channels_lie_in_rows_and_many_in_blocks()
    {
        (NetworkGraph graph, LoweringPlan plan) =
            Plan("[Input(1, 32, 32), Conv2D(3, 3), Conv2D(64, 3), Conv2D(64, 3), GlobalAveragePool2D]", ProgramKind.OneSample);
        Assert.Equal(
            [Layout.Planar, Layout.Planar, Layout.Blocked, Layout.Blocked],
            graph.Nodes.Take(4).Select(node => plan.Layouts.Of(node).Layout));
    }

    /// <summary>The first layer alone would be cheaper in rows, but both readers of its result would have to convert that.</summary>
    [Fact]
    public void A_layer_gives_what_its_readers_want()
    {
        (NetworkGraph graph, LoweringPlan plan) = Plan(
            "[Input(3, 32, 32), Conv2D(16, 3, Padding = 1)]\n[Branch, Conv2D(16, 3, Padding = "
            + "1)]\n[Branch]\n[Add, Conv2D(16, 3, Padding = 1)]", ProgramKind.OneSample);
        Assert.Equal(Layout.Blocked, plan.Layouts.Of(graph.Node("conv1")).Layout);
    }

    [Fact]
    public void In_a_block_of_samples_every_tensor_has_a_sample_in_each_lane()
    {
        foreach (ProgramKind kind in new[] { ProgramKind.Block, ProgramKind.TrainingInLanes })
        {
            (NetworkGraph graph, LoweringPlan plan) = Plan(Plans.Stacks[1], kind);
            Assert.All(plan.Fusion.All, group => Assert.Equal(Layout.SampleLanes, plan.Layouts.Of(group.Last).Layout));
        }
    }

    [Fact]
    public void Around_a_tensor_lie_as_many_zeros_as_the_hungriest_reader_wants()
    {
        (NetworkGraph graph, LoweringPlan plan) = Plan(
            "[Input(2, 8, 8), Conv2D(2, 1)]\n[Branch, Conv2D(4, 3, Padding = 1)]\n[Branch, Conv2D(4, 5, Padding = 2)]\n[Add]",
            ProgramKind.Block);
        Assert.Equal(new Halo(2, 2, 2, 2), plan.Layouts.Of(graph.Node("conv1")).Halo);
        Assert.Equal(default, plan.Layouts.Of(graph.Node("conv2")).Halo);
    }

    [Fact]
    public void Zeros_around_a_volume_are_in_a_copy_for_the_one_who_wants_them()
    {
        (NetworkGraph graph, LoweringPlan plan) = Plan("[Input(2, 4, 4, 4), Conv3D(2, 1), Conv3D(2, 3, Padding = 1)]",
            ProgramKind.OneSample);
        Assert.Equal(default, plan.Layouts.Of(graph.Node("conv1")).Halo);
        GroupLayout second = plan.Layouts.Of(plan.Fusion.All[1]);
        Assert.Equal(new Halo(1, 1, 1, 1) { Front = 1, Back = 1 }, second.Inputs[0].Halo);
    }

    [Fact]
    public void A_flat_view_of_a_tensor_with_zeros_around_it_is_read_from_a_copy_without()
    {
        (NetworkGraph graph, LoweringPlan plan) = Plan(
            "[Input(2, 4, 4), Conv2D(2, 1)]\n[Branch, Flatten, Dense(3)]\n[Branch, Conv2D(3, 3, Padding = 1), Flatten, Dense(3)]\n[Add]",
            ProgramKind.Block);
        LayerGroup dense = plan.Fusion.All.Single(group => group.Head.Name == "dense1");
        Assert.Equal(new Halo(1, 1, 1, 1), plan.Layouts.Of(dense.Input).Halo);
        Assert.Equal(default, plan.Layouts.Of(dense).Inputs[0].Halo);
    }

    [Fact]
    public void What_a_dense_layer_reads_outlives_its_block_in_training_only()
    {
        const string Stack = "[Input(2, 4, 4), Conv2D(2, 1), Flatten, Dense(3), ReLU, Dense(2), CrossEntropy]";
        MemorySpace[] Spaces(ProgramKind kind)
        {
            (NetworkGraph graph, LoweringPlan plan) = Plan(Stack, kind);
            return [.. plan.Fusion.All.Select(group => plan.Layouts.Of(group.Last).Space)];
        }

        Assert.Equal([MemorySpace.Slot, MemorySpace.Slot, MemorySpace.Slot, MemorySpace.Arena], Spaces(ProgramKind.TrainingInLanes));
        Assert.All(Spaces(ProgramKind.Block), space => Assert.Equal(MemorySpace.Arena, space));
    }

    [Fact]
    public void A_filter_for_each_channel_reads_and_writes_blocks()
    {
        (_, LoweringPlan plan) = Plan("[Input(32, 16, 16), Conv2D(32, 3, Groups = 32)]", ProgramKind.OneSample);
        GroupLayout layout = plan.Layouts.Of(plan.Fusion.All[0]);
        Assert.Equal((Layout.Blocked, Layout.Blocked), (layout.Inputs[0].Layout, layout.Result.Layout));
    }

    [Fact]
    public void A_strided_convolution_in_rows_keeps_its_columns_until_a_step_of_its_own_pools_them()
    {
        (NetworkGraph graph, LoweringPlan plan) = Plan(
            "[Input(8, 12, 17), Conv2D(1, 2, Stride = 2, Padding = 1), SiLU, AveragePool2D(2)]", ProgramKind.OneSample);
        Program program = ProgramLowering.Lower(Plans.Builder(graph, Tier.Avx512), plan);
        Step[] steps =
            [.. program.Steps.Where(step => step.Name.StartsWith("Conv1", System.StringComparison.Ordinal) || step.Name == "Pool1")];
        Assert.Equal(["Conv1", "Conv1Stride", "Pool1"], steps.Select(step => step.Name));
        Shape[] written = [.. steps.Select(step => step.Operands.OfType<BufferOperand>().Last().Buffer.Shape)];
        Assert.Equal([new Shape(3, 1, 1, 7, 17), graph.Node("conv1").Shape, graph.Node("pool1").Shape], written);
    }

    /// <summary>The steps are those of the plan: no tensor lies otherwise.</summary>
    [Theory]
    [MemberData(nameof(Networks))]
    public void Tensors_lie_as_they_were_planned(int stack, string tierName)
    {
        Tier tier = Tier.All.Single(t => t.Name == tierName);
        NetworkGraph graph = Graphs.Of(Plans.Stacks[stack]);
        foreach (ProgramKind kind in new[] { ProgramKind.OneSample, ProgramKind.Observed, ProgramKind.Block, ProgramKind.TrainingInLanes })
        {
            LoweringPlan plan = Plans.Of(graph, kind, tier);
            LoweredTensors tensors = new ProgramLowering(Plans.Builder(graph, tier), plan).Forward();
            IEnumerable<Node> computed = plan.Fusion.All.Where(group => !plan.Fusion.IsOnRequest(group)).Select(group => group.Last);
            foreach (Node node in graph.Inputs.Concat(computed))
            {
                TensorBuffer buffer = tensors.Of(node.Index);
                TensorLayout layout = plan.Layouts.Of(node);
                Assert.Equal(layout,
                    new TensorLayout(buffer.Shape, buffer.Layout, buffer.Halo, buffer.Space) { PaddedLength = buffer.PaddedLength });
            }
        }
    }

    private static (NetworkGraph Graph, LoweringPlan Plan) Plan(string stack, ProgramKind kind)
    {
        NetworkGraph graph = Graphs.Of(stack);
        return (graph, Plans.Of(graph, kind));
    }
}
