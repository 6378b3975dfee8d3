using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;

namespace Strata.Training;

/// <content>Training for some epochs.</content>
public partial class Trainer
{
    /// <summary>Prepares calls of <c>Fit</c>.</summary>
    private protected FitLoops Loops => new(this, Evaluator);

    /// <summary>
    /// Trains for some epochs on data that need not fit in memory. Each epoch enumerates the data from the beginning, in their own order.
    /// Another thread reads ahead while the network trains.
    /// </summary>
    /// <param name="data">
    /// Pieces of the data, each with any number of samples; they are cut into batches of <see cref="BatchSize"/>. A piece's memory may be
    /// reused as soon as the next piece is asked for. Another thread enumerates the pieces while the network trains, so the enumeration
    /// must not use the network.
    /// </param>
    /// <param name="options">Epochs, validation, checkpoints and more. <see cref="FitOptions.Shuffle"/> has no effect.</param>
    /// <param name="progress">
    /// Receives a report after every step and every epoch, on the calling thread, before a checkpoint is written. It may change the
    /// learning rate if there is no schedule.
    /// </param>
    /// <param name="cancellationToken">
    /// Ends training between two steps. The result says so, and the network has the parameters of the last complete step, or their averages
    /// (<see cref="FitOptions.AverageDecay"/>). Asynchronous data get a cancellation token, too. With other data, the call ends when the
    /// piece that is being read has arrived.
    /// </param>
    /// <exception cref="ArgumentException">A piece's lengths do not fit, or an epoch has no samples, or fewer than
    /// <see cref="FitOptions.StepsPerEpoch"/> needs.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A target is not one that its loss takes, or an option is out of range.</exception>
    /// <exception cref="TrainingException">
    /// The loss, a gradient or a running statistic is not finite. Parameters and statistics are those before the step.
    /// </exception>
    /// <exception cref="WeightsFormatException">The checkpoint to go on from is damaged, or was made with other options. Nothing was
    /// changed.</exception>
    /// <exception cref="IOException">A checkpoint cannot be read or written.</exception>
    /// <exception cref="InvalidOperationException">The network declares <see cref="ExternalLossAttribute"/>; or there are validation
    /// samples, but no loss on an output; or another <c>Fit</c> of the trainer is running.</exception>
    /// <remarks>
    /// If the data throw an exception, this call throws it unchanged. If training ends early, for example by an exception of
    /// <paramref name="progress"/>, the call waits for the piece that is being read.
    /// </remarks>
    public FitResult Fit(
        IEnumerable<SampleBatch> data, FitOptions options, IProgress<FitProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        Loops.Over(data, options).Run(progress, cancellationToken);

    /// <inheritdoc cref="Fit(IEnumerable{SampleBatch}, FitOptions, IProgress{FitProgress}?, CancellationToken)"/>
    public FitResult Fit(
        IAsyncEnumerable<SampleBatch> data, FitOptions options, IProgress<FitProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        Loops.Over(data, options).Run(progress, cancellationToken);

    /// <summary>
    /// Trains like <c>Fit</c> on samples in memory, and returns its reports one by one. Each step is done when you ask for its report.
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
    /// Steps run on another thread, so that the awaiting thread is free. Between two reports you may use the trainer and the network, as
    /// between two calls of <c>Step</c>. If you leave the loop early, the network has the parameters of the last step. What would follow
    /// that step is not done: no checkpoint, no <see cref="FitOptions.RestoreBest"/>, no averages (<see cref="FitOptions.AverageDecay"/>).
    /// </remarks>
    /// <param name="data">All samples. The memory must not change meanwhile.</param>
    /// <param name="options">Epochs, order, validation, checkpoints and more.</param>
    /// <param name="cancellationToken">Ends training between two steps. A checkpoint is then written if the options name one.</param>
    /// <returns>A report after each step, and one more at the end of each epoch.</returns>
    /// <exception cref="OperationCanceledException">Thrown in the loop when training is cancelled. The network has the parameters of the
    /// last complete step, or their averages (<see cref="FitOptions.AverageDecay"/>).</exception>
    public IAsyncEnumerable<FitProgress> FitAsync(SampleBatch data, FitOptions options, CancellationToken cancellationToken = default) =>
        FitLoops.StepsOf(() => Loops.Over(data.Inputs, data.Targets, options, nameof(data)), cancellationToken);

    /// <summary>
    /// Trains like <c>Fit</c> on data that are read piece by piece, and returns its reports one by one. Each step is done when you ask for
    /// its report.
    /// </summary>
    /// <param name="data">Pieces of the data, as for
    /// <see cref="Fit(IAsyncEnumerable{SampleBatch}, FitOptions, IProgress{FitProgress}?, CancellationToken)"/>.</param>
    /// <param name="options">Epochs, validation, checkpoints and more.</param>
    /// <param name="cancellationToken">Ends training between two steps. A checkpoint is then written if the options name one.</param>
    /// <returns>A report after each step, and one more at the end of each epoch.</returns>
    /// <exception cref="OperationCanceledException">Thrown in the loop when training is cancelled. The network has the parameters of the
    /// last complete step, or their averages (<see cref="FitOptions.AverageDecay"/>).</exception>
    /// <remarks>As for <see cref="FitAsync(SampleBatch, FitOptions, CancellationToken)"/>.</remarks>
    public IAsyncEnumerable<FitProgress> FitAsync(IAsyncEnumerable<SampleBatch> data, FitOptions options,
        CancellationToken cancellationToken = default) =>
        FitLoops.StepsOf(() => Loops.Over(data, options), cancellationToken);

    /// <inheritdoc cref="FitAsync(IAsyncEnumerable{SampleBatch}, FitOptions, CancellationToken)"/>
    public IAsyncEnumerable<FitProgress> FitAsync(IEnumerable<SampleBatch> data, FitOptions options,
        CancellationToken cancellationToken = default) =>
        FitLoops.StepsOf(() => Loops.Over(data, options), cancellationToken);
}
