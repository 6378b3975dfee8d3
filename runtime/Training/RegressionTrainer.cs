using System;
using System.Collections.Generic;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Threading;
using Strata.CompilerServices;

namespace Strata;

/// <summary>
/// Trains a network whose loss takes a value for each output: <c>[MeanSquaredError]</c>, <c>[BinaryCrossEntropy]</c> and others.
/// Targets are the wanted outputs.
/// </summary>
public sealed class RegressionTrainer : Trainer
{
    private readonly int _targetLength;

    /// <summary>Creates a trainer. The network's own <c>CreateTrainer</c> does the same.</summary>
    /// <param name="network">A network whose loss takes values.</param>
    /// <param name="batchSize">Most samples of a step, 1 or more.</param>
    /// <param name="optimizer">The rule by which the parameters change.</param>
    /// <exception cref="ArgumentException">The network has another loss, or the optimizer's settings contradict each other.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The batch size is less than 1, or no span holds so many samples.</exception>
    public RegressionTrainer(CompiledNetwork network, int batchSize, Optimizer optimizer)
        : base(network, batchSize, optimizer, takesClasses: false) =>
        _targetLength = network.Info.TargetLength;

    /// <summary>One training step: loss, gradients, update.</summary>
    /// <param name="inputs">1 to <see cref="Trainer.BatchSize"/> samples.</param>
    /// <param name="targets">The wanted outputs of each sample.</param>
    /// <returns>The loss of the samples before the update: the mean over all their outputs, or the sum with <see cref="Reduction.Sum"/>.</returns>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A target is not finite, or not one that the loss takes.</exception>
    /// <exception cref="TrainingException">
    /// The loss, a gradient or a running statistic is not finite. Parameters and statistics are those before the step.
    /// </exception>
    public float Step(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets) => Run(inputs, targets, accumulate: false, update: true);

    /// <summary>As <see cref="Step"/>, but leaves the parameters as they are; <see cref="Trainer.Update"/> may follow.</summary>
    /// <param name="inputs">1 to <see cref="Trainer.BatchSize"/> samples.</param>
    /// <param name="targets">The wanted outputs of each sample.</param>
    /// <returns>The loss of the samples: the mean over all their outputs, or the sum with <see cref="Reduction.Sum"/>.</returns>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A target is not finite, or not one that the loss takes.</exception>
    /// <exception cref="TrainingException">A running statistic is not finite. The statistics are those before.</exception>
    public float ComputeGradients(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets) =>
        Run(inputs, targets, accumulate: false, update: false);

    /// <summary>
    /// As <see cref="ComputeGradients"/>, but gradients that no <see cref="Trainer.Update"/> has used yet count as those of another part
    /// of the same batch: of a mean loss, the gradients become those of its mean over all the parts' samples, as if they had been one
    /// batch; of a summed loss, their sum. Where the means of several losses divide by different numbers (class weights, targets that do
    /// not count), a part counts by its samples; <see cref="FitOptions.Accumulate"/> knows all parts and is exact there, too.
    /// </summary>
    /// <param name="inputs">1 to <see cref="Trainer.BatchSize"/> samples.</param>
    /// <param name="targets">The wanted outputs of each sample.</param>
    /// <returns>The loss of the samples: the mean over all their outputs, or the sum with <see cref="Reduction.Sum"/>.</returns>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A target is not finite, or not one that the loss takes.</exception>
    /// <exception cref="InvalidOperationException">There is an earlier part, and some losses are means and others sums.</exception>
    /// <exception cref="TrainingException">
    /// The loss, a gradient or a running statistic is not finite. Parameters and statistics are those before the step.
    /// </exception>
    public float AccumulateGradients(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets) =>
        Run(inputs, targets, accumulate: true, update: false);

    /// <summary>Trains for some epochs.</summary>
    /// <param name="inputs">All samples. The memory must not change meanwhile.</param>
    /// <param name="targets">The wanted outputs of each sample.</param>
    /// <param name="options">Epochs, order, validation, and what else happens on the way.</param>
    /// <param name="progress">Is told after every step and every epoch, on the calling thread; may change the learning rate where no schedule does.</param>
    /// <param name="cancellationToken">
    /// Ends training between two steps: the result says so, and the network is that of the last complete step.
    /// </param>
    /// <exception cref="ArgumentException">The lengths do not fit, or there are no samples.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A target is not one that the loss takes, or an option is out of range.</exception>
    /// <exception cref="TrainingException">
    /// The loss, a gradient or a running statistic is not finite. Parameters and statistics are those before the step.
    /// </exception>
    /// <exception cref="WeightsFormatException">
    /// The checkpoint to go on from is damaged, or was made with other data or options. Nothing was changed.
    /// </exception>
    /// <exception cref="System.IO.IOException">A checkpoint cannot be read or written.</exception>
    public FitResult Fit(
        ReadOnlyMemory<float> inputs,
        ReadOnlyMemory<float> targets,
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
            CheckCount(options.ValidationValues.Span, samples, _targetLength, "options.ValidationValues");
            CheckTargets(options.ValidationValues.Span, "options.ValidationValues");
            validate = () => (Evaluate(options.ValidationInputs, options.ValidationValues).Loss, null);
        }

        return new FitLoop<float>(this, inputs, targets, _targetLength, options, validate, progress).Run(cancellationToken);
    }

    /// <summary>Compares the outputs of the network as it is, without dropout, with the wanted ones.</summary>
    /// <param name="inputs">Any number of samples.</param>
    /// <param name="targets">The wanted outputs of each sample.</param>
    /// <returns>The mean loss; with <see cref="Reduction.Sum"/> the mean of the samples' sums.</returns>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A target is not finite, or not one that the loss takes.</exception>
    public RegressionMetrics Evaluate(ReadOnlyMemory<float> inputs, ReadOnlyMemory<float> targets)
    {
        CheckCount(targets.Span, Network.CountSamples(inputs.Length, nameof(inputs)), _targetLength, nameof(targets));
        CheckTargets(targets.Span, nameof(targets));
        (double loss, IReadOnlyDictionary<string, double> losses) = RunEvaluation(inputs, targets, _targetLength);
        return new RegressionMetrics(loss) { Losses = losses };
    }

    private float Run(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, bool accumulate, bool update)
    {
        int samples = CheckInputs(inputs);
        CheckCount(targets, samples, _targetLength, nameof(targets));
        CheckTargets(targets, nameof(targets));
        return (float)RunStep(inputs, targets, _targetLength, order: default, samples, accumulate, update);
    }

    private void CheckTargets(ReadOnlySpan<float> targets, string name)
    {
        if (Losses.Length == 1)
        {
            CheckTargets(targets, Losses[0], 0, name);
            return;
        }

        foreach (LossInfo loss in Losses)
        {
            for (int first = loss.TargetOffset; first < targets.Length; first += _targetLength)
            {
                CheckTargets(targets.Slice(first, loss.TargetLength), loss, first, name);
            }
        }
    }

    private static void CheckTargets(ReadOnlySpan<float> targets, LossInfo loss, int first, string name)
    {
        (float least, float most) = loss.Targets == TargetKind.Probabilities ? (0, 1) : (float.MinValue, float.MaxValue);
        ReadOnlySpan<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(targets);
        var low = new Vector<float>(least);
        var high = new Vector<float>(most);
        int i = 0;
        while (i < vectors.Length && Vector.GreaterThanOrEqualAll(vectors[i], low) && Vector.LessThanOrEqualAll(vectors[i], high))
        {
            i++;
        }

        // One of the vector's values, or one behind the last whole vector, or none.
        for (i *= Vector<float>.Count; i < targets.Length; i++)
        {
            if (!(targets[i] >= least && targets[i] <= most))
            {
                string range = loss.Targets == TargetKind.Probabilities ? "from 0 to 1" : "finite";
                throw new ArgumentOutOfRangeException(
                    name, targets[i], $"Target {first + i} is {targets[i]}; those of {loss.Name} are {range}.");
            }
        }
    }
}
