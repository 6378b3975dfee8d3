using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;

namespace Strata.Training;

/// <content>Training for some epochs.</content>
public partial class Trainer
{
    /// <summary>
    /// Trains for some epochs on data that need not fit into memory. A worker reads ahead while training is at work, and each epoch goes
    /// through the data from their beginning, in their own order.
    /// </summary>
    /// <param name="data">
    /// Pieces of the data, of any number of samples; they are cut into batches of <see cref="BatchSize"/>. The memory of a piece may be
    /// used again when the next one is asked for. Another thread goes through them while the network trains, one at a time; so they must
    /// not come from the network itself.
    /// </param>
    /// <param name="options">Epochs, validation, and what else happens on the way. <see cref="FitOptions.Shuffle"/> has no effect.</param>
    /// <param name="progress">
    /// Is told after every step and every epoch, on the calling thread, before a checkpoint that is due is written; may change the learning
    /// rate where no schedule does.
    /// </param>
    /// <param name="cancellationToken">
    /// Ends training between two steps: the result says so, and the network is that of the last complete step, or its averages up to there
    /// (<see cref="FitOptions.AverageDecay"/>). Asynchronous data are told by their own token; other data end when the piece that is being
    /// read is there.
    /// </param>
    /// <exception cref="ArgumentException">A piece's lengths do not fit, an epoch has no samples, or fewer than
    /// <see cref="FitOptions.StepsPerEpoch"/> needs.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A target is not one that its loss takes, or an option is out of range.</exception>
    /// <exception cref="TrainingException">
    /// The loss, a gradient or a running statistic is not finite. Parameters and statistics are those before the step.
    /// </exception>
    /// <exception cref="WeightsFormatException">The checkpoint to go on from is damaged, or was made with other options. Nothing was
    /// changed.</exception>
    /// <exception cref="IOException">A checkpoint cannot be read or written.</exception>
    /// <exception cref="InvalidOperationException">The network declares <see cref="ExternalLossAttribute"/>, or there are validation
    /// samples, but no loss is on an output; or another <c>Fit</c> of the trainer is at work.</exception>
    /// <remarks>
    /// What the data throw comes out of this call as it is. Who ends training early, by an exception of <paramref name="progress"/> too,
    /// waits for the piece that is being read.
    /// </remarks>
    public FitResult Fit(
        IEnumerable<SampleBatch> data, FitOptions options, IProgress<FitProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        return CreateLoop(data.ToAsyncEnumerable(), options).Run(progress, cancellationToken);
    }

    /// <inheritdoc cref="Fit(IEnumerable{SampleBatch}, FitOptions, IProgress{FitProgress}?, CancellationToken)"/>
    public FitResult Fit(
        IAsyncEnumerable<SampleBatch> data, FitOptions options, IProgress<FitProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        return CreateLoop(data, options).Run(progress, cancellationToken);
    }

    /// <summary>
    /// Trains as <c>Fit</c> does, on samples in memory, as a stream of reports: each step is done when the next report is asked for.
    /// </summary>
    /// <remarks>
    /// <code>
    /// await foreach (FitProgress now in trainer.FitAsync(new SampleBatch(images, labels), new FitOptions { Epochs = 10 }))
    /// {
    ///     Console.WriteLine(now);
    ///     if (now.ValidationAccuracy > 0.99)
    ///     {
    ///         break;
    ///     }
    /// }
    /// </code>
    /// Steps run on threads of the pool, so that the thread that awaits them stays free. Between two reports the trainer and the network
    /// are the caller's, as between two calls of <c>Step</c>. Who leaves the loop early has the network of the last step, without what
    /// comes after its report (a checkpoint that is due) and what the end of training brings (<see cref="FitOptions.RestoreBest"/>,
    /// <see cref="FitOptions.AverageDecay"/>).
    /// </remarks>
    /// <param name="data">All samples. The memory must not change meanwhile.</param>
    /// <param name="options">Epochs, order, validation, and what else happens on the way.</param>
    /// <param name="cancellationToken">Ends training between two steps, after which a checkpoint is written where the options name
    /// one.</param>
    /// <returns>A report after each step, and one more at the end of each epoch.</returns>
    /// <exception cref="OperationCanceledException">From the loop: training was cancelled. The network is that of the last complete step,
    /// or its averages up to there (<see cref="FitOptions.AverageDecay"/>).</exception>
    public IAsyncEnumerable<FitProgress> FitAsync(SampleBatch data, FitOptions options, CancellationToken cancellationToken = default) =>
        StepsOf(() => CreateLoop(data.Inputs, data.Targets, options, nameof(data)), cancellationToken);

    /// <summary>
    /// Trains as <c>Fit</c> does, on data that are read piece by piece, as a stream of reports: each step is done when
    /// the next report is asked for.
    /// </summary>
    /// <param name="data">Pieces of the data, as for
    /// <see cref="Fit(IAsyncEnumerable{SampleBatch}, FitOptions, IProgress{FitProgress}?, CancellationToken)"/>.</param>
    /// <param name="options">Epochs, validation, and what else happens on the way.</param>
    /// <param name="cancellationToken">Ends training between two steps, after which a checkpoint is written where the options name
    /// one.</param>
    /// <returns>A report after each step, and one more at the end of each epoch.</returns>
    /// <exception cref="OperationCanceledException">From the loop: training was cancelled. The network is that of the last complete step,
    /// or its averages up to there (<see cref="FitOptions.AverageDecay"/>).</exception>
    /// <remarks>As for <see cref="FitAsync(SampleBatch, FitOptions, CancellationToken)"/>.</remarks>
    public IAsyncEnumerable<FitProgress> FitAsync(IAsyncEnumerable<SampleBatch> data, FitOptions options,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        return StepsOf(() => CreateLoop(data, options), cancellationToken);
    }

    /// <inheritdoc cref="FitAsync(IAsyncEnumerable{SampleBatch}, FitOptions, CancellationToken)"/>
    public IAsyncEnumerable<FitProgress> FitAsync(IEnumerable<SampleBatch> data, FitOptions options,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        return FitAsync(data.ToAsyncEnumerable(), options, cancellationToken);
    }

    /// <summary>Training for some epochs on samples in memory. All arguments are checked here.</summary>
    /// <param name="inputs">The samples.</param>
    /// <param name="targets">Their targets.</param>
    /// <param name="options">The options.</param>
    /// <param name="name">What the caller's argument is called that has the samples, for messages.</param>
    private protected FitLoop CreateLoop(ReadOnlyMemory<float> inputs, TargetMemory targets, FitOptions options, string name = "inputs")
    {
        CheckLosses(options);
        int samples = Network.CountSamples(inputs.Length, name);
        if (samples == 0)
        {
            throw new ArgumentException("There are no samples.", name);
        }

        _targets.Check(targets.Targets, samples);

        return new FitLoop(
            this,
            (step, augmentation) =>
            {
                augmentation?.CheckRange(inputs.Span, name);
                return new MemorySource(inputs, targets, samples, step, BatchSize, options);
            },
            options,
            ValidationOf(options));
    }

    /// <summary>Training for some epochs on samples that are read piece by piece.</summary>
    private FitLoop CreateLoop(IAsyncEnumerable<SampleBatch> data, FitOptions options)
    {
        CheckLosses(options);
        return new FitLoop(
            this,
            (step, augmentation) => new StreamSource(data, Network, _targets, augmentation, step, BatchSize, options),
            options,
            ValidationOf(options));
    }

    private void CheckLosses(FitOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (Losses.Infos.Length == 0)
        {
            throw new InvalidOperationException(
                $"{Network.Info.Name} has a loss of its own, which Fit cannot compute; train it step by step.");
        }
    }

    /// <summary>How the network does on the validation samples; null where there are none.</summary>
    private Func<(double Loss, double? Accuracy)>? ValidationOf(FitOptions options)
    {
        if (options.ValidationInputs.Length == 0)
        {
            // Targets alone would be ignored without a word.
            return options.ValidationTargets.Length == 0 && options.ValidationValues.Length == 0 ? null : throw new ArgumentException(
                $"{nameof(FitOptions.ValidationInputs)} is empty, but there are validation targets. Give both or neither.",
                nameof(options));
        }

        var wanted = new TargetMemory(
            options.ValidationTargets, options.ValidationValues, "options.ValidationTargets", "options.ValidationValues");
        _targets.Check(wanted.Targets, Network.CountSamples(options.ValidationInputs.Length, "options.ValidationInputs"));
        _evaluator.Check();
        return () =>
        {
            Evaluation evaluation = RunEvaluation(options.ValidationInputs, wanted);
            return (evaluation.Loss, evaluation.ConfusionMatrix?.Accuracy);
        };
    }

    /// <summary>Training that begins anew for each loop over its reports. Arguments are checked at once.</summary>
    private static IAsyncEnumerable<FitProgress> StepsOf(Func<FitLoop> create, CancellationToken cancellationToken)
    {
        create().Dispose();
        return Run(create, cancellationToken);

        static async IAsyncEnumerable<FitProgress> Run(Func<FitLoop> create, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (FitProgress now in create().StepsAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return now;
            }
        }
    }
}
