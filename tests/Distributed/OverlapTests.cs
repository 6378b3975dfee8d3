using System;
using System.Diagnostics;
using System.Linq;
using Strata.Training;

namespace Strata.Distributed.Tests;

/// <summary>Gradients are summed in buckets while backward goes on.</summary>
public sealed class OverlapTests(ITestOutputHelper log)
{
    private const int AllInOne = int.MaxValue;

    public static TheoryData<Isa> EachTier => Data.EachTier;

    [Theory]
    [MemberData(nameof(EachTier))]
    public void The_bits_do_not_depend_on_the_size_of_the_buckets_or_the_threads(Isa tier)
    {
        float[] expected = Train(AllInOne, threads: 1);
        Assert.Equal(expected, Train(1, threads: 1));
        Assert.Equal(expected, Train(100_000, threads: 2));
        Assert.Equal(expected, Train(1, threads: 3));

        float[] Train(int bucketSize, int threads) => LocalWorld.Run(2, world =>
        {
            const int Samples = 34;
            float[] inputs = Data.Inputs(Samples, Wide.InputLength);
            int[] classes = Data.Classes(Samples, 10);
            using var net = new Wide(new NetworkOptions { Seed = 1, Isa = tier, Threads = threads });
            using ClassificationTrainer trainer = net.CreateTrainer(Samples, new Sgd(0.1) { Momentum = 0.9 });
            trainer.Distribute(world, new DistributedOptions { BucketSize = bucketSize });
            for (int i = 0; i < 2; i++)
            {
                trainer.Step(Data.Part(inputs, Samples, world.Rank, 2), Data.Part(classes, Samples, world.Rank, 2));
            }

            return Data.ParametersOf(net);
        })[0];
    }

    [Fact]
    public void The_first_buckets_begin_before_backward_has_ended()
    {
        // Backward exchanges numbers at each batch norm. The sums of gradients come between these.
        var world = new LocalWorld(2);
        world.Run(ranks =>
        {
            using var net = new Residual(new NetworkOptions { Seed = 1, Threads = 1 });
            using ClassificationTrainer trainer = net.CreateTrainer(8, new Sgd(0.1));
            trainer.Distribute(ranks, new DistributedOptions { SyncBatchNorm = true, BucketSize = 1 });
            if (ranks.Rank == 0)
            {
                world.Lengths.Clear();
            }

            return trainer.Step(Data.Inputs(8, Residual.InputLength), Data.Classes(8, 5));
        });

        // 16 channels have 2·16 + 1 doubles in either direction.
        const int Statistics = 33 * sizeof(double);
        int[] lengths = [.. world.Lengths];
        int last = Array.LastIndexOf(lengths, Statistics), sixth = lengths.Select((length, i) => (length, i))
            .Where(operation => operation.length == Statistics).ElementAt(3).i;
        Assert.Equal(6, lengths.Count(length => length == Statistics));
        Assert.Equal(3 * 16 * 9 * sizeof(float), lengths[^2]);
        Assert.Contains(16 * 16 * 9 * sizeof(float), lengths[sixth..last]);
    }

    [Fact]
    public void The_buckets_have_all_gradients_once()
    {
        using var net = new Wide(1);
        using ClassificationTrainer trainer = net.CreateTrainer(8, new Sgd(0.1));
        var world = new LocalWorld(1);
        GradientBuckets? buckets = null;
        world.Run(ranks => buckets = trainer.Ranks.BucketsFor(ranks, 1));
        GradientBucket[] all = [.. Enumerable.Range(0, buckets!.Count).Select(i => buckets[i])];
        Assert.Equal(all.OrderBy(bucket => bucket.Step), all);
        GradientBucket[] ordered = [.. all.OrderBy(bucket => bucket.Start)];
        Assert.Equal(0, ordered[0].Start);
        Assert.Equal(net.Program.TrainableLength, ordered[^1].End);
        Assert.All(ordered.Zip(ordered[1..]), pair => Assert.Equal(pair.First.End, pair.Second.Start));
        Assert.True(all.Select(bucket => bucket.Step).Distinct().Count() > 3);
    }

    /// <summary>
    /// Other work on the machine takes the processor from the thread that communicates; then nothing is hidden. So one measurement of
    /// several has to show it.
    /// </summary>
    [Fact]
    public void Backward_hides_communication()
    {
        const int Attempts = 4;
        Assert.Contains(Enumerable.Range(0, Attempts), _ => Hidden() > 0.3);
    }

    /// <summary>The share of communication's time that a step does not take longer.</summary>
    private double Hidden()
    {
        // Steps with and without communication alternate, so that other work on the machine slows both alike.
        const int Samples = 32, Rounds = 12;
        var world = new LocalWorld(2);
        double communication = 0;
        double[] times = world.Run<double[]>(ranks =>
        {
            float[] inputs = Data.Inputs(Samples, Wide.InputLength);
            int[] classes = Data.Classes(Samples, 10);
            using var net = new Wide(new NetworkOptions { Seed = 1, Threads = 1 });
            using ClassificationTrainer trainer = net.CreateTrainer(Samples, new Sgd(0.01));
            trainer.Distribute(ranks, new DistributedOptions { BucketSize = 100_000 });
            Time(0);
            if (ranks.Rank == 0)
            {
                communication = 0.5 * Math.Min(Time(0), Time(0));
            }
            else
            {
                _ = (Time(0), Time(0));
            }

            ranks.Barrier();
            double bandwidth = sizeof(float) * net.Program.TrainableLength / communication;
            double[] without = new double[Rounds], with = new double[Rounds];
            for (int i = 0; i < Rounds; i++)
            {
                (without[i], with[i]) = (Time(0), Time(bandwidth));
            }

            return [without.Order().ElementAt(Rounds / 4), with.Order().ElementAt(Rounds / 4)];

            double Time(double bandwidth)
            {
                ranks.Barrier();
                world.Bandwidth = bandwidth;
                ranks.Barrier();
                long start = Stopwatch.GetTimestamp();
                trainer.Step(inputs, classes);
                return Stopwatch.GetElapsedTime(start).TotalSeconds;
            }
        })[0];
        double hidden = 1 - ((times[1] - times[0]) / communication);
        log.WriteLine(
            $"{1e3 * times[0]:F1} ms without communication, {1e3 * times[1]:F1} ms with {1e3 * communication:F1} ms of it: "
            + $"{hidden:P0} is hidden");
        return hidden;
    }
}
