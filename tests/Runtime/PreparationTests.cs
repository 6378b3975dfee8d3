using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.CompilerServices;
using System.Threading;
using Strata.CompilerServices;
using Strata.Training;
using Xunit;

namespace Strata.Runtime.Tests;

/// <summary>What is done before the first sample: filters are transformed, and kernels are compiled while weights are read.</summary>
public class PreparationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public unsafe void Each_item_of_each_step_is_done_once(int threads)
    {
        var program = new Program();
        using var memory = new AlignedMemory(program.ParametersLength);
        var preparation = new InferencePreparation(program, memory);
        preparation.Run(threads);
        for (int step = 0; step < Program.Items.Length; step++)
        {
            for (int item = 0; item < Program.Width; item++)
            {
                Assert.Equal(item < Program.Items[step] ? 1 : 0, memory.Pointer[(step * Program.Width) + item]);
            }
        }

        program.PrepareInference(ref memory.Reference);
        Assert.Equal(2, memory.Pointer[(2 * Program.Width) + 99]);
    }

    [Fact]
    public void What_is_derived_from_parameters_is_computed_when_it_is_next_read()
    {
        int derived = 0;
        using var network = new HeldNetwork(new NetworkOptions { Threads = 1 }, derives: () => derived++);
        using var trainer = new RegressionTrainer(network, 3, new Sgd(0.1));
        Assert.Equal(0, derived);
        for (int step = 1; step <= 3; step++)
        {
            trainer.Step([1f, 2, 3], [1f, 2, 3, 4, 5, 6]);
            Assert.Equal(step, derived);
        }

        float[] outputs = new float[2];
        network.Forward([1], outputs);
        network.Forward([1], outputs);
        Assert.Equal(4, derived);
        float[] weights = new float[HeldProgram.Length];
        network.Parameters[0].CopyFrom(weights);
        network.Parameters[0].CopyFrom(weights);
        trainer.ComputeGradients([1f], [1f, 2]);
        network.Forward([1], outputs);
        Assert.Equal(5, derived);
    }

    [Fact]
    public void Parameters_that_change_while_something_is_derived_from_them_count_for_the_next_call()
    {
        int derived = 0;
        HeldNetwork? network = null;
        using (network = new HeldNetwork(new NetworkOptions { Threads = 1 }, derives: () =>
        {
            if (++derived == 1)
            {
                network!.ParametersChanged();
            }
        }))
        {
            float[] outputs = new float[2];
            network.Forward([1], outputs);
            network.Forward([1], outputs);
            network.Forward([1], outputs);
            Assert.Equal(2, derived);
        }
    }

    [Fact]
    public void Kernels_are_asked_for_once_when_weights_are_read_and_the_caller_allows_a_second_thread()
    {
        using var saved = new MemoryStream();
        using (var network = new Network(threads: 1))
        {
            network.Save(saved);
            network.Load(saved.ToArray().AsMemory());
            Assert.False(network.Kernels.Asked.Wait(50));
        }

        using var other = new Network(threads: 2);
        Assert.False(other.Kernels.Asked.Wait(50));
        other.Load(saved.ToArray().AsMemory());
        Assert.True(other.Kernels.Asked.Wait(30_000));
        other.Load(saved.ToArray().AsMemory());
        Assert.Equal(1, other.Kernels.Requests);

        // Whatever goes wrong there does not matter here.
        saved.Position = 0;
        using var failing = new Network(threads: 2, saved, fails: true);
        Assert.True(failing.Kernels.Asked.Wait(30_000));
        float[] outputs = new float[1];
        failing.Forward([3], outputs);
        Assert.Equal([3f], outputs);
    }

    /// <summary>Notes in the parameters which items of which steps were done.</summary>
    private sealed class Program(bool fails = false) : NetworkProgram
    {
        public const int Width = 112;

        private int _requests;

        public static int[] Items { get; } = [1, 5, 100, 0, 8];

        public ManualResetEventSlim Asked { get; } = new();

        public int Requests => Volatile.Read(ref _requests);

        public override Isa Isa => Isa.Vector128;

        public override int ParametersLength => Items.Length * Width;

        public override IReadOnlyList<ParameterPacking> Packing { get; } = [new(0, 1, [new PackedAxis((1, 1))])];

        public override int SampleArenaLength => 16;

        public override ReadOnlySpan<int> PreparationItems => Items;

        public override void PrepareInferenceStep(int step, int first, int end, ref float parameters)
        {
            for (int item = first; item < end; item++)
            {
                Unsafe.Add(ref parameters, (step * Width) + item)++;
            }
        }

        public override void InferSample(ref readonly float input, ref float output, ref readonly float parameters, ref float arena,
            ref float scratch) =>
            output = input;

        public override Delegate[] Kernels()
        {
            Interlocked.Increment(ref _requests);
            Asked.Set();
            return fails ? throw new InvalidOperationException("as asked") : [InferSample, PrepareInferenceStep];
        }
    }

    private sealed class Network(int threads, Stream? weights = null, bool fails = false) : CompiledNetwork(
        new NetworkInfo(
            "Prepared", [1], [1], [new LayerInfo("scale", "Scale", [1], "", 1, 1)],
            [new ParameterInfo("scale.weight", [1], Initializer.Ones, 1, 1)], []),
        _ => new Program(fails),
        new NetworkOptions { Threads = threads, Isa = Isa.Vector128, WeightsStream = weights })
    {
        public Program Kernels => (Program)Program;
    }
}
