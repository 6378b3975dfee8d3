using System;
using System.Linq;
using Strata.Training;

namespace Strata.Distributed.Tests.Scaling;

/// <summary>The formula for more machines than there are here.</summary>
public sealed class ScalingTests
{
    private static readonly ClusterNetwork Network = new("test", 1e-3, 1e6);

    [Fact]
    public void An_all_reduce_of_long_messages_is_a_ring_and_one_of_short_messages_doubles()
    {
        // 2 · 3 messages, 2 · 3/4 of a megabyte, three quarters of a megabyte added.
        Assert.Equal(6e-3 + 1.5 + 0.075, Network.AllReduce(4, 1_000_000, 1e-7), 1e-9);
        Assert.Equal(2 * 1e-3, Network.AllReduce(4, 0, 1e-7), 1e-9);
        Assert.Equal(1e-3 + 1.1e-3, Network.AllReduce(2, 1000, 1e-7), 1e-9);
    }

    /// <summary>Backward hides the first sum; the second begins when it ends, and the computation waits for the rest of it.</summary>
    [Fact]
    public void Sums_run_beside_the_computation_until_it_waits()
    {
        var step = new StepTimeline(10,
            [new(4, 1, 300), new(6, 2, 300), new(7, 3, 100), new(7, 3, null), new(7, 2, null)]);
        Assert.Equal(10, step.SecondsWith(_ => 0));
        Assert.Equal(10, step.SecondsWith(_ => 0.5) - 0.5);
        // From 4 to 7, from 7 to 10, from 10 to 11: instead of at 7, the computation goes on at 11.
        Assert.Equal(14, step.SecondsWith(bytes => bytes / 100.0));
    }

    /// <summary>Steps of a real trainer, in a world whose operations take so long that the time of the computation hardly
    /// matters.</summary>
    [Theory]
    [InlineData(30, 1)]
    [InlineData(5, 200)]
    public void A_delayed_world_takes_the_time_that_the_formula_says(int latency, int millisecondsPerMegabyte)
    {
        int Milliseconds(long bytes) => latency + (int)(bytes * millisecondsPerMegabyte / 1_000_000);
        StepTimeline alone = Measure(_ => 0);
        double expected = alone.SecondsWith(bytes => Milliseconds(bytes) / 1000.0);
        Assert.True(expected > 4 * alone.Seconds, $"{expected} s against {alone.Seconds} s alone");

        // Other work on the machine only adds time to a delay: the shortest of some measurements counts.
        double delayed = Enumerable.Range(0, 3).Min(_ => Measure(Milliseconds).Seconds);
        Assert.InRange(delayed, 0.9 * expected, 1.2 * expected);
    }

    private static StepTimeline Measure(Func<long, int> milliseconds)
    {
        const int Batch = 8;
        using var network = new LeNet5(new NetworkOptions { Seed = 1, Threads = 1 });
        using var trainer = network.CreateTrainer(Batch, new Sgd(0.01));
        using var world = new DelayedWorld(2, milliseconds);
        trainer.Distribute(world, new DistributedOptions { BucketSize = 10_000 });
        float[] inputs = Data.Inputs(Batch, LeNet5.InputLength);
        int[] classes = Data.Classes(Batch, 10);
        return StepTimeline.Measure(world, () => trainer.Step(inputs, classes), 5);
    }
}
