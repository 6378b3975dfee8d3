using System.Collections.Generic;
using System.Linq;
using Strata.Generator.Graph;
using Strata.Generator.KernelLanguage;
using Strata.Generator.Kernels;
using Strata.Generator.Lowering;
using Xunit;

namespace Strata.Generator.Tests.Lowering;

/// <summary>How steps may be cut into items.</summary>
public sealed class WorkTests
{
    public static TheoryData<int, string> Networks => LayoutPlanTests.Networks;

    /// <summary>Loops over the items of an axis, by their variables; kernels that have none of them have one item.</summary>
    private static string[] Variables(Work work, Kernel kernel) => work.Axis switch
    {
        WorkAxis.Channels => kernel switch
        {
            TiledConvolution or BiasGradient => ["group", "channel"],
            ConvolutionWeightGradient => ["group", "output"],
            LaneDense => ["tile"],
            _ => ["channel"],
        },
        WorkAxis.Panels => ["channel"],
        WorkAxis.Rows => ["plane", "row", "tileRow"],
        WorkAxis.Elements => ["column", "element", "i", "pixel"],
        _ => [],
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void Items_are_the_rounds_of_the_kernels_loops(int stack, string tierName)
    {
        int seen = 0;
        foreach (Step step in StepsOf(stack, tierName).Where(step => step.Work.Axis != WorkAxis.None))
        {
            Nest nest = step.Kernel.Build();
            if (nest.Body.Statements is [Evaluate])
            {
                // Channels without gaps between them are copied as one piece.
                Assert.IsType<ConvertLayoutKernel>(step.Kernel);
                continue;
            }

            var extents = new Queue<int>(step.Arguments.OfType<ExtentArgument>().Select(extent => extent.Value));
            Dictionary<string, int> named = nest.Parameters.OfType<ValueParameter>().Where(value => value.Type == ElementType.Int && value.Name != "samples")
                .ToDictionary(value => value.Name, _ => extents.Dequeue());
            int rounds = 1;
            foreach (string variable in Variables(step.Work, step.Kernel))
            {
                // The same loop may be written more than once.
                if (LoopsOf(nest.Body).FirstOrDefault(loop => loop.Variable.Name == variable && loop.First.Is(0)) is { } loop)
                {
                    int end = loop.End is IndexVariable extent ? named[extent.Name] : ((Number)loop.End).Value;
                    rounds *= (end + loop.Step - 1) / loop.Step;
                }
            }

            Assert.True(rounds == step.Work.Items, $"{step.Name}: {step.Work}, but {rounds} rounds in\n{nest.Body}");
            seen++;
        }

        Assert.True(seen > 10);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Only_losses_depend_on_where_they_are_cut(int stack, string tierName) => Assert.All(
        StepsOf(stack, tierName), step => Assert.Equal(step.Kernel is LossKernel and not HingeKernel, step.Work.ChangesBits));

    [Fact]
    public void Every_step_that_takes_long_may_be_cut()
    {
        // Inference of a sample: of what the model expects, all but loops that operators write.
        foreach (string stack in Plans.Stacks)
        {
            Program program = TierPrograms.Lower(Graphs.Of(stack), Tier.Avx512, TestContext.Current.CancellationToken).Sample;
            Assert.All(program.Steps.Where(step => step.Cycles[0] > 1000 && step.Kernel is not LoopKernel), step => Assert.NotEqual(WorkAxis.None, step.Work.Axis));
        }
    }

    [Theory]
    [InlineData("[Input(64, 56, 56), Conv2D(64, 3, Padding = 1)]", "Rows")]
    [InlineData("[Input(512, 7, 7), Conv2D(512, 3, Padding = 1)]", "Channels")]
    [InlineData("[Input(512), Dense(1000)]", "Panels")]
    public void Rows_are_cut_where_inputs_outweigh_weights_and_channels_where_weights_do(string stack, string axis)
    {
        Program program = TierPrograms.Lower(Graphs.Of(stack), Tier.Avx512, TestContext.Current.CancellationToken).Sample;
        Assert.Equal(axis, program.Steps.Single(step => step.Kernel is TiledConvolution).Work.Axis.ToString());
    }

    private static List<Step> StepsOf(int stack, string tierName)
    {
        NetworkGraph graph = Graphs.Of(Plans.Stacks[stack]);
        return [.. Plans.StepsOf(TierPrograms.Lower(graph, Tier.All.Single(tier => tier.Name == tierName), TestContext.Current.CancellationToken))];
    }

    private static IEnumerable<For> LoopsOf(Statement statement) => statement switch
    {
        Block block => block.Statements.SelectMany(LoopsOf),
        For loop => LoopsOf(loop.Body).Prepend(loop),
        _ => [],
    };
}
