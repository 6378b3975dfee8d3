using System;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Strata.Training;

/// <summary>
/// Runs a <see cref="Schedule"/> in a training loop of your own, like a scheduler of PyTorch. Call <see cref="Step"/> after each epoch or
/// each update. It sets <see cref="Optimizer.LearningRate"/>; <see cref="Schedule.OneCycle"/> sets the momentum, too. <c>Fit</c> does this
/// by itself.
/// </summary>
public sealed class LearningRateScheduler
{
    private readonly Optimizer _optimizer;
    private readonly Schedule _schedule;
    private readonly long _total;
    private PlateauState _plateau = new();

    /// <summary>Begins a schedule: the optimizer's rate becomes that of time 0.</summary>
    /// <param name="optimizer">The optimizer. Its rate at this moment is lr in the schedule's formula.</param>
    /// <param name="schedule">The schedule.</param>
    /// <param name="total">Length of the whole training, in epochs or steps, 1 or more. Only schedules without a length of their own need
    /// it.</param>
    /// <exception cref="ArgumentException">
    /// The schedule needs <paramref name="total"/>, which is null; or its first rate is not finite.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="total"/> is less than 1.</exception>
    public LearningRateScheduler(Optimizer optimizer, Schedule schedule, long? total = null)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentNullException.ThrowIfNull(schedule);
        ArgumentOutOfRangeException.ThrowIfLessThan(total ?? 1, 1, nameof(total));
        if (schedule.NeedsTotal && total is null)
        {
            throw new ArgumentException("The schedule has no length; give it one, or the time of the whole training here.", nameof(total));
        }

        _optimizer = optimizer;
        _schedule = schedule;
        _total = total ?? 1;
        InitialRate = optimizer.LearningRate;
        if (schedule.FindImpossibleRate(InitialRate, 0, _total) is var (_, rate))
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"The schedule begins with the rate {rate}."),
                nameof(schedule));
        }

        Apply(time: 0, _plateau);
    }

    /// <summary>The optimizer's rate before the schedule.</summary>
    public double InitialRate { get; private set; }

    /// <summary>Epochs or steps done.</summary>
    public long Time { get; private set; }

    internal Schedule Schedule => _schedule;

    /// <summary>Says that one more epoch or step is done, and sets the optimizer's rate.</summary>
    /// <param name="metric">The metric that <see cref="Schedule.OnPlateau"/> watches. Other schedules ignore it.</param>
    /// <exception cref="ArgumentException">The schedule needs a metric, and there is none. Nothing was changed.</exception>
    /// <exception cref="InvalidOperationException">The schedule's rate is no longer a finite number. Nothing was changed.</exception>
    public void Step(double? metric = null) => Advance(metric, maximize: null);

    internal void Advance(double? metric, bool? maximize)
    {
        PlateauState plateau = _plateau;
        if (_schedule.NeedsMetric)
        {
            plateau = _plateau with { };
            _schedule.Observe(
                metric ?? throw new ArgumentException("The schedule follows a metric, which is not given.", nameof(metric)),
                maximize,
                InitialRate,
                Time,
                plateau);
        }

        Apply(Time + 1, plateau);
    }

    /// <summary>Whether the schedule's rates stay finite for the rest of training if it goes on from a state.</summary>
    internal bool Fits(SchedulerState state) => _schedule.FindImpossibleRate(state.InitialRate, _total, _total) is null;

    internal SchedulerState Save() => new(InitialRate, Time, _plateau with { });

    /// <summary>Takes over the state of another scheduler.</summary>
    internal void Restore(SchedulerState state)
    {
        InitialRate = state.InitialRate;
        Apply(state.Time, state.Plateau with { });
    }

    /// <summary>Gives the optimizer back the settings that it had before the schedule.</summary>
    internal void Undo()
    {
        _optimizer.LearningRate = InitialRate;
        _optimizer.ScheduledMomentum = null;
    }

    private void Apply(long time, PlateauState plateau)
    {
        double rate = _schedule.Rate(InitialRate, time, _total, plateau);
        if (!CheckpointData.IsRate(rate))
        {
            throw new InvalidOperationException(
                string.Create(CultureInfo.InvariantCulture, $"The schedule's rate would be {rate} at time {time}."));
        }

        _optimizer.LearningRate = rate;
        _optimizer.ScheduledMomentum = _schedule.Momentum(time, _total);
        (Time, _plateau) = (time, plateau);
    }
}

/// <summary>The state of a <see cref="LearningRateScheduler"/>, as checkpoints hold it.</summary>
/// <param name="InitialRate">The optimizer's rate before the schedule.</param>
/// <param name="Time">Epochs or steps done.</param>
/// <param name="Plateau">The state of <see cref="Schedule.OnPlateau"/>.</param>
internal sealed record SchedulerState(double InitialRate, long Time, PlateauState Plateau)
{
    /// <summary>What is impossible about the state, whatever the schedule; null if nothing is.</summary>
    [JsonIgnore]
    public string? Problem =>
        !CheckpointData.IsRate(InitialRate) ? CheckpointData.Impossible("initialRate", InitialRate)
        : !CheckpointData.IsCount(Time) ? CheckpointData.Impossible("time", Time)
        : Plateau.Rate is { } rate && !CheckpointData.IsRate(rate) ? CheckpointData.Impossible("rate", rate)
        : Plateau.Best is { } best && double.IsNaN(best) ? CheckpointData.Impossible("best", best)
        : Plateau.BadEpochs < 0 ? CheckpointData.Impossible("badEpochs", Plateau.BadEpochs)
        : Plateau.Cooldown < 0 ? CheckpointData.Impossible("cooldown", Plateau.Cooldown)
        : null;
}
