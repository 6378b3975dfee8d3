using System;
using Strata.Data;
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
        foreach (Optimizer optimizer in (Optimizer[])
            [new Sgd(0.01) { Momentum = 0.9, ClipNorm = 1 }, new AdamW { ClipValue = 1 }, new Lion(0.01), new Lamb(0.01)])
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

    [Fact]
    public void Each_further_step_of_Fit_allocates_nothing()
    {
        using var network = new LinearNetwork(new NetworkOptions { Threads = 3 }, loss: "CrossEntropy");
        using var trainer = new ClassificationTrainer(network, 16, new Sgd(0.01));
        float[] inputs = LinearNetwork.Noise(6400 * LinearNetwork.Inputs, 1);
        int[] targets = new int[6400];
        var options = new FitOptions
        {
            AverageDecay = 0.9,
            MixUp = 0.2,
            Accumulate = 2,
            Augmentation = new Augmentation(new GaussianNoise(0.01)) { Range = (-9, 9) },
            Schedule = Schedule.Cosine() with { Unit = ScheduleUnit.Step },
        };
        var meter = new Meter();
        for (int attempt = 0; attempt < 20 && meter.Least != 0; attempt++)
        {
            trainer.Fit(inputs, targets, options, meter);
        }

        Assert.Equal(0, meter.Least);
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

    /// <summary>The fewest bytes that a hundred steps in a row have allocated.</summary>
    private sealed class Meter : IProgress<FitProgress>
    {
        private long _before;

        public long Least { get; private set; } = long.MaxValue;

        public void Report(FitProgress value)
        {
            if (value.Step == 100)
            {
                _before = GC.GetTotalAllocatedBytes(precise: true);
            }
            else if (value is { Step: 200, EpochCompleted: false })
            {
                Least = long.Min(Least, GC.GetTotalAllocatedBytes(precise: true) - _before);
            }
        }
    }
}
