using System.Collections.Generic;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Samples.Web;

/// <summary>What page and server have agreed on.</summary>
public static class Limits
{
    /// <summary>The most epochs of a training.</summary>
    public const int MaxEpochs = 20;

    /// <summary>The most bytes of a photograph's file.</summary>
    public const int MaxPhotoBytes = 20_000_000;
}

/// <summary>What a network reads in a digit.</summary>
/// <param name="Probabilities">A probability for each of the ten digits.</param>
/// <param name="Microseconds">The time of the network alone.</param>
/// <param name="Weights">The id of the weights that it has.</param>
public sealed record Reading(float[] Probabilities, double Microseconds, string Weights);

/// <summary>What the server answers to a digit.</summary>
/// <param name="Reading">What its network reads.</param>
/// <param name="Maps">What the network's layers compute.</param>
/// <param name="Attention">What the network looks at.</param>
public sealed record ExplainedReading(Reading Reading, IReadOnlyList<MapPicture> Maps, IReadOnlyList<MapPicture> Attention);

/// <summary>A picture of a layer's maps, or of what a network looks at.</summary>
/// <param name="Name">The layer, or the method.</param>
/// <param name="Description">What the picture shows.</param>
/// <param name="Png">The picture.</param>
public sealed record MapPicture(string Name, string Description, byte[] Png);

/// <summary>What a network finds in a photograph.</summary>
/// <param name="Classes">The classes with the highest probabilities.</param>
/// <param name="Milliseconds">The time of the network alone.</param>
/// <param name="Input">The middle of the photograph as the network takes it: a PNG file.</param>
public sealed record PhotoResult(IReadOnlyList<PhotoClass> Classes, double Milliseconds, byte[] Input);

/// <summary>A class, and how probable it is.</summary>
public sealed record PhotoClass(string Name, double Probability);

/// <summary>What the server can do.</summary>
/// <param name="Weights">The id of the weights that read digits; null if there are none yet.</param>
/// <param name="VectorBits">The bits of the vectors that the server's networks use.</param>
/// <param name="ClassifiesPhotos">Whether it has weights for photographs.</param>
public sealed record ServerCapabilities(string? Weights, int VectorBits, bool ClassifiesPhotos);

/// <summary>How far training has come.</summary>
/// <param name="Epoch">The epoch, counted from 1.</param>
/// <param name="Epochs">The number of epochs.</param>
/// <param name="Progress">The epochs that are done; 1.5 in the middle of the second.</param>
/// <param name="Loss">The mean loss of the epoch so far.</param>
/// <param name="Accuracy">The share of test images that are read correctly, at the end of an epoch; otherwise null.</param>
/// <param name="SamplesPerSecond">Speed.</param>
/// <param name="Weights">In the last report, the id of the new weights; otherwise null.</param>
public sealed record TrainingReport(
    int Epoch, int Epochs, double Progress, double Loss, double? Accuracy, double SamplesPerSecond, string? Weights = null);

/// <summary>The part of an error's answer (RFC 9457) that the page shows.</summary>
internal sealed record ProblemText(string? Title, string? Detail);

/// <summary>The contract's JSON, without reflection.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ExplainedReading))]
[JsonSerializable(typeof(PhotoResult))]
[JsonSerializable(typeof(ServerCapabilities))]
[JsonSerializable(typeof(TrainingReport))]
[JsonSerializable(typeof(ProblemText))]
internal sealed partial class ContractJson : JsonSerializerContext;
