using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using Digits;
using Strata;
using Strata.Training;

namespace Samples.Web;

/// <summary>Trains the network on the digits that come with samples/Digits. One training runs at a time.</summary>
/// <param name="digits">Takes the weights at the end.</param>
/// <param name="stopping">Ends a training when the server stops.</param>
internal sealed class DigitTraining(DigitService digits, CancellationToken stopping)
{
    private const int BatchSize = 64;

    // Chosen by the accuracy on validation images, as in samples/Digits.
    private const double PeakRate = 0.05, Climb = 0.15;

    // A picture of the curve needs no more than this.
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(50);

    private readonly Lazy<(DigitSet Training, DigitSet Test)> _data = new(() => (DigitSet.Training(), DigitSet.Test()));
    private ulong _seed;
    private int _running;

    /// <summary>Begins a training.</summary>
    /// <param name="epochs">1 to <see cref="Limits.MaxEpochs"/>.</param>
    /// <param name="cancellationToken">Ends it; the weights stay as they were.</param>
    /// <returns>Reports; null while another training runs.</returns>
    public IAsyncEnumerable<TrainingReport>? TryBegin(int epochs, CancellationToken cancellationToken)
    {
        if (Interlocked.CompareExchange(ref _running, 1, 0) != 0)
        {
            return null;
        }

        var reports = Channel.CreateUnbounded<TrainingReport>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        _ = Task.Run(() => RunAsync(epochs, reports.Writer, cancellationToken), CancellationToken.None);
        return reports.Reader.ReadAllAsync(cancellationToken);
    }

    private async Task RunAsync(int epochs, ChannelWriter<TrainingReport> reports, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopping);
        Exception? failure = null;
        try
        {
            await TrainAsync(epochs, reports, either.Token);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        Volatile.Write(ref _running, 0);
        reports.Complete(failure);
    }

    private async Task TrainAsync(int epochs, ChannelWriter<TrainingReport> reports, CancellationToken cancellationToken)
    {
        (DigitSet training, DigitSet test) = _data.Value;
        using var network = new LeNet5(new NetworkOptions { Seed = ++_seed });
        using ClassificationTrainer trainer = network.CreateTrainer(BatchSize, new Sgd(PeakRate) { Momentum = 0.9, Nesterov = true });
        var options = new FitOptions
        {
            Epochs = epochs,
            Seed = _seed,
            Schedule = OneCycle(epochs * ((training.Count + BatchSize - 1) / BatchSize)),
            ValidationInputs = test.Inputs(),
            ValidationTargets = test.Labels,
        };
        var data = new SampleBatch(training.Inputs(), training.Labels);
        TrainingReport? report = null;
        long last = 0;
        await foreach (FitProgress now in trainer.FitAsync(data, options, cancellationToken))
        {
            report = new TrainingReport(now.Epoch, now.Epochs, now.Epoch - 1 + ((double)now.Step / now.StepsPerEpoch), now.Loss,
                now.ValidationAccuracy, now.SamplesPerSecond);
            if (now.EpochCompleted || Stopwatch.GetElapsedTime(last) >= Between)
            {
                last = Stopwatch.GetTimestamp();
                reports.TryWrite(report);
            }
        }

        using var weights = new MemoryStream();
        network.Save(weights);
        cancellationToken.ThrowIfCancellationRequested();
        reports.TryWrite(report! with { Weights = digits.Replace(weights.ToArray()).Id });
    }

    /// <summary>The one-cycle schedule (Smith and Topin 2018).</summary>
    private static Schedule OneCycle(int steps)
    {
        int climb = Math.Max(1, (int)(steps * Climb));
        return Schedule.Linear(Math.Max(1, steps - climb), start: 1, end: 0).AfterWarmup(climb, start: 0.1) with
        {
            Unit = ScheduleUnit.Step,
        };
    }
}
