using System;
using Strata.Numerics.Tests.Oracle;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>
/// Networks whose samples take too little time for several threads to share one: each thread goes through the network with some samples,
/// which wait for one another at dense layers whose weights leave the first-level cache.
/// </summary>
public class SampleGroupTests
{
    /// <summary>Fewer samples than a kernel takes, groups that threads do not divide, and several groups for each thread.</summary>
    private static readonly int[] Batches = [1, 2, 3, 4, 5, 7, 16, 17, 31, 64, 100];

    /// <summary>
    /// Channels of pixels and rows of features as inputs, one and several panels of outputs, layers that wait one behind the other and
    /// apart. Their convolutions are faster for one sample than with a sample in each lane.
    /// </summary>
    private static readonly OracleNetwork[] Networks =
    [
        new(Extents.Image(1, 28, 28),
            [.. Convolutions(6, 12), new Flatten(), new Dense(151), new Tanh(), new Dense(97), new Sigmoid(), new Dense(5)]),
        new(Extents.Image(1, 28, 28),
            [.. Convolutions(6, 16), new Flatten(), new Dense(120), new Dense(30), new Tanh(), new Dense(430), new Dense(41, Bias: false)]),
        new(Extents.Image(3, 28, 28), [.. Convolutions(5, 7), new Flatten(), new Dense(90), new Tanh(), new Dense(3)]),
    ];

    public static TheoryData<Isa> AllTiers => Tiers.All;

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void They_compute_what_the_oracle_does(Isa isa)
    {
        foreach (OracleNetwork network in Networks)
        {
            string? difference = new Comparison(network, 1, Batches).Run(NetworkCompiler.Compile(network), isa);
            Assert.True(difference is null, $"{difference}\n{network.Declaration("Groups")}");
        }
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void A_sample_has_the_same_bits_for_any_number_of_threads_and_of_samples(Isa isa)
    {
        foreach (OracleNetwork oracle in Networks)
        {
            CompiledType type = NetworkCompiler.Compile(oracle);
            float[] inputs = Formula.Uniforms(3, Batches[^1] * oracle.InputLength), expected = new float[Batches[^1] * oracle.OutputLength];
            foreach (int threads in new[] { 1, 2, 3, 8 })
            {
                using CompiledNetwork network = type.Create(isa, threads, seed: 7);
                Assert.False(network.Program.SharesSteps);
                Assert.InRange(network.Program.LeastBatch, 2, 4);
                foreach (int samples in Batches)
                {
                    Span<float> expectedOfBatch = expected.AsSpan(0, samples * oracle.OutputLength);
                    if (threads == 1)
                    {
                        for (int i = 0; i < samples; i++)
                        {
                            network.Forward(inputs.AsSpan(i * oracle.InputLength, oracle.InputLength),
                                expected.AsSpan(i * oracle.OutputLength, oracle.OutputLength));
                        }
                    }

                    // A shorter batch behind a longer one uses memory that is longer than it needs, and the other way around.
                    float[] outputs = new float[samples * oracle.OutputLength];
                    network.Forward(inputs.AsSpan(0, samples * oracle.InputLength), outputs);
                    Compare.SameBits(expectedOfBatch, outputs,
                        $"{oracle.Declaration("Groups")}, {samples} samples, {threads} threads: output");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void A_batch_allocates_nothing_after_the_first(Isa isa)
    {
        using CompiledNetwork network = NetworkCompiler.Compile(Networks[0]).Create(isa, threads: 1, seed: 7);
        float[] inputs = Formula.Uniforms(3, 40 * network.InputLength), outputs = new float[40 * network.OutputLength];
        network.Forward(inputs, outputs);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 5; i++)
        {
            network.Forward(inputs, outputs);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void What_their_memory_takes_is_said(Isa isa)
    {
        using CompiledNetwork network = NetworkCompiler.Compile(Networks[0]).Create(isa, threads: 2, seed: 7);
        (long one, long few, long many) = (Inference(1), Inference(network.Program.LeastBatch - 1), Inference(64));
        (long arena, long scratch) = (sizeof(float) * network.Program.SampleArenaLength, sizeof(float) * network.Program.ScratchLength);

        // The second thread has scratch memory of its own; groups of 16 samples lie some lines apart.
        Assert.Equal((2 * arena) + scratch, few - one);
        Assert.InRange(many - one - scratch, 2 * 16 * arena, 2 * 16 * (arena + 256));
        Assert.Equal(many, Inference(640));

        long Inference(int samples) => MemoryUse.Of(network, samples, new Sgd(0.1)).Inference;
    }

    private static UnaryLayer[] Convolutions(int first, int second) =>
        [new Conv2D(first, 5, padding: 2), new MaxPool2D(2), new Conv2D(second, 5), new Tanh(), new MaxPool2D(2)];
}
