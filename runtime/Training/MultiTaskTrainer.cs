using System;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Strata.Training;

/// <summary>
/// Trains a network with losses on class indices and losses on values, such as a detector with <c>[CrossEntropy]</c> on its classes and
/// <c>[SmoothL1]</c> on its boxes. The network's <c>CreateTrainer</c> makes it.
/// </summary>
/// <remarks>
/// Classes and values are two spans. Each holds the targets sample after sample. Losses of one kind share a target, unless their
/// <see cref="LossAttribute.Target"/> differs. Within a sample, targets are in the order of the losses that use them first.
/// </remarks>
public sealed class MultiTaskTrainer : Trainer
{
    internal MultiTaskTrainer(CompiledNetwork network, int batchSize, Optimizer optimizer, Trainer? first = null)
        : base(network, batchSize, optimizer, first)
    {
    }

    /// <inheritdoc/>
    public override MultiTaskTrainer At(params ReadOnlySpan<int> extents) => (MultiTaskTrainer)base.At(extents);

    /// <summary>One training step: loss, gradients, update.</summary>
    /// <param name="inputs">1 to <see cref="Trainer.BatchSize"/> samples.</param>
    /// <param name="classes">The classes of each sample, for the losses that take classes.</param>
    /// <param name="values">The target values of each sample, for the losses that take values.</param>
    /// <returns>The weighted sum of the losses before the update.</returns>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A target is not one that its loss takes: no class, or no finite number.</exception>
    /// <exception cref="TrainingException">
    /// The loss, a gradient or a running statistic is not finite, or the update would make a parameter or the optimizer's state infinite.
    /// Parameters, state and statistics are those before the step.
    /// </exception>
    public float Step(ReadOnlySpan<float> inputs, ReadOnlySpan<int> classes, ReadOnlySpan<float> values) =>
        CheckAndTrain(inputs, new Targets(classes, values), accumulate: false, update: true);

    /// <summary>
    /// Computes losses and gradients like <see cref="Step"/>, but does not update the parameters. Call <see cref="Trainer.Update"/> for
    /// that.
    /// </summary>
    /// <param name="inputs">1 to <see cref="Trainer.BatchSize"/> samples.</param>
    /// <param name="classes">The classes of each sample.</param>
    /// <param name="values">The target values of each sample.</param>
    /// <returns>The weighted sum of the losses.</returns>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A target is not one that its loss takes.</exception>
    /// <exception cref="TrainingException">A running statistic is not finite. The statistics are those before the call.</exception>
    public float ComputeGradients(ReadOnlySpan<float> inputs, ReadOnlySpan<int> classes, ReadOnlySpan<float> values) =>
        CheckAndTrain(inputs, new Targets(classes, values), accumulate: false, update: false);

    /// <summary>
    /// Adds gradients like <see cref="ComputeGradients"/>, for samples that are another part of the same batch: the batch whose gradients
    /// no <see cref="Trainer.Update"/> has used yet. See <see cref="Trainer{TTarget}.AccumulateGradients"/>.
    /// </summary>
    /// <param name="inputs">1 to <see cref="Trainer.BatchSize"/> samples.</param>
    /// <param name="classes">The classes of each sample.</param>
    /// <param name="values">The target values of each sample.</param>
    /// <returns>The weighted sum of the losses.</returns>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A target is not one that its loss takes.</exception>
    /// <exception cref="InvalidOperationException">The batch has an earlier part, and some losses are means and others sums.</exception>
    /// <exception cref="TrainingException">
    /// The loss, a gradient or a running statistic is not finite. Parameters and statistics are those before the step.
    /// </exception>
    public float AccumulateGradients(ReadOnlySpan<float> inputs, ReadOnlySpan<int> classes, ReadOnlySpan<float> values) =>
        CheckAndTrain(inputs, new Targets(classes, values), accumulate: true, update: false);

    /// <summary>Trains for some epochs.</summary>
    /// <param name="inputs">All samples. The memory must not change meanwhile.</param>
    /// <param name="classes">The classes of each sample.</param>
    /// <param name="values">The target values of each sample.</param>
    /// <param name="options">
    /// Epochs, order, validation (<see cref="FitOptions.ValidationTargets"/> and <see cref="FitOptions.ValidationValues"/>), checkpoints
    /// and more.
    /// </param>
    /// <param name="progress">Receives a report after every step and every epoch, on the calling thread. It may change the learning rate if
    /// there is no schedule.</param>
    /// <param name="cancellationToken">
    /// Ends training between two steps. The result says so, and the network has the parameters of the last complete step, or their averages
    /// (<see cref="FitOptions.AverageDecay"/>).
    /// </param>
    /// <exception cref="ArgumentException">The lengths do not fit, or there are no samples.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A target is not one that its loss takes, or an option is out of range.</exception>
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
        ReadOnlyMemory<int> classes,
        ReadOnlyMemory<float> values,
        FitOptions options,
        IProgress<FitProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        Loops.Over(inputs, new TargetMemory(classes, values), options).Run(progress, cancellationToken);

    /// <summary>Trains for some epochs. Collection expressions (<c>[.. samples]</c>) come here.</summary>
    /// <inheritdoc cref="Fit(ReadOnlyMemory{float}, ReadOnlyMemory{int}, ReadOnlyMemory{float}, FitOptions, IProgress{FitProgress}?,
    /// CancellationToken)"/>
    [OverloadResolutionPriority(-1)]
    public FitResult Fit(
        float[] inputs,
        int[] classes,
        float[] values,
        FitOptions options,
        IProgress<FitProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        Fit(inputs.AsMemory(), classes.AsMemory(), values.AsMemory(), options, progress, cancellationToken);

    /// <summary>Computes outputs by inference, without dropout, and compares them with the targets.</summary>
    /// <param name="inputs">Any number of samples.</param>
    /// <param name="classes">The classes of each sample.</param>
    /// <param name="values">The target values of each sample.</param>
    /// <returns>
    /// The weighted sum of the losses on outputs, and each of them by its name. Accuracy and confusion matrix are those of the first loss
    /// on an output that takes classes; the matrix is empty if there is none.
    /// </returns>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A target is not one that its loss takes.</exception>
    /// <exception cref="InvalidOperationException">There is no loss on an output.</exception>
    public ClassificationMetrics Evaluate(ReadOnlyMemory<float> inputs, ReadOnlyMemory<int> classes, ReadOnlyMemory<float> values) =>
        Evaluator.EvaluateClasses(inputs, new TargetMemory(classes, values));

    /// <inheritdoc cref="Evaluate(ReadOnlyMemory{float}, ReadOnlyMemory{int}, ReadOnlyMemory{float})"/>
    [OverloadResolutionPriority(-1)]
    public ClassificationMetrics Evaluate(float[] inputs, int[] classes, float[] values) =>
        Evaluate(inputs.AsMemory(), classes.AsMemory(), values.AsMemory());
}
