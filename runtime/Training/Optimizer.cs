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
/// A rule by which parameters follow their gradients. It holds settings only: what it remembers from step to step belongs to the
/// trainer, so one object may serve several trainers.
/// </summary>
/// <remarks>
/// Parameters and remembered values that are smaller than 2⁻¹²⁴ (4.7·10⁻³⁸) become 0 at an update, so that numbers that fade never become
/// denormal numbers, which make processors slow. An update that would make a parameter or a remembered value infinite, or not a number, is
/// refused by a <see cref="TrainingException"/>.
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
    /// Weight decay λ, 0 or more: an L2 penalty (g ← g + λp), but decoupled (p ← p − lr·λ·p) with <see cref="AdamW"/>. Default 0, and
    /// 0.01 for <see cref="AdamW"/>.
    /// </summary>
    public double WeightDecay
    {
        get;
        init => field = NotNegative(value);
    }

    /// <summary>
    /// Whether biases and the parameters of normalisation layers decay, too. True, the default, is what PyTorch does; most recipes for
    /// image networks spare them.
    /// </summary>
    public bool DecayBiasesAndNorms { get; init; } = true;

    /// <summary>
    /// Parameters with a rate or weight decay of their own. A parameter belongs to the first group whose pattern matches its key; those
    /// that no pattern matches follow the optimizer's own settings. Default none.
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
    /// The largest L2 norm of all gradients together: before each update they are multiplied by ClipNorm/(norm + 10⁻⁶) where that is less
    /// than 1, as <c>torch.nn.utils.clip_grad_norm_</c> does (Pascanu, Mikolov and Bengio 2013, algorithm 1). A limit below 10⁻⁴ therefore
    /// makes smaller gradients smaller still. More than 0; null (the default) for no limit.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not more than 0, or not finite.</exception>
    public double? ClipNorm
    {
        get;
        init => field = Positive(value);
    }

    /// <summary>
    /// The largest magnitude of each single gradient: they are cut to ±ClipValue before each update, as
    /// <c>torch.nn.utils.clip_grad_value_</c> does. More than 0, as a float too; null (the default) for no limit. Excludes
    /// <see cref="ClipNorm"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not more than 0, as a float too, or not finite.</exception>
    public double? ClipValue
    {
        get;
        init => field = Positive(value) is not { } limit || (float)limit > 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(ClipValue), value, $"{nameof(ClipValue)} must be more than 0 as a float, too.");
    }

    /// <summary>
    /// The momentum in place of the optimizer's own (Adam's β₁), where it has one: more than 0, less than 1, or null. Set by a schedule.
    /// </summary>
    internal double? ScheduledMomentum { get; set; }

    /// <summary>PyTorch's names of the floats that are remembered for each parameter.</summary>
    internal abstract IReadOnlyList<string> StateNames { get; }

    /// <summary>All settings as text, but for the rate, which may change: where they are the same, so are the updates.</summary>
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

    /// <summary>Throws where the settings contradict each other.</summary>
    internal virtual void Validate()
    {
        if (ClipNorm is not null && ClipValue is not null)
        {
            throw new ArgumentException($"Set {nameof(ClipNorm)} or {nameof(ClipValue)}, not both.");
        }
    }

    /// <summary>Which of the remembered values is a mean of squares, and so never negative; −1 where none is.</summary>
    internal virtual int SquaresAt => -1;

    /// <summary>Updates a range of the packed parameters. Padding, which is 0 with gradient 0, stays 0.</summary>
    internal abstract void Update(OptimizerRange range, in OptimizerStep step);

    /// <summary>How large numbers may become in an update: an upper bound, computed from upper bounds before it.</summary>
    /// <param name="most">Of the parameters' magnitude, and of each remembered value's. Receives what they are at most after the
    /// update.</param>
    /// <param name="gradient">Of the gradients' magnitude.</param>
    /// <param name="step">The update.</param>
    /// <returns>What no number of the update exceeds.</returns>
    internal abstract double Bound(Span<double> most, double gradient, in OptimizerStep step);

    private protected static double NotNegative(double value, [CallerMemberName] string name = "") =>
        double.IsFinite(value) && value >= 0
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} must be 0 or more and finite.");

    private protected static double Fraction(double value, [CallerMemberName] string name = "") =>
        value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be at least 0 and less than 1.");

    // A parameter that never had a gradient would otherwise become 0/0.
    private protected static double PositiveFloat(double value, [CallerMemberName] string name = "") =>
        (float)value > 0 && float.IsFinite((float)value)
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} must be more than 0 and finite, as a float too.");

    /// <summary>The least gradient whose square, multiplied by that, is not smaller than <see cref="Fading.Least"/>.</summary>
    private protected static float LeastRoot(double share) => (float)Math.Sqrt(Fading.Least / share);

    private static double? Positive(double? value, [CallerMemberName] string name = "") =>
        value is null or (> 0 and < double.PositiveInfinity)
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} must be more than 0 and finite, or null.");
}

/// <summary>What an update has to know besides the parameters.</summary>
/// <param name="Index">Number of the update, counted from 0.</param>
/// <param name="LearningRate">The range's rate.</param>
/// <param name="WeightDecay">The range's weight decay.</param>
internal readonly record struct OptimizerStep(long Index, double LearningRate, double WeightDecay);

/// <summary>A range of the packed parameters with all that belongs to it. Its length is a multiple of 16.</summary>
/// <param name="parameters">The parameters.</param>
/// <param name="gradients">Their gradients.</param>
/// <param name="state">What is remembered of them: the first value of each, behind <paramref name="stride"/> floats the second.</param>
/// <param name="stride">Distance of the remembered values of one parameter.</param>
internal readonly ref struct OptimizerRange(Span<float> parameters, ReadOnlySpan<float> gradients, Span<float> state, int stride)
{
    public Span<Vector<float>> Parameters { get; } = MemoryMarshal.Cast<float, Vector<float>>(parameters);

    // Of the parameters' length, so that one bounds check serves all.
    public ReadOnlySpan<Vector<float>> Gradients =>
        MemoryMarshal.Cast<float, Vector<float>>(_gradients)[..Parameters.Length];

    private readonly ReadOnlySpan<float> _gradients = gradients;
    private readonly Span<float> _state = state;

    public Span<Vector<float>> State(int index) =>
        MemoryMarshal.Cast<float, Vector<float>>(_state[(index * stride)..])[..Parameters.Length];
}
