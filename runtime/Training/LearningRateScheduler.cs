using System;

namespace Strata;

/// <summary>
/// Runs a <see cref="Schedule"/> in a training loop of one's own, as a scheduler of PyTorch does: <see cref="Step"/> follows each epoch,
/// or each update, and sets <see cref="Optimizer.LearningRate"/> (<see cref="Schedule.OneCycle"/> the momentum, too). <c>Fit</c> has one of its own.
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
    /// <exception cref="ArgumentException">The schedule needs the time of the whole training, which is not given.</exception>
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
        Apply();
    }

    /// <summary>The optimizer's rate before the schedule.</summary>
    public double InitialRate { get; private set; }

    /// <summary>How many epochs, or steps, are done.</summary>
    public long Time { get; private set; }

    internal Schedule Schedule => _schedule;

    /// <summary>Goes on by one epoch or one step, and sets the optimizer's rate.</summary>
    /// <param name="metric">What <see cref="Schedule.OnPlateau"/> watches; the other schedules do not look at it.</param>
    /// <exception cref="ArgumentException">The schedule needs a metric, and there is none.</exception>
    public void Step(double? metric = null) => Advance(metric, maximize: null);

    internal void Advance(double? metric, bool? maximize)
    {
        if (_schedule.NeedsMetric)
        {
            _schedule.Observe(
                metric ?? throw new ArgumentException("The schedule follows a metric, which is not given.", nameof(metric)),
                maximize,
                InitialRate,
                Time,
                _plateau);
        }

        Time++;
        Apply();
    }

    internal SchedulerState Save() => new(InitialRate, Time, _plateau with { });

    /// <summary>Goes on where another one was.</summary>
    internal void Restore(SchedulerState state)
    {
        InitialRate = state.InitialRate;
        Time = state.Time;
        _plateau = state.Plateau with { };
        Apply();
    }

    /// <summary>The optimizer's settings are again those from before the schedule.</summary>
    internal void Undo()
    {
        _optimizer.LearningRate = InitialRate;
        _optimizer.ScheduledMomentum = null;
    }

    private void Apply()
    {
        _optimizer.LearningRate = _schedule.Rate(InitialRate, Time, _total, _plateau);
        _optimizer.ScheduledMomentum = _schedule.Momentum(Time, _total);
    }
}

/// <summary>Where a <see cref="LearningRateScheduler"/> stands, as checkpoints hold it.</summary>
/// <param name="InitialRate">The optimizer's rate before the schedule.</param>
/// <param name="Time">Epochs or steps done.</param>
/// <param name="Plateau">What a schedule on plateaus remembers.</param>
internal sealed record SchedulerState(double InitialRate, long Time, PlateauState Plateau);
