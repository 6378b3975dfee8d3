using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Strata.Training;

/// <summary>Enumerates data that are read piece by piece, epoch by epoch, and cuts them into steps.</summary>
/// <param name="data">The data. Each epoch enumerates them from the beginning.</param>
/// <param name="network">The network.</param>
/// <param name="rules">The targets that the network takes.</param>
/// <param name="augmentation">The augmentation, which checks the samples' range; null for none.</param>
/// <param name="samplesPerStep">Samples of a step. An epoch's last step may have fewer.</param>
/// <param name="options">Epochs and their length.</param>
/// <param name="ownSamples">
/// Which samples this process reads, from the numbers of an epoch's samples that are trained on and that are skipped; null for all.
/// </param>
internal sealed class StepReader(
    IAsyncEnumerable<SampleBatch> data, CompiledNetwork network, TargetRules rules, BatchAugmentation? augmentation,
    int samplesPerStep, FitOptions options, Func<long, long, OwnSamples>? ownSamples = null)
{
    /// <summary>Reads on the calling thread. It blocks while it waits for asynchronous data.</summary>
    /// <param name="epoch">Number of the first epoch, counted from 1.</param>
    /// <param name="skippedSteps">Steps of this epoch that are skipped.</param>
    /// <param name="memory">Returns memory for the next step.</param>
    /// <param name="cancellationToken">The token that the data receive.</param>
    /// <returns>The steps of all epochs, with a null after the last one of each epoch.</returns>
    public IEnumerable<StepMemory?> Read(int epoch, int skippedSteps, Func<StepMemory> memory, CancellationToken cancellationToken)
    {
        for (; epoch <= options.Epochs; epoch++)
        {
            foreach (StepMemory step in ReadEpoch(epoch, skippedSteps, memory, cancellationToken))
            {
                yield return step;
            }

            skippedSteps = 0;
            yield return null;
        }
    }

    private IEnumerable<StepMemory> ReadEpoch(int epoch, int skippedSteps, Func<StepMemory> memory, CancellationToken cancellationToken)
    {
        StepMemory? step = null;
        long read = 0, skipped = (long)skippedSteps * samplesPerStep;
        long most = options.StepsPerEpoch is { } steps ? (long)steps * samplesPerStep : long.MaxValue;
        (IAsyncEnumerator<SampleBatch> pieces, OwnSamples? own) = Enumerate(most, skipped, cancellationToken);
        try
        {
            while (read < most && WaitFor(pieces.MoveNextAsync()))
            {
                // The data may ignore the token, so check it here, too.
                cancellationToken.ThrowIfCancellationRequested();
                SampleBatch piece = pieces.Current;
                int samples = network.CountSamples(piece.Inputs.Length, "data");
                rules.Check(piece.Targets.Targets, samples);
                CheckRange(piece, samples, read, own);
                int first = (int)long.Min(samples, long.Max(0, skipped - read));
                int end = (int)long.Min(samples, most - read);
                read += samples;
                while (first < end)
                {
                    step ??= memory();
                    int count = int.Min(end - first, samplesPerStep - step.Samples);
                    step.Add(piece, first, count);
                    first += count;
                    if (step.Samples == samplesPerStep)
                    {
                        yield return step;
                        step = null;
                    }
                }
            }
        }
        finally
        {
            WaitFor(pieces.DisposeAsync());
        }

        long taken = long.Min(read, most), stepsRead = StepSource.StepsOf(taken, samplesPerStep, options.DropLast);
        if (step is not null && stepsRead * samplesPerStep >= taken)
        {
            yield return step;
        }

        CheckEnd(epoch, read, stepsRead, skippedSteps);
    }

    /// <summary>Begins an epoch of the data, and says which of their samples are there.</summary>
    /// <param name="most">The most samples that are trained on.</param>
    /// <param name="skipped">Samples at the beginning that were trained on before.</param>
    /// <param name="cancellationToken">The token that the data receive.</param>
    private (IAsyncEnumerator<SampleBatch> Pieces, OwnSamples? Own) Enumerate(
        long most, long skipped, CancellationToken cancellationToken)
    {
        if (ownSamples is null || data is not ISkippableSamples skippable)
        {
            return (data.GetAsyncEnumerator(cancellationToken), null);
        }

        long taken = long.Min(skippable.Count, most);
        OwnSamples own = ownSamples(long.Min(taken, StepSource.StepsOf(taken, samplesPerStep, options.DropLast) * samplesPerStep), skipped);
        return (skippable.GetAsyncEnumerator(own.Contains, cancellationToken), own);
    }

    /// <summary>Checks that the samples of a piece that are there are in the augmentation's range.</summary>
    private void CheckRange(SampleBatch piece, int samples, long read, OwnSamples? own)
    {
        if (own is null)
        {
            augmentation?.CheckRange(piece.Inputs.Span, "data");
            return;
        }

        for (int i = 0; i < samples && augmentation is not null; i++)
        {
            if (own.Contains((int)read + i))
            {
                augmentation.CheckRange(piece.Inputs.Span.Slice(i * network.InputLength, network.InputLength), "data");
            }
        }
    }

    private void CheckEnd(int epoch, long read, long stepsRead, int skippedSteps)
    {
        if (read == 0)
        {
            throw new ArgumentException($"There are no samples in epoch {epoch} of the data.");
        }

        if (stepsRead < skippedSteps)
        {
            throw new ArgumentException(
                $"The data of epoch {epoch} end after {MessageText.Count(stepsRead, "step")}; the checkpoint was "
                + $"written after {skippedSteps}.");
        }

        if (options.StepsPerEpoch is { } wanted && stepsRead < wanted)
        {
            throw new ArgumentException(
                $"The data of epoch {epoch} end after {MessageText.Count(stepsRead, "step")}; "
                + $"{nameof(FitOptions.StepsPerEpoch)} is {wanted}.");
        }
    }

    private static bool WaitFor(ValueTask<bool> task) => task.IsCompleted ? task.Result : task.AsTask().GetAwaiter().GetResult();

    private static void WaitFor(ValueTask task) => task.AsTask().GetAwaiter().GetResult();
}
