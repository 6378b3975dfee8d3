using System;
using System.Threading;

namespace Strata.Training;

/// <summary>
/// Trains a network that has losses on class indices and losses on values: a detector with <c>[CrossEntropy]</c> on its classes and
/// <c>[SmoothL1]</c> on its boxes. The network's <c>CreateTrainer</c> makes it.
/// </summary>
/// <remarks>
/// Classes and values stand apart, each with the targets of a sample one behind the other, in the order in which the losses of that kind
/// first name them.
/// </remarks>
public sealed class MultiTaskTrainer : Trainer
{
    internal MultiTaskTrainer(CompiledNetwork network, int batchSize, Optimizer optimizer)
        : base(network, batchSize, optimizer)
    {
    }

    /// <summary>One training step: loss, gradients, update.</summary>
    /// <param name="inputs">1 to <see cref="Trainer.BatchSize"/> samples.</param>
    /// <param name="classes">The classes of each sample, for the losses that take classes.</param>
    /// <param name="values">The wanted values of each sample, for the losses that take values.</param>
    /// <returns>The weighted sum of the losses before the update.</returns>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A target is not one that its loss takes: no class, or no finite number.</exception>
    /// <exception cref="TrainingException">
    /// The loss, a gradient or a running statistic is not finite. Parameters and statistics are those before the step.
    /// </exception>
    public float Step(ReadOnlySpan<float> inputs, ReadOnlySpan<int> classes, ReadOnlySpan<float> values) =>
        RunStep(inputs, new Targets(classes, values), accumulate: false, update: true);

    /// <summary>As <see cref="Step"/>, but leaves the parameters as they are; <see cref="Trainer.Update"/> may follow.</summary>
    /// <param name="inputs">1 to <see cref="Trainer.BatchSize"/> samples.</param>
    /// <param name="classes">The classes of each sample.</param>
    /// <param name="values">The wanted values of each sample.</param>
    /// <returns>The weighted sum of the losses.</returns>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A target is not one that its loss takes.</exception>
    /// <exception cref="TrainingException">A running statistic is not finite. The statistics are those before.</exception>
    public float ComputeGradients(ReadOnlySpan<float> inputs, ReadOnlySpan<int> classes, ReadOnlySpan<float> values) =>
        RunStep(inputs, new Targets(classes, values), accumulate: false, update: false);

    /// <summary>
    /// As <see cref="ComputeGradients"/>, but gradients that no <see cref="Trainer.Update"/> has used yet count as those of another part
    /// of the same batch, as <see cref="Trainer{TTarget}.AccumulateGradients"/> says.
    /// </summary>
    /// <param name="inputs">1 to <see cref="Trainer.BatchSize"/> samples.</param>
    /// <param name="classes">The classes of each sample.</param>
    /// <param name="values">The wanted values of each sample.</param>
    /// <returns>The weighted sum of the losses.</returns>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A target is not one that its loss takes.</exception>
    /// <exception cref="InvalidOperationException">There is an earlier part, and some losses are means and others sums.</exception>
    /// <exception cref="TrainingException">
    /// The loss, a gradient or a running statistic is not finite. Parameters and statistics are those before the step.
    /// </exception>
    public float AccumulateGradients(ReadOnlySpan<float> inputs, ReadOnlySpan<int> classes, ReadOnlySpan<float> values) =>
        RunStep(inputs, new Targets(classes, values), accumulate: true, update: false);

    /// <summary>Trains for some epochs.</summary>
    /// <param name="inputs">All samples. The memory must not change meanwhile.</param>
    /// <param name="classes">The classes of each sample.</param>
    /// <param name="values">The wanted values of each sample.</param>
    /// <param name="options">
    /// Epochs, order, validation (<see cref="FitOptions.ValidationTargets"/> and <see cref="FitOptions.ValidationValues"/>), and what else
    /// happens on the way.
    /// </param>
    /// <param name="progress">Is told after every step and every epoch, on the calling thread; may change the learning rate where no
    /// schedule does.</param>
    /// <param name="cancellationToken">
    /// Ends training between two steps: the result says so, and the network is that of the last complete step, or its averages up to there
    /// (<see cref="FitOptions.AverageDecay"/>).
    /// </param>
    /// <exception cref="ArgumentException">The lengths do not fit, or there are no samples.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A target is not one that its loss takes, or an option is out of range.</exception>
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
        ReadOnlyMemory<int> classes,
        ReadOnlyMemory<float> values,
        FitOptions options,
        IProgress<FitProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        CreateLoop(inputs, new TargetMemory(classes, values), options).Run(progress, cancellationToken);

    /// <summary>Compares the outputs of the network as it is, without dropout, with the targets.</summary>
    /// <param name="inputs">Any number of samples.</param>
    /// <param name="classes">The classes of each sample.</param>
    /// <param name="values">The wanted values of each sample.</param>
    /// <returns>
    /// The weighted sum of the losses on outputs, each of them by its name, and accuracy and confusion matrix of the first one that takes
    /// classes, which is empty where none on an output does.
    /// </returns>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A target is not one that its loss takes.</exception>
    /// <exception cref="InvalidOperationException">No loss is on an output.</exception>
    public ClassificationMetrics Evaluate(ReadOnlyMemory<float> inputs, ReadOnlyMemory<int> classes, ReadOnlyMemory<float> values) =>
        EvaluateClasses(inputs, new TargetMemory(classes, values));
}
