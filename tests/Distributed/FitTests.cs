using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using Strata.Data;
using Strata.Training;

namespace Strata.Distributed.Tests;

/// <summary><c>Fit</c> on several ranks gives what it gives on one with the same batches.</summary>
public sealed class FitTests
{
    private const int Samples = 100, Batch = 24;

    private static readonly int[] Classes = Data.Classes(Samples, 5, ignored: 9);

    private static readonly float[] Inputs =
        Data.Pictures([.. Classes.Select(c => c % 5)], Residual.InputLength);

    private static readonly FitOptions Options = new()
    {
        Epochs = 2,
        Seed = 3,
        MixUp = 0.3,
        AverageDecay = 0.9,
        RestoreBest = true,
        Schedule = Schedule.Cosine(),
        Augmentation = new Augmentation(new RandomHorizontalFlip(), new RandomCrop(1)),
        ValidationInputs = Inputs.AsMemory(0, 17 * Residual.InputLength),
        ValidationTargets = Classes.AsMemory(0, 17),
        OnWarning = _ => { },
    };

    private sealed record Outcome(double[] Losses, double[] Validation, double[] Accuracies, float[] Parameters, int Reports);

    [Theory]
    [InlineData(1, 1, false)]
    [InlineData(2, 1, false)]
    [InlineData(3, 1, false)]
    [InlineData(4, 1, false)]
    [InlineData(2, 3, false)]
    [InlineData(3, 2, true)]
    [InlineData(2, 1, true)]
    public void Losses_metrics_and_parameters_do_not_depend_on_the_number_of_ranks(int size, int accumulate, bool stream)
    {
        FitOptions options = Options with { Accumulate = accumulate };
        Outcome expected = Fit(null, options, stream: false);
        Outcome[] ranks = LocalWorld.Run(size, world => Fit(world, options, stream));
        if (stream)
        {
            expected = Fit(null, options, stream);
        }

        Assert.All(ranks, (rank, number) =>
        {
            Assert.All(rank.Losses.Zip(expected.Losses), pair => Assert.Equal(pair.Second, pair.First, 1e-4));
            Assert.All(rank.Validation.Zip(expected.Validation), pair => Assert.Equal(pair.Second, pair.First, 1e-4));
            Assert.Equal(expected.Accuracies, rank.Accuracies);
            Assert.InRange(Data.Difference(rank.Parameters, expected.Parameters), 0, 1e-4);
            Assert.Equal(ranks[0].Parameters, rank.Parameters);
            Assert.Equal(number == 0 ? expected.Reports : 0, rank.Reports);
        });
    }

    [Fact]
    public void Each_of_dropout_augmentation_MixUp_and_the_order_matters_to_that_comparison()
    {
        Outcome expected = Fit(null, Options, stream: false);
        foreach (FitOptions other in new[]
        {
            Options with { MixUp = null }, Options with { Augmentation = null }, Options with { Shuffle = false },
            Options with { Seed = 4 },
        })
        {
            Assert.False(Data.Difference(Fit(null, other, stream: false).Parameters, expected.Parameters) < 1e-3);
        }
    }

    [Theory]
    [InlineData(1, 1, false)]
    [InlineData(2, 1, false)]
    [InlineData(2, 2, true)]
    [InlineData(3, 3, false)]
    [InlineData(3, 1, true)]
    public void Ranks_read_only_their_own_samples_of_data_that_can_skip_the_others(int size, int accumulate, bool dropLast)
    {
        FitOptions options = Options with { Accumulate = accumulate, DropLast = dropLast, MixUp = null };
        Outcome expected = Fit(null, options, Pieces().ToAsyncEnumerable());
        Skippable[] data = [.. Enumerable.Range(0, size).Select(_ => new Skippable())];
        Outcome[] ranks = LocalWorld.Run(size, world => Fit(world, options, data[world.Rank]));
        Assert.All(ranks, rank => Assert.InRange(Data.Difference(rank.Parameters, expected.Parameters), 0, 1e-4));
        int perStep = Batch * accumulate, trained = dropLast ? Samples / perStep * perStep : Samples;
        Assert.Equal(
            Enumerable.Range(0, size == 1 ? Samples : trained), data.SelectMany(own => own.Read.Distinct()).Order());

        // MixUp needs the sample before the first one, too.
        ranks = LocalWorld.Run(size, world => Fit(world, options with { MixUp = 0.3 }, new Skippable()));
        expected = Fit(null, options with { MixUp = 0.3 }, Pieces().ToAsyncEnumerable());
        Assert.All(ranks, rank => Assert.InRange(Data.Difference(rank.Parameters, expected.Parameters), 0, 1e-4));
    }

    [Theory]
    [InlineData(2, 3)]
    [InlineData(3, 1)]
    [InlineData(1, 2)]
    public void A_checkpoint_resumes_on_another_number_of_ranks(int before, int after)
    {
        using var folder = new Folder();
        FitOptions options = Options with { Epochs = 3 };
        Outcome expected = Fit(null, options, stream: false);
        int stop = 7;
        LocalWorld.Run(before, world => Fit(world, options with { Checkpoint = new FitCheckpoint(folder.File) }, stream: false, stop));
        Outcome[] ranks = LocalWorld.Run(after, world => Fit(
            world, options with { Checkpoint = new FitCheckpoint(world.Rank == 0 ? folder.File : "/nowhere/file") { Resume = true } },
            stream: false));
        Assert.All(ranks, rank =>
        {
            Assert.All(rank.Losses.Zip(expected.Losses), pair => Assert.Equal(pair.Second, pair.First, 1e-4));
            Assert.InRange(Data.Difference(rank.Parameters, expected.Parameters), 0, 1e-4);
            Assert.Equal(ranks[0].Parameters, rank.Parameters);
        });
    }

    [Fact]
    public void A_checkpoint_of_another_global_batch_says_so_on_all_ranks()
    {
        using var folder = new Folder();
        FitOptions options = Options with { Checkpoint = new FitCheckpoint(folder.File) { Resume = true } };
        LocalWorld.Run(2, world => Fit(world, options, stream: false, batch: 24));
        Exception?[] failures = new LocalWorld(2).Try(world => Fit(world, options, stream: false, batch: 32));
        Assert.IsType<WeightsFormatException>(failures[0]);
        Assert.All(failures, failure => Assert.Contains(
            "the checkpoint was made with a batch size, of all ranks together, of 24; here it is 32.", failure!.Message,
            StringComparison.Ordinal));
    }

    [Fact]
    public void If_one_rank_is_cancelled_all_stop_at_the_same_step()
    {
        long[] steps = LocalWorld.Run(3, world =>
        {
            using var source = new CancellationTokenSource();
            using Residual net = Create();
            using ClassificationTrainer trainer = net.CreateTrainer(Batch / 3, new Sgd(0.01));
            trainer.Distribute(world);
            if (world.Rank == 2)
            {
                source.CancelAfter(200);
            }

            FitResult result = trainer.Fit(Inputs, Classes, Options with { Epochs = 100_000 }, cancellationToken: source.Token);
            Assert.True(result.Cancelled);
            return trainer.Steps;
        });
        Assert.InRange(steps[0], 1, 1_000_000);
        Assert.Single(steps.Distinct());
    }

    [Fact]
    public void Rank_0_reports_progress_and_may_change_the_learning_rate_of_all()
    {
        double[] rates = LocalWorld.Run(2, world =>
        {
            using Residual net = Create();
            var optimizer = new Sgd(0.01);
            using ClassificationTrainer trainer = net.CreateTrainer(Batch / 2, optimizer);
            trainer.Distribute(world);
            var progress = new Reports(_ => optimizer.LearningRate *= 0.5);
            trainer.Fit(Inputs, Classes, new FitOptions { OnWarning = _ => { } }, progress);
            Assert.Equal(world.Rank == 0, progress.Count > 0);
            return Data.ParametersOf(net).Sum(value => (double)value);
        });
        Assert.Equal(rates[0], rates[1]);
    }

    [Fact]
    public void A_failing_progress_report_ends_all_ranks()
    {
        var world = new LocalWorld(2);
        Exception?[] failures = world.Try(ranks =>
        {
            using Residual net = Create();
            using ClassificationTrainer trainer = net.CreateTrainer(Batch / 2, new Sgd(0.01));
            trainer.Distribute(ranks);
            trainer.Fit(Inputs, Classes, Options, new Reports(_ => throw new IOException("The disk is full.")));
        });
        Assert.All(failures, Assert.NotNull);
        Assert.Equal("IOException: The disk is full.", world.Abortion);
    }

    private static Residual Create() => new(new NetworkOptions { Seed = 1, Threads = 1 });

    private static Outcome Fit(ICollectives? world, FitOptions options, bool stream, int stop = int.MaxValue, int batch = Batch) =>
        Fit(world, options, stream ? Pieces().ToAsyncEnumerable() : null, stop, batch);

    private static Outcome Fit(
        ICollectives? world, FitOptions options, IAsyncEnumerable<SampleBatch>? stream, int stop = int.MaxValue, int batch = Batch)
    {
        using var source = new CancellationTokenSource();
        using Residual net = Create();
        using ClassificationTrainer trainer = net.CreateTrainer(batch / (world?.Size ?? 1), new Sgd(0.05) { Momentum = 0.9 });
        if (world is not null)
        {
            trainer.Distribute(world, new DistributedOptions { SyncBatchNorm = true });
        }

        var progress = new Reports(count =>
        {
            if (count == stop)
            {
                source.Cancel();
            }
        });
        FitResult result = stream is not null ? trainer.Fit(stream, options, progress, source.Token)
            : trainer.Fit(Inputs, Classes, options, progress, source.Token);
        return new Outcome(
            [.. result.Epochs.Select(epoch => epoch.Loss)], [.. result.Epochs.Select(epoch => epoch.ValidationLoss!.Value)],
            [.. result.Epochs.Select(epoch => epoch.ValidationAccuracy!.Value)], Data.ParametersOf(net), progress.Count);
    }

    private static IEnumerable<SampleBatch> Pieces()
    {
        for (int first = 0; first < Samples; first += 7)
        {
            int count = int.Min(7, Samples - first);
            yield return new SampleBatch(
                Inputs.AsMemory(first * Residual.InputLength, count * Residual.InputLength), Classes.AsMemory(first, count));
        }
    }

    /// <summary>Pieces of the samples, in which those that are not wanted are NaN.</summary>
    private sealed class Skippable : ISkippableSamples
    {
        public ConcurrentQueue<int> Read { get; } = [];

        public int Count => Samples;

        public IAsyncEnumerator<SampleBatch> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
            GetAsyncEnumerator(_ => true, cancellationToken);

        public IAsyncEnumerator<SampleBatch> GetAsyncEnumerator(Func<int, bool> isWanted, CancellationToken cancellationToken)
        {
            int position = 0;
            return Pieces().Select(piece =>
            {
                float[] inputs = piece.Inputs.ToArray();
                for (int i = 0; i < piece.Classes.Length; i++, position++)
                {
                    if (isWanted(position))
                    {
                        Read.Enqueue(position);
                    }
                    else
                    {
                        inputs.AsSpan(i * Residual.InputLength, Residual.InputLength).Fill(float.NaN);
                    }
                }

                return new SampleBatch(inputs, piece.Classes);
            }).ToAsyncEnumerable().GetAsyncEnumerator(cancellationToken);
        }
    }

    private sealed class Reports(Action<int> act) : IProgress<FitProgress>
    {
        public int Count { get; private set; }

        public void Report(FitProgress value) => act(++Count);
    }

    private sealed class Folder : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("strata");

        public string File => Path.Combine(_folder.FullName, "run.safetensors");

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
