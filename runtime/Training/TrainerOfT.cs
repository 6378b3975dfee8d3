using System;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Strata.Training;

/// <summary>Trains a network whose losses all take targets of one kind.</summary>
/// <typeparam name="TTarget"><see cref="int"/> for class indices, <see cref="float"/> for values.</typeparam>
public abstract class Trainer<TTarget> : Trainer
    where TTarget : unmanaged
{
    private protected Trainer(CompiledNetwork network, int batchSize, Optimizer optimizer, Trainer? first)
        : base(network, batchSize, optimizer, first)
    {
    }

    /// <inheritdoc/>
    public override Trainer<TTarget> At(params ReadOnlySpan<int> extents) => (Trainer<TTarget>)base.At(extents);

    /// <summary>One training step: loss, gradients, update.</summary>
    /// <param name="inputs">1 to <see cref="Trainer.BatchSize"/> samples.</param>
    /// <param name="targets">The targets, sample after sample: classes, counted from 0, or values for the outputs.</param>
    /// <returns>The loss before the update: the mean over the targets, or the sum with <see cref="Reduction.Sum"/>.</returns>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A target is not one that the loss takes: no class, or no finite number.</exception>
    /// <exception cref="TrainingException">
    /// The loss, a gradient or a running statistic is not finite, or the update would make a parameter or the optimizer's state infinite.
    /// Parameters, state and statistics are those before the step.
    /// </exception>
    public float Step(ReadOnlySpan<float> inputs, ReadOnlySpan<TTarget> targets) =>
        CheckAndTrain(inputs, ToTargets(targets), accumulate: false, update: true);

    /// <summary>
    /// Computes loss and gradients like <see cref="Step"/>, but does not update the parameters. Call <see cref="Trainer.Update"/> for that.
    /// </summary>
    /// <param name="inputs">1 to <see cref="Trainer.BatchSize"/> samples.</param>
    /// <param name="targets">The targets of each sample.</param>
    /// <returns>The loss of the targets: their mean, or their sum with <see cref="Reduction.Sum"/>.</returns>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A target is not one that the loss takes.</exception>
    /// <exception cref="TrainingException">A running statistic is not finite. The statistics are those before the call.</exception>
    public float ComputeGradients(ReadOnlySpan<float> inputs, ReadOnlySpan<TTarget> targets) =>
        CheckAndTrain(inputs, ToTargets(targets), accumulate: false, update: false);

    /// <summary>
    /// Adds gradients like <see cref="ComputeGradients"/>, for samples that are another part of the same batch: the batch whose gradients
    /// no <see cref="Trainer.Update"/> has used yet. The gradients become those of the mean loss over the samples of all parts, as if they
    /// were one batch. With summed losses they become those of the sum.
    /// With class weights or ignored targets, several losses may divide by different numbers. Each part is then weighted by its number of
    /// samples, which is not exact. <see cref="FitOptions.Accumulate"/> is exact in this case, too.
    /// </summary>
    /// <param name="inputs">1 to <see cref="Trainer.BatchSize"/> samples.</param>
    /// <param name="targets">The targets of each sample.</param>
    /// <returns>The loss of the targets: their mean, or their sum with <see cref="Reduction.Sum"/>.</returns>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A target is not one that the loss takes.</exception>
    /// <exception cref="InvalidOperationException">The batch has an earlier part, and some losses are means and others sums.</exception>
    /// <exception cref="TrainingException">
    /// The loss, a gradient or a running statistic is not finite. Parameters and statistics are those before the step.
    /// </exception>
    public float AccumulateGradients(ReadOnlySpan<float> inputs, ReadOnlySpan<TTarget> targets) =>
        CheckAndTrain(inputs, ToTargets(targets), accumulate: true, update: false);

    /// <summary>Trains for some epochs.</summary>
    /// <param name="inputs">All samples. The memory must not change meanwhile.</param>
    /// <param name="targets">The targets of each sample.</param>
    /// <param name="options">Epochs, order, validation, checkpoints and more.</param>
    /// <param name="progress">Receives a report after every step and every epoch, on the calling thread. It may change the learning rate if
    /// there is no schedule.</param>
    /// <param name="cancellationToken">
    /// Ends training between two steps. The result says so, and the network has the parameters of the last complete step, or their averages
    /// (<see cref="FitOptions.AverageDecay"/>).
    /// </param>
    /// <exception cref="ArgumentException">The lengths do not fit, or there are no samples.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A target is not one that the loss takes, or an option is out of range.</exception>
    /// <exception cref="TrainingException">
    /// The loss, a gradient or a running statistic is not finite, or the update would make a parameter or the optimizer's state infinite.
    /// Parameters, state and statistics are those before the step.
    /// </exception>
    /// <exception cref="WeightsFormatException">
    /// The checkpoint to go on from is damaged, or was made with another number of samples or other options. Nothing was changed.
    /// </exception>
    /// <exception cref="System.IO.IOException">A checkpoint cannot be read or written.</exception>
    /// <exception cref="InvalidOperationException">There are validation samples, but no loss on an output.</exception>
    public FitResult Fit(
        ReadOnlyMemory<float> inputs,
        ReadOnlyMemory<TTarget> targets,
        FitOptions options,
        IProgress<FitProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        Loops.Over(inputs, ToTargets(targets), options).Run(progress, cancellationToken);

    /// <summary>Trains for some epochs. Collection expressions (<c>[.. samples]</c>) come here.</summary>
    /// <inheritdoc cref="Fit(ReadOnlyMemory{float}, ReadOnlyMemory{TTarget}, FitOptions, IProgress{FitProgress}?, CancellationToken)"/>
    [OverloadResolutionPriority(-1)]
    public FitResult Fit(
        float[] inputs,
        TTarget[] targets,
        FitOptions options,
        IProgress<FitProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        Fit(inputs.AsMemory(), targets.AsMemory(), options, progress, cancellationToken);

    private protected abstract Targets ToTargets(ReadOnlySpan<TTarget> targets);

    private protected abstract TargetMemory ToTargets(ReadOnlyMemory<TTarget> targets);
}
