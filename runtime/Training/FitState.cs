using System;
using System.Collections.Generic;
using System.Text.Json.Serialization;

namespace Strata.Training;

/// <summary>Where a call of <c>Fit</c> stands, as checkpoints hold it.</summary>
internal sealed class FitState
{
    /// <summary>Where a call begins.</summary>
    /// <param name="trainer">What trains.</param>
    /// <param name="options">The options, which were checked.</param>
    /// <param name="metric">What is monitored.</param>
    /// <param name="samples">Samples of an epoch; 0 where they are read piece by piece.</param>
    public static FitState Begin(Trainer trainer, FitOptions options, FitMetric metric, int samples) => new()
    {
        Samples = samples,
        BatchSize = trainer.BatchSize,
        Accumulate = options.Accumulate,
        Seed = options.Seed,
        Shuffle = options.Shuffle,
        DropLast = options.DropLast,
        RestoreBest = options.RestoreBest,
        StepsPerEpoch = options.StepsPerEpoch,
        AverageDecay = options.AverageDecay,
        MixUp = options.MixUp,
        Augmentation = options.Augmentation?.ToString() ?? "none",
        Schedule = options.Schedule?.ToString() ?? "none",
        Optimizer = trainer.Optimizer.Settings,
        Monitor = metric.ToString(),
        LossSums = new double[trainer.Losses.Infos.Length],
        Divisors = new double[trainer.Losses.Infos.Length],
    };

    /// <summary>What must be the same where training goes on. 0 where samples are read piece by piece.</summary>
    public required int Samples { get; init; }

    /// <summary>The option of this name.</summary>
    [JsonRequired]
    public int? StepsPerEpoch { get; init; }

    /// <summary>The option of this name.</summary>
    [JsonRequired]
    public double? AverageDecay { get; init; }

    /// <summary>The option of this name.</summary>
    [JsonRequired]
    public double? MixUp { get; init; }

    /// <summary>Samples of a batch.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Batches of a step.</summary>
    public required int Accumulate { get; init; }

    /// <summary>Seed of the order.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Whether the order changes.</summary>
    public required bool Shuffle { get; init; }

    /// <summary>Whether a last step of fewer samples is left out.</summary>
    public required bool DropLast { get; init; }

    /// <summary>Whether the best epoch's parameters are kept.</summary>
    public required bool RestoreBest { get; init; }

    /// <summary>What tells which epoch is the best.</summary>
    public required string Monitor { get; init; }

    /// <summary>What becomes of the samples.</summary>
    public required string Augmentation { get; init; }

    /// <summary>What the learning rate follows.</summary>
    public required string Schedule { get; init; }

    /// <summary>The optimizer's settings, but for the rate.</summary>
    public required string Optimizer { get; init; }

    /// <summary>The reports of the completed epochs.</summary>
    [JsonRequired]
    public List<FitProgress> Epochs { get; init; } = [];

    /// <summary>Steps done in the epoch that is not completed.</summary>
    [JsonRequired]
    public int Step { get; set; }

    /// <summary>Sum of each of its losses so far.</summary>
    public required double[] LossSums { get; init; }

    /// <summary>What these sums are to be divided by.</summary>
    public required double[] Divisors { get; init; }

    /// <summary>Number of the best epoch; 0 where none was completed.</summary>
    [JsonRequired]
    public int BestEpoch { get; set; }

    /// <summary>What was monitored after that epoch; not a number where there is none.</summary>
    [JsonRequired]
    public double Best { get; set; } = double.NaN;

    /// <summary>Whether its parameters are in the file.</summary>
    [JsonRequired]
    public bool HasBest { get; set; }

    /// <summary>How often the averages of the parameters, which are in the file, were moved; 0 where there are none.</summary>
    [JsonRequired]
    public long AverageUpdates { get; set; }

    /// <summary>Whether they are in the file.</summary>
    [JsonIgnore]
    public bool HasAverage => AverageDecay is not null;

    /// <summary>Where the schedule stands, if there is one.</summary>
    [JsonRequired]
    public SchedulerState? Scheduler { get; set; }

    /// <summary>What cannot be, with whatever data; null where all can.</summary>
    [JsonIgnore]
    public string? Problem
    {
        get
        {
            for (int i = 0; i < Epochs.Count; i++)
            {
                if (Epochs[i].Epoch != i + 1)
                {
                    return CheckpointData.Impossible("epochs", $"a list with epoch {Epochs[i].Epoch} in place {i + 1}");
                }
            }

            return Step < 0 ? CheckpointData.Impossible("step", Step)
                : LossSums.Length != Divisors.Length || !Array.TrueForAll(LossSums, double.IsFinite)
                    ? CheckpointData.Impossible("lossSums", string.Join(", ", LossSums))
                : !Array.TrueForAll(Divisors, d => double.IsFinite(d) && d >= 0)
                    ? CheckpointData.Impossible("divisors", string.Join(", ", Divisors))
                : BestEpoch < 0 || BestEpoch > Epochs.Count ? CheckpointData.Impossible("bestEpoch", BestEpoch)
                : BestEpoch == 0 != double.IsNaN(Best) ? CheckpointData.Impossible("best", Best)
                : AverageDecay is not (null or (>= 0 and < 1)) ? CheckpointData.Impossible("averageDecay", AverageDecay)
                : !CheckpointData.IsCount(AverageUpdates) ? CheckpointData.Impossible("averageUpdates", AverageUpdates)
                : HasBest != (RestoreBest && BestEpoch > 0) ? CheckpointData.Impossible("hasBest", HasBest)
                : Scheduler?.Problem;
        }
    }
}
