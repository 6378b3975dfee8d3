using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using Strata.Numerics.Tests.Oracle;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>A file of <c>Goldens/</c>, written by <c>make_goldens.py</c>, which has the same constants.</summary>
internal sealed record Golden(
    string Network,
    int Batch,
    double[] Outputs,
    double Loss,
    Dictionary<string, GoldenDigest> Gradients,
    GoldenTraining Sgd,
    GoldenTraining Adam)
{
    public const int Steps = 10;
    public const double SgdRate = 0.05, SgdMomentum = 0.9, AdamRate = 0.001;

    private const ulong InputStream = 10040, TargetStream = 110040;

    private static readonly JsonSerializerOptions Format = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static OracleNetwork NetworkOf(string name, TrainingLayout? layout = null)
    {
        OracleNetwork model = name switch
        {
            "lenet5" => Models.LeNet5(),
            "net" => Models.Net(),
            "residual" => Models.Residual(),
            _ => Models.Inception(),
        };
        var network = new OracleNetwork(model.Items) { TrainsIn = layout };
        Models.Fill(network);
        return network;
    }

    public static Golden Read(string name) => Read<Golden>(name);

    public static T Read<T>(string name) => JsonSerializer.Deserialize<T>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Goldens", name + ".json")), Format)!;

    public float[] Inputs(int step, int inputLength) => Formula.Uniforms(InputStream + (ulong)step, Batch * inputLength);

    public int[] Targets(int step)
    {
        int[] targets = new int[Batch];
        for (int i = 0; i < Batch; i++)
        {
            targets[i] = Formula.Class(TargetStream + (ulong)step, i, 10);
        }

        return targets;
    }
}

internal sealed record GoldenTraining(double[] Losses, Dictionary<string, GoldenDigest> Weights);

/// <summary>A tensor's sum, its sum with the checksum's weights, and up to 16 of its elements.</summary>
internal sealed record GoldenDigest(double Sum, double Checksum, double[] Samples)
{
    private const ulong ChecksumStream = 7;

    /// <param name="values">The tensor that was computed.</param>
    /// <param name="tolerance">How much element i may be off.</param>
    /// <param name="what">For the message.</param>
    public void Check(ReadOnlySpan<double> values, Func<int, double> tolerance, string what)
    {
        double sum = 0, checksum = 0, squares = 0;
        for (int i = 0; i < values.Length; i++)
        {
            sum += values[i];
            checksum += values[i] * Formula.Uniform(ChecksumStream, i);
            squares += tolerance(i) * tolerance(i);
        }

        for (int j = 0; j < Samples.Length; j++)
        {
            int i = (int)((long)j * values.Length / Samples.Length);
            Assert.True(
                Math.Abs(values[i] - Samples[j]) <= tolerance(i),
                $"{what}[{i}] is {values[i]:R}, PyTorch has {Samples[j]:R}, tolerance {tolerance(i):E1}");
        }

        // Errors of a tensor's elements may all come from one number before them, so they may add up in one direction.
        double total = Math.Sqrt(squares * values.Length);
        Assert.True(Math.Abs(sum - Sum) <= total, $"{what}: sum is {sum:R}, PyTorch has {Sum:R}, tolerance {total:E1}");
        Assert.True(
            Math.Abs(checksum - Checksum) <= total, $"{what}: checksum is {checksum:R}, PyTorch has {Checksum:R}, tolerance {total:E1}");
    }
}

/// <summary>The file <c>Goldens/activations.json</c>: each activation and its derivative at the same points.</summary>
internal sealed record ActivationGoldens(float[] Points, Dictionary<string, ActivationGolden> Activations)
{
    public static ActivationGoldens Read() => Golden.Read<ActivationGoldens>("activations");
}

internal sealed record ActivationGolden(double[] Values, double[] Derivatives);
