using System;
using System.Linq;
using Strata.Training;

namespace Strata.Distributed.Tests;

/// <summary>Ranks that train a network at several sizes.</summary>
public sealed class SizesTests
{
    private const int Samples = 12;

    private static CompiledNetwork Build(ulong seed) => new NetworkBuilder(3, 16, 16)
        .Conv2D(8, 3, padding: 1).BatchNorm().ReLU().Conv2D(24, 3, groups: 2).GELU()
        .GlobalAveragePool2D().Flatten().Dense(5).CrossEntropy().Compile(new NetworkOptions { Seed = seed, Threads = 1 });

    [Fact]
    public void Ranks_train_at_several_sizes_as_one_process_does()
    {
        int[][] sizes = [[16, 16], [48, 64], [9, 7], [48, 64], [16, 16]];
        using CompiledNetwork alone = Build(1);
        using var whole = (ClassificationTrainer)Trainer.For(alone, Samples, new Sgd(0.1) { Momentum = 0.9 });
        float[] losses = [.. sizes.Select(size => Step(whole.At(size), 0, Samples))];
        (float[] Losses, float[] Parameters)[] ranks = LocalWorld.Run(2, world =>
        {
            using CompiledNetwork net = Build(1 + (ulong)world.Rank);
            using var trainer = (ClassificationTrainer)Trainer.For(net, Samples, new Sgd(0.1) { Momentum = 0.9 });
            trainer.Distribute(world, new DistributedOptions { SyncBatchNorm = true });
            int first = world.Rank == 0 ? 0 : 7, end = world.Rank == 0 ? 7 : Samples;
            float[] own = [.. sizes.Select(size => Step(trainer.At(size), first, end))];
            return (own, Data.ParametersOf(net));
        });
        Assert.Equal(ranks[0].Parameters, ranks[1].Parameters);
        Assert.All(ranks, rank =>
        {
            Assert.All(losses.Zip(rank.Losses), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
            Assert.InRange(Data.Difference(rank.Parameters, Data.ParametersOf(alone)), 0, 1e-5);
        });
    }

    [Fact]
    public void A_trainer_that_has_sizes_joins_no_other_processes() => LocalWorld.Run(2, world =>
    {
        using CompiledNetwork net = Build(1);
        using var trainer = (ClassificationTrainer)Trainer.For(net, Samples, new Sgd(0.1));
        ClassificationTrainer small = trainer.At(8, 8);
        Assert.Throws<InvalidOperationException>(() => trainer.Distribute(world));
        Assert.Throws<InvalidOperationException>(() => small.Distribute(world));
        return true;
    });

    private static float Step(ClassificationTrainer trainer, int first, int end)
    {
        int length = trainer.Network.InputLength;
        float[] inputs = Data.Inputs(Samples, length);
        return trainer.Step(inputs.AsSpan(first * length, (end - first) * length), Data.Classes(Samples, 5).AsSpan(first, end - first));
    }
}
