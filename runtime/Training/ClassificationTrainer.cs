using System;
using System.Collections.Generic;
using System.Threading;
using Strata.CompilerServices;

namespace Strata;

/// <summary>
/// Trains a network whose loss takes class indices, counted from 0: <c>[CrossEntropy]</c>, <c>[Hinge]</c>.
/// </summary>
public sealed class ClassificationTrainer : Trainer
{
    private readonly LossInfo _scored;
    private readonly int _targetLength;

    /// <summary>Creates a trainer. The network's own <c>CreateTrainer</c> does the same.</summary>
    /// <param name="network">A network whose loss takes class indices.</param>
    /// <param name="batchSize">Most samples of a step, 1 or more.</param>
    /// <param name="optimizer">The rule by which the parameters change.</param>
    /// <exception cref="ArgumentException">The network has another loss, or the optimizer's settings contradict each other.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The batch size is less than 1, or no span holds so many samples.</exception>
    public ClassificationTrainer(CompiledNetwork network, int batchSize, Optimizer optimizer)
        : base(network, batchSize, optimizer, takesClasses: true)
    {
        _scored = Array.Find(Losses, loss => loss.OutputOffset is not null) ?? Losses[0];
        _targetLength = network.Info.TargetLength;
    }

    /// <summary>One training step: loss, gradients, update.</summary>
    /// <param name="inputs">1 to <see cref="Trainer.BatchSize"/> samples.</param>
    /// <param name="targets">The class of each sample, or of each of its pixels.</param>
    /// <returns>The loss of the targets before the update: their mean, or their sum with <see cref="Reduction.Sum"/>.</returns>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A target is not a class.</exception>
    /// <exception cref="TrainingException">
    /// The loss, a gradient or a running statistic is not finite. Parameters and statistics are those before the step.
    /// </exception>
    public float Step(ReadOnlySpan<float> inputs, ReadOnlySpan<int> targets) => Run(inputs, targets, accumulate: false, update: true);

    /// <summary>As <see cref="Step"/>, but leaves the parameters as they are; <see cref="Trainer.Update"/> may follow.</summary>
    /// <param name="inputs">1 to <see cref="Trainer.BatchSize"/> samples.</param>
    /// <param name="targets">The class of each sample, or of each of its pixels.</param>
    /// <returns>The loss of the targets: their mean, or their sum with <see cref="Reduction.Sum"/>.</returns>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A target is not a class.</exception>
    /// <exception cref="TrainingException">A running statistic is not finite. The statistics are those before.</exception>
    public float ComputeGradients(ReadOnlySpan<float> inputs, ReadOnlySpan<int> targets) =>
        Run(inputs, targets, accumulate: false, update: false);

    /// <summary>
    /// As <see cref="ComputeGradients"/>, but gradients that no <see cref="Trainer.Update"/> has used yet count as those of another part
    /// of the same batch: of a mean loss, the gradients become those of its mean over all the parts' samples, as if they had been one
    /// batch; of a summed loss, their sum. Where the means of several losses divide by different numbers (class weights, targets that do
    /// not count), a part counts by its samples; <see cref="FitOptions.Accumulate"/> knows all parts and is exact there, too.
    /// </summary>
    /// <param name="inputs">1 to <see cref="Trainer.BatchSize"/> samples.</param>
    /// <param name="targets">The class of each sample, or of each of its pixels.</param>
    /// <returns>The loss of the targets: their mean, or their sum with <see cref="Reduction.Sum"/>.</returns>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A target is not a class.</exception>
    /// <exception cref="InvalidOperationException">There is an earlier part, and some losses are means and others sums.</exception>
    /// <exception cref="TrainingException">
    /// The loss, a gradient or a running statistic is not finite. Parameters and statistics are those before the step.
    /// </exception>
    public float AccumulateGradients(ReadOnlySpan<float> inputs, ReadOnlySpan<int> targets) =>
        Run(inputs, targets, accumulate: true, update: false);

    /// <summary>Trains for some epochs.</summary>
    /// <param name="inputs">All samples. The memory must not change meanwhile.</param>
    /// <param name="targets">The class of each sample, or of each of its pixels.</param>
    /// <param name="options">Epochs, order, validation, and what else happens on the way.</param>
    /// <param name="progress">Is told after every step and every epoch, on the calling thread; may change the learning rate where no schedule does.</param>
    /// <param name="cancellationToken">
    /// Ends training between two steps: the result says so, and the network is that of the last complete step.
    /// </param>
    /// <exception cref="ArgumentException">The lengths do not fit, or there are no samples.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A target is not a class, or an option is out of range.</exception>
    /// <exception cref="TrainingException">
    /// The loss, a gradient or a running statistic is not finite. Parameters and statistics are those before the step.
    /// </exception>
    /// <exception cref="WeightsFormatException">
    /// The checkpoint to go on from is damaged, or was made with other data or options. Nothing was changed.
    /// </exception>
    /// <exception cref="System.IO.IOException">A checkpoint cannot be read or written.</exception>
    public FitResult Fit(
        ReadOnlyMemory<float> inputs,
        ReadOnlyMemory<int> targets,
        FitOptions options,
        IProgress<FitProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        CheckCount(targets.Span, Network.CountSamples(inputs.Length, nameof(inputs)), _targetLength, nameof(targets));
        CheckTargets(targets.Span, nameof(targets));
        Func<(double, double?)>? validate = null;
        RefuseStrayValidation(options);
        if (options.ValidationInputs.Length > 0)
        {
            int samples = Network.CountSamples(options.ValidationInputs.Length, "options.ValidationInputs");
            CheckCount(options.ValidationTargets.Span, samples, _targetLength, "options.ValidationTargets");
            CheckTargets(options.ValidationTargets.Span, "options.ValidationTargets");
            CheckIsScored();
            validate = () =>
            {
                ClassificationMetrics metrics = Evaluate(options.ValidationInputs, options.ValidationTargets);
                return (metrics.Loss, metrics.Accuracy);
            };
        }

        return new FitLoop<int>(this, inputs, targets, _targetLength, options, validate, progress).Run(cancellationToken);
    }

    /// <summary>Classifies samples with the network as it is, without dropout.</summary>
    /// <param name="inputs">Any number of samples.</param>
    /// <param name="targets">The class of each sample, or of each of its pixels.</param>
    /// <returns>Mean loss, accuracy and confusion matrix, of the pixels where each has a class of its own.</returns>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A target is not a class.</exception>
    /// <exception cref="InvalidOperationException">No loss is on an output: inference has nothing to compare.</exception>
    public ClassificationMetrics Evaluate(ReadOnlyMemory<float> inputs, ReadOnlyMemory<int> targets)
    {
        CheckCount(targets.Span, Network.CountSamples(inputs.Length, nameof(inputs)), _targetLength, nameof(targets));
        CheckTargets(targets.Span, nameof(targets));
        int positions = _scored.TargetLength, offset = CheckIsScored();
        var matrix = new ConfusionMatrix(_scored.Classes);
        (double loss, IReadOnlyDictionary<string, double> losses) = RunEvaluation(inputs, targets, _targetLength, (firstSample, outputs) =>
        {
            for (int i = 0; i < outputs.Length / Network.OutputFloats * positions; i++)
            {
                // The classes of a position stand at a distance of all positions (C, H, W).
                (int sample, int position) = Math.DivRem(i, positions);
                ReadOnlySpan<float> scores = outputs[((sample * Network.OutputFloats) + offset + position)..];
                int label = targets.Span[((firstSample + sample) * _targetLength) + _scored.TargetOffset + position];
                if (label != _scored.IgnoreIndex)
                {
                    matrix.Add(label, Largest(scores));
                }
            }
        });
        return new ClassificationMetrics(loss, matrix) { Losses = losses };
    }

    private float Run(ReadOnlySpan<float> inputs, ReadOnlySpan<int> targets, bool accumulate, bool update)
    {
        int samples = CheckInputs(inputs);
        CheckCount(targets, samples, _targetLength, nameof(targets));
        CheckTargets(targets, nameof(targets));
        return (float)RunStep(inputs, targets, _targetLength, order: default, samples, accumulate, update);
    }

    /// <returns>Where the outputs of the loss begin that counts.</returns>
    private int CheckIsScored() => _scored.OutputOffset ?? throw new InvalidOperationException(
        $"No loss of {Network.Info.Name} is on an output, so that there is nothing to evaluate.");

    private void CheckTargets(ReadOnlySpan<int> targets, string name)
    {
        foreach (LossInfo loss in Losses)
        {
            for (int i = 0; i < targets.Length; i++)
            {
                int position = (i % _targetLength) - loss.TargetOffset;
                if ((uint)position < (uint)loss.TargetLength && (uint)targets[i] >= (uint)loss.Classes && targets[i] != loss.IgnoreIndex)
                {
                    string ignored = loss.IgnoreIndex is { } index ? $", and {index} does not count" : "";
                    throw new ArgumentOutOfRangeException(
                        name, targets[i], $"Target {i} is {targets[i]}; the classes of {Network.Info.Name} are 0 to {loss.Classes - 1}{ignored}.");
                }
            }
        }
    }

    private int Largest(ReadOnlySpan<float> scores)
    {
        int best = 0;
        for (int c = 1; c < _scored.Classes; c++)
        {
            if (scores[c * _scored.TargetLength] > scores[best * _scored.TargetLength])
            {
                best = c;
            }
        }

        return best;
    }
}
