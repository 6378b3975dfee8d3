using System;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Strata.Benchmarks.Measurement;

namespace Strata.Benchmarks.Tables;

/// <summary>One measured row: what <c>--json</c> prints, and what a file of <c>Results</c> keeps.</summary>
internal sealed record Result
{
    public const string Inference = "inference", Training = "training", Recompute = "recompute", Start = "start", File = "file";

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,

        // Nothing of it becomes a part of a web page, so that × and + may stay what they are.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new FourDigits() },
    };

    public required string Net { get; init; }

    /// <summary>One of the constants above.</summary>
    public required string Mode { get; init; }

    /// <summary>Samples of a call.</summary>
    public required int Batch { get; init; }

    public required int Threads { get; init; }

    /// <summary>The instruction set that our side used: <c>avx512</c>, <c>avx2</c> or <c>vector128</c>.</summary>
    public required string Tier { get; init; }

    /// <summary>How our side kept the weights of dense layers.</summary>
    public required string Weights { get; init; }

    /// <summary>Median milliseconds of a call, of a training step, or from the start of a process to its first output.</summary>
    public required double StrataMs { get; init; }

    /// <summary><c>onnxruntime</c>, <c>pytorch</c>, <c>libtorch</c> or <c>ncnn</c>; null where Strata was measured alone.</summary>
    public string? Peer { get; init; }

    /// <summary>The peer's name and version, as in "ONNX Runtime 1.31.1".</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? PeerVersion { get; init; }

    /// <summary>Which of its kernels the peer took, as in "OpenBLAS SkylakeX, ATen AVX512"; null where it did not say.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? PeerSettings { get; init; }

    public double? PeerMs { get; init; }

    /// <summary>The peer's time ÷ ours.</summary>
    public double? Ratio { get; init; }

    /// <summary>Counted in the multiplications of direct convolution, whatever the algorithm needs.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Gflops { get; init; }

    /// <summary><see cref="Gflops"/> ÷ the limit of multiply-adds that the same run measured.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? LimitShare { get; init; }

    /// <summary>Of a start: how the app was published, <c>readytorun</c> or <c>nativeaot</c>; null for the JIT.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Host { get; init; }

    /// <summary>Of a start: from the process's start to the first line of C#.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? EmptyMs { get; init; }

    /// <summary>Of a start: from there to the network with its weights.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? MadeMs { get; init; }

    /// <summary>Of a start: from there to the first output.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? FirstMs { get; init; }

    /// <summary>The largest difference of the two sides' results; null where they cannot be compared.</summary>
    public double? MaxError { get; init; }

    /// <summary>The most memory that was resident, in MiB.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? PeakMb { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? PeerPeakMb { get; init; }

    public required string Cpu { get; init; }

    /// <summary>As in ".NET 10.0.12".</summary>
    public required string Runtime { get; init; }

    /// <summary>The day of the measurement.</summary>
    public required DateOnly Date { get; init; }

    /// <summary>Why there is no peer, though one was asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? NoPeer { get; init; }

    /// <summary>What was measured. A later result of the same takes an earlier one's place.</summary>
    [JsonIgnore]
    public object Subject => (Net, Mode, Batch, Threads, Tier, Weights, Peer, Host);

    /// <summary>On one line.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Options);

    /// <exception cref="JsonException">The text is no result.</exception>
    public static Result Parse(string json) =>
        JsonSerializer.Deserialize<Result>(json, Options) ?? throw new JsonException("A result is an object, not null.");

    /// <summary>A measured time has no more than four significant digits.</summary>
    private sealed class FourDigits : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value))
            {
                writer.WriteNumberValue(Rounding.Significant(value));
            }
            else
            {
                writer.WriteNullValue();
            }
        }
    }
}
