using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;
using Xunit;

namespace Strata.Generator.Tests.Lowering;

/// <summary>
/// How a convolution joins its result with another tensor, by addition or another function, while the result is in registers.
/// </summary>
public sealed class FusedJoinTests
{
    public static TheoryData<string> Tiers => [.. Tier.All.Select(tier => tier.Name)];

    [Theory]
    [MemberData(nameof(Tiers))]
    public void Every_form_adds_before_it_stores(string tierName)
    {
        Tier tier = Tier.All.Single(t => t.Name == tierName);
        Assert.Equal(LaneUse.ChannelLanes,
            FormOf("[Input(64, 9, 9)]\n[Branch, Conv2D(64, 3, Padding = 1), BatchNorm]\n[Branch]\n[Add, ReLU]"));
        Assert.Equal(LaneUse.Depthwise,
            FormOf("[Input(64, 9, 9), Conv2D(64, 1)]\n[Branch, Conv2D(64, 3, Padding = 1, Groups = 64), BatchNorm]\n[Branch]\n[Add]"));
        Assert.Equal(LaneUse.RowLanes, FormOf("[Input(1, 9, 35)]\n[Branch, Conv2D(1, 3, Padding = 1)]\n[Branch]\n[Add, ReLU]"));
        Assert.Equal(
            LaneUse.SampleLanes,
            FormOf("[Input(1, 9, 35)]\n[Branch, Conv2D(1, 3, Padding = 1)]\n[Branch]\n[Add, ReLU]", ProgramKind.Block));

        LaneUse FormOf(string stack, ProgramKind? kind = null)
        {
            Program program = Lower(stack, tier, kind ?? ProgramKind.OneSample, winograd: false);
            Assert.DoesNotContain(program.Steps, step => step.Kernel is JoinKernel);
            return ((TiledConvolution)Assert.Single(program.Steps,
                step => step.Kernel is TiledConvolution { Epilogue.Join: not null }).Kernel).LaneUse;
        }
    }

    /// <summary>Its tiles hold columns that the result leaves out.</summary>
    [Fact]
    public void A_strided_convolution_in_rows_adds_behind_the_step_that_takes_its_columns()
    {
        Program program = Lower(
            "[Input(1, 12, 34)]\n[Branch, Conv2D(1, 3, Stride = 2, Padding = 1)]\n[Branch, AveragePool2D(2)]\n[Add, ReLU]", Tier.Avx512,
            ProgramKind.OneSample);
        Step[] steps = [.. program.Steps.Where(step => step.Name.StartsWith("Conv1", System.StringComparison.Ordinal))];
        Assert.Equal(["Conv1", "Conv1Stride", "Conv1Join"], steps.Select(step => step.Name));
        Assert.Null(((TiledConvolution)steps[0].Kernel).Epilogue.Join);
        Assert.Null(((TiledConvolution)steps[0].Kernel).Epilogue.Activation);
        Assert.NotNull(((JoinKernel)steps[2].Kernel).Activation);
    }

    /// <summary>Where tiles overlap, outputs are computed twice: the addend has to be what it was.</summary>
    [Theory]
    [MemberData(nameof(Tiers))]
    public void A_result_does_not_lie_where_its_addend_does(string tierName)
    {
        const string Stack = """
            [Input(32, 7, 7), Conv2D(32, 1)]
            [Branch, Conv2D(32, 3, Padding = 1), BatchNorm, ReLU, Conv2D(32, 3, Padding = 1)]
            [Branch]
            [Add, ReLU]
            [Branch, Conv2D(48, 1)]
            [Branch, Conv2D(48, 1)]
            [Add, ReLU]
            """;
        int found = 0;
        foreach (ProgramKind kind in new[] { ProgramKind.OneSample, ProgramKind.Block })
        {
            Program program = Lower(Stack, Tier.All.Single(t => t.Name == tierName), kind, winograd: false);
            Dictionary<TensorBuffer, PlannedBuffer> places = program.Memory.Buffers.ToDictionary(planned => planned.Buffer);
            foreach (Step step in program.Steps.Where(
                step => step.Kernel is TiledConvolution { Epilogue.Join: not null } or FlatConvolution { Epilogue.Join: not null }))
            {
                BufferOperand[] buffers = [.. step.Operands.OfType<BufferOperand>()];
                Assert.Equal(3, buffers.Length);
                (PlannedBuffer addend, PlannedBuffer result) = (places[buffers[1].Buffer.Root], places[buffers[2].Buffer.Root]);
                Assert.True(addend.Offset + addend.Buffer.Length <= result.Offset || result.Offset + result.Buffer.Length <= addend.Offset);
                found++;
            }
        }

        Assert.Equal(4, found);
    }

    [Fact]
    public void A_tensor_that_is_only_added_needs_no_zeros_around_it()
    {
        NetworkGraph graph = Graphs.Of("""
            [Input(64, 8, 8)]
            [Branch, Conv2D(64, 1)]
            [Branch, Conv2D(64, 3, Padding = 1)]
            [Add, Conv2D(64, 5, Padding = 2)]
            """);
        LoweringPlan plan = Plans.Of(graph, ProgramKind.OneSample);
        Assert.Equal(default, plan.Layouts.Of(graph.Node("conv1")).Halo);
        Assert.Equal(new Halo(2, 2, 2, 2), plan.Layouts.Of(graph.Node("add1")).Halo);
    }

    /// <summary>A network's input lies in rows.</summary>
    [Fact]
    public void An_addend_is_converted_to_the_layout_of_the_result()
    {
        NetworkGraph graph = Graphs.Of("[Input(64, 8, 8)]\n[Branch, Conv2D(64, 3, Padding = 1)]\n[Branch]\n[Add]");
        LoweringPlan plan = Plans.Of(graph, ProgramKind.OneSample);
        GroupLayout layout = plan.Layouts.Of(Assert.Single(plan.Fusion.All));
        Assert.Equal(Layout.Planar, plan.Layouts.Of(graph.Input).Layout);
        Assert.Equal((Layout.Blocked, Layout.Blocked), (layout.Inputs[1].Layout, layout.Result.Layout));
    }

    private static Program Lower(string stack, Tier tier, ProgramKind kind, bool winograd = true)
    {
        NetworkGraph graph = Graphs.Of(stack) with { Settings = new() { Winograd = winograd } };
        return ProgramLowering.Lower(Plans.Builder(graph, tier), Plans.Of(graph, kind, tier));
    }
}
