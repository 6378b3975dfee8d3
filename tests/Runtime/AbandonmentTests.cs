using System;
using System.Runtime.CompilerServices;
using Strata.Training;
using Xunit;

namespace Strata.Runtime.Tests;

/// <summary>Networks and trainers that are never disposed of. These tests measure the process, so they run alone.</summary>
[Collection(nameof(AllocationTests))]
public class AbandonmentTests
{
    private const int Count = 2000;

    [Fact]
    public void Abandoned_networks_give_their_memory_back() => AssertReturned(() =>
    {
        var network = new HeldNetwork(new NetworkOptions { Threads = 2 }, initializer: Initializer.Zeros);
        network.Forward(new float[1], new float[2]);
        network.Forward(new float[40], new float[80]);
    });

    [Fact]
    public void Abandoned_observed_networks_give_their_memory_back() => AssertReturned(() =>
    {
        var network = new HeldNetwork(new NetworkOptions { Observe = ["dense1"] }, initializer: Initializer.Zeros);
        network.Forward(new float[3], new float[6]);
    });

    [Fact]
    public void Abandoned_trainers_give_their_memory_and_their_networks_back() => AssertReturned(() =>
    {
        var network = new HeldNetwork(new NetworkOptions { Threads = 2 }, initializer: Initializer.Zeros);
        var trainer = new RegressionTrainer(network, 40, new Sgd(0.1) { Momentum = 0.9 });
        trainer.Step(new float[40], new float[80]);
        network.Forward(new float[1], new float[2]);
    });

    [Fact]
    public void Abandoned_trainers_of_a_network_that_was_disposed_of_give_their_memory_back() => AssertReturned(() =>
    {
        using var network = new HeldNetwork(new NetworkOptions { Threads = 2 }, initializer: Initializer.Zeros);
        var trainer = new RegressionTrainer(network, 40, new Sgd(0.1));
        trainer.Step(new float[40], new float[80]);
    });

    // 2,000 times the parameters are 500 MiB.
    private static void AssertReturned(Action abandon)
    {
        Abandon(abandon, 200);
        long before = Environment.WorkingSet;
        Abandon(abandon, Count);
        Assert.InRange(Environment.WorkingSet - before, long.MinValue, (long)Count * HeldProgram.Length * sizeof(float) / 4);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Abandon(Action abandon, int count)
    {
        for (int i = 1; i <= count; i++)
        {
            abandon();
            if (i % 50 == 0)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        }
    }
}
