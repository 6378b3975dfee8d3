using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Strata.CompilerServices;

namespace Strata.Training;

/// <summary>
/// A rule that updates parameters with their gradients. It holds settings only, so that one object may serve several trainers. The state
/// that it keeps from step to step (momentum, running means) belongs to the trainer.
/// </summary>
/// <remarks>
/// At an update, parameters and state below 2⁻¹²⁴ (4.7·10⁻³⁸) in magnitude become 0, before they fade to denormal numbers, with which
/// processors are slow. An update that would make a parameter or state infinite or NaN is refused with a <see cref="TrainingException"/>.
/// </remarks>
public abstract class Optimizer
{
    private protected Optimizer(double learningRate, double weightDecay = 0)
    {
        LearningRate = learningRate;
        WeightDecay = weightDecay;
    }

    /// <summary>The step size. May be changed between steps; <see cref="LearningRateScheduler"/> does.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, infinite or not a number.</exception>
    public double LearningRate
    {
        get;
        set => field = NotNegative(value);
    }

    /// <summary>
    /// Weight decay λ, 0 or more. It is an L2 penalty (g ← g + λp), default 0; for <see cref="AdamW"/> it is decoupled (p ← p − lr·λ·p),
    /// default 0.01.
    /// </summary>
    public double WeightDecay
    {
        get;
        init => field = NotNegative(value);
    }

    /// <summary>
    /// Whether biases and the parameters of normalisation layers decay, too. True (the default) is what PyTorch does. Most recipes for
    /// image networks set false.
    /// </summary>
    public bool DecayBiasesAndNorms { get; init; } = true;

    /// <summary>
    /// Parameters with a rate or weight decay of their own. A parameter belongs to the first group whose pattern matches its key. Where no
    /// pattern does, the optimizer's own settings hold. Default none.
    /// </summary>
    public IReadOnlyList<ParameterGroup> Groups
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Groups));
            ParameterGroup[] groups = [.. value];
            field = !groups.Contains(null) ? groups : throw new ArgumentException($"{nameof(Groups)} holds null.", nameof(Groups));
        }
    } = [];

    /// <summary>
    /// The largest L2 norm of all gradients together; more than 0, or null (the default) for no limit. Before each update, gradients are
    /// multiplied by ClipNorm/(norm + 10⁻⁶) if that is less than 1, as by <c>torch.nn.utils.clip_grad_norm_</c> (Pascanu, Mikolov and
    /// Bengio 2013, algorithm 1). With limits below about 10⁻⁴ the 10⁻⁶ matters: gradients become smaller than the limit.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not more than 0, or not finite.</exception>
    public double? ClipNorm
    {
        get;
        init => field = Positive(value);
    }

    /// <summary>
    /// The largest magnitude of each single gradient; more than 0 after rounding to a float, or null (the default) for no limit. Before
    /// each update, gradients are clipped to ±ClipValue, as by <c>torch.nn.utils.clip_grad_value_</c>. Cannot be used with
    /// <see cref="ClipNorm"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not more than 0 after rounding to a float, or not finite.</exception>
    public double? ClipValue
    {
        get;
        init => field = Positive(value) is not { } limit || (float)limit > 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(ClipValue), value, $"{nameof(ClipValue)} must be more than 0 as a float, too.");
    }

    /// <summary>
    /// The momentum (Adam's β₁) that a schedule sets in place of the optimizer's own, between 0 and 1; null for none. An optimizer without
    /// momentum ignores it.
    /// </summary>
    internal double? ScheduledMomentum { get; set; }

    /// <summary>PyTorch's names of the state: the floats that are kept for each parameter.</summary>
    internal abstract IReadOnlyList<string> StateNames { get; }

    /// <summary>All settings as text, without the rate, which may change. Checkpoints compare them.</summary>
    internal string Settings
    {
        get
        {
            string common = string.Create(
                CultureInfo.InvariantCulture,
                $"WeightDecay = {WeightDecay}, DecayBiasesAndNorms = {DecayBiasesAndNorms}, ClipNorm = {ClipNorm}, "
                + $"ClipValue = {ClipValue}");
            string groups = string.Create(
                CultureInfo.InvariantCulture, $"Groups = [{string.Join("; ", Groups.Select(g => g.Settings))}]");
            return $"{OwnSettings}, {common}, {groups}";
        }
    }

    /// <summary>The settings of this kind of optimizer alone, as text.</summary>
    private protected abstract string OwnSettings { get; }

    /// <summary>Throws if the settings contradict each other.</summary>
    internal virtual void Validate()
    {
        if (ClipNorm is not null && ClipValue is not null)
        {
            throw new ArgumentException($"Set {nameof(ClipNorm)} or {nameof(ClipValue)}, not both.");
        }
    }

    /// <summary>Index of the state that is a mean of squares and so never negative; −1 for none.</summary>
    internal virtual int SquaresAt => -1;

    /// <summary>Updates a range of the packed parameters. Padding, which is 0 with gradient 0, stays 0.</summary>
    internal abstract void Update(OptimizerRange range, in OptimizerStep step);

    /// <summary>An upper bound of all numbers in an update, computed from upper bounds of what it reads.</summary>
    /// <param name="most">Upper bounds of the magnitudes of parameters and of each state. Receives the bounds after the update.</param>
    /// <param name="gradient">The upper bound of the gradients' magnitudes.</param>
    /// <param name="step">The update.</param>
    /// <returns>A number that no intermediate result of the update exceeds.</returns>
    internal abstract double Bound(Span<double> most, double gradient, in OptimizerStep step);

    private protected static double NotNegative(double value, [CallerMemberName] string name = "") =>
        double.IsFinite(value) && value >= 0
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} must be 0 or more and finite.");

    private protected static double Fraction(double value, [CallerMemberName] string name = "") =>
        value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be at least 0 and less than 1.");

    // With ε = 0 a parameter that never had a gradient would become 0/0.
    private protected static double PositiveFloat(double value, [CallerMemberName] string name = "") =>
        (float)value > 0 && float.IsFinite((float)value)
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} must be more than 0 and finite, as a float too.");

    /// <summary>The least gradient for which <paramref name="share"/> times its square is not below <see cref="Fading.Least"/>.</summary>
    private protected static float LeastRoot(double share) => (float)Math.Sqrt(Fading.Least / share);

    private static double? Positive(double? value, [CallerMemberName] string name = "") =>
        value is null or (> 0 and < double.PositiveInfinity)
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} must be more than 0 and finite, or null.");
}

/// <summary>The numbers that an update needs besides parameters, gradients and state.</summary>
/// <param name="Index">Number of the update, counted from 0.</param>
/// <param name="LearningRate">The range's rate.</param>
/// <param name="WeightDecay">The range's weight decay.</param>
internal readonly record struct OptimizerStep(long Index, double LearningRate, double WeightDecay);

/// <summary>A range of the packed parameters with its gradients and state. Its length is a multiple of 16.</summary>
/// <param name="parameters">The parameters.</param>
/// <param name="gradients">Their gradients.</param>
/// <param name="state">The state: the first value of each parameter; the second values begin <paramref name="stride"/> floats
/// later.</param>
/// <param name="stride">Floats between the state values of one parameter.</param>
internal readonly ref struct OptimizerRange(Span<float> parameters, ReadOnlySpan<float> gradients, Span<float> state, int stride)
{
    public Span<Vector<float>> Parameters { get; } = MemoryMarshal.Cast<float, Vector<float>>(parameters);

    // Cut to the parameters' length, so that the JIT needs one bounds check for all.
    public ReadOnlySpan<Vector<float>> Gradients =>
        MemoryMarshal.Cast<float, Vector<float>>(_gradients)[..Parameters.Length];

    private readonly ReadOnlySpan<float> _gradients = gradients;
    private readonly Span<float> _state = state;

    public Span<Vector<float>> State(int index) =>
        MemoryMarshal.Cast<float, Vector<float>>(_state[(index * stride)..])[..Parameters.Length];
}
