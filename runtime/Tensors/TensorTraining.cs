using System;
using System.Numerics.Tensors;
using Strata.Training;

namespace Strata.Tensors;

/// <summary>Steps of training with .NET's tensors instead of spans. Results are the same to the bit.</summary>
public static class TensorTraining
{
    /// <summary>One training step: loss, gradients, update (<see cref="Trainer{TTarget}.Step"/>).</summary>
    /// <typeparam name="TTarget"><see cref="int"/> for class indices, <see cref="float"/> for values.</typeparam>
    /// <param name="trainer">The trainer.</param>
    /// <param name="inputs">1 to <see cref="Trainer.BatchSize"/> samples: (N, C, H, W), or (C, H, W). The tensor need not be dense.</param>
    /// <param name="targets">The targets, sample after sample: classes, counted from 0, or values for the outputs.</param>
    /// <returns>The loss before the update: the mean over the targets, or the sum with <see cref="Reduction.Sum"/>.</returns>
    /// <exception cref="ArgumentException">The shape of the inputs does not fit, or the number of targets.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A target is not one that the loss takes: no class, or no finite number.</exception>
    /// <exception cref="TrainingException">
    /// The loss, a gradient or a running statistic is not finite, or the update would make a number infinite. Nothing has changed.
    /// </exception>
    /// <exception cref="InvalidOperationException">Another thread uses the network.</exception>
    /// <exception cref="ObjectDisposedException">The trainer or its network was disposed of.</exception>
    public static float Step<TTarget>(
        this Trainer<TTarget> trainer, scoped in ReadOnlyTensorSpan<float> inputs, ReadOnlySpan<TTarget> targets)
        where TTarget : unmanaged
    {
        ArgumentNullException.ThrowIfNull(trainer);
        NetworkInfo info = trainer.Network.Info;
        TensorShape.CountSamples(info.Name, "input", null, info.InputShape, inputs.Lengths, nameof(inputs));
        using var values = new InputFloats(inputs);
        return trainer.Step(values.Span, targets);
    }
}
