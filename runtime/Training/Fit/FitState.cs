using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Strata.Training;

/// <summary>The state of a call of <c>Fit</c>, as checkpoints hold it.</summary>
internal sealed class FitState
{
    /// <summary>The state at the beginning.</summary>
    /// <param name="trainer">The trainer.</param>
    /// <param name="options">The options, which were checked.</param>
    /// <param name="metric">The metric by which epochs are compared.</param>
    /// <param name="samples">Samples of an epoch; 0 where they are read piece by piece.</param>
    public static FitState Begin(Trainer trainer, FitOptions options, FitMetric metric, int samples) => new()
    {
        Samples = samples,
        BatchSize = trainer.Ranks.GlobalBatchSize,
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
        Optimizer = trainer.Ranks.OptimizerSettings,
        Monitor = metric.ToString(),
        LossSums = new double[trainer.Losses.Infos.Length],
        Divisors = new double[trainer.Losses.Infos.Length],
    };

    /// <summary>
    /// Samples of an epoch; 0 if they are read piece by piece. To continue training, this and the settings below must be the same as
    /// before.
    /// </summary>
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

    /// <summary>Samples of a batch of all ranks.</summary>
    public required long BatchSize { get; init; }

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

    /// <summary>The metric by which epochs are compared.</summary>
    public required string Monitor { get; init; }

    /// <summary>The augmentation, as text.</summary>
    public required string Augmentation { get; init; }

    /// <summary>The schedule, as text.</summary>
    public required string Schedule { get; init; }

    /// <summary>The optimizer's settings without the rate, as text.</summary>
    public required string Optimizer { get; init; }

    /// <summary>The reports of the completed epochs.</summary>
    [JsonRequired]
    public List<FitProgress> Epochs { get; init; } = [];

    /// <summary>Steps done in the current epoch.</summary>
    [JsonRequired]
    public int Step { get; set; }

    /// <summary>Sum of each loss in the current epoch so far.</summary>
    public required double[] LossSums { get; init; }

    /// <summary>The divisors of these sums.</summary>
    public required double[] Divisors { get; init; }

    /// <summary>Number of the best epoch; 0 where none was completed.</summary>
    [JsonRequired]
    public int BestEpoch { get; set; }

    /// <summary>The metric after that epoch; NaN if there is none.</summary>
    [JsonRequired]
    public double Best { get; set; } = double.NaN;

    /// <summary>Whether the best epoch's parameters are in the file.</summary>
    [JsonRequired]
    public bool HasBest { get; set; }

    /// <summary>Updates of the averages, which are in the file; 0 if there are none.</summary>
    [JsonRequired]
    public long AverageUpdates { get; set; }

    /// <summary>Whether averages of the parameters are in the file.</summary>
    [JsonIgnore]
    public bool HasAverage => AverageDecay is not null;

    /// <summary>The state of the schedule; null if there is none.</summary>
    [JsonRequired]
    public SchedulerState? Scheduler { get; set; }

    /// <summary>Reads what <see cref="ToText"/> has written.</summary>
    public static FitState FromText(string text) => JsonSerializer.Deserialize(text, CheckpointJson.Default.FitState)!;

    /// <summary>The state as text. It is a part of the checkpoint's.</summary>
    public string ToText() => JsonSerializer.Serialize(this, CheckpointJson.Default.FitState);

    /// <summary>
    /// What must be the same to continue from a checkpoint, in the words of messages: "a batch size of", "8".
    /// </summary>
    /// <param name="ranks">The number of ranks that train together.</param>
    public IEnumerable<(string Name, string Value)> Settings(int ranks)
    {
        yield return ("a number of samples of", Text(Samples));
        yield return ($"a batch size{(ranks > 1 ? ", of all ranks together," : "")} of", Text(BatchSize));
        yield return ("Accumulate =", Text(Accumulate));
        yield return ("Seed =", Text(Seed));
        yield return ("Shuffle =", Text(Shuffle));
        yield return ("DropLast =", Text(DropLast));
        yield return ("RestoreBest =", Text(RestoreBest));
        yield return ("Monitor =", Monitor);
        yield return ("StepsPerEpoch =", Text(StepsPerEpoch));
        yield return ("AverageDecay =", Text(AverageDecay));
        yield return ("MixUp =", Text(MixUp));
        yield return ("Augmentation =", Augmentation);
        yield return ("Schedule =", Schedule);
        yield return ("the optimizer's settings", Optimizer);
    }

    /// <summary>
    /// What must be the same on all ranks that train together: the settings, and options that may be others when training continues.
    /// </summary>
    public IEnumerable<(string Name, string Value)> SettingsOfRanks(int ranks, FitOptions options) =>
    [
        .. Settings(ranks),
        ("a number of validation samples of", Text(options.ValidationInputs.Length)),
        ("Epochs =", Text(options.Epochs)),
        ("EarlyStopping =", Text(options.EarlyStopping)),
        ("Checkpoint =", options.Checkpoint is { } checkpoint
            ? Text($"every {checkpoint.EverySteps} steps, Resume = {checkpoint.Resume}") : "none"),
    ];

    /// <summary>Says what is invalid about the state, with any data; null if it is valid.</summary>
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
    private static string Text<T>(T value) => string.Create(CultureInfo.InvariantCulture, $"{value}");
}
