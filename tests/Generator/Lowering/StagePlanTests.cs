using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Foundation;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;
using Xunit;

namespace Strata.Generator.Tests.Lowering;

/// <summary>Stages: steps in a row between which threads that share a sample need not wait for one another.</summary>
public sealed class StagePlanTests
{
    private const string Inception = """
        [Input(64, 28, 28), Conv2D(64, 1, Name = "stem")]
        [Branch, Conv2D(64, 1, Name = "one")]
        [Branch, Conv2D(96, 1, Name = "reduce"), Conv2D(64, 3, Padding = 1, Name = "three")]
        [Branch, MaxPool2D(3, Stride = 1, Padding = 1, Name = "pool"), Conv2D(32, 1, Name = "project")]
        [Concat]
        """;

    [Fact]
    public void Branches_that_read_the_same_tensor_are_one_stage()
    {
        Program program = Sample(Graphs.Of(Inception), Tier.Avx2);
        List<string>[] stages = StagesOf(program);
        Assert.Contains(stages, stage => stage.Contains("one") && stage.Contains("reduce"));
        Assert.Contains(stages, stage => stage.Contains("three") && stage.Contains("pool"));
        Assert.DoesNotContain(stages, stage => stage.Contains("reduce") && stage.Contains("three"));
        Assert.DoesNotContain(stages, stage => stage.Contains("pool") && stage.Contains("project"));
        Assert.DoesNotContain(stages, stage => stage.Contains("stem") && stage.Contains("one"));
    }

    [Fact]
    public void Zeros_around_a_tensor_are_written_with_the_tensor()
    {
        Program program = Sample(
            Graphs.Of(
                "[Input(64, 28, 28), Conv2D(64, 3, Padding = 1), ReLU, Conv2D(64, 3, Padding = 1), ReLU, Conv2D(64, 3, Padding = 1)]"),
            Tier.Avx2);
        int[] zeros = [.. Enumerable.Range(0, program.Steps.Count).Where(i => program.Steps[i].Kernel is ClearHaloKernel)];
        Assert.NotEmpty(zeros);
        Assert.All(zeros.Where(i => program.Steps[i + 1].LeastItems < program.Steps[i + 1].Work.Items),
            i => Assert.Equal(2, program.Stages!.Remaining[i]));
        Assert.Contains(2, program.Stages!.Remaining);
    }

    /// <summary>The last vector of a row may reach into the zeros behind it where a layer is written as loops over elements.</summary>
    [Fact]
    public void Zeros_that_come_behind_a_step_which_overwrites_them_wait_for_it()
    {
        Program program = Sample(
            Graphs.Of(
                "[Input(64, 101, 101), Conv2D(64, 1), LayerNorm(OverChannels = true, Name = \"norm\"), "
                + "Conv2D(64, 3, Stride = 2, Padding = 1)]"), Tier.Avx512);
        int zeros = Enumerable.Range(0, program.Steps.Count).Single(
            i => program.Steps[i].Kernel is ClearHaloKernel && program.Steps[i].Comment.Contains("norm", System.StringComparison.Ordinal));
        Assert.Equal(1, program.Stages!.Remaining[zeros - 1]);
    }

    [Fact]
    public void A_chain_without_zeros_is_a_stage_for_each_step()
    {
        Program program = Sample(Graphs.Of("[Input(128, 28, 28), Conv2D(128, 1), ReLU, Conv2D(128, 1), ReLU, Conv2D(128, 1)]"), Tier.Avx2);
        Assert.True(program.IsShared);
        Assert.False(program.Stages!.HasStages);
    }

    [Fact]
    public void Short_steps_are_a_stage_only_with_one_that_threads_share()
    {
        foreach (Program program in Zoo(Tier.Avx2))
        {
            StagePlan stages = program.Stages!;
            for (int first = 0; first < program.Steps.Count; first += stages.Remaining[first])
            {
                int count = stages.Remaining[first];
                Assert.True(count == 1 || Enumerable.Range(first, count).Any(i => program.Steps[i].LeastItems < program.Steps[i].Work.Items));
                Assert.All(Enumerable.Range(first, count),
                    i => Assert.Equal((first, first + count - 1), (stages.FirstOf(i), stages.LastOf(i))));
            }
        }
    }

    [Theory]
    [InlineData("Avx512")]
    [InlineData("Avx2")]
    [InlineData("Vector128")]
    public void No_step_of_the_zoo_touches_memory_that_another_one_of_its_stage_writes(string name)
    {
        int stages = 0;
        foreach (Program program in Zoo(Tier.All.Single(tier => tier.Name == name)))
        {
            Dictionary<TensorBuffer, int> places = program.Memory.Buffers.ToDictionary(planned => planned.Buffer, planned => planned.Offset,
                (IEqualityComparer<TensorBuffer>)ReferenceEqualityComparer.Instance);
            EquatableArray<int> remaining = program.Stages!.Remaining;
            for (int first = 0; first < program.Steps.Count; first += remaining[first])
            {
                int count = remaining[first];
                stages += count > 1 ? 1 : 0;
                foreach ((int i, int j) in from i in Enumerable.Range(first, count)
                                           from j in Enumerable.Range(first, count)
                                           where i != j
                                           select (i, j))
                {
                    (Step step, Step other) = (program.Steps[i], program.Steps[j]);
                    foreach ((BufferOperand a, BufferOperand b) in from a in InArena(step)
                                                                   where a.Access != Access.Read
                                                                   from b in InArena(other)
                                                                   select (a, b))
                    {
                        // Zeros that are there before leave alone what is written inside, and that leaves them alone.
                        (Step earlier, Step later) = i < j ? (step, other) : (other, step);
                        bool isZerosAndInside = ReferenceEquals(a.Buffer.Root, b.Buffer.Root) && earlier.Kernel is ClearHaloKernel
                            && later.Kernel is not ClearHaloKernel;
                        (int from, int to) = RangeOf(a, places);
                        (int otherFrom, int otherTo) = RangeOf(b, places);
                        bool areRegions = ReferenceEquals(a.Buffer, b.Buffer) && AreApart(step, a, other, b);
                        Assert.True(isZerosAndInside || areRegions || to <= otherFrom || otherTo <= from,
                            $"{step.Comment} and {other.Comment}");
                    }
                }
            }
        }

        Assert.True(stages > 100, $"only {stages} stages");
    }

    private static IEnumerable<BufferOperand> InArena(Step step) =>
        step.Operands.OfType<BufferOperand>().Where(argument => argument.Buffer.Space == MemorySpace.Arena);

    /// <summary>Whether two steps of a layer write rectangles of its outputs that have nothing in common.</summary>
    private static bool AreApart(Step step, BufferOperand to, Step other, BufferOperand otherTo)
    {
        if (!step.WritesRegion || !other.WritesRegion)
        {
            return false;
        }

        (int top, int bottom, int left, int right) = Rectangle(step, to);
        (int otherTop, int otherBottom, int otherLeft, int otherRight) = Rectangle(other, otherTo);
        return bottom <= otherTop || otherBottom <= top || right <= otherLeft || otherRight <= left;

        static (int, int, int, int) Rectangle(Step step, BufferOperand to)
        {
            ConvolutionExtents extents = ((TiledConvolution)step.Kernel).Extents;
            (int row, int column) = Math.DivRem(to.Offset - to.Buffer.Origin, to.Buffer.RowPitch);
            column /= to.Buffer.ColumnPitch;
            return (row, row + extents.Rows, column, column + extents.Columns);
        }
    }

    private static (int From, int To) RangeOf(BufferOperand argument, Dictionary<TensorBuffer, int> places)
    {
        TensorBuffer tensor = argument.Buffer;
        int place = places[tensor.Root];
        return (place + tensor.Start, place + tensor.End);
    }

    private static List<string>[] StagesOf(Program program) => [.. Enumerable.Range(0, program.Steps.Count)
        .GroupBy(program.Stages!.FirstOf, i => program.Steps[i].Comment.Split(':', ' ')[0]).Select(stage => stage.ToList())];

    private static Program Sample(NetworkGraph graph, Tier tier) =>
        ProgramLowering.Lower(Plans.Builder(graph, tier), Plans.Of(graph, ProgramKind.OneSample, tier));

    private static IEnumerable<Program> Zoo(Tier tier) =>
        Graphs.AllOf(Graphs.ZooSources()).Values.Select(graph => Sample(graph, tier)).Where(program => program.IsShared);
}
