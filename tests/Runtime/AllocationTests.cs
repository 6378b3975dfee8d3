using System;
using Strata.Training;
using Xunit;

namespace Strata.Runtime.Tests;

[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
[Collection(nameof(AllocationTests))]
public class AllocationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(64)]
    [InlineData(100)]
    public void Forward_allocates_nothing_on_any_thread(int samples)
    {
        using var network = new LinearNetwork(new NetworkOptions { Threads = 3 });
        float[] inputs = LinearNetwork.Noise(samples * LinearNetwork.Inputs, 1);
        float[] outputs = new float[samples * LinearNetwork.Outputs];
        AssertNoAllocation(() => network.Forward(inputs, outputs));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(64)]
    public void Steps_allocate_nothing_on_any_thread(int samples)
    {
        using var network = new LinearNetwork(new NetworkOptions { Threads = 3 }, loss: "CrossEntropy", inputGradient: true);
        foreach (Optimizer optimizer in (Optimizer[])[new Sgd(0.01) { Momentum = 0.9, ClipNorm = 1 }, new AdamW { ClipValue = 1 }])
        {
            using var trainer = new ClassificationTrainer(network, 64, optimizer);
            float[] inputs = LinearNetwork.Noise(samples * LinearNetwork.Inputs, 1);
            float[] outputs = new float[samples * LinearNetwork.Outputs];
            float[] outputGradient = LinearNetwork.Noise(outputs.Length, 2), inputGradient = new float[inputs.Length];
            int[] targets = new int[samples];
            AssertNoAllocation(() => trainer.Step(inputs, targets));
            AssertNoAllocation(() =>
            {
                trainer.AccumulateGradients(inputs, targets);
                trainer.AccumulateGradients(inputs, targets);
                trainer.Update();
            });
            AssertNoAllocation(() =>
            {
                trainer.Forward(inputs, outputs);
                trainer.Backward(outputGradient, inputGradient);
                trainer.Update();
            });
        }
    }

    // The runtime itself may allocate now and then (tiering, the test host's own threads): one quiet round proves the point.
    internal static void AssertNoAllocation(Action action)
    {
        long allocated = long.MaxValue;
        for (int attempt = 0; attempt < 20 && allocated != 0; attempt++)
        {
            for (int i = 0; i < 50; i++)
            {
                action();
            }

            long before = GC.GetTotalAllocatedBytes(precise: true);
            for (int i = 0; i < 200; i++)
            {
                action();
            }

            allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        }

        Assert.Equal(0, allocated);
    }
}
