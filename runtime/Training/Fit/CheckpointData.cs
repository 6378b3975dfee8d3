using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Strata.Training;

/// <summary>What a checkpoint of any version holds.</summary>
internal sealed record CheckpointVersion(int Version);

/// <summary>The numbers of a checkpoint, which its file has as JSON in the metadata.</summary>
internal sealed record CheckpointData
{
    /// <summary>The version that is written, and the only one that is read.</summary>
    public const int CurrentVersion = 3;

    public required int Version { get; init; }

    /// <summary>The names of the optimizer and of its state, which say what the file's tensors mean.</summary>
    public required string Optimizer { get; init; }

    /// <summary>The learning rate.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Updates done.</summary>
    public required long Steps { get; init; }

    /// <summary>Number of forward passes done. Dropout's random numbers depend on it.</summary>
    public required long Passes { get; init; }

    /// <summary>Dropout's seed.</summary>
    public required ulong NetworkSeed { get; init; }

    /// <summary>The state of <c>Fit</c>; null in a training loop of your own.</summary>
    public FitState? Fit { get; init; }

    /// <summary>Says which number is invalid, and why; null if all are valid.</summary>
    [JsonIgnore]
    public string? Problem =>
        !IsRate(LearningRate) ? Impossible("learningRate", LearningRate)
        : !IsCount(Steps) ? Impossible("steps", Steps)
        : !IsCount(Passes) ? Impossible("passes", Passes)
        : Fit?.Problem;

    /// <summary>Reads the metadata of a file. The numbers are valid, but they may not fit this training.</summary>
    public static CheckpointData Read(SafetensorsHeader header, string path)
    {
        if (!header.Metadata.TryGetValue(CheckpointNames.Metadata, out string? text))
        {
            throw new WeightsFormatException(path, null, "the file holds weights, but no checkpoint.");
        }

        try
        {
            // Another version may have other members.
            CheckpointVersion? version = JsonSerializer.Deserialize(text, CheckpointJson.Default.CheckpointVersion);
            Checkpoint.Compare(path, "format version", version?.Version ?? 0, CurrentVersion);
            CheckpointData data = JsonSerializer.Deserialize(text, CheckpointJson.Default.CheckpointData)!;
            return data.Problem is { } problem ? throw Checkpoint.Damaged(path, problem) : data;
        }
        catch (JsonException e)
        {
            // The cause is not attached as inner exception: its message may repeat a name of any length.
            throw Checkpoint.Damaged(path, e.Message);
        }
    }

    public string ToText() => JsonSerializer.Serialize(this, CheckpointJson.Default.CheckpointData);

    /// <summary>Whether a number is a learning rate that an optimizer accepts.</summary>
    public static bool IsRate(double value) => double.IsFinite(value) && value >= 0;

    /// <summary>Whether a number is a valid count of steps, with room for counting on.</summary>
    public static bool IsCount(long value) => value is >= 0 and <= long.MaxValue / 2;

    /// <summary>The message about an invalid value.</summary>
    public static string Impossible<T>(string name, T value) => string.Create(CultureInfo.InvariantCulture, $"'{name}' is {value}.");
}

[JsonSerializable(typeof(CheckpointData))]
[JsonSerializable(typeof(CheckpointVersion))]
[JsonSerializable(typeof(FitState))]
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
internal sealed partial class CheckpointJson : JsonSerializerContext;
