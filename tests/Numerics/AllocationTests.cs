using System;
using System.Threading;
using Strata.Numerics.Tests.Oracle;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>No bytes are allocated per call, on any thread.</summary>
[Collection(Alone.Name)]
public class AllocationTests
{
    private const int WarmUp = 30, Calls = 50;

    public static TheoryData<Isa, int> TiersAndThreads
    {
        get
        {
            var data = new TheoryData<Isa, int>();
            foreach (Isa isa in Tiers.Supported)
            {
                data.Add(isa, 1);
                data.Add(isa, 2);
                data.Add(isa, 4);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(TiersAndThreads))]
    public void Forward_allocates_nothing_after_the_first_calls(Isa isa, int threads)
    {
        foreach (OracleNetwork oracle in new[] { Models.LeNet5(), Models.Branched() })
        {
            using CompiledNetwork network = NetworkCompiler.Compile(oracle).Create(isa, threads);
            foreach (int batch in new[] { 1, 3, 83 })
            {
                float[] inputs = Formula.Uniforms(1, batch * oracle.Input.Length), outputs = new float[batch * oracle.Output.Length];
                AssertNoAllocation($"Forward of {batch}", () => network.Forward(inputs, outputs));
            }
        }
    }

    [Theory]
    [MemberData(nameof(TiersAndThreads))]
    public void Step_allocates_nothing_after_the_first_calls(Isa isa, int threads)
    {
        AssertNoAllocationOfTraining(isa, threads, Models.Mixed());
        AssertNoAllocationOfTraining(isa, threads, Models.Branched());
        AssertNoAllocationOfTraining(isa, threads, new OracleNetwork(
            Extents.Image(2, 6, 6),
            [new Conv2D(5, 3, padding: 1), new BatchNorm(), new ReLU(), new Conv2D(7, 3), new BatchNorm(), new Flatten(),
                new Dense(7), new Softmax()],
            Objective.CrossEntropy,
            inputGradient: true));
    }

    private static void AssertNoAllocationOfTraining(Isa isa, int threads, OracleNetwork oracle)
    {
        Optimizer[] optimizers = threads == 2 ? [new Sgd(0.01) { Momentum = 0.9 }, new Adam(), new AdamW()] : [new Sgd(0.01)];
        foreach (Optimizer optimizer in optimizers)
        {
            using CompiledNetwork network = NetworkCompiler.Compile(oracle).Create(isa, threads);
            using var trainer = (ClassificationTrainer)CompiledType.CreateTrainer(network, 64, optimizer);
            foreach (int batch in new[] { 1, 64, 37 })
            {
                float[] inputs = Formula.Uniforms(1, batch * oracle.Input.Length);
                int[] targets = new int[batch];
                AssertNoAllocation($"Step of {batch} with {optimizer.GetType().Name}", () => trainer.Step(inputs, targets));
            }

            float[] input = Formula.Uniforms(1, 20 * oracle.Input.Length), output = new float[20 * 7],
                inputGradient = new float[input.Length];
            AssertNoAllocation("Forward, Backward and Update of one's own loss", () =>
            {
                trainer.Forward(input, output);
                trainer.Backward(output, inputGradient);
                trainer.Update();
            });
        }
    }

    private static void AssertNoAllocation(string what, Action call)
    {
        for (int i = 0; i < WarmUp; i++)
        {
            call();
        }

        // The runtime itself allocates now and then (tiering, timers): one of a few attempts has to be clean, and a call
        // that allocates would show in each of them.
        long least = long.MaxValue;
        for (int attempt = 0; attempt < 5 && least > 0; attempt++)
        {
            if (attempt > 0)
            {
                Thread.Sleep(50);
            }

            long before = GC.GetTotalAllocatedBytes(precise: true);
            for (int i = 0; i < Calls; i++)
            {
                call();
            }

            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        Assert.True(least == 0, $"{what} allocates {least / (double)Calls} bytes per call");
    }
}
