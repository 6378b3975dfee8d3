using System;
using System.Threading;

namespace Strata.Training;

/// <summary>Trains a network all of whose losses take targets of one kind.</summary>
/// <typeparam name="TTarget"><see cref="int"/> for class indices, <see cref="float"/> for values.</typeparam>
public abstract class Trainer<TTarget> : Trainer
    where TTarget : unmanaged
{
    private protected Trainer(CompiledNetwork network, int batchSize, Optimizer optimizer)
        : base(network, batchSize, optimizer)
    {
    }

    /// <summary>One training step: loss, gradients, update.</summary>
    /// <param name="inputs">1 to <see cref="Trainer.BatchSize"/> samples.</param>
    /// <param name="targets">The targets of each sample, one behind the other: classes, counted from 0, or wanted outputs.</param>
    /// <returns>The loss of the targets before the update: their mean, or their sum with <see cref="Reduction.Sum"/>.</returns>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A target is not one that the loss takes: no class, or no finite number.</exception>
    /// <exception cref="TrainingException">
    /// The loss, a gradient or a running statistic is not finite. Parameters and statistics are those before the step.
    /// </exception>
    public float Step(ReadOnlySpan<float> inputs, ReadOnlySpan<TTarget> targets) =>
        RunStep(inputs, Of(targets), accumulate: false, update: true);

    /// <summary>As <see cref="Step"/>, but leaves the parameters as they are; <see cref="Trainer.Update"/> may follow.</summary>
    /// <param name="inputs">1 to <see cref="Trainer.BatchSize"/> samples.</param>
    /// <param name="targets">The targets of each sample.</param>
    /// <returns>The loss of the targets: their mean, or their sum with <see cref="Reduction.Sum"/>.</returns>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A target is not one that the loss takes.</exception>
    /// <exception cref="TrainingException">A running statistic is not finite. The statistics are those before.</exception>
    public float ComputeGradients(ReadOnlySpan<float> inputs, ReadOnlySpan<TTarget> targets) =>
        RunStep(inputs, Of(targets), accumulate: false, update: false);

    /// <summary>
    /// As <see cref="ComputeGradients"/>, but gradients that no <see cref="Trainer.Update"/> has used yet count as those of another part
    /// of the same batch: of a mean loss, the gradients become those of its mean over all the parts' samples, as if they had been one
    /// batch; of a summed loss, their sum. Where the means of several losses divide by different numbers (class weights, targets that do
    /// not count), a part counts by its samples; <see cref="FitOptions.Accumulate"/> knows all parts and is exact there, too.
    /// </summary>
    /// <param name="inputs">1 to <see cref="Trainer.BatchSize"/> samples.</param>
    /// <param name="targets">The targets of each sample.</param>
    /// <returns>The loss of the targets: their mean, or their sum with <see cref="Reduction.Sum"/>.</returns>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A target is not one that the loss takes.</exception>
    /// <exception cref="InvalidOperationException">There is an earlier part, and some losses are means and others sums.</exception>
    /// <exception cref="TrainingException">
    /// The loss, a gradient or a running statistic is not finite. Parameters and statistics are those before the step.
    /// </exception>
    public float AccumulateGradients(ReadOnlySpan<float> inputs, ReadOnlySpan<TTarget> targets) =>
        RunStep(inputs, Of(targets), accumulate: true, update: false);

    /// <summary>Trains for some epochs.</summary>
    /// <param name="inputs">All samples. The memory must not change meanwhile.</param>
    /// <param name="targets">The targets of each sample.</param>
    /// <param name="options">Epochs, order, validation, and what else happens on the way.</param>
    /// <param name="progress">Is told after every step and every epoch, on the calling thread; may change the learning rate where no
    /// schedule does.</param>
    /// <param name="cancellationToken">
    /// Ends training between two steps: the result says so, and the network is that of the last complete step, or its averages up to there
    /// (<see cref="FitOptions.AverageDecay"/>).
    /// </param>
    /// <exception cref="ArgumentException">The lengths do not fit, or there are no samples.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A target is not one that the loss takes, or an option is out of range.</exception>
    /// <exception cref="TrainingException">
    /// The loss, a gradient or a running statistic is not finite. Parameters and statistics are those before the step.
    /// </exception>
    /// <exception cref="WeightsFormatException">
    /// The checkpoint to go on from is damaged, or was made with another number of samples or other options. Nothing was changed.
    /// </exception>
    /// <exception cref="System.IO.IOException">A checkpoint cannot be read or written.</exception>
    /// <exception cref="InvalidOperationException">There are validation samples, but no loss is on an output.</exception>
    public FitResult Fit(
        ReadOnlyMemory<float> inputs,
        ReadOnlyMemory<TTarget> targets,
        FitOptions options,
        IProgress<FitProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        CreateLoop(inputs, Of(targets), options).Run(progress, cancellationToken);

    private protected abstract Targets Of(ReadOnlySpan<TTarget> targets);

    private protected abstract TargetMemory Of(ReadOnlyMemory<TTarget> targets);
}
