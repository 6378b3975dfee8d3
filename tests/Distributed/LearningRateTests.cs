using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Training;

namespace Strata.Distributed.Tests;

/// <summary>The learning rate follows the size of the batch, if the options say so (Goyal et al. 2017).</summary>
public sealed class LearningRateTests
{
    private static readonly float[] Inputs = Data.Inputs(48, LeNet5.InputLength);

    private static readonly int[] Classes = Data.Classes(48, 10);

    [Fact]
    public void The_factor_rises_linearly_from_1_to_k()
    {
        var scaling = new LinearScaling(256) { WarmupSteps = 4 };
        Assert.Equal([1, 2.75, 4.5, 6.25, 8, 8], Enumerable.Range(0, 6).Select(step => scaling.FactorOf(2048, step)));
        Assert.Equal(0.5, new LinearScaling(16).FactorOf(8, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LinearScaling(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LinearScaling(1) { WarmupSteps = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new DistributedOptions { BucketSize = 0 });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Updates_use_the_rate_times_the_factor_of_the_global_batch(int size)
    {
        // The batch of all ranks has 16 samples: k = 2.
        double[] factors = [1, 1.5, 2, 2];
        using var alone = new LeNet5(new NetworkOptions { Seed = 1, Threads = 1 });
        var optimizer = new Sgd(0.1);
        using ClassificationTrainer whole = alone.CreateTrainer(16, optimizer);
        for (int step = 0; step < factors.Length; step++)
        {
            optimizer.LearningRate = 0.1 * factors[step];
            whole.Step(Inputs.AsSpan(0, 16 * LeNet5.InputLength), Classes.AsSpan(0, 16));
        }

        float[] expected = Data.ParametersOf(alone);
        Assert.All(LocalWorld.Run(size, world =>
        {
            using var net = new LeNet5(new NetworkOptions { Seed = 1, Threads = 1 });
            using ClassificationTrainer trainer = net.CreateTrainer(16 / size, new Sgd(0.1));
            trainer.Distribute(world, new DistributedOptions { LearningRateScaling = new LinearScaling(8) { WarmupSteps = 2 } });
            foreach (double _ in factors)
            {
                trainer.Step(Data.Part(Inputs[..(16 * LeNet5.InputLength)], 16, world.Rank, size),
                    Data.Part(Classes[..16], 16, world.Rank, size));
            }

            return Data.ParametersOf(net);
        }), parameters => Assert.InRange(Data.Difference(parameters, expected), 0, 1e-6));
    }

    [Fact]
    public void Fit_reports_the_product_of_the_schedule_and_the_factor()
    {
        List<double>[] rates = LocalWorld.Run(2, world =>
        {
            using var net = new LeNet5(new NetworkOptions { Seed = 1, Threads = 1 });
            var optimizer = new Sgd(0.1);
            using ClassificationTrainer trainer = net.CreateTrainer(8, optimizer);
            trainer.Distribute(world, new DistributedOptions { LearningRateScaling = new LinearScaling(8) { WarmupSteps = 2 } });
            var reports = new Rates();
            trainer.Fit(Inputs, Classes, new FitOptions { Schedule = Schedule.Linear(3, 0.5) with { Unit = ScheduleUnit.Step } }, reports);
            Assert.Equal(0.1, optimizer.LearningRate);
            return reports.All;
        });
        double[] schedule = [0.05, 0.05 + (0.05 / 3), 0.05 + (0.1 / 3)], factors = [1, 1.5, 2];
        Assert.All(rates[0].Take(3).Select((rate, i) => (rate, i)), at => Assert.Equal(schedule[at.i] * factors[at.i], at.rate, 1e-9));
        Assert.Empty(rates[1]);
    }

    private sealed class Rates : IProgress<FitProgress>
    {
        public List<double> All { get; } = [];

        public void Report(FitProgress value) => All.Add(value.LearningRate);
    }
}
