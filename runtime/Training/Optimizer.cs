using System;
using System.Runtime.CompilerServices;

namespace Strata;

/// <summary>
/// A rule by which parameters follow their gradients. It holds settings only: what it remembers from step to step belongs to the
/// trainer, so one object may serve several trainers.
/// </summary>
public abstract class Optimizer
{
    private protected Optimizer(double learningRate) => LearningRate = learningRate;

    /// <summary>The step size. May be changed between steps (schedules).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, infinite or not a number.</exception>
    public double LearningRate
    {
        get;
        set => field = NotNegative(value);
    }

    /// <summary>Floats that are remembered for each parameter.</summary>
    internal abstract int StateCount { get; }

    /// <summary>Throws where the settings contradict each other.</summary>
    internal virtual void Validate()
    {
    }

    /// <summary>Updates a range of the packed parameters. Padding, which is 0 with gradient 0, stays 0.</summary>
    /// <param name="parameters">The range; its length is a multiple of 16.</param>
    /// <param name="gradients">The gradients of the range.</param>
    /// <param name="state0">The first remembered value of each parameter, where there is one.</param>
    /// <param name="state1">The second one.</param>
    /// <param name="step">Number of the step, counted from 0.</param>
    internal abstract void Update(
        Span<float> parameters, ReadOnlySpan<float> gradients, Span<float> state0, Span<float> state1, long step);

    private protected static double NotNegative(double value, [CallerMemberName] string name = "") =>
        double.IsFinite(value) && value >= 0
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} must be 0 or more and finite.");

    private protected static double Fraction(double value, [CallerMemberName] string name = "") =>
        value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be at least 0 and less than 1.");
}
