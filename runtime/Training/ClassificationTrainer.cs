using System;
using System.Runtime.CompilerServices;

namespace Strata.Training;

/// <summary>
/// Trains a network whose losses take class indices, counted from 0: <c>[CrossEntropy]</c>, <c>[Hinge]</c>. Targets are the class of each
/// sample, or of each of its pixels. The network's <c>CreateTrainer</c> makes it.
/// </summary>
public sealed class ClassificationTrainer : Trainer<int>
{
    internal ClassificationTrainer(CompiledNetwork network, int batchSize, Optimizer optimizer, Trainer? first = null)
        : base(network, batchSize, optimizer, first)
    {
    }

    /// <inheritdoc/>
    public override ClassificationTrainer At(params ReadOnlySpan<int> extents) => (ClassificationTrainer)base.At(extents);

    /// <summary>Classifies samples by inference, without dropout, and compares the results with the targets.</summary>
    /// <param name="inputs">Any number of samples.</param>
    /// <param name="targets">The class of each sample, or of each of its pixels.</param>
    /// <returns>Mean loss, accuracy and confusion matrix. They count pixels if each pixel has a class.</returns>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A target is not a class.</exception>
    /// <exception cref="InvalidOperationException">There is no loss on an output.</exception>
    public ClassificationMetrics Evaluate(ReadOnlyMemory<float> inputs, ReadOnlyMemory<int> targets) =>
        Evaluator.EvaluateClasses(inputs, ToTargets(targets));

    /// <inheritdoc cref="Evaluate(ReadOnlyMemory{float}, ReadOnlyMemory{int})"/>
    [OverloadResolutionPriority(-1)]
    public ClassificationMetrics Evaluate(float[] inputs, int[] targets) => Evaluate(inputs.AsMemory(), targets.AsMemory());

    private protected override Targets ToTargets(ReadOnlySpan<int> targets) => new(targets, default, nameof(targets), nameof(targets));

    private protected override TargetMemory ToTargets(ReadOnlyMemory<int> targets) =>
        new(targets, default, nameof(targets), nameof(targets));
}
