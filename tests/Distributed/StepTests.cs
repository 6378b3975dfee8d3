using System.Linq;
using Strata.Training;

namespace Strata.Distributed.Tests;

/// <summary>Steps of several ranks give what one process gives with all samples.</summary>
public sealed class StepTests
{
    public static TheoryData<Isa, int> EachTierAndSize => Data.EachTierAndSize;

    public static TheoryData<Isa> EachTier => Data.EachTier;

    [Theory]
    [MemberData(nameof(EachTierAndSize))]
    public void Gradients_of_LeNet_are_those_of_one_process(Isa tier, int size)
    {
        const int Samples = 37;
        float[] inputs = Data.Inputs(Samples, LeNet5.InputLength);
        int[] classes = Data.Classes(Samples, 10);
        using var alone = new LeNet5(new NetworkOptions { Seed = 1, Isa = tier, Threads = 1 });
        using ClassificationTrainer whole = alone.CreateTrainer(Samples, new Sgd(0.1));
        double loss = whole.ComputeGradients(inputs, classes);
        float[] expected = Data.GradientsOf(whole);
        (double Loss, float[] Gradients)[] ranks = LocalWorld.Run(size, world =>
        {
            // The seeds differ: Distribute gives all ranks the parameters of rank 0.
            using var net = new LeNet5(new NetworkOptions { Seed = 1 + (ulong)world.Rank, Isa = tier, Threads = 1 });
            using ClassificationTrainer trainer = net.CreateTrainer(Samples, new Sgd(0.1));
            trainer.Distribute(world);
            double own = trainer.ComputeGradients(
                Data.Part(inputs, Samples, world.Rank, size), Data.Part(classes, Samples, world.Rank, size));
            return (own, Data.GradientsOf(trainer));
        });
        Assert.All(ranks, rank =>
        {
            Assert.Equal(loss, rank.Loss, 1e-6 * loss);
            Assert.InRange(Data.Difference(rank.Gradients, expected), 0, 1e-6);
            Assert.Equal(ranks[0].Gradients, rank.Gradients);
        });
    }

    [Theory]
    [MemberData(nameof(EachTierAndSize))]
    public void With_shared_statistics_gradients_through_batch_norm_and_dropout_are_those_of_one_process(Isa tier, int size)
    {
        const int Samples = 41;
        float[] inputs = Data.Inputs(Samples, Residual.InputLength);
        int[] classes = Data.Classes(Samples, 5, ignored: 9);
        using var alone = new Residual(new NetworkOptions { Seed = 1, Isa = tier, Threads = 1 });
        using ClassificationTrainer whole = alone.CreateTrainer(Samples, new Sgd(0.1));
        double loss = whole.ComputeGradients(inputs, classes);
        float[] expected = Data.GradientsOf(whole), statistics = Data.ParametersOf(alone);
        (double Loss, float[] Gradients, float[] Statistics)[] ranks = LocalWorld.Run(size, world =>
        {
            using var net = new Residual(new NetworkOptions { Seed = 1, Isa = tier, Threads = 1 });
            using ClassificationTrainer trainer = net.CreateTrainer(Samples, new Sgd(0.1));
            trainer.Distribute(world, new DistributedOptions { SyncBatchNorm = true });
            double own = trainer.ComputeGradients(
                Data.Part(inputs, Samples, world.Rank, size), Data.Part(classes, Samples, world.Rank, size));
            return (own, Data.GradientsOf(trainer), Data.ParametersOf(net));
        });
        Assert.All(ranks, rank =>
        {
            Assert.Equal(loss, rank.Loss, 1e-6 * loss);
            Assert.InRange(Data.Difference(rank.Gradients, expected), 0, 1e-6);
            Assert.InRange(Data.Difference(rank.Statistics, statistics), 0, 1e-7);
            Assert.Equal(ranks[0].Gradients, rank.Gradients);
            Assert.Equal(ranks[0].Statistics, rank.Statistics);
        });
    }

    [Fact]
    public void Without_shared_statistics_each_rank_takes_its_own_and_the_running_ones_are_their_means()
    {
        const int Samples = 12, Size = 2;
        float[] inputs = Data.Inputs(Samples, Residual.InputLength);
        int[] classes = Data.Classes(Samples, 5);
        float[][] statistics = [.. Enumerable.Range(0, Size).Select(rank =>
        {
            using var net = new Residual(new NetworkOptions { Seed = 1, Threads = 1 });
            using ClassificationTrainer trainer = net.CreateTrainer(Samples, new Sgd(0.1));
            trainer.ComputeGradients(Data.Part(inputs, Samples, rank, Size), Data.Part(classes, Samples, rank, Size));
            return Statistics(net);
        })];
        float[][] ranks = LocalWorld.Run(Size, world =>
        {
            using var net = new Residual(new NetworkOptions { Seed = 1, Threads = 1 });
            using ClassificationTrainer trainer = net.CreateTrainer(Samples, new Sgd(0.1));
            trainer.Distribute(world);
            trainer.ComputeGradients(Data.Part(inputs, Samples, world.Rank, Size), Data.Part(classes, Samples, world.Rank, Size));
            return Statistics(net);
        });
        float[] first = statistics[0], second = statistics[1];
        Assert.NotEqual(first, second);
        Assert.All(ranks, rank => Assert.Equal(first.Zip(second, (a, b) => (float)((0.5 * a) + (0.5 * b))), rank));

        static float[] Statistics<TNetwork>(TNetwork net) where TNetwork : CompiledNetwork =>
            Data.ValuesOf(net.Parameters.Where(p => p.Info.Role == ParameterRole.Buffer));
    }

    [Theory]
    [MemberData(nameof(EachTier))]
    public void Deferred_gradients_of_large_weights_are_summed_before_the_update(Isa tier)
    {
        const int Samples = 20, Size = 3;
        float[] inputs = Data.Inputs(Samples, Regression.InputLength), values = Data.Inputs(Samples, 3, seed: 5);
        Assert.Contains(new Regression(1).Program.DenseGradients, gradient => gradient.Length >= 1 << 19);
        float[] expected = Train(null, 1);
        float[][] ranks = LocalWorld.Run(Size, world => Train(world, Size));
        Assert.All(ranks, rank =>
        {
            Assert.InRange(Data.Difference(rank, expected), 0, 1e-6);
            Assert.Equal(ranks[0], rank);
        });

        float[] Train(ICollectives? world, int size)
        {
            using var net = new Regression(new NetworkOptions { Seed = 1, Isa = tier, Threads = 1 });
            using RegressionTrainer trainer = net.CreateTrainer(Samples, new Sgd(0.1) { Momentum = 0.9, ClipNorm = 0.5 });
            if (world is not null)
            {
                trainer.Distribute(world);
            }

            for (int i = 0; i < 3; i++)
            {
                trainer.Step(Data.Part(inputs, Samples, world?.Rank ?? 0, size), Data.Part(values, Samples, world?.Rank ?? 0, size));
            }

            return Data.ParametersOf(net);
        }
    }

    [Fact]
    public void Parts_of_a_batch_join_as_in_one_process()
    {
        // The parts have 21 and 13 samples, whose classes have different weights.
        int[] ends = [0, 21, 34];
        float[] inputs = Data.Inputs(34, Residual.InputLength);
        int[] classes = Data.Classes(34, 5, ignored: 9);
        (float[] Gradients, double Norm) expected = Train(null);
        Assert.All(LocalWorld.Run<(float[] Gradients, double Norm)>(3, Train), rank =>
        {
            Assert.InRange(Data.Difference(rank.Gradients, expected.Gradients), 0, 1e-6);
            Assert.Equal(expected.Norm, rank.Norm, 1e-6 * expected.Norm);
        });

        (float[], double) Train(ICollectives? world)
        {
            using var net = new Residual(new NetworkOptions { Seed = 1, Threads = 1 });
            using ClassificationTrainer trainer = net.CreateTrainer(34, new Sgd(0.1));
            if (world is not null)
            {
                trainer.Distribute(world, new DistributedOptions { SyncBatchNorm = true });
            }

            for (int part = 0; part < 2; part++)
            {
                int samples = ends[part + 1] - ends[part];
                float[] own = inputs[(ends[part] * Residual.InputLength)..(ends[part + 1] * Residual.InputLength)];
                trainer.AccumulateGradients(
                    Data.Part(own, samples, world?.Rank ?? 0, world?.Size ?? 1),
                    Data.Part(classes[ends[part]..ends[part + 1]], samples, world?.Rank ?? 0, world?.Size ?? 1));
            }

            float[] gradients = Data.GradientsOf(trainer);
            trainer.Update();
            return (gradients, trainer.GradientNorm);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void A_loss_of_ones_own_works_as_in_one_process(int size)
    {
        const int Samples = 2;
        float[] inputs = Data.Inputs(Samples, Own.InputLength), outputGradient = Data.Inputs(Samples, Own.OutputLength, seed: 9);
        (float[] Outputs, float[] InputGradient, float[] Parameters) expected = Train(null, 1);
        (float[] Outputs, float[] InputGradient, float[] Parameters)[] ranks = LocalWorld.Run(size, world => Train(world, size));
        Assert.InRange(Data.Difference([.. ranks.SelectMany(rank => rank.Outputs)], expected.Outputs), 0, 1e-5);
        Assert.InRange(Data.Difference([.. ranks.SelectMany(rank => rank.InputGradient)], expected.InputGradient), 0, 1e-5);
        Assert.All(ranks, rank => Assert.InRange(Data.Difference(rank.Parameters, expected.Parameters), 0, 1e-6));

        (float[], float[], float[]) Train(ICollectives? world, int size)
        {
            int rank = world?.Rank ?? 0;
            using var net = new Own(new NetworkOptions { Seed = 1, Threads = 1 });
            using Trainer trainer = net.CreateTrainer(Samples, new Sgd(0.1));
            if (world is not null)
            {
                trainer.Distribute(world, new DistributedOptions { SyncBatchNorm = true });
            }

            float[] own = Data.Part(inputs, Samples, rank, size), ownGradient = Data.Part(outputGradient, Samples, rank, size);
            float[] outputs = new float[ownGradient.Length], inputGradient = new float[own.Length];
            for (int i = 0; i < 2; i++)
            {
                trainer.Forward(own, outputs);
                trainer.Backward(ownGradient, inputGradient);
                trainer.Update();
            }

            return (outputs, inputGradient, Data.ParametersOf(net));
        }
    }

    [Theory]
    [InlineData(0, 9, 1)]
    [InlineData(10, 0, 0)]
    [InlineData(0, 0, 10)]
    public void A_rank_may_have_fewer_samples_or_none(int first, int second, int third)
    {
        int[] counts = [first, second, third];
        int samples = counts.Sum();
        float[] inputs = Data.Inputs(samples, Residual.InputLength);
        int[] classes = Data.Classes(samples, 5, ignored: 9);
        using var alone = new Residual(new NetworkOptions { Seed = 1, Threads = 1 });
        using ClassificationTrainer whole = alone.CreateTrainer(16, new Adam(0.01));
        float[] losses = [whole.Step(inputs, classes), whole.Step(inputs, classes)];
        float[] expected = Data.ParametersOf(alone);
        (float[] Losses, float[] Parameters)[] ranks = LocalWorld.Run(3, world =>
        {
            using var net = new Residual(new NetworkOptions { Seed = 1, Threads = 1 });
            using ClassificationTrainer trainer = net.CreateTrainer(16, new Adam(0.01));
            trainer.Distribute(world, new DistributedOptions { SyncBatchNorm = true });
            int from = counts.Take(world.Rank).Sum(), to = from + counts[world.Rank];
            float[] own = inputs[(from * Residual.InputLength)..(to * Residual.InputLength)];
            int[] targets = classes[from..to];
            return ((float[])[trainer.Step(own, targets), trainer.Step(own, targets)], Data.ParametersOf(net));
        });
        Assert.All(ranks, rank =>
        {
            Assert.Equal(losses[0], rank.Losses[0], 1e-5);
            Assert.Equal(losses[1], rank.Losses[1], 1e-4);
            Assert.Equal(ranks[0].Parameters, rank.Parameters);
        });
        Assert.InRange(Data.Difference(ranks[0].Parameters, expected), 0, 1e-4);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void A_hundred_steps_of_LeNet_give_the_loss_of_one_process(int size)
    {
        const int Samples = 64;
        int[] classes = Data.Classes(Samples * 10, 10);
        float[] inputs = Data.Pictures(classes, LeNet5.InputLength), expected = Train(null);
        Assert.InRange(expected[99], 0, 0.5 * expected[0]);
        Assert.All(LocalWorld.Run(size, Train), losses =>
        {
            for (int i = 0; i < losses.Length; i++)
            {
                Assert.Equal(expected[i], losses[i], 1e-4);
            }
        });

        float[] Train(ICollectives? world)
        {
            using var net = new LeNet5(new NetworkOptions { Seed = 1, Threads = 1 });
            using ClassificationTrainer trainer = net.CreateTrainer(Samples, new Sgd(0.05) { Momentum = 0.9 });
            if (world is not null)
            {
                trainer.Distribute(world);
            }

            return [.. Enumerable.Range(0, 100).Select(step =>
            {
                int first = step % 10 * Samples;
                float[] batch = inputs[(first * LeNet5.InputLength)..((first + Samples) * LeNet5.InputLength)];
                int[] targets = classes[first..(first + Samples)];
                return trainer.Step(
                    Data.Part(batch, Samples, world?.Rank ?? 0, world?.Size ?? 1),
                    Data.Part(targets, Samples, world?.Rank ?? 0, world?.Size ?? 1));
            })];
        }
    }

    [Fact]
    public void A_second_run_gives_the_same_bits()
    {
        float[][] first = LocalWorld.Run(3, Train), second = LocalWorld.Run(3, Train);
        Assert.Equal(first[0], first[2]);
        Assert.Equal(first[0], second[0]);

        static float[] Train(ICollectives world)
        {
            const int Samples = 33;
            float[] inputs = Data.Inputs(Samples, Residual.InputLength);
            int[] classes = Data.Classes(Samples, 5);
            using var net = new Residual(new NetworkOptions { Seed = 1, Threads = 2 });
            using ClassificationTrainer trainer = net.CreateTrainer(Samples, new Adam(0.01));
            trainer.Distribute(world, new DistributedOptions { SyncBatchNorm = true, BucketSize = 1000 });
            for (int i = 0; i < 10; i++)
            {
                trainer.Step(
                    Data.Part(inputs, Samples, world.Rank, world.Size), Data.Part(classes, Samples, world.Rank, world.Size));
            }

            return Data.ParametersOf(net);
        }
    }
}
