using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Strata.Data;
using Strata.Training;
using Xunit;

namespace Strata.Runtime.Tests;

public class FitStreamTests
{
    private const int Inputs = LinearNetwork.Inputs, Outputs = LinearNetwork.Outputs;

    private static readonly float[] Samples = LinearNetwork.Noise(50 * Inputs, 1), Targets = LinearNetwork.Noise(50 * Outputs, 2);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<int, int, int> Pieces => new() { { 1, 16, 1 }, { 7, 16, 1 }, { 50, 16, 1 }, { 20, 8, 3 }, { 3, 64, 1 } };

    [Theory]
    [MemberData(nameof(Pieces))]
    public void Data_read_in_pieces_of_any_size_train_as_in_memory(int piece, int batch, int accumulate)
    {
        var options = new FitOptions
        {
            Epochs = 3,
            Shuffle = false,
            Accumulate = accumulate,
            ValidationInputs = Samples,
            ValidationValues = Targets
        };
        (float[] expected, List<FitProgress> expectedReports) = Train(batch,
            (trainer, reports) => trainer.Fit(Samples, Targets, options, reports));
        (float[] actual, List<FitProgress> reports) = Train(batch, (trainer, reports) => trainer.Fit(Cut(piece), options, reports));
        Assert.Equal(expected, actual);
        Assert.Equal(expectedReports.Select(What), reports.Select(What));

        // How many steps an epoch has shows at its end.
        Assert.All(reports, r => Assert.Equal(r.Epoch == 1 ? 0 : expectedReports[0].StepsPerEpoch, r.StepsPerEpoch));

        static (int, int, double, double?, bool, long) What(FitProgress r) =>
            (r.Epoch, r.Step, r.Loss, r.ValidationLoss, r.EpochCompleted, r.Updates);
    }

    [Fact]
    public async Task Steps_as_a_stream_are_those_of_Fit()
    {
        var options = new FitOptions { Epochs = 2, Seed = 3, RestoreBest = true, AverageDecay = 0.5 };
        (float[] expected, List<FitProgress> expectedReports) = Train(16,
            (trainer, reports) => trainer.Fit(Samples, Targets, options, reports));
        using var network = new LinearNetwork();
        using var trainer = new RegressionTrainer(network, 16, new Sgd(0.1) { Momentum = 0.9 });
        IAsyncEnumerable<FitProgress> steps = trainer.FitAsync(new SampleBatch(Samples, Targets), options, Token);
        Assert.Equal(0, trainer.Steps);
        var reports = new List<FitProgress>();
        await foreach (FitProgress now in steps)
        {
            // Between two reports network and trainer are the caller's.
            Assert.Equal(trainer.Steps, now.Updates);
            trainer.Evaluate(Samples, Targets);
            reports.Add(now with { SamplesPerSecond = 0 });
        }

        Assert.Equal(expectedReports, reports);
        Assert.Equal(expected, Parameters(network));
    }

    [Fact]
    public async Task Pieces_that_come_asynchronously_train_as_others()
    {
        var options = new FitOptions { Epochs = 2, Shuffle = false, ReadAhead = 1 };
        (float[] expected, _) = Train(16, (trainer, reports) => trainer.Fit(Samples, Targets, options, reports));
        (float[] waiting, _) = Train(16, (trainer, reports) => trainer.Fit(Delayed(Cut(9)), options, reports));
        Assert.Equal(expected, waiting);
        using var network = new LinearNetwork();
        using var trainer = new RegressionTrainer(network, 16, new Sgd(0.1) { Momentum = 0.9 });
        await foreach (FitProgress _ in trainer.FitAsync(Delayed(Cut(9)), options, Token))
        {
        }

        Assert.Equal(expected, Parameters(network));
    }

    [Fact]
    public void The_memory_of_a_piece_may_be_used_again()
    {
        var options = new FitOptions { Epochs = 2, Shuffle = false };
        (float[] expected, _) = Train(16, (trainer, reports) => trainer.Fit(Samples, Targets, options, reports));
        (float[] actual, _) = Train(16, (trainer, reports) => trainer.Fit(InOnePlace(), options, reports));
        Assert.Equal(expected, actual);

        static IEnumerable<SampleBatch> InOnePlace()
        {
            float[] input = new float[Inputs], target = new float[Outputs];
            foreach (SampleBatch sample in Cut(1))
            {
                sample.Inputs.CopyTo(input);
                sample.Values.CopyTo(target);
                yield return new SampleBatch(input, target);
                Array.Fill(input, float.NaN);
            }
        }
    }

    [Fact]
    public void An_epoch_of_endless_data_ends_after_its_steps()
    {
        int begun = 0, ended = 0;
        var options = new FitOptions
        {
            Epochs = 3,
            StepsPerEpoch = 4,
            Schedule = Schedule.Exponential(0.5) with { Unit = ScheduleUnit.Step }
        };
        (_, List<FitProgress> reports) = Train(16, (trainer, progress) => trainer.Fit(Endless(), options, progress));
        Assert.Equal((3 * 4) + 3, reports.Count);
        Assert.All(reports, r => Assert.Equal(4, r.StepsPerEpoch));
        Assert.Equal(0.1 * Math.Pow(0.5, 11), reports[^2].LearningRate, 1e-12);
        Assert.Equal((3, 3), (begun, ended));

        IEnumerable<SampleBatch> Endless()
        {
            begun++;
            try
            {
                while (true)
                {
                    foreach (SampleBatch piece in Cut(7))
                    {
                        yield return piece;
                    }
                }
            }
            finally
            {
                ended++;
            }
        }
    }

    [Fact]
    public void An_epoch_that_has_its_steps_waits_until_its_data_are_closed()
    {
        var options = new FitOptions { Epochs = 2, StepsPerEpoch = 1, Shuffle = false };
        (float[] expected, _) = Train(50, (trainer, reports) => trainer.Fit(Samples, Targets, options, reports));
        using var stepped = new SemaphoreSlim(0);
        (float[] actual, List<FitProgress> reports) = Train(50, (trainer, reports) =>
        {
            ((Recorder)reports).Then = _ => stepped.Release();
            return trainer.Fit(Slow(), options, reports);
        });
        Assert.Equal(expected, actual);
        Assert.Equal(4, reports.Count);

        IEnumerable<SampleBatch> Slow()
        {
            try
            {
                yield return Piece(0, 50);
            }
            finally
            {
                // Longer than a step.
                stepped.Wait(Token);
            }
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData(5)]
    public void What_data_throw_at_their_end_comes_out(int? steps)
    {
        using var network = new LinearNetwork();
        using var trainer = new RegressionTrainer(network, 10, new Sgd(0.1));
        Exception thrown = Assert.Throws<TimeoutException>(() => trainer.Fit(Failing(), new FitOptions { StepsPerEpoch = steps }));
        Assert.Equal("the share is gone", thrown.Message);
        Assert.Equal(5, trainer.Steps);

        static IEnumerable<SampleBatch> Failing()
        {
            try
            {
                yield return Piece(0, 50);
            }
            finally
            {
                Fail();
            }
        }

        static void Fail() => throw new TimeoutException("the share is gone");
    }

    [Fact]
    public void Pieces_without_samples_count_for_nothing()
    {
        var options = new FitOptions { Epochs = 2, Shuffle = false };
        (float[] expected, _) = Train(16, (trainer, reports) => trainer.Fit(Samples, Targets, options, reports));
        (float[] actual, _) = Train(16,
            (trainer, reports) => trainer.Fit([default, .. Cut(16).SelectMany(piece => new[] { piece, default })], options, reports));
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void No_more_is_read_ahead_than_was_asked_for()
    {
        int read = 0;
        var options = new FitOptions { Epochs = 1, ReadAhead = 2 };
        Train(5, (trainer, progress) =>
        {
            // One step is trained, two are full, and one piece waits for memory.
            ((Recorder)progress).Then = r => Assert.InRange(Volatile.Read(ref read), r.Updates, r.Updates + 1 + 2 + 1);
            return trainer.Fit(Counted(), options, progress);
        });
        Assert.Equal(10, read);

        IEnumerable<SampleBatch> Counted()
        {
            foreach (SampleBatch piece in Cut(5))
            {
                Interlocked.Increment(ref read);
                yield return piece;
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void While_a_step_is_at_work_another_thread_reads_those_that_were_asked_for(int readAhead)
    {
        int read = 0, trains = Environment.CurrentManagedThreadId;
        Train(5, (trainer, progress) =>
        {
            // Reading must go on while this thread is held up in a report.
            ((Recorder)progress).Then = r => Assert.True(
                r.Updates > 1 || Patience.Until(() => Volatile.Read(ref read) > 1 + readAhead), "Nothing is read ahead.");
            return trainer.Fit(Watched(), new FitOptions { ReadAhead = readAhead, Epochs = 1 }, progress);
        });
        Assert.Equal(10, read);

        IEnumerable<SampleBatch> Watched()
        {
            foreach (SampleBatch piece in Cut(5))
            {
                Assert.NotEqual(trains, Environment.CurrentManagedThreadId);
                Interlocked.Increment(ref read);
                yield return piece;
            }
        }
    }

    [Fact]
    public async Task What_asynchronous_data_throw_comes_out_after_the_steps_before_it()
    {
        bool closed = false;
        using var network = new LinearNetwork();
        using var trainer = new RegressionTrainer(network, 16, new Sgd(0.1));
        Exception thrown = Assert.Throws<TimeoutException>(() => trainer.Fit(Failing(), new FitOptions()));
        Assert.Equal(("the line is gone", 2L, true), (thrown.Message, trainer.Steps, closed));

        int reports = 0;
        closed = false;
        thrown = await Assert.ThrowsAsync<TimeoutException>(async () =>
        {
            await foreach (FitProgress _ in trainer.FitAsync(Failing(), new FitOptions(), Token))
            {
                reports++;
            }
        });
        Assert.Equal(("the line is gone", 4L, 2, true), (thrown.Message, trainer.Steps, reports, closed));
        Assert.True(trainer.Step(Samples.AsSpan(0, Inputs), Targets.AsSpan(0, Outputs)) > 0);

        async IAsyncEnumerable<SampleBatch> Failing()
        {
            try
            {
                yield return Piece(0, 32);
                await Task.Yield();
                throw new TimeoutException("the line is gone");
            }
            finally
            {
                closed = true;
            }
        }
    }

    [Fact]
    public void What_the_data_throw_comes_out_after_the_steps_before_it()
    {
        using var network = new LinearNetwork();
        using var trainer = new RegressionTrainer(network, 16, new Sgd(0.1));
        Exception thrown = Assert.Throws<TimeoutException>(() => trainer.Fit(Failing(), new FitOptions()));
        Assert.Equal("the disk is gone", thrown.Message);
        Assert.Equal(2, trainer.Steps);

        static IEnumerable<SampleBatch> Failing()
        {
            yield return Piece(0, 32);
            throw new TimeoutException("the disk is gone");
        }
    }

    [Fact]
    public async Task A_checkpoint_that_is_due_is_written_before_the_next_data_are_waited_for()
    {
        string path = System.IO.Path.GetTempFileName();
        System.IO.File.Delete(path);
        using var network = new LinearNetwork();
        using var trainer = new RegressionTrainer(network, 16, new Sgd(0.1));
        int epochs = 0;
        await Assert.ThrowsAsync<TimeoutException>(async () =>
        {
            await foreach (FitProgress _ in trainer.FitAsync(Once(),
                new FitOptions { Epochs = 2, Checkpoint = new FitCheckpoint(path) }, Token))
            {
            }
        });
        Assert.True(System.IO.File.Exists(path));
        System.IO.File.Delete(path);

        IEnumerable<SampleBatch> Once()
        {
            if (++epochs > 1)
            {
                throw new TimeoutException();
            }

            yield return Piece(0, 16);
        }
    }

    [Fact]
    public async Task Training_that_stops_early_waits_for_no_more_data()
    {
        using var network = new LinearNetwork();
        using var trainer = new RegressionTrainer(network, 16, new Sgd(1e-30));
        int epochs = 0, completed = 0;
        await foreach (FitProgress now in trainer.FitAsync(Data(Token),
            new FitOptions { Epochs = 9, EarlyStopping = new EarlyStopping(1) }, Token))
        {
            completed += now.EpochCompleted ? 1 : 0;
        }

        Assert.Equal(2, completed);

        async IAsyncEnumerable<SampleBatch> Data([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ended)
        {
            if (++epochs > 2)
            {
                await Task.Delay(Timeout.Infinite, ended);
            }

            yield return Piece(0, 16);
        }
    }

    [Fact]
    public void What_data_throw_is_seen_once()
    {
        int unseen = 0;
        EventHandler<UnobservedTaskExceptionEventArgs> count =
            (_, e) => unseen += e.Exception.InnerException is TimeoutException { Message: "seen once" } ? 1 : 0;
        TaskScheduler.UnobservedTaskException += count;
        try
        {
            Run();
            for (int i = 0; i < 3; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }

            Assert.Equal(0, unseen);
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= count;
        }

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static void Run()
        {
            using var network = new LinearNetwork();
            using var trainer = new RegressionTrainer(network, 16, new Sgd(0.1));
            Assert.Throws<TimeoutException>(() => trainer.Fit(Failing(), new FitOptions()));
        }

        static IEnumerable<SampleBatch> Failing()
        {
            yield return Piece(0, 16);
            throw new TimeoutException("seen once");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_last_step_of_fewer_samples_may_be_left_out(int accumulate)
    {
        // 50 samples: three steps of 16 and two samples, or one of 32 and a rest.
        var options = new FitOptions { Epochs = 2, Shuffle = false, DropLast = true, Accumulate = accumulate };
        int whole = 50 / (16 * accumulate), kept = whole * 16 * accumulate;
        (float[] expected, _) = Train(
            16, (trainer, reports) => trainer.Fit(Samples.AsMemory(0, kept * Inputs), Targets.AsMemory(0, kept * Outputs),
                options with { DropLast = false }, reports));
        (float[] inMemory, List<FitProgress> reports) = Train(16, (trainer, reports) => trainer.Fit(Samples, Targets, options, reports));
        (float[] inPieces, List<FitProgress> ofPieces) = Train(16, (trainer, reports) => trainer.Fit(Cut(7), options, reports));
        Assert.Equal(expected, inMemory);
        Assert.Equal(expected, inPieces);
        Assert.All(new[] { reports, ofPieces }, all => Assert.Equal(2 * whole, all.Max(report => report.Updates)));

        // The only step is not left out.
        (_, reports) = Train(16,
            (trainer, reports) => trainer.Fit(Samples.AsMemory(0, 5 * Inputs), Targets.AsMemory(0, 5 * Outputs), options, reports));
        (_, ofPieces) = Train(16, (trainer, reports) => trainer.Fit([Piece(0, 5)], options, reports));
        Assert.All(new[] { reports, ofPieces }, all => Assert.Equal(2, all.Max(report => report.Updates)));
    }

    [Fact]
    public void A_trainer_has_one_Fit_at_a_time()
    {
        using var network = new LinearNetwork();
        var optimizer = new Sgd(0.1);
        using var trainer = new RegressionTrainer(network, 16, optimizer);
        var options = new FitOptions { Epochs = 2, Schedule = Schedule.Exponential(0.5) };
        var rates = new List<double>();
        trainer.Fit(Cut(16), options, new Recorder
        {
            Then = now =>
            {
                Assert.Contains("at work", Assert.Throws<InvalidOperationException>(() => trainer.Fit(Cut(16), options)).Message,
                    StringComparison.Ordinal);
                rates.Add(optimizer.LearningRate);
            },
        });
        Assert.Equal([.. Enumerable.Repeat(0.1, 4), 0.05], rates.Take(5));
        Assert.Equal(0.1, optimizer.LearningRate);
        trainer.Fit(Cut(16), options);
    }

    [Fact]
    public async Task What_is_done_with_reports_does_not_count_as_training()
    {
        using var network = new LinearNetwork();
        using var trainer = new RegressionTrainer(network, 16, new Sgd(0.1));
        double counted = 0;
        TimeSpan waited = default;
        long start = Stopwatch.GetTimestamp();
        await foreach (FitProgress now in trainer.FitAsync(new SampleBatch(Samples, Targets), new FitOptions { Epochs = 1 }, Token))
        {
            // As long as the clocks of a busy machine need to tell.
            long before = Stopwatch.GetTimestamp();
            await Task.Delay(50, Token);
            waited += Stopwatch.GetElapsedTime(before);
            counted = 50 / now.SamplesPerSecond;
        }

        // Whatever else the machine does: what is counted lies outside of what was waited.
        double rest = (Stopwatch.GetElapsedTime(start) - waited).TotalSeconds;
        Assert.True(counted > 0 && counted <= rest, $"{counted} s of {rest} s, beside {waited.TotalSeconds} s of waiting");
    }

    [Fact]
    public async Task Who_leaves_the_loop_leaves_the_data_too()
    {
        using var network = new LinearNetwork();
        var optimizer = new Sgd(0.1);
        using var trainer = new RegressionTrainer(network, 5, optimizer);
        bool closed = false;
        await foreach (FitProgress now in trainer.FitAsync(Open(),
            new FitOptions { Epochs = 9, Schedule = Schedule.Exponential(0.5) }, Token))
        {
            if (now.Updates == 13)
            {
                break;
            }
        }

        Assert.True(closed);
        Assert.Equal((13, 0.1), (trainer.Steps, optimizer.LearningRate));
        Assert.True(trainer.Step(Samples.AsSpan(0, Inputs), Targets.AsSpan(0, Outputs)) > 0);

        IEnumerable<SampleBatch> Open()
        {
            try
            {
                closed = false;
                foreach (SampleBatch piece in Cut(5))
                {
                    yield return piece;
                }
            }
            finally
            {
                closed = true;
            }
        }
    }

    [Fact]
    public async Task Who_leaves_the_loop_is_not_blocked_while_the_data_end()
    {
        using var network = new LinearNetwork();
        using var trainer = new RegressionTrainer(network, 16, new Sgd(0.1));
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        IAsyncEnumerator<FitProgress> steps = trainer.FitAsync(Open(closed.Task, default), new FitOptions(), Token)
            .GetAsyncEnumerator(Token);
        Assert.True(await steps.MoveNextAsync());
        ValueTask end = steps.DisposeAsync();
        Assert.False(end.IsCompleted);
        closed.SetResult();
        await end;

        // It needs the thread that has left the loop.
        static async IAsyncEnumerable<SampleBatch> Open(Task closed,
            [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ended)
        {
            try
            {
                yield return Piece(0, 16);
                await Task.Delay(Timeout.Infinite, ended);
            }
            finally
            {
                await closed;
            }
        }
    }

    [Fact]
    public async Task Cancelling_ends_the_wait_for_data()
    {
        using var network = new LinearNetwork();
        using var trainer = new RegressionTrainer(network, 16, new Sgd(0.1));
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        int reports = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (FitProgress _ in trainer.FitAsync(Stuck(CancellationToken.None), new FitOptions(), cancellation.Token))
            {
                reports++;
                cancellation.CancelAfter(1);
            }
        });
        Assert.Equal((1, 1), (reports, trainer.Steps));

        using var again = new CancellationTokenSource();
        FitResult result = trainer.Fit(Stuck(CancellationToken.None), new FitOptions(),
            new Recorder { Then = _ => again.CancelAfter(1) }, again.Token);
        Assert.Equal((true, 2), (result.Cancelled, trainer.Steps));

        // The token is that of the loop, which ends it.
        static async IAsyncEnumerable<SampleBatch> Stuck([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ended)
        {
            yield return Piece(0, 16);
            await Task.Delay(Timeout.Infinite, ended);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_sample_that_is_not_finite_is_numbered_within_the_epoch(int accumulate)
    {
        using var network = new LinearNetwork();
        using var trainer = new RegressionTrainer(network, 8, new Sgd(0.01));
        var e = Assert.Throws<TrainingException>(() => trainer.Fit(Data(), new FitOptions { Epochs = 3, Accumulate = accumulate }));
        Assert.Equal("input", e.Layer);
        Assert.Contains("since sample 37 holds numbers that are not finite.", e.Message);

        static IEnumerable<SampleBatch> Data()
        {
            float[] samples = [.. Samples];
            samples[(37 * Inputs) + 2] = float.NaN;
            yield return new SampleBatch(samples, Targets);
        }
    }

    [Theory]
    [InlineData(7)]
    [InlineData(16)]
    public void Training_that_was_interrupted_goes_on_in_the_midst_of_the_data(int piece)
    {
        string path = System.IO.Path.GetTempFileName();
        try
        {
            var whole = new FitOptions
            {
                Epochs = 3,
                AverageDecay = 0.9,
                MixUp = 0.4,
                RestoreBest = true,
                ValidationInputs = Samples,
                ValidationValues = Targets,
                Augmentation = new Augmentation(new GaussianNoise(0.01)) { Range = (-9, 9) },
            };
            (float[] expected, List<FitProgress> expectedReports) = Train(8,
                (trainer, progress) => trainer.Fit(Cut(piece), whole, progress));
            FitOptions resumed = whole with { Checkpoint = new FitCheckpoint(path) { Resume = true } };
            System.IO.File.Delete(path);
            var reports = new List<FitProgress>();
            foreach (int stop in new[] { 3, 7, 12, 99 })
            {
                using var cancellation = new CancellationTokenSource();
                (float[] now, List<FitProgress> part) = Train(8, (trainer, progress) =>
                {
                    ((Recorder)progress).Then = r =>
                    {
                        if (r.Updates == stop)
                        {
                            cancellation.Cancel();
                        }
                    };
                    return trainer.Fit(Cut(piece), resumed, progress, cancellation.Token);
                });
                reports.AddRange(part);
                Assert.Equal(stop == 99, expected.SequenceEqual(now));
            }

            Assert.Equal(expectedReports, reports);
        }
        finally
        {
            System.IO.File.Delete(path);
        }
    }

    [Fact]
    public void Data_that_end_before_the_place_of_the_checkpoint_are_refused()
    {
        string path = System.IO.Path.GetTempFileName();
        try
        {
            var options = new FitOptions { Checkpoint = new FitCheckpoint(path) };
            using var cancellation = new CancellationTokenSource();
            Train(8, (trainer, progress) =>
            {
                ((Recorder)progress).Then = r => (r.Updates == 4 ? cancellation : null)?.Cancel();
                return trainer.Fit(Cut(7), options, progress, cancellation.Token);
            });
            using var network = new LinearNetwork();
            using var trainer = new RegressionTrainer(network, 8, new Sgd(0.1) { Momentum = 0.9 });
            FitOptions resumed = options with { Checkpoint = new FitCheckpoint(path) { Resume = true } };
            Assert.Contains(
                "end after 3 steps; the checkpoint was written after 4",
                Assert.Throws<ArgumentException>(() => trainer.Fit([Piece(0, 20)], resumed)).Message,
                StringComparison.Ordinal);
            Assert.Equal(4, trainer.Steps);
        }
        finally
        {
            System.IO.File.Delete(path);
        }
    }

    [Fact]
    public void Wrong_data_and_options_are_refused()
    {
        using var network = new LinearNetwork();
        using var trainer = new RegressionTrainer(network, 16, new Sgd(0.1));
        Refuses<ArgumentException>("take", [new SampleBatch(new float[Inputs + 1], new float[Outputs])]);
        Refuses<ArgumentException>("need", [new SampleBatch(new float[Inputs], new float[Outputs + 1])]);
        Refuses<ArgumentException>("need", [new SampleBatch(new float[Inputs], new int[1])]);
        Refuses<ArgumentOutOfRangeException>("finite",
            [new SampleBatch(new float[Inputs], Enumerable.Repeat(float.NaN, Outputs).ToArray())]);
        Refuses<ArgumentException>("no samples in epoch 1", []);
        Refuses<ArgumentException>("end after 4 steps; StepsPerEpoch is 5", Cut(50), new FitOptions { StepsPerEpoch = 5 });
        Refuses<ArgumentException>("set StepsPerEpoch", Cut(50),
            new FitOptions { Schedule = Schedule.Cosine() with { Unit = ScheduleUnit.Step } });
        Refuses<ArgumentException>("StepsPerEpoch", Cut(50), new FitOptions { StepsPerEpoch = 0 });
        Refuses<ArgumentException>("ReadAhead", Cut(50), new FitOptions { ReadAhead = 0 });
        Refuses<ArgumentOutOfRangeException>("has at most", Cut(50), new FitOptions { Accumulate = int.MaxValue });
        Refuses<ArgumentException>("augmentation keeps", [new SampleBatch(Enumerable.Repeat(10f, Inputs).ToArray(), new float[Outputs])],
            new FitOptions { Augmentation = new Augmentation(new GaussianNoise(0.1)) });
        Assert.Throws<ArgumentNullException>("data", () => trainer.Fit((IEnumerable<SampleBatch>)null!, new FitOptions()));
        Assert.Throws<ArgumentNullException>("data", () => trainer.FitAsync((IAsyncEnumerable<SampleBatch>)null!, new FitOptions()));

        // At once, not in the loop.
        Assert.Throws<ArgumentException>(() => trainer.FitAsync(new SampleBatch(new float[Inputs], new float[1]), new FitOptions()));
        Assert.Throws<ArgumentOutOfRangeException>(() => trainer.FitAsync(Cut(1), new FitOptions { Epochs = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>("options.StepsPerEpoch",
            () => trainer.FitAsync(Cut(1), new FitOptions { StepsPerEpoch = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>("options.ReadAhead", () => trainer.FitAsync(Cut(1), new FitOptions { ReadAhead = 0 }));

        // Those before the end of the data.
        Assert.Equal(4, trainer.Steps);

        void Refuses<T>(string message, IEnumerable<SampleBatch> data, FitOptions? options = null)
            where T : ArgumentException =>
            Assert.Contains(message, Assert.ThrowsAny<T>(() => trainer.Fit(data, options ?? new FitOptions())).Message,
                StringComparison.Ordinal);
    }

    private static (float[] Parameters, List<FitProgress> Reports) Train(int batch,
        Func<RegressionTrainer, IProgress<FitProgress>, FitResult> fit)
    {
        using var network = new LinearNetwork();
        using var trainer = new RegressionTrainer(network, batch, new Sgd(0.1) { Momentum = 0.9 });
        var reports = new Recorder();
        fit(trainer, reports);
        return (Parameters(network), reports);
    }

    private static float[] Parameters(LinearNetwork network) => [.. network.Values(0), .. network.Values(1)];

    private static IEnumerable<SampleBatch> Cut(int piece)
    {
        for (int first = 0; first < 50; first += piece)
        {
            yield return Piece(first, int.Min(piece, 50 - first));
        }
    }

    private static SampleBatch Piece(int first, int count) =>
        new(Samples.AsMemory(first * Inputs, count * Inputs), Targets.AsMemory(first * Outputs, count * Outputs));

    private static async IAsyncEnumerable<SampleBatch> Delayed(IEnumerable<SampleBatch> data)
    {
        foreach (SampleBatch piece in data)
        {
            await Task.Yield();
            yield return piece;
        }
    }

    private sealed class Recorder : List<FitProgress>, IProgress<FitProgress>
    {
        public Action<FitProgress>? Then { get; set; }

        public void Report(FitProgress value)
        {
            Add(value with { SamplesPerSecond = 0 });
            Then?.Invoke(value);
        }
    }
}
