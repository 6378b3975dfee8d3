using System;
using System.Threading;

namespace Strata;

/// <summary>Trains a network that ends in <c>[MeanSquaredError]</c>. Targets are the wanted outputs.</summary>
public sealed class RegressionTrainer : Trainer
{
    private readonly int _targetLength;

    /// <summary>Creates a trainer. The network's own <c>CreateTrainer</c> does the same.</summary>
    /// <param name="network">A network with the loss <c>[MeanSquaredError]</c>.</param>
    /// <param name="batchSize">Most samples of a step, 1 or more.</param>
    /// <param name="optimizer">The rule by which the parameters change.</param>
    /// <exception cref="ArgumentException">The network has another loss, or the optimizer's settings contradict each other.</exception>
    public RegressionTrainer(CompiledNetwork network, int batchSize, Optimizer optimizer)
        : base(network, batchSize, optimizer, "MeanSquaredError") =>
        _targetLength = network.OutputFloats;

    /// <summary>One training step: loss, gradients, update.</summary>
    /// <param name="inputs">1 to <see cref="Trainer.BatchSize"/> samples.</param>
    /// <param name="targets">The wanted outputs of each sample.</param>
    /// <returns>The mean squared error over all outputs of the samples, before the update.</returns>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    public float Step(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets) => Run(inputs, targets, update: true);

    /// <summary>As <see cref="Step"/>, but leaves the parameters as they are; <see cref="Trainer.Update"/> may follow.</summary>
    /// <param name="inputs">1 to <see cref="Trainer.BatchSize"/> samples.</param>
    /// <param name="targets">The wanted outputs of each sample.</param>
    /// <returns>The mean squared error over all outputs of the samples.</returns>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    public float ComputeGradients(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets) => Run(inputs, targets, update: false);

    /// <summary>Trains for some epochs.</summary>
    /// <param name="inputs">All samples. The memory must not change meanwhile.</param>
    /// <param name="targets">The wanted outputs of each sample.</param>
    /// <param name="options">Epochs, order and validation.</param>
    /// <param name="progress">Is told after every step and every epoch, on the calling thread; may change the learning rate.</param>
    /// <param name="cancellationToken">
    /// Ends training between two steps: the result says so, and the network is that of the last complete step.
    /// </param>
    /// <exception cref="ArgumentException">The lengths do not fit, or there are no samples.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public FitResult Fit(
        ReadOnlyMemory<float> inputs,
        ReadOnlyMemory<float> targets,
        FitOptions options,
        IProgress<FitProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        Func<(double, double?)>? validate = null;
        if (options.ValidationInputs.Length > 0)
        {
            int samples = Network.CountSamples(options.ValidationInputs.Length, "options.ValidationInputs");
            CheckCount(options.ValidationValues.Span, samples, _targetLength, "options.ValidationValues");
            validate = () => (Evaluate(options.ValidationInputs, options.ValidationValues).Loss, null);
        }

        return RunFit(inputs, targets, _targetLength, options, validate, progress, cancellationToken);
    }

    /// <summary>Compares the outputs of the network as it is, without dropout, with the wanted ones.</summary>
    /// <param name="inputs">Any number of samples.</param>
    /// <param name="targets">The wanted outputs of each sample.</param>
    /// <returns>The mean squared error.</returns>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    public RegressionMetrics Evaluate(ReadOnlyMemory<float> inputs, ReadOnlyMemory<float> targets)
    {
        CheckCount(targets.Span, Network.CountSamples(inputs.Length, nameof(inputs)), _targetLength, nameof(targets));
        double sum = 0;
        RunInference(inputs.Span, (firstSample, outputs) =>
        {
            ReadOnlySpan<float> wanted = targets.Span[(firstSample * _targetLength)..];
            for (int i = 0; i < outputs.Length; i++)
            {
                double difference = outputs[i] - wanted[i];
                sum += difference * difference;
            }
        });
        return new RegressionMetrics(targets.Length == 0 ? 0 : sum / targets.Length);
    }

    private float Run(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, bool update)
    {
        int samples = CheckInputs(inputs);
        CheckCount(targets, samples, _targetLength, nameof(targets));
        return RunStep(inputs, targets, _targetLength, order: default, samples, update);
    }
}
