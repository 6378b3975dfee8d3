using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Strata.Training;

/// <summary>
/// The whole state of training in one safetensors file:
/// - parameters under their keys, so that <c>Load</c> can read them;
/// - the optimizer's state as <c>optimizer/exp_avg/conv1.weight</c>;
/// - the best epoch's parameters as <c>best/conv1.weight</c>;
/// - averages of the parameters as <c>average/conv1.weight</c>;
/// - numbers (rate, steps, place in the epoch) as metadata.
/// </summary>
internal static class Checkpoint
{
    public const int Version = 3;

    /// <summary>Writes a file, which appears complete or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="network">The network.</param>
    /// <param name="updates">The optimizer's state.</param>
    /// <param name="memory">The other parameters that <c>Fit</c> keeps.</param>
    /// <param name="data">The numbers.</param>
    public static void Save(string path, CompiledNetwork network, OptimizerPass updates, FitMemory memory, CheckpointData data) =>
        SafetensorsWriter.Write(
            path,
            Tensors(network, network.Memory, updates.State, updates, memory),
            new Dictionary<string, string>
            {
                [CheckpointNames.Metadata] = JsonSerializer.Serialize(data, CheckpointJson.Default.CheckpointData),
            });

    /// <summary>Reads a file. Parameters and the optimizer's state change only after everything was read and fits.</summary>
    /// <param name="path">The file.</param>
    /// <param name="network">The network.</param>
    /// <param name="updates">Receives the optimizer's state.</param>
    /// <param name="check">Throws if the numbers do not fit this training.</param>
    /// <returns>The numbers, and the other parameters that <c>Fit</c> keeps, which the caller disposes of.</returns>
    public static (CheckpointData Data, FitMemory Memory) Load(
        string path, CompiledNetwork network, OptimizerPass updates, Action<CheckpointData> check)
    {
        using FileStream stream = InputFile.Open(path, bufferSize: 0);
        SafetensorsHeader header = SafetensorsHeader.Read(stream, path);
        CheckpointData data = Parse(header, path);
        if (data.Problem is { } problem)
        {
            throw Damaged(path, problem);
        }

        check(data);

        using AlignedMemory parameters = network.Memory.Copy(), state = updates.State.Copy();
        FitMemory memory = default;
        try
        {
            memory = data.Fit is { } fit ? FitMemory.For(fit, network) : default;
            var wanted = Tensors(network, parameters, state, updates, memory).ToDictionary(t => t.Name, StringComparer.Ordinal);
            var targets = new List<ParameterTensor?>();
            foreach (SafetensorsEntry entry in header.Entries)
            {
                if (!wanted.Remove(entry.Name, out ParameterTensor? target))
                {
                    throw new WeightsFormatException(path, entry.Name, $"no part of a checkpoint of {network.Info.Name}.");
                }

                targets.Add(SafetensorsReader.Fits(entry, target.Shape)
                    ? target
                    : throw SafetensorsReader.Mismatch(path, entry, target.Shape));
            }

            if (wanted.Count > 0)
            {
                throw new WeightsFormatException(path, null, $"tensors are missing: {MessageText.List(wanted.Keys, "none")}.");
            }

            SafetensorsReader.Read(stream, path, header, targets);
        }
        catch
        {
            memory.Dispose();
            throw;
        }

        network.Memory.CopyFrom(parameters);
        network.TakeOver();
        network.Seed = data.NetworkSeed;
        updates.State.CopyFrom(state);
        updates.StateReplaced();
        return (data, memory);
    }

    /// <summary>A setting that differs between a checkpoint and the training that is to continue from it.</summary>
    public static void Compare<T>(string path, string what, T saved, T own)
    {
        if (!EqualityComparer<T>.Default.Equals(saved, own))
        {
            throw new WeightsFormatException(
                path, null, string.Create(CultureInfo.InvariantCulture, $"the checkpoint was made with {what} {saved}; here it is {own}."));
        }
    }

    /// <summary>The exception for metadata that <see cref="Save"/> cannot have written.</summary>
    public static WeightsFormatException Damaged(string path, string problem) =>
        new(path, null, $"the checkpoint's metadata is damaged: {problem}");

    private static CheckpointData Parse(SafetensorsHeader header, string path)
    {
        if (!header.Metadata.TryGetValue(CheckpointNames.Metadata, out string? text))
        {
            throw new WeightsFormatException(path, null, "the file holds weights, but no checkpoint.");
        }

        try
        {
            // Another version may have other members.
            CheckpointVersion? version = JsonSerializer.Deserialize(text, CheckpointJson.Default.CheckpointVersion);
            Compare(path, "format version", version?.Version ?? 0, Version);
            return JsonSerializer.Deserialize(text, CheckpointJson.Default.CheckpointData)!;
        }
        catch (JsonException e)
        {
            // The cause is not attached as inner exception: its message may repeat a name of any length.
            throw Damaged(path, e.Message);
        }
    }

    private static List<ParameterTensor> Tensors(
        CompiledNetwork network, AlignedMemory parameters, AlignedMemory state, OptimizerPass updates, FitMemory memory)
    {
        var tensors = new List<ParameterTensor>();
        tensors.AddRange(network.Parameters.Select(p => new ParameterTensor(p.Key, p, parameters)));
        for (int i = 0; i < updates.Info.SlotNames.Length; i++)
        {
            string prefix = $"{CheckpointNames.Optimizer}{updates.Info.SlotNames[i]}/";
            long offset = i * updates.StateStride;
            tensors.AddRange(network.Parameters
                .Where(p => p.IsTrainable)
                .Select(p => new ParameterTensor(prefix + p.Key, p, state, offset)));
        }

        Add(CheckpointNames.Best, memory.Best);
        Add(CheckpointNames.Average, memory.Average);
        return tensors;

        void Add(string prefix, AlignedMemory? values)
        {
            if (values is not null)
            {
                tensors.AddRange(network.Parameters.Select(p => new ParameterTensor(prefix + p.Key, p, values)));
            }
        }
    }
}

/// <summary>Parameters that <c>Fit</c> keeps beside the network's own, in the same layout.</summary>
/// <param name="Best">Those of the best epoch, if they are kept.</param>
/// <param name="Average">The averages of the parameters; null if there are none.</param>
internal readonly record struct FitMemory(AlignedMemory? Best, AlignedMemory? Average) : IDisposable
{
    /// <summary>Memory for what a state says that there is. The caller disposes of it.</summary>
    public static FitMemory For(FitState state, CompiledNetwork network) => new(
        state.HasBest ? network.Memory.Copy() : null, state.HasAverage ? network.Memory.Copy() : null);

    public void Dispose()
    {
        Best?.Dispose();
        Average?.Dispose();
    }
}

/// <summary>What a checkpoint of any version holds.</summary>
internal sealed record CheckpointVersion(int Version);

/// <summary>The numbers of a checkpoint.</summary>
internal sealed record CheckpointData
{
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
