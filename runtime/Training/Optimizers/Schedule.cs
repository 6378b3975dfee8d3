using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.Json.Serialization;

namespace Strata.Training;

/// <summary>What a <see cref="Schedule"/> counts.</summary>
public enum ScheduleUnit
{
    /// <summary>Passes over the data.</summary>
    Epoch,

    /// <summary>Updates of the parameters.</summary>
    Step,
}

/// <summary>
/// How the learning rate changes during training, with the formulas of PyTorch's <c>torch.optim.lr_scheduler</c>. Assign it to
/// <see cref="FitOptions.Schedule"/>, or use a <see cref="LearningRateScheduler"/> in a loop of your own. A schedule holds settings only
/// and may serve several trainers.
/// </summary>
/// <remarks>
/// In the formulas lr is the optimizer's rate at the start, and t is the time: the number of epochs done. <c>schedule with { Unit =
/// ScheduleUnit.Step }</c> counts steps instead. Only <see cref="OneCycle"/> counts steps by default.
/// </remarks>
public abstract record Schedule
{
    private Schedule(ScheduleUnit unit = ScheduleUnit.Epoch) => Unit = unit;

    /// <summary>The settings as text, the same in every culture.</summary>
    public sealed override string ToString() => InvariantText.Format(GetType().Name, PrintMembers);

    /// <summary>Whether time is counted in epochs or in steps.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such unit.</exception>
    public ScheduleUnit Unit
    {
        get;
        init => field = Enum.IsDefined(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Unit), value, "A schedule counts epochs or steps.");
    }

    /// <summary>The rate does not change.</summary>
    public static Schedule Constant() => new ConstantSchedule();

    /// <summary>lr·γ^⌊t/size⌋: PyTorch's <c>StepLR</c>.</summary>
    /// <param name="size">Time between two drops, 1 or more.</param>
    /// <param name="gamma">The factor γ, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public static Schedule Step(int size, double gamma = 0.1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        return new StepSchedule(size, NotNegative(gamma, nameof(gamma)));
    }

    /// <summary>lr·γ^(number of milestones ≤ t): PyTorch's <c>MultiStepLR</c>.</summary>
    /// <param name="milestones">The times of the drops, in ascending order, 0 or more.</param>
    /// <param name="gamma">The factor γ, 0 or more.</param>
    /// <exception cref="ArgumentException">The milestones are not in ascending order.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public static Schedule MultiStep(IReadOnlyList<int> milestones, double gamma = 0.1)
    {
        ArgumentNullException.ThrowIfNull(milestones);
        int[] copy = [.. milestones];
        for (int i = 0; i < copy.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(copy[i], nameof(milestones));
            if (i > 0 && copy[i] < copy[i - 1])
            {
                throw new ArgumentException($"The milestones must ascend; {copy[i]} follows {copy[i - 1]}.", nameof(milestones));
            }
        }

        return new MultiStepSchedule(copy, NotNegative(gamma, nameof(gamma)));
    }

    /// <summary>lr·γᵗ: PyTorch's <c>ExponentialLR</c>.</summary>
    /// <param name="gamma">The factor γ, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public static Schedule Exponential(double gamma) => new ExponentialSchedule(NotNegative(gamma, nameof(gamma)));

    /// <summary>
    /// lr·(start + (end − start)·min(t, length)/length): PyTorch's <c>LinearLR</c>.
    /// </summary>
    /// <param name="length">Time until the last factor is reached, 1 or more.</param>
    /// <param name="start">The factor at the beginning, 0 or more.</param>
    /// <param name="end">The factor from <paramref name="length"/> on, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public static Schedule Linear(int length, double start = 1.0 / 3, double end = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        return new LinearSchedule(length, NotNegative(start, nameof(start)), NotNegative(end, nameof(end)));
    }

    /// <summary>
    /// min + (lr − min)·(1 + cos(π·t/length))/2: PyTorch's <c>CosineAnnealingLR</c> (Loshchilov and Hutter 2017, without restarts). After
    /// <paramref name="length"/> the rate rises again, as in PyTorch.
    /// </summary>
    /// <param name="length">Time until the least rate is reached, 1 or more; null for the whole training.</param>
    /// <param name="minimum">The least rate, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public static Schedule Cosine(int? length = null, double minimum = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length ?? 1, 1, nameof(length));
        return new CosineSchedule(length, NotNegative(minimum, nameof(minimum)));
    }

    /// <summary>
    /// PyTorch's <c>OneCycleLR</c> (Smith and Topin 2019). The rate rises from <paramref name="maximum"/>/<paramref name="divisor"/> to
    /// <paramref name="maximum"/> by half a cosine. Then it falls by another one to the first rate/<paramref name="finalDivisor"/>. Counts
    /// steps. The optimizer's rate at the start does not matter.
    /// </summary>
    /// <remarks>
    /// While the rate rises, the momentum falls from <paramref name="maximumMomentum"/> to <paramref name="baseMomentum"/>, and then it
    /// rises again, by the same cosines. That is the momentum of <see cref="Sgd"/> and <see cref="RMSProp"/>, and β₁ of <see cref="Adam"/>.
    /// Unlike PyTorch, it leaves an optimizer without momentum as it is.
    /// </remarks>
    /// <param name="maximum">The largest rate, 0 or more.</param>
    /// <param name="length">Time of the whole cycle, 1 or more; null for the whole training. Afterwards the rate stays.</param>
    /// <param name="rise">
    /// Share of the time in which the rate rises, 0 to 1. As in PyTorch, the largest rate is that of time <c>rise·length − 1</c>; with 0
    /// the rate falls from the first step on, and begins one step below the largest.
    /// </param>
    /// <param name="divisor">Largest rate / first rate, more than 0.</param>
    /// <param name="finalDivisor">First rate / last rate, more than 0.</param>
    /// <param name="cycleMomentum">Whether the momentum changes, too; true is PyTorch's default.</param>
    /// <param name="baseMomentum">Momentum at the largest rate, more than 0, less than 1.</param>
    /// <param name="maximumMomentum">Momentum at the beginning and at the end, more than 0, less than 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public static Schedule OneCycle(
        double maximum, int? length = null, double rise = 0.3, double divisor = 25, double finalDivisor = 1e4,
        bool cycleMomentum = true, double baseMomentum = 0.85, double maximumMomentum = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length ?? 1, 1, nameof(length));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(NotNegative(rise, nameof(rise)), 1, nameof(rise));
        ArgumentOutOfRangeException.ThrowIfZero(NotNegative(divisor, nameof(divisor)), nameof(divisor));
        ArgumentOutOfRangeException.ThrowIfZero(NotNegative(finalDivisor, nameof(finalDivisor)), nameof(finalDivisor));
        NotNegative(maximum, nameof(maximum));
        Inside(baseMomentum, nameof(baseMomentum));
        Inside(maximumMomentum, nameof(maximumMomentum));
        return new OneCycleSchedule(
            maximum, length, rise, divisor, finalDivisor, cycleMomentum ? (baseMomentum, maximumMomentum) : null);

        static void Inside(double value, string name)
        {
            if (!(value is > 0 and < 1))
            {
                throw new ArgumentOutOfRangeException(name, value, $"{name} must be more than 0 and less than 1.");
            }
        }
    }

    /// <summary>
    /// Multiplies the rate by <paramref name="factor"/> when the metric has not improved for more than <paramref name="patience"/> epochs:
    /// PyTorch's <c>ReduceLROnPlateau</c> with its relative threshold. In <c>Fit</c> the metric is <see cref="FitOptions.Monitor"/>.
    /// </summary>
    /// <remarks>
    /// Unlike PyTorch, the threshold is a share of the best value's magnitude, so that it works for metrics below zero, too. As in PyTorch,
    /// the rate is not changed if it would fall by 1e-8 or less.
    /// </remarks>
    /// <param name="factor">The factor of the rate, 0 or more, less than 1.</param>
    /// <param name="patience">Epochs without improvement that change nothing, 0 or more.</param>
    /// <param name="threshold">A better value must differ from the best one by more than this share of its magnitude, 0 or more.</param>
    /// <param name="cooldown">Epochs after a reduction that don't count as epochs without improvement, 0 or more.</param>
    /// <param name="minimum">The least rate, 0 or more.</param>
    /// <param name="maximize">Whether larger values are better. <c>Fit</c> ignores this: it knows that of each metric.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public static Schedule OnPlateau(
        double factor = 0.1, int patience = 10, double threshold = 1e-4, int cooldown = 0, double minimum = 0, bool maximize = false)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(NotNegative(factor, nameof(factor)), 1, nameof(factor));
        ArgumentOutOfRangeException.ThrowIfNegative(patience);
        ArgumentOutOfRangeException.ThrowIfNegative(cooldown);
        return new PlateauSchedule(
            factor, patience, NotNegative(threshold, nameof(threshold)), cooldown, NotNegative(minimum, nameof(minimum)), maximize);
    }

    /// <summary>
    /// Adds a warm-up: the rate rises linearly, as with <see cref="Linear"/>, and then this schedule begins at its time 0. PyTorch's
    /// <c>SequentialLR([LinearLR, …])</c>.
    /// </summary>
    /// <param name="length">Time of the warm-up, in this schedule's unit, 1 or more.</param>
    /// <param name="start">The factor at the beginning, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public Schedule AfterWarmup(int length, double start = 1.0 / 3) =>
        new SequentialSchedule(Linear(length, start), length, this) { Unit = Unit };

    /// <summary>Whether the schedule must be told a metric.</summary>
    internal virtual bool NeedsMetric => false;

    /// <summary>Whether the schedule is as long as the whole training.</summary>
    internal virtual bool NeedsTotal => false;

    /// <summary>The rate at a time.</summary>
    /// <param name="initial">The optimizer's rate at the start.</param>
    /// <param name="time">Epochs or steps done.</param>
    /// <param name="total">Time of the whole training. Used only if <see cref="NeedsTotal"/>.</param>
    /// <param name="plateau">The state that <see cref="Observe"/> keeps.</param>
    internal abstract double Rate(double initial, long time, long total, PlateauState plateau);

    /// <summary>
    /// Finds a rate that no optimizer accepts, such as an infinite one (γ may be more than 1), and its time; null if there is none.
    /// Training may be very long, so only some times are tried. They suffice, since the largest rate is at an end or near the middle.
    /// </summary>
    /// <param name="initial">The optimizer's rate at the start.</param>
    /// <param name="end">The last time.</param>
    /// <param name="total">Time of the whole training.</param>
    internal (long Time, double Rate)? FindImpossibleRate(double initial, long end, long total)
    {
        var plateau = new PlateauState();
        const int Points = 100;
        for (int i = 0; i <= Points; i++)
        {
            long time = (long)((Int128)end * i / Points);
            double rate = Rate(initial, time, total, plateau);
            if (!CheckpointData.IsRate(rate))
            {
                return (time, rate);
            }
        }

        return null;
    }

    /// <summary>Says what looks wrong about the schedule's length, compared with training's; null if nothing does.</summary>
    /// <param name="total">Time of the whole training.</param>
    /// <param name="unit">The unit of time.</param>
    internal virtual string? FindLengthProblem(long total, string unit) => null;

    /// <summary>The momentum at a time; null if the schedule does not change it.</summary>
    internal virtual double? Momentum(long time, long total) => null;

    /// <summary>Receives the metric of the last epoch or step.</summary>
    internal virtual void Observe(double metric, bool? maximize, double initial, long time, PlateauState plateau)
    {
    }

    /// <summary>The problem of a schedule with an end: it is over before training is, or training ends in its first half.</summary>
    private static string? FindLengthProblem(string name, int? length, string then, long total, string unit) =>
        length < total
            ? $"{name[..1].ToUpperInvariant()}{name[1..]} of {MessageText.Count(length.Value, unit)} is over before training is, which "
                + $"takes {total}: from there on {then}."
        : length / 2 >= total
            ? $"Training takes {MessageText.Count(total, unit)} and ends in the first half of {name}, which takes {length}."
        : null;

    private static double NotNegative(double value, string name) => double.IsFinite(value) && value >= 0
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{name} must be 0 or more and finite.");

    private sealed record ConstantSchedule : Schedule
    {
        internal override double Rate(double initial, long time, long total, PlateauState plateau) => initial;
    }

    private sealed record StepSchedule(int Size, double Gamma) : Schedule
    {
        internal override double Rate(double initial, long time, long total, PlateauState plateau) =>
            initial * Math.Pow(Gamma, time / Size);
    }

    private sealed record MultiStepSchedule(int[] Milestones, double Gamma) : Schedule
    {
        protected override bool PrintMembers(StringBuilder builder)
        {
            base.PrintMembers(builder);
            builder.Append(CultureInfo.InvariantCulture, $", Milestones = [{string.Join(", ", Milestones)}], Gamma = {Gamma}");
            return true;
        }

        internal override double Rate(double initial, long time, long total, PlateauState plateau) =>
            initial * Math.Pow(Gamma, Milestones.Count(m => m <= time));
    }

    private sealed record ExponentialSchedule(double Gamma) : Schedule
    {
        internal override double Rate(double initial, long time, long total, PlateauState plateau) => initial * Math.Pow(Gamma, time);
    }

    private sealed record LinearSchedule(int Length, double Start, double End) : Schedule
    {
        internal override double Rate(double initial, long time, long total, PlateauState plateau) =>
            initial * (Start + ((End - Start) * long.Min(time, Length) / Length));
    }

    private sealed record CosineSchedule(int? Length, double Minimum) : Schedule
    {
        internal override bool NeedsTotal => Length is null;

        internal override double Rate(double initial, long time, long total, PlateauState plateau) =>
            HalfCosine(initial, Minimum, (double)time / (Length ?? long.Max(total, 1)));

        internal override string? FindLengthProblem(long total, string unit) =>
            FindLengthProblem("the cosine", Length, "the rate rises again", total, unit);
    }

    private sealed record OneCycleSchedule(
        double Maximum, int? Length, double Rise, double Divisor, double FinalDivisor, (double Base, double Maximum)? Momenta)
        : Schedule(ScheduleUnit.Step)
    {
        internal override bool NeedsTotal => Length is null;

        internal override double Rate(double initial, long time, long total, PlateauState plateau) =>
            Anneal(Maximum / Divisor, Maximum, Maximum / Divisor / FinalDivisor, time, total);

        internal override double? Momentum(long time, long total) =>
            Momenta is { } momenta ? Anneal(momenta.Maximum, momenta.Base, momenta.Maximum, time, total) : null;

        internal override string? FindLengthProblem(long total, string unit) =>
            FindLengthProblem("the cycle", Length, "the rate stays at its least", total, unit);

        private double Anneal(double first, double middle, double last, long time, long total)
        {
            // The ends of PyTorch's two phases. The first end may be 0 or negative.
            double top = (Rise * (Length ?? total)) - 1, end = (Length ?? total) - 1;
            double now = double.Min(time, end);
            return now <= top && top > 0
                ? HalfCosine(first, middle, now / top)
                : HalfCosine(middle, last, end > top ? (now - top) / (end - top) : 1);
        }
    }

    private sealed record PlateauSchedule(
        double Factor, int Patience, double Threshold, int Cooldown, double Minimum, bool Maximize) : Schedule
    {
        // PyTorch's eps: the rate is not changed by this or less.
        private const double LeastChange = 1e-8;

        internal override bool NeedsMetric => true;

        internal override double Rate(double initial, long time, long total, PlateauState plateau) => plateau.Rate ?? initial;

        internal override void Observe(double metric, bool? maximize, double initial, long time, PlateauState plateau)
        {
            if (IsBetter(metric, plateau.Best, maximize ?? Maximize))
            {
                plateau.Best = metric;
                plateau.BadEpochs = 0;
            }
            else
            {
                plateau.BadEpochs++;
            }

            if (plateau.Cooldown > 0)
            {
                plateau.Cooldown--;
                plateau.BadEpochs = 0;
            }

            if (plateau.BadEpochs > Patience)
            {
                double rate = plateau.Rate ?? initial, reduced = double.Max(rate * Factor, Minimum);
                plateau.Rate = rate - reduced > LeastChange ? reduced : rate;
                plateau.Cooldown = Cooldown;
                plateau.BadEpochs = 0;
            }
        }

        // PyTorch multiplies the best value by 1 ± the threshold, which is wrong for values below zero.
        private bool IsBetter(double metric, double? best, bool maximize)
        {
            if (best is not { } value)
            {
                return !double.IsNaN(metric);
            }

            double gain = maximize ? metric - value : value - metric;
            return double.IsFinite(value) ? gain > Threshold * Math.Abs(value) : gain > 0;
        }
    }

    private sealed record SequentialSchedule(Schedule First, int Length, Schedule Second) : Schedule
    {
        internal override bool NeedsMetric => Second.NeedsMetric;

        internal override bool NeedsTotal => Second.NeedsTotal;

        internal override string? FindLengthProblem(long total, string unit) => total <= Length
            ? $"Training takes {MessageText.Count(total, unit)} and ends before the warm-up does, which takes {Length}."
            : Second.FindLengthProblem(total - Length, unit);

        internal override double Rate(double initial, long time, long total, PlateauState plateau) => time < Length
            ? First.Rate(initial, time, Length, plateau)
            : Second.Rate(initial, time - Length, total - Length, plateau);

        internal override double? Momentum(long time, long total) => time < Length ? null : Second.Momentum(time - Length, total - Length);

        internal override void Observe(double metric, bool? maximize, double initial, long time, PlateauState plateau)
        {
            if (time >= Length)
            {
                Second.Observe(metric, maximize, initial, time - Length, plateau);
            }
        }
    }

    private static double HalfCosine(double from, double to, double part) => to + ((from - to) * (1 + Math.Cos(Math.PI * part)) / 2);
}

/// <summary>The state of <see cref="Schedule.OnPlateau"/>.</summary>
internal sealed record PlateauState
{
    [JsonRequired]
    public double? Rate { get; set; }

    [JsonRequired]
    public double? Best { get; set; }

    [JsonRequired]
    public int BadEpochs { get; set; }

    [JsonRequired]
    public int Cooldown { get; set; }
}
