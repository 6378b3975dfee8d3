using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Strata.CompilerServices;
using Xunit;

namespace Strata.Runtime.Tests;

/// <summary>A sample that several threads compute together, step by step.</summary>
public class SampleJobTests
{
    public static TheoryData<int> ThreadCounts => [1, 2, 3, 8];

    [Theory]
    [MemberData(nameof(ThreadCounts))]
    public void Every_item_is_done_once_and_no_step_begins_before_the_last_has_ended(int threads) =>
        CheckOrder(new CountingProgram(7, 1, 64, 3, 1, 1, 1000, 1, 16, 5), threads);

    [Theory]
    [MemberData(nameof(ThreadCounts))]
    public void Steps_of_a_stage_wait_for_those_before_it_only(int threads) =>
        CheckOrder(new CountingProgram(7, 1, 64, 3, 1, 1, 1000, 1, 16, 5) { Stages = [1, 3, 2, 1, 1, 2, 1, 1, 2, 1] }, threads);

    private static void CheckOrder(CountingProgram program, int threads)
    {
        var job = new SampleJob(program, 0, 0);
        Assert.True(job.SharesSteps);
        for (int call = 1; call <= 300; call++)
        {
            program.Call = call;
            Infer(job, threads);
            Assert.All(program.Done, (count, step) => Assert.Equal(call * program.Items[step], count));
        }

        Assert.Null(program.Mistake);
    }

    [Fact]
    public void Several_threads_take_part()
    {
        // The items of the second step wait for each other, so that one thread alone would never end it.
        var program = new CountingProgram(1, 2, 1) { Meeting = new Barrier(2) };
        Infer(new SampleJob(program, 0, 0, OwnTeam()), 2);
        Assert.Equal([1, 2, 1], program.Done);
    }

    [Fact]
    public void Each_thread_does_its_half_from_the_front()
    {
        // Each piece waits for one of the other thread.
        var program = new CountingProgram(1, 8, 1) { Meeting = new Barrier(2) };
        Infer(new SampleJob(program, 0, 0, OwnTeam()), 2);
        (int First, int End)[][] pairs = [.. program.Ranges[1..^1].Chunk(2)];
        Assert.Equal(4, pairs.Length);
        Assert.All(pairs, (pair, i) => Assert.Equal([(i, i + 1), (4 + i, 5 + i)], pair.Order()));
    }

    [Fact]
    public void Who_has_done_his_pieces_takes_those_of_another_thread_from_the_back()
    {
        // The helper's first piece waits until all others have been done, and the caller's first one for the helper.
        using var others = new CountdownEvent(7);
        using var helper = new ManualResetEventSlim();
        var program = new CountingProgram(1, 8, 1)
        {
            OnPiece = (step, first) =>
            {
                switch (step, first)
                {
                    case (1, 0):
                        helper.Wait();
                        others.Signal();
                        break;
                    case (1, 4):
                        helper.Set();
                        others.Wait();
                        break;
                    case (1, _):
                        others.Signal();
                        break;
                }
            },
        };
        Infer(new SampleJob(program, 0, 0, OwnTeam()), 2);
        Assert.Equal([0, 1, 2, 3, 7, 6, 5], program.Ranges[1..^1].Select(range => range.First).Where(first => first != 4));
    }

    [Theory]
    [InlineData(2, 64, 8)]
    [InlineData(4, 64, 16)]
    [InlineData(2, 25, 8)]
    [InlineData(2, 7, 6)]
    [InlineData(3, 7, 6)]
    [InlineData(4, 3, 3)]
    public void A_step_is_cut_into_as_many_equal_chunks_for_each_thread(int threads, int items, int chunks)
    {
        var program = new CountingProgram(items);
        Infer(new SampleJob(program, 0, 0), threads);
        Assert.Equal(chunks, program.Ranges.Count);
        Assert.All(program.Ranges, range => Assert.InRange(range.End - range.First, items / chunks, ((items - 1) / chunks) + 1));
        Assert.Equal([items], program.Done);
    }

    [Fact]
    public void A_chunk_is_worth_a_threads_while()
    {
        var program = new CountingProgram(10) { Fewest = 6 };
        Infer(new SampleJob(program, 0, 0), 4);
        Assert.Equal([(0, 5), (5, 10)], program.Ranges.Order());
    }

    [Theory]
    [InlineData(2, 2, 16, 2, true)]
    [InlineData(2, 4, 16, 4, true)]
    [InlineData(2, 16, 2, 8, true)]
    [InlineData(3, 25, 8, 12, true)]
    [InlineData(2, 1, 16, 4, false)]
    [InlineData(2, 3, 16, 4, false)]
    [InlineData(8, 1, 5, 5, false)]
    public void Runs_stay_whole_where_they_divide_among_the_threads_and_are_cut_into_few_parts_elsewhere(int threads,
        int runs, int run, int chunks, bool areWhole)
    {
        int items = runs * run, unit = areWhole ? run : 1, units = items / unit;
        var program = new CountingProgram(items) { Run = run };
        Infer(new SampleJob(program, 0, 0), threads);
        Assert.Equal(chunks, program.Ranges.Count);
        Assert.All(program.Ranges, range =>
        {
            Assert.Equal((0, 0), (range.First % unit, range.End % unit));
            Assert.InRange((range.End - range.First) / unit, units / chunks, ((units - 1) / chunks) + 1);
        });
        Assert.Equal([items], program.Done);
    }

    [Fact]
    public void Two_steps_of_a_stage_are_done_at_the_same_time()
    {
        // The one item of each waits for that of the other.
        var program = new CountingProgram(3, 1, 1, 3) { Stages = [1, 2, 1, 1], MeetingSteps = [1, 2], Meeting = new Barrier(2) };
        Infer(new SampleJob(program, 0, 0, OwnTeam()), 2);
        Assert.Equal([3, 1, 1, 3], program.Done);
    }

    [Fact]
    public void Chunks_of_a_step_are_the_same_in_a_stage_and_by_itself()
    {
        var alone = new CountingProgram(64, 7, 5) { Fewest = 2 };
        var together = new CountingProgram(64, 7, 5) { Fewest = 2, Stages = [3, 2, 1] };
        Infer(new SampleJob(alone, 0, 0), 2);
        Infer(new SampleJob(together, 0, 0), 2);
        Assert.Equal(alone.Ranges.Order(), together.Ranges.Order());
    }

    [Fact]
    public void Several_callers_have_what_they_asked_for() => Parallel.For(0, 5, _ =>
    {
        var program = new CountingProgram(9, 1, 33);
        var job = new SampleJob(program, 0, 0);
        for (int call = 1; call <= 200; call++)
        {
            program.Call = call;
            Infer(job, 3);
            Assert.Equal([9 * call, call, 33 * call], program.Done);
        }

        Assert.Null(program.Mistake);
    });

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_failure_in_any_step_is_rethrown_and_the_next_call_does_all(int step)
    {
        var program = new CountingProgram(1, 40, 1) { FailingStep = step };
        var job = new SampleJob(program, 0, 0);
        Assert.Equal("as asked", Assert.Throws<ArithmeticException>(() => Infer(job, 3)).Message);

        program.FailingStep = -1;
        Array.Clear(program.Done);
        Infer(job, 3);
        Assert.Equal([1, 40, 1], program.Done);
    }

    public static TheoryData<int, int> ThreadsAndSamples => new(
        from threads in new[] { 1, 2, 3, 8 } from samples in new[] { 2, 3, 5, 8, 16 } select (threads, samples));

    [Theory]
    [MemberData(nameof(ThreadsAndSamples))]
    public void Every_item_of_every_sample_is_done_once_and_in_the_order_of_the_steps(int threads, int samples) =>
        CheckBatch(new BatchProgram([7, 1, 64, 3, 1, 1, 100], [0, 0, 8, 1, 0, 0, 30]), threads, samples);

    [Theory]
    [MemberData(nameof(ThreadsAndSamples))]
    public void Stages_of_several_steps_hold_for_each_sample_and_end_where_a_step_is_for_all_samples(int threads, int samples)
    {
        int[] stages = [2, 1, 3, 2, 1, 2, 1];
        CheckBatch(new BatchProgram([7, 1, 64, 3, 20, 1, 100], []) { Stages = stages }, threads, samples);
        CheckBatch(new BatchProgram([7, 1, 64, 3, 20, 1, 100], [0, 0, 0, 1, 0, 0, 30]) { Stages = stages }, threads, samples);
    }

    private static void CheckBatch(BatchProgram program, int threads, int samples)
    {
        var job = new SampleJob(program, 1, 1);
        for (int call = 0; call < 30; call++)
        {
            Array.Clear(program.Done);
            Infer(job, threads, samples);
            Assert.Null(program.Mistake);
            Assert.All(program.Done[..samples], done => Assert.Equal(program.Items.Sum(), done));
        }
    }

    [Fact]
    public void Samples_do_an_items_chunk_together_where_weights_outweigh_them_and_all_other_steps_by_themselves()
    {
        var program = new BatchProgram([1, 2, 4, 1], [0, 0, 3, 0]);
        Infer(new SampleJob(program, 1, 1), 1, samples: 2);
        Assert.Equal(
            [
                (0, 0, 1, 0), (1, 0, 2, 0), (0, 0, 1, 1), (1, 0, 2, 1), (2, 0, 1, 0), (2, 0, 1, 1), (2, 1, 2, 0), (2, 1, 2, 1),
                (2, 2, 3, 0), (2, 2, 3, 1),
                (2, 3, 4, 0), (2, 3, 4, 1), (3, 0, 1, 0), (3, 0, 1, 1),
            ],
            program.Calls);
    }

    [Theory]
    [InlineData(3, 0)]
    [InlineData(4, 1)]
    [InlineData(9, 1)]
    public void A_kernel_for_several_samples_does_them_where_they_are_enough(int samples, int calls)
    {
        var program = new BatchProgram([1, 5], [0, 5]) { Together = 1 };
        Infer(new SampleJob(program, 1, 1), 1, samples);
        Assert.Equal(calls * 5, program.CallsTogether);
        Assert.All(program.Done[..samples], done => Assert.Equal(6, done));
    }

    [Fact]
    public void Threads_share_the_steps_of_samples_that_do_not_divide_among_them()
    {
        var program = new BatchProgram([1, 64], [0, 0]);
        Infer(new SampleJob(program, 1, 1), 2, samples: 3);
        Assert.Equal(3, program.Calls.Count(call => call.Step == 0));
        Assert.All(program.Calls.Where(call => call.Step == 1), call => Assert.InRange(call.End - call.First, 1, 24));
        Assert.Equal(9, program.Calls.Count(call => call.Step == 1));
    }

    [Fact]
    public void Alone_it_goes_through_all_steps()
    {
        var program = new CountingProgram(3, 1, 20);
        float memory = 0;
        program.InferSample(in memory, ref memory, in memory, ref memory, ref memory);
        Assert.Equal([3, 1, 20], program.Done);
        Assert.Equal([(0, 1), (0, 3), (0, 20)], program.Ranges.Order());
    }

    /// <summary>Where no other test takes the worker for which pieces wait.</summary>
    private static WorkerTeam OwnTeam() => new(thread => thread.UnsafeStart());

    /// <summary>The first step of the stage that a step is in, and the first one behind it.</summary>
    private static (int From, int To) StageOf(int step, int[] stages)
    {
        int from = step;
        while (stages.Length > 0 && from > 0 && stages[from - 1] > 1)
        {
            from--;
        }

        return (from, stages.Length > 0 ? step + stages[step] : step + 1);
    }

    private static unsafe void Infer(SampleJob job, int threads, int samples)
    {
        AlignedMemory[] scratch = [];
        AlignedMemory.Ensure(ref scratch, threads, 0);
        float* places = stackalloc float[samples];
        for (int sample = 0; sample < samples; sample++)
        {
            places[sample] = sample;
        }

        job.Infer(places, places, samples, places, places, 1, scratch, threads);
        AlignedMemory.DisposeAll(scratch);
    }

    private static unsafe void Infer(SampleJob job, int threads)
    {
        float memory = 0;
        AlignedMemory[] scratch = [];
        AlignedMemory.Ensure(ref scratch, threads, 0);
        job.Infer(&memory, &memory, 1, &memory, &memory, 0, scratch, threads);
        AlignedMemory.DisposeAll(scratch);
    }

    /// <summary>Counts what is done, and notes what is done too early.</summary>
    private sealed class CountingProgram(params int[] items) : NetworkProgram
    {
        public int[] Items => items;

        public int[] Done { get; } = new int[items.Length];

        public int Fewest { get; init; } = 1;

        public int Run { get; init; } = 1;

        public int FailingStep { get; set; } = -1;

        /// <summary>What a piece does besides: its step and its first item.</summary>
        public Action<int, int>? OnPiece { get; init; }

        /// <summary>For each step how many there are to the end of its stage.</summary>
        public int[] Stages { get; init; } = [];

        /// <summary>Where the items of some steps meet, of the second one unless others are said.</summary>
        public Barrier? Meeting { get; init; }

        public int[] MeetingSteps { get; init; } = [1];

        /// <summary>How often it is called, this time included.</summary>
        public int Call { get; set; }

        public string? Mistake { get; private set; }

        public List<(int First, int End)> Ranges { get; } = [];

        public override Isa Isa => Isa.Vector128;

        public override int ParametersLength => 0;

        public override IReadOnlyList<ParameterPacking> Packing => [];

        public override int SampleArenaLength => 0;

        protected override ReadOnlySpan<int> SampleSchedule => items.SelectMany(
            (count, step) => new[] { count, Math.Min(count, Fewest), Run, Stages.Length > 0 ? Stages[step] : 1, 0 }).ToArray();

        public override void InferSampleStep(
            int step, int first, int end, ref readonly float input, ref float output, ref readonly float parameters,
            ref float arena, ref float scratch)
        {
            if (step == FailingStep)
            {
                throw new ArithmeticException("as asked");
            }

            // Steps before this one's stage have ended, and those behind it have not begun.
            (int from, int to) = StageOf(step, Stages);
            for (int other = 0; other < items.Length; other++)
            {
                int expected = items[other] * (other < step ? Call : Call - 1);
                if ((other < from || other >= to) && Volatile.Read(ref Done[other]) != expected)
                {
                    Mistake ??= $"step {step} of call {Call}: {Done[other]} items of step {other} instead of {expected}";
                }
            }

            lock (Ranges)
            {
                Ranges.Add((first, end));
            }

            OnPiece?.Invoke(step, first);
            if (MeetingSteps.Contains(step))
            {
                Meeting?.SignalAndWait();
            }

            Interlocked.Add(ref Done[step], end - first);
        }
    }

    /// <summary>Notes what is done for which sample, whose number is what its arena holds.</summary>
    private sealed class BatchProgram(int[] items, int[] together) : NetworkProgram
    {
        private readonly Lock _gate = new();

        public int[] Items => items;

        /// <summary>Items that were done of each sample.</summary>
        public int[] Done { get; } = new int[16];

        private readonly int[][] _doneOfStep = new int[16][];

        /// <summary>For each step how many there are to the end of its stage.</summary>
        public int[] Stages { get; init; } = [];

        /// <summary>The step that is done for several samples at once; none below 0.</summary>
        public int Together { get; init; } = -1;

        public int CallsTogether { get; private set; }

        public string? Mistake { get; private set; }

        public List<(int Step, int First, int End, int Sample)> Calls { get; } = [];

        public override Isa Isa => Isa.Vector128;

        public override int ParametersLength => 0;

        public override IReadOnlyList<ParameterPacking> Packing => [];

        public override int SampleArenaLength => 1;

        public override int LeastBatch => 4;

        protected override ReadOnlySpan<int> SampleSchedule => items.SelectMany((count, step) => new[]
        {
            count, 1, 1, Stages.Length > 0 ? Stages[step] : 1, together.Length > 0 ? together[step] : 0,
        }).ToArray();

        public override void InferSampleStep(
            int step, int first, int end, ref readonly float input, ref float output, ref readonly float parameters,
            ref float arena, ref float scratch)
        {
            lock (_gate)
            {
                int sample = (int)arena;
                if (input != arena || output != arena)
                {
                    Mistake ??= $"step {step}: input {input}, output {output}, arena {arena}";
                }

                Note(step, first, end, sample);
            }
        }

        public override bool InferBatchStep(int step, int first, int end, int samples, int arenaStride,
            ref readonly float parameters, ref float arenas)
        {
            if (step != Together)
            {
                return false;
            }

            lock (_gate)
            {
                CallsTogether += end - first;
                for (int sample = 0; sample < samples; sample++)
                {
                    Note(step, first, end, sample);
                }
            }

            return true;
        }

        private void Note(int step, int first, int end, int sample)
        {
            Calls.Add((step, first, end, sample));
            if (Done[sample] == 0)
            {
                _doneOfStep[sample] = new int[items.Length];
            }

            int[] done = _doneOfStep[sample];
            (int from, int to) = StageOf(step, Stages);
            done[step] += end - first;
            if (done[step] > items[step] || !done.AsSpan(0, from).SequenceEqual(items.AsSpan(0, from))
                || done.AsSpan(to).ContainsAnyExcept(0))
            {
                Mistake ??= $"step {step} of sample {sample} after {string.Join(", ", done)} items";
            }

            Done[sample] += end - first;
        }
    }
}
