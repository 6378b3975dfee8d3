using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;
using Strata.CompilerServices;
using Strata.Training;
using Xunit;

namespace Strata.Runtime.Tests;

/// <summary>Memory that belongs to a thread while it does some items of a step.</summary>
[Collection(nameof(AllocationTests))]
public class ScratchTests
{
    /// <summary>One sample, whose steps are shared; and several, which are shared whole.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void Every_thread_has_aligned_memory_of_its_own(int samples)
    {
        using var network = new ScratchNetwork(new NetworkOptions { Threads = 2 }) { Kernels = { Meeting = new Barrier(2) } };
        network.Forward(new float[samples], new float[samples]);
        nint[] places = [.. network.Kernels.Places.Order()];

        // The first items wait for each other, so that both threads were there.
        Assert.Equal(2, places.Length);
        Assert.All(places, place => Assert.Equal(0, place % AlignedMemory.Alignment));
        Assert.True(places[1] - places[0] >= ScratchProgram.Floats * sizeof(float));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 7)]
    [InlineData(2, 1)]
    [InlineData(4, 1)]
    [InlineData(4, 7)]
    public void No_two_threads_write_to_the_same_memory(int threads, int samples)
    {
        using var network = new ScratchNetwork(new NetworkOptions { Threads = threads });
        float[] outputs = new float[samples];
        for (int call = 0; call < 200; call++)
        {
            network.Forward(new float[samples], outputs);
            Assert.All(outputs, items => Assert.Equal(ScratchProgram.Items, items));
            Array.Clear(outputs);
        }

        Assert.Equal(0, network.Kernels.Overwritten);
        Assert.InRange(network.Kernels.Places.Count, 1, threads);
    }

    [Fact]
    public void An_observed_sample_has_it_behind_the_arena()
    {
        using var network = new ScratchNetwork(new NetworkOptions { Observe = ["only"] });
        float[] outputs = new float[3];
        network.Forward(new float[3], outputs);
        Assert.Equal(outputs, network.Activation("only"));
        Assert.Equal(0, network.Kernels.Overwritten);
        Assert.Equal(0, Assert.Single(network.Kernels.Places) % AlignedMemory.Alignment);
    }

    [Fact]
    public void A_sample_that_threads_share_allocates_nothing()
    {
        using var network = new ScratchNetwork(new NetworkOptions { Threads = 3 });
        float[] input = new float[1], output = new float[1];
        AllocationTests.AssertNoAllocation(() => network.Forward(input, output));
    }

    [Theory]
    [InlineData(1, 1, 1, 1, 0)]
    [InlineData(3, 1, 1, 3, 0)]
    [InlineData(3, 9, 4, 3, 0)]
    [InlineData(3, 2, 3, 3, 2)]
    [InlineData(3, 17, 10, 3, 9)]
    public void Memory_use_counts_the_scratch_of_each_thread(int threads, int samples, int arenas, int scratches, int together)
    {
        // Samples that do not divide among the threads go together, at most 16 of them; their arenas are a line farther apart.
        using var network = new ScratchNetwork(new NetworkOptions { Threads = threads });
        Assert.Equal(
            sizeof(float) * ((arenas * ScratchProgram.Arena) + (together * AlignedMemory.LineFloats) + (scratches * ScratchProgram.Floats)),
            MemoryUse.Of(network, samples, new Sgd(0.1)).Inference);
    }

    private sealed class ScratchNetwork(NetworkOptions options) : CompiledNetwork(
        new NetworkInfo("Scratch", [1], [1], [new LayerInfo("only", "Dense", [1], "", 0, 1_000_000_000)], [], []),
        _ => new ScratchProgram(), options)
    {
        public ScratchProgram Kernels => (ScratchProgram)Program;
    }

    /// <summary>Counts its items in the output, and while it does writes to all of its scratch memory.</summary>
    private sealed unsafe class ScratchProgram : NetworkProgram
    {
        public const int Floats = 100, Arena = 32, Items = 1 + 33 + 17;

        private int _writes, _met, _overwritten;

        /// <summary>Where the first two calls meet.</summary>
        public Barrier? Meeting { get; set; }

        /// <summary>Where scratch memory was.</summary>
        public HashSet<nint> Places { get; } = [];

        /// <summary>How often it held what somebody else had written.</summary>
        public int Overwritten => _overwritten;

        public override Isa Isa => Isa.Vector128;

        public override int ParametersLength => 0;

        public override IReadOnlyList<ParameterPacking> Packing => [];

        public override int SampleArenaLength => Arena;

        public override int ObservationArenaLength => Arena - 7;

        public override int ScratchLength => Floats;

        protected override ReadOnlySpan<int> SampleSchedule => [1, 1, 1, 1, 0, 33, 1, 1, 1, 0, 17, 1, 1, 1, 0];

        public override void InferSampleStep(
            int step, int first, int end, ref readonly float input, ref float output, ref readonly float parameters,
            ref float arena, ref float scratch)
        {
            lock (Places)
            {
                Places.Add((nint)Unsafe.AsPointer(ref scratch));
            }

            if (Meeting is not null && step == 1 && Interlocked.Increment(ref _met) <= 2)
            {
                Meeting.SignalAndWait(TestContext.Current.CancellationToken);
            }

            Span<float> memory = MemoryMarshal.CreateSpan(ref scratch, ScratchLength);
            float own = Interlocked.Increment(ref _writes);
            memory.Fill(own);
            Thread.SpinWait(20);
            if (memory.ContainsAnyExcept(own))
            {
                Interlocked.Increment(ref _overwritten);
            }

            float before;
            do
            {
                before = Volatile.Read(ref output);
            }
            while (Interlocked.CompareExchange(ref output, before + (end - first), before) != before);
        }

        public override void ObserveSample(
            ref readonly float input, ref float output, ref readonly float parameters, ref float arena, ref float scratch,
            ref float observations)
        {
            MemoryMarshal.CreateSpan(ref arena, ObservationArenaLength).Fill(-1);
            InferSample(in input, ref output, in parameters, ref arena, ref scratch);
            observations = output;
        }
    }
}
