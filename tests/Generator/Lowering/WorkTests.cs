using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;
using Strata.Generator.Tests.KernelLanguage;
using Xunit;

namespace Strata.Generator.Tests.Lowering;

/// <summary>How steps may be divided into items.</summary>
public sealed class WorkTests
{
    /// <summary>Of a step that the interpreter runs in little time.</summary>
    private const double MostCycles = 2_000;

    public static TheoryData<int, string> Networks => LayoutPlanTests.Networks;

    [Theory]
    [MemberData(nameof(Networks))]
    public void Kernels_take_a_range_where_their_step_has_items(int stack, string tierName)
    {
        Step[] steps = [.. StepsOf(stack, tierName)];
        Assert.True(steps.Count(step => step.Work.HasRange) > 10);
        Assert.All(steps, step =>
        {
            string[] names = [.. step.Kernel.Build().Parameters.Select(parameter => parameter.Name)];
            Assert.Equal(step.Work.HasRange, names.Contains("first"));
            Assert.Equal(step.Work.HasRange, names.Contains("end"));
        });
    }

    /// <summary>What a thread has not done, another does; and no item is done by both in another way.</summary>
    [Fact]
    public void Items_in_any_order_give_the_bits_of_all_at_once()
    {
        var seen = new HashSet<Type>();
        IEnumerable<Step> steps = Plans.Stacks.Skip(1)
            .SelectMany(stack => Plans.StepsOf(TierPrograms.Lower(Graphs.Of(stack), Tier.Vector128, CancellationToken.None)));
        foreach (Step step in steps.Where(step => step.Work.HasRange && step.Cycles[0] < MostCycles)
            .DistinctBy(step => (step.Kernel.Build(), step.Work)))
        {
            Nest nest = step.Kernel.Build();
            if (!NestTests.IsPure(nest))
            {
                continue;
            }

            Array[] Run(params (int First, int End)[] ranges)
            {
                Array[] memory = CompiledNests.Memory(nest, Tier.Vector128.Lanes, seed: 1, length: 24 * 1024);
                Dictionary<string, int> extents = ExtentsOf(nest, step);
                foreach ((int first, int end) in ranges)
                {
                    object[] arguments = CompiledNests.Arguments(nest, memory);
                    for (int i = 0; i < nest.Parameters.Count; i++)
                    {
                        if (nest.Parameters[i] is ValueParameter { Name: var name })
                        {
                            arguments[i] = name switch { "first" => first, "end" => end, _ => extents[name] };
                        }
                    }

                    NestInterpreter.Run(nest, Tier.Vector128.Lanes, arguments);
                }

                return memory;
            }

            int items = step.Work.Items;
            Array[] whole = Run((0, items));
            CompiledNests.AssertSame(whole, Run([.. Enumerable.Range(0, items).Reverse().Select(i => (i, i + 1))]), nest);
            CompiledNests.AssertSame(whole, Run((items / 2, items), (0, items / 2)), nest);

            // The last one has work to do, too.
            Assert.Contains(whole.Zip(Run((0, items - 1))),
                pair => !StructuralComparisons.StructuralEqualityComparer.Equals(pair.First, pair.Second));
            seen.Add(step.Kernel.GetType());
        }

        Assert.Superset(
            new HashSet<Type> { typeof(TiledConvolution), typeof(LaneDense), typeof(ConvolutionWeightGradient), typeof(BiasGradient),
                typeof(WindowPooling), typeof(JoinKernel), typeof(WindowPoolingGradient), typeof(LoopKernel) },
            seen);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Only_losses_depend_on_where_they_are_cut(int stack, string tierName) => Assert.All(
        StepsOf(stack, tierName), step => Assert.Equal(step.Kernel is LossKernel and not HingeKernel, step.Work.ChangesBits));

    [Fact]
    public void Every_step_that_takes_long_may_be_cut()
    {
        // Inference of a sample: of what takes some microseconds, all but loops that operators write.
        const string Stack = """
            [Input(16, 56, 56), Conv2D(32, 3, Padding = 1), BatchNorm, ReLU, MaxPool2D(3, Stride = 2), Conv2D(32, 3, Padding = 1, Groups = 32), Conv2D(64, 1)]
            [Branch, Conv2D(64, 3, Padding = 1), Tanh]
            [Branch]
            [Add, Flatten, Dense(300)]
            """;
        Program program = TierPrograms.Lower(Graphs.Of(Stack), Tier.Avx512, TestContext.Current.CancellationToken).Sample;
        Step[] longest = [.. program.Steps.Where(step => step.Cycles[0] > 10_000 && step.Kernel is not LoopKernel)];
        Assert.True(longest.Length > 5);
        Assert.All(longest, step => Assert.True(step.Work.Items > 1, $"{step.Name}: {step.Work}"));
    }

    [Theory]
    [InlineData("[Input(64, 56, 56), Conv2D(64, 3, Padding = 1)]", "Rows")]
    [InlineData("[Input(512, 7, 7), Conv2D(512, 3, Padding = 1)]", "Channels")]
    [InlineData("[Input(512), Dense(1000)]", "Panels")]
    public void Rows_are_cut_where_inputs_outweigh_weights_and_channels_where_weights_do(string stack, string axis)
    {
        Program program = TierPrograms.Lower(Graphs.Of(stack) with { Settings = new() { Winograd = false } }, Tier.Avx512,
            TestContext.Current.CancellationToken).Sample;
        Assert.Equal(axis, program.Steps.Single(step => step.Kernel is TiledConvolution).Work.Axis.ToString());
    }

    private static List<Step> StepsOf(int stack, string tierName)
    {
        NetworkGraph graph = Graphs.Of(Plans.Stacks[stack]);
        return [.. Plans.StepsOf(
            TierPrograms.Lower(graph, Tier.All.Single(tier => tier.Name == tierName), TestContext.Current.CancellationToken))];
    }

    /// <summary>The integers that a step hands its kernel, by name.</summary>
    private static Dictionary<string, int> ExtentsOf(Nest nest, Step step)
    {
        var extents = new Queue<int>(step.Operands.OfType<ExtentOperand>().Select(extent => extent.Value));

        // Where samples lie apart, the arguments are those of one.
        int samples = step.Operands.Contains(PassedOperand.SampleStride) ? 1 : 3;
        return nest.Parameters.OfType<ValueParameter>().Where(value => value.Name is not ("first" or "end"))
            .ToDictionary(value => value.Name,
                value => value.Name switch { "samples" => samples, "sampleStride" => 0, _ => extents.Dequeue() });
    }
}
