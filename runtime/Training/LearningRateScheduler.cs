using System;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Strata.Training;

/// <summary>
/// Runs a <see cref="Schedule"/> in a training loop of one's own, as a scheduler of PyTorch does: <see cref="Step"/> follows each epoch,
/// or each update, and sets <see cref="Optimizer.LearningRate"/> (<see cref="Schedule.OneCycle"/> the momentum, too). <c>Fit</c>
/// has one of its own.
/// </summary>
public sealed class LearningRateScheduler
{
    private readonly Optimizer _optimizer;
    private readonly Schedule _schedule;
    private readonly long _total;
    private PlateauState _plateau = new();

    /// <summary>Begins a schedule: the optimizer's rate becomes that of time 0.</summary>
    /// <param name="optimizer">Its rate now is the one that the schedule's formula calls lr.</param>
    /// <param name="schedule">What the rate follows.</param>
    /// <param name="total">Time of the whole training, 1 or more. Only schedules that were made without a length need it.</param>
    /// <exception cref="ArgumentException">
    /// The schedule needs the time of the whole training, which is not given, or begins with a rate that is not finite.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The time is less than 1.</exception>
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

    /// <summary>How many epochs, or steps, are done.</summary>
    public long Time { get; private set; }

    internal Schedule Schedule => _schedule;

    /// <summary>Goes on by one epoch or one step, and sets the optimizer's rate.</summary>
    /// <param name="metric">What <see cref="Schedule.OnPlateau"/> watches; the other schedules do not look at it.</param>
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

    /// <summary>Whether the schedule's rates are finite for the whole training where it goes on from there.</summary>
    internal bool Fits(SchedulerState state) => _schedule.FindImpossibleRate(state.InitialRate, _total, _total) is null;

    internal SchedulerState Save() => new(InitialRate, Time, _plateau with { });

    /// <summary>Goes on where another one was.</summary>
    internal void Restore(SchedulerState state)
    {
        InitialRate = state.InitialRate;
        Apply(state.Time, state.Plateau with { });
    }

    /// <summary>The optimizer's settings are again those from before the schedule.</summary>
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

/// <summary>Where a <see cref="LearningRateScheduler"/> stands, as checkpoints hold it.</summary>
/// <param name="InitialRate">The optimizer's rate before the schedule.</param>
/// <param name="Time">Epochs or steps done.</param>
/// <param name="Plateau">What a schedule on plateaus remembers.</param>
internal sealed record SchedulerState(double InitialRate, long Time, PlateauState Plateau)
{
    /// <summary>What cannot be, whatever the schedule; null where all can.</summary>
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
