using System.Collections.Generic;
using System.Text.Json.Serialization;

namespace Samples.Web;

/// <summary>What a network says of a digit.</summary>
/// <param name="Probabilities">A probability for each of the ten digits.</param>
/// <param name="Microseconds">The time of the network alone.</param>
/// <param name="Maps">What its layers compute.</param>
/// <param name="Attention">What it looks at.</param>
/// <param name="Version">The weights that it has: 1 for the first ones, one more after each training.</param>
public sealed record Reading(
    float[] Probabilities, double Microseconds, IReadOnlyList<LayerMaps> Maps, IReadOnlyList<LayerMaps> Attention, int Version);

/// <summary>The maps of a layer.</summary>
/// <param name="Layer">The layer's name, or that of the method.</param>
/// <param name="Description">What the picture shows, for those who cannot see it.</param>
/// <param name="Png">The picture.</param>
public sealed record LayerMaps(string Layer, string Description, byte[] Png);

/// <summary>What a network sees in a photograph.</summary>
/// <param name="Classes">The classes with the highest probabilities.</param>
/// <param name="Milliseconds">The time of the network alone.</param>
/// <param name="Seen">The middle of the photograph as the network sees it: a PNG file.</param>
public sealed record Sight(IReadOnlyList<Guess> Classes, double Milliseconds, byte[] Seen);

/// <summary>A class, and how probable it is.</summary>
public sealed record Guess(string Name, double Probability);

/// <summary>What the server can do.</summary>
/// <param name="Version">The weights that read digits; 0 if there are none yet.</param>
/// <param name="Processor">The instruction set that the server's networks use.</param>
/// <param name="Photographs">Whether it has weights for photographs.</param>
public sealed record Abilities(int Version, string Processor, bool Photographs);

/// <summary>How far training has come.</summary>
/// <param name="Epoch">The epoch, counted from 1.</param>
/// <param name="Epochs">The number of epochs.</param>
/// <param name="Progress">The epochs that are done; 1.5 in the middle of the second.</param>
/// <param name="Loss">The mean loss of the epoch so far.</param>
/// <param name="Accuracy">The share of test images that are read correctly, at the end of an epoch; otherwise null.</param>
/// <param name="SamplesPerSecond">Speed.</param>
public sealed record TrainingReport(int Epoch, int Epochs, double Progress, double Loss, double? Accuracy, double SamplesPerSecond);

/// <summary>The contract's JSON, without reflection.</summary>
[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Reading))]
[JsonSerializable(typeof(Sight))]
[JsonSerializable(typeof(Abilities))]
[JsonSerializable(typeof(TrainingReport))]
[JsonSerializable(typeof(ProblemText))]
internal sealed partial class ContractJson : JsonSerializerContext;

/// <summary>The part of an error's answer (RFC 9457) that the page shows.</summary>
public sealed record ProblemText(string? Title, string? Detail);
