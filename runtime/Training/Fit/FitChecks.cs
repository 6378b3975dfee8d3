using System;
using System.Globalization;
using System.Linq;

namespace Strata.Training;

/// <summary>Checks options and data before the first step of <c>Fit</c>.</summary>
/// <param name="trainer">The trainer.</param>
/// <param name="options">The options.</param>
internal sealed class FitChecks(Trainer trainer, FitOptions options)
{
    /// <summary>Name of the argument in messages.</summary>
    private static readonly string Argument = nameof(options);

    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public void CheckNumbers()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Epochs, 1, "options.Epochs");
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Accumulate, 1, "options.Accumulate");
        ArgumentOutOfRangeException.ThrowIfLessThan(options.StepsPerEpoch ?? 1, 1, "options.StepsPerEpoch");
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ReadAhead, 1, "options.ReadAhead");
    }

    /// <summary>The metric by which epochs are compared.</summary>
    /// <param name="validates">Whether there are validation samples.</param>
    /// <exception cref="ArgumentException">The metric needs validation samples, or a loss on classes.</exception>
    public FitMetric MetricOf(bool validates)
    {
        FitMetric metric = options.Monitor ?? (validates ? FitMetric.ValidationLoss : FitMetric.Loss);
        if (!Enum.IsDefined(metric))
        {
            throw new ArgumentOutOfRangeException(Argument, metric, "There is no such metric to monitor.");
        }

        if (metric != FitMetric.Loss && !validates)
        {
            throw new ArgumentException($"There are no validation samples to monitor {metric} on.", Argument);
        }

        return metric == FitMetric.ValidationAccuracy && trainer.Losses.Scored is null
            ? throw new ArgumentException($"{trainer.Network.Info.Name} does not classify, so that there is no accuracy.", Argument)
            : metric;
    }

    /// <summary>Creates the schedule's scheduler; null if there is no schedule.</summary>
    /// <exception cref="ArgumentException">The schedule does not suit the data, or has a rate that is not finite.</exception>
    public LearningRateScheduler? SchedulerOf(StepSource source)
    {
        if (options.Schedule is not { } schedule)
        {
            return null;
        }

        if (schedule is { NeedsMetric: true, Unit: ScheduleUnit.Step })
        {
            throw new ArgumentException("A schedule on plateaus counts epochs, since the metric is that of an epoch.", Argument);
        }

        if (schedule.Unit == ScheduleUnit.Step && source.StepsPerEpoch is null)
        {
            throw new ArgumentException(
                $"The schedule counts steps; set {nameof(FitOptions.StepsPerEpoch)}, since data that are read piece by piece do not "
                + "tell how many an epoch has.",
                Argument);
        }

        long total = TotalOf(schedule, source);
        return schedule.FindImpossibleRate(trainer.Optimizer.LearningRate, total, total) is var (time, rate)
            ? throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"The schedule's rate would be {rate} at time {time} of {total}."), Argument)
            : new LearningRateScheduler(trainer.Optimizer, schedule, total);
    }

    /// <exception cref="ArgumentException">Some batch has a single sample, and a batch norm cannot train on it.</exception>
    public void CheckBatches(StepSource source)
    {
        if (trainer.Ranks.World.FewestOf(source.FewestSamples) != 1)
        {
            return;
        }

        NetworkInfo network = trainer.Network.Info;
        foreach (Parameter parameter in trainer.Network.Parameters.Where(parameter => parameter.IsMovedByPasses))
        {
            LayerInfo? layer = network.Layers.FirstOrDefault(layer => layer.Name == parameter.Layer);
            if (layer is { Kind: "BatchNorm" } && CompiledNetwork.Product(layer.OutputShape) == layer.OutputShape[0])
            {
                string batch = source.Samples > 0 && trainer.BatchSize > 1
                    ? $"The last batch of the {source.Samples} samples has one sample{(trainer.Ranks.World.Size > 1 ? " on a rank" : "")}"
                    : "Batches have one sample";
                throw new ArgumentException(
                    $"{batch}, and batch norm '{layer.Name}' of {network.Name} has one value per channel of it, which has no variance. Set "
                    + $"{nameof(FitOptions.DropLast)} = true, choose another batch size, or freeze the layer.",
                    Argument);
            }
        }
    }

    /// <exception cref="System.IO.IOException">The checkpoint could not be written.</exception>
    public void CheckFiles()
    {
        if (options.Checkpoint is { } checkpoint)
        {
            trainer.Ranks.World.OnFirst(() =>
            {
                AtomicFile.CheckWritable(checkpoint.Path);
                return "";
            });
        }
    }

    /// <summary>Warns of settings that look like a mistake.</summary>
    public void Warn(FitWarnings warnings, StepSource source)
    {
        if (options.Schedule is { } schedule && (schedule.Unit == ScheduleUnit.Epoch || source.StepsPerEpoch is not null))
        {
            string unit = schedule.Unit == ScheduleUnit.Epoch ? "epoch" : "step";
            warnings.Add(TrainingWarningKind.ScheduleLength, schedule.FindLengthProblem(TotalOf(schedule, source), unit));
        }

        if (source.Samples > 0 && options.StepsPerEpoch is not null)
        {
            warnings.Add(
                TrainingWarningKind.OptionWithoutEffect,
                $"{nameof(FitOptions.StepsPerEpoch)} has no effect on samples in memory, of which each epoch takes all.");
        }

        if (options.MixUp is not null && trainer.Ranks.GlobalBatchSize == 1)
        {
            warnings.Add(TrainingWarningKind.OptionWithoutEffect,
                $"{nameof(FitOptions.MixUp)} has no effect on batches of one sample, which has no other one to be mixed with.");
        }

        warnings.Add(TrainingWarningKind.InputRange,
            InputRange.FindProblem(trainer.Network, options.ValidationInputs.Span, "The validation samples"));
    }

    private long TotalOf(Schedule schedule, StepSource source) =>
        schedule.Unit == ScheduleUnit.Epoch ? options.Epochs : (long)options.Epochs * (source.StepsPerEpoch ?? 0);
}
