using System;
using System.Collections.Generic;

namespace Strata.Serving;

/// <summary>How a model is served.</summary>
public sealed class ModelOptions
{
    /// <summary>The most samples in a batch; at least 1. A request with more samples is refused.</summary>
    public int MaxBatch { get; set; } = 16;

    /// <summary>
    /// The longest time that a request waits for others, so that they can be computed together; at least 0. A batch starts sooner if as
    /// many samples have come as in the batch before: a single client never waits.
    /// </summary>
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromMilliseconds(2);

    /// <summary>The most samples that wait. A request that would be one too many is refused; at least <see cref="MaxBatch"/>.</summary>
    public int QueueCapacity { get; set; } = 512;

    /// <summary>The longest time in the queue for requests that name none; null for no limit.</summary>
    public TimeSpan? Timeout { get; set; }

    /// <summary>
    /// The file of weights (safetensors), relative to the app's content root. Null serves a network that was never trained, with weights
    /// drawn by <see cref="Seed"/>.
    /// </summary>
    public string? Weights { get; set; }

    /// <summary>Where <see cref="Weights"/> is null: <see cref="NetworkOptions.Seed"/>. If this is null too, the log warns of it.</summary>
    public ulong? Seed { get; set; }

    /// <summary>Threads of a batch, as in <see cref="NetworkOptions.Threads"/>: 0 for one per processor.</summary>
    public int Threads { get; set; }

    /// <summary>How dense layers keep their weights: <see cref="NetworkOptions.WeightStorage"/>.</summary>
    public WeightStorage WeightStorage { get; set; }

    /// <summary>The version that the protocol names.</summary>
    public string Version { get; set; } = "1";

    /// <summary>Whether the model is loaded when the app starts. Otherwise a client loads it, if <see cref="ServingOptions.AllowLoading"/>
    /// is set, or <see cref="ServedModel.LoadAsync"/>.</summary>
    public bool LoadAtStart { get; set; } = true;

    /// <summary>
    /// How often the file of weights is looked at. If it has changed or is another file, it is loaded beside the old weights, checked, and
    /// exchanged between two batches. Null never looks.
    /// </summary>
    public TimeSpan? WatchInterval { get; set; }

    /// <summary>What new weights must compute before they serve. Without one, any finite outputs will do.</summary>
    public ModelCheck? Check { get; set; }

    /// <summary>
    /// The names of the classes, in the order of an output's numbers. Clients that ask for the likeliest classes get them beside the
    /// indices. An output has them if it has as many numbers as there are names.
    /// </summary>
    public IReadOnlyList<string>? ClassNames { get; set; }

    internal void Validate(string model)
    {
        static string Text(string model, string option) => $"Model '{model}': {option}";
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxBatch, 1, Text(model, nameof(MaxBatch)));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxDelay, TimeSpan.Zero, Text(model, nameof(MaxDelay)));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxDelay, TimeSpan.FromMinutes(1), Text(model, nameof(MaxDelay)));
        ArgumentOutOfRangeException.ThrowIfLessThan(QueueCapacity, MaxBatch, Text(model, nameof(QueueCapacity)));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Timeout ?? TimeSpan.MaxValue, TimeSpan.Zero, Text(model, nameof(Timeout)));
        ArgumentOutOfRangeException.ThrowIfLessThan(
            WatchInterval ?? TimeSpan.MaxValue, TimeSpan.FromMilliseconds(10), Text(model, nameof(WatchInterval)));
        ArgumentException.ThrowIfNullOrEmpty(Version, Text(model, nameof(Version)));
    }
}
