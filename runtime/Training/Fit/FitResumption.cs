using System;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Strata.Training;

/// <summary>Continues from the checkpoint of an earlier call of <c>Fit</c>, if that call had the same data and options.</summary>
/// <param name="own">The state of this call at its beginning. The checkpoint is compared with it.</param>
/// <param name="source">The source of samples.</param>
/// <param name="scheduler">The scheduler; null for none.</param>
internal sealed class FitResumption(FitState own, StepSource source, LearningRateScheduler? scheduler)
{
    /// <summary>Takes over the state of a checkpoint. If it does not fit, nothing changes.</summary>
    /// <returns>The state, and the parameters that <c>Fit</c> keeps; null if there is no file, or the options do not ask for it.</returns>
    /// <exception cref="WeightsFormatException">The file is damaged, or was made with other data or options.</exception>
    public (FitState State, FitMemory Memory)? GoOn(Trainer trainer, FitCheckpoint? checkpoint, FitWarnings warnings)
    {
        if (checkpoint is not { Resume: true, Path: string path }
            || trainer.Ranks.World.OnFirst(() => File.Exists(path) ? path : "").Length == 0)
        {
            return null;
        }

        (FitState state, FitMemory memory) = trainer.Ranks.Load(path, data => Check(data, path, trainer.Ranks.World));
        if (state.Scheduler is { } saved)
        {
            double before = trainer.Optimizer.LearningRate;
            scheduler!.Restore(saved);
            if (scheduler.Schedule.NeedsTotal)
            {
                WarnOfJump(before, trainer.Optimizer.LearningRate, state, warnings);
            }
        }

        return (state, memory);
    }

    /// <summary>
    /// Warns if the learning rate differs from the checkpoint's. A schedule without a length of its own is as long as training. With more
    /// epochs, it therefore has another rate at the same step.
    /// </summary>
    private static void WarnOfJump(double before, double after, FitState state, FitWarnings warnings)
    {
        if (Math.Abs(after - before) > 1e-9 * double.Max(before, after))
        {
            string epochs = state.Epochs.Count > 0 ? $", which had {state.Epochs[^1].Epochs}" : "";
            warnings.Add(
                TrainingWarningKind.LearningRateJump,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The learning rate goes on at {after:G4}; in the checkpoint it is {before:G4}. The schedule is as long as "
                    + $"training is, and the number of "
                    + $"epochs is not that of the checkpoint{epochs}. Give the schedule a length of its own to go on where it was."));
        }
    }

    private void Check(CheckpointData data, string path, TrainingWorld world)
    {
        if (data.Fit is not { } saved)
        {
            throw new WeightsFormatException(path, null, "the checkpoint is none of Fit; load it with LoadCheckpoint.");
        }

        foreach (((string name, string value), (_, string ownValue)) in saved.Settings(world.Size).Zip(own.Settings(world.Size)))
        {
            Checkpoint.Compare(path, name, value, ownValue);
        }

        if (ProblemOf(saved) is { } problem)
        {
            throw Checkpoint.Damaged(path, problem);
        }
    }

    /// <summary>Says what is invalid about the saved state with these data and options; null if it is valid.</summary>
    private string? ProblemOf(FitState saved)
    {
        if (saved.LossSums.Length != own.LossSums.Length)
        {
            return CheckpointData.Impossible("lossSums", $"the sums of {saved.LossSums.Length} losses");
        }

        if (saved.Step >= (source.StepsPerEpoch ?? int.MaxValue))
        {
            return CheckpointData.Impossible("step", saved.Step);
        }

        if (saved.Scheduler is null != scheduler is null)
        {
            return CheckpointData.Impossible("scheduler", saved.Scheduler is null ? "missing" : "there without a schedule");
        }

        if (saved.Scheduler is not { } state)
        {
            return null;
        }

        long time = scheduler!.Schedule.Unit == ScheduleUnit.Epoch
            ? saved.Epochs.Count : ((long)saved.Epochs.Count * (source.StepsPerEpoch ?? 0)) + saved.Step;
        return state.Time != time ? CheckpointData.Impossible("time", state.Time)
            : !scheduler.Fits(state) ? CheckpointData.Impossible("initialRate", state.InitialRate)
            : null;
    }
}
