using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Runtime.CompilerServices;
using System.Threading;
using Digits;
using Strata;
using Strata.Training;

namespace Samples.Web;

/// <summary>Trains the network on the digits that come with samples/Digits. One training runs at a time.</summary>
/// <param name="digits">Takes the weights at the end.</param>
internal sealed class DigitTraining(DigitService digits)
{
    public const int MostEpochs = 20;

    private const int BatchSize = 64;

    // Chosen by the accuracy on validation images, as in samples/Digits.
    private const double PeakRate = 0.05, Climb = 0.15;

    // A picture of the curve needs no more than this.
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(50);

    private readonly Lazy<(DigitSet Training, DigitSet Test)> _data = new(() => (DigitSet.Training(), DigitSet.Test()));
    private object? _running;

    /// <summary>Begins a training.</summary>
    /// <param name="epochs">1 to <see cref="MostEpochs"/>.</param>
    /// <param name="cancellationToken">Ends it; the weights stay as they were.</param>
    /// <returns>Reports, for as long as they are read; null while another training runs.</returns>
    public IAsyncEnumerable<TrainingReport>? TryBegin(int epochs, CancellationToken cancellationToken)
    {
        object run = new();
        if (Interlocked.CompareExchange(ref _running, run, null) is not null)
        {
            return null;
        }

        // Who has left before the first report never begins to read them.
        cancellationToken.Register(() => End(run));
        return TrainAsync(run, epochs, cancellationToken);
    }

    private void End(object run) => Interlocked.CompareExchange(ref _running, null, run);

    private async IAsyncEnumerable<TrainingReport> TrainAsync(
        object run, int epochs, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            (DigitSet training, DigitSet test) = _data.Value;
            using var network = new LeNet5(new NetworkOptions { Seed = (ulong)digits.Version + 1 });
            using ClassificationTrainer trainer = network.CreateTrainer(BatchSize, new Sgd(PeakRate) { Momentum = 0.9, Nesterov = true });
            var options = new FitOptions
            {
                Epochs = epochs,
                Schedule = OneCycle(epochs * ((training.Count + BatchSize - 1) / BatchSize)),
                ValidationInputs = test.Inputs(),
                ValidationTargets = test.Labels,
            };
            long last = 0;
            var data = new SampleBatch(training.Inputs(), training.Labels);
            await foreach (FitProgress now in trainer.FitAsync(data, options, cancellationToken))
            {
                if (now.EpochCompleted || Stopwatch.GetElapsedTime(last) >= Between)
                {
                    last = Stopwatch.GetTimestamp();
                    yield return new TrainingReport(
                        now.Epoch, now.Epochs, now.Epoch - 1 + ((double)now.Step / now.StepsPerEpoch), now.Loss, now.ValidationAccuracy,
                        now.SamplesPerSecond);
                }
            }

            using var weights = new MemoryStream();
            network.Save(weights);
            digits.Replace(weights.ToArray());
        }
        finally
        {
            End(run);
        }
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
