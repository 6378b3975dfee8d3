using System;
using System.Runtime.CompilerServices;

namespace Strata.Training;

/// <summary>
/// Trains a network whose losses take a value for each output: <c>[MeanSquaredError]</c>, <c>[BinaryCrossEntropy]</c> and others.
/// Targets are values for the outputs. The network's <c>CreateTrainer</c> makes it.
/// </summary>
public sealed class RegressionTrainer : Trainer<float>
{
    internal RegressionTrainer(CompiledNetwork network, int batchSize, Optimizer optimizer, Trainer? first = null)
        : base(network, batchSize, optimizer, first)
    {
    }

    /// <inheritdoc/>
    public override RegressionTrainer At(params ReadOnlySpan<int> extents) => (RegressionTrainer)base.At(extents);

    /// <summary>Computes outputs by inference, without dropout, and compares them with the targets.</summary>
    /// <param name="inputs">Any number of samples.</param>
    /// <param name="targets">The target values of each sample.</param>
    /// <returns>The mean loss; with <see cref="Reduction.Sum"/> the mean of the samples' sums.</returns>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A target is not finite, or not one that the loss takes.</exception>
    /// <exception cref="InvalidOperationException">There is no loss on an output.</exception>
    public RegressionMetrics Evaluate(ReadOnlyMemory<float> inputs, ReadOnlyMemory<float> targets)
    {
        EvaluatedSamples evaluation = Evaluator.Evaluate(inputs, ToTargets(targets));
        return new RegressionMetrics(evaluation.Loss) { Losses = evaluation.Losses };
    }

    /// <inheritdoc cref="Evaluate(ReadOnlyMemory{float}, ReadOnlyMemory{float})"/>
    [OverloadResolutionPriority(-1)]
    public RegressionMetrics Evaluate(float[] inputs, float[] targets) => Evaluate(inputs.AsMemory(), targets.AsMemory());

    private protected override Targets ToTargets(ReadOnlySpan<float> targets) => new(default, targets, nameof(targets), nameof(targets));

    private protected override TargetMemory ToTargets(ReadOnlyMemory<float> targets) =>
        new(default, targets, nameof(targets), nameof(targets));
}
