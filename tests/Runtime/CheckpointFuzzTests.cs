using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Strata.Training;
using Xunit;

namespace Strata.Runtime.Tests;

/// <summary>
/// Damaged checkpoints. After loading one, a trainer has its state from before or the state in the file, and only documented exceptions are
/// thrown. The environment variable <c>STRATA_DAMAGED_CHECKPOINTS</c> sets how many of each kind are tried (2,000 by default).
/// </summary>
public sealed class CheckpointFuzzTests : IDisposable
{
    private const int Inputs = LinearNetwork.Inputs, Outputs = LinearNetwork.Outputs, Parts = 8;

    private static readonly int Cases =
        int.TryParse(Environment.GetEnvironmentVariable("STRATA_DAMAGED_CHECKPOINTS"), out int count) ? count : 2000;

    private static readonly float[] Samples = LinearNetwork.Noise(20 * Inputs, 1), Targets = LinearNetwork.Noise(20 * Outputs, 2);

    private static readonly string?[] Values =
    [
        null, "null", "true", "false", "0", "-0", "1", "-1", "2", "3", "1e-320", "1e300", "-1e300", "1e999", "0.5",
        "2147483647", "2147483648",
        "-2147483648", "9223372036854775807", "18446744073709551615", "1e18", "\"NaN\"", "\"Infinity\"", "\"-Infinity\"",
        "\"\"", "\"x\"", "\"7\"",
        "\"\\u0000\"", "[]", "[1]", "[null]", "[[[[]]]]", "{}", "{\"rate\":1}",
    ];

    private static readonly string[] Texts =
    [
        "", " ", "null", "[]", "{}", "7", "\"x\"", "{", "}", "{\"version\":3}", "{\"version\":3,\"optimizer\":null}", "\0",
        "\ud800", "{\"\ud800\":1}",
        new('[', 5000), string.Concat(Enumerable.Repeat("{\"fit\":", 3000)), "{\"version\":3}x",
        "{\"version\":3,\"version\":4}", "NaN", "\u202e",
    ];

    private const string Letters = "0123456789{}[]\",:-+eE.nul\\u\0\u007f";

    private readonly string _directory = Directory.CreateTempSubdirectory("strata-").FullName;

    public static TheoryData<int> AllParts => [.. Enumerable.Range(0, Parts)];

    private string FilePath => Path.Combine(_directory, "damaged.safetensors");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [MemberData(nameof(AllParts))]
    public void LoadCheckpoint_takes_all_or_nothing(int part)
    {
        byte[] good = Checkpoint(out _);
        var random = new Random(part);
        using var network = new LinearNetwork(new NetworkOptions { Seed = 5 });
        using var other = new LinearNetwork();
        using var trainer = new RegressionTrainer(network, 8, new Adam(0.5));
        using var second = new RegressionTrainer(other, 8, new Adam(0.25));
        trainer.Step(Samples.AsSpan(0, 8 * Inputs), Targets.AsSpan(0, 8 * Outputs));
        (byte[] file, string state) = (Saved(trainer), State(trainer));
        string start = Path.Combine(_directory, "start.safetensors");
        File.WriteAllBytes(start, file);
        int loaded = 0, cases = Cases / Parts;
        for (int i = 0; i < cases; i++)
        {
            string what = Damage(good, random, out byte[] damaged);
            File.WriteAllBytes(FilePath, damaged);
            if (!Succeeds(() => trainer.LoadCheckpoint(FilePath), what))
            {
                Assert.True(state == State(trainer), $"{what}: the state has changed");

                // What the optimizer remembers as well, which would have stayed changed; files are slow.
                Assert.True(i % 32 != 0 || file.AsSpan().SequenceEqual(Saved(trainer)), $"one of the last, {what}: the state has changed");
                continue;
            }

            // What was loaded is what is in the file, and a state like any other.
            loaded++;
            other.Load(FilePath);
            Assert.Equal(Bits(other), Bits(network));
            if (loaded % 8 == 0)
            {
                byte[] now = Saved(trainer);
                File.WriteAllBytes(FilePath, now);
                second.LoadCheckpoint(FilePath);
                Assert.True(now.AsSpan().SequenceEqual(Saved(second)), $"{what}: the state is not what was saved");
            }

            Succeeds(() => trainer.Step(Samples.AsSpan(0, Inputs), Targets.AsSpan(0, Outputs)), what);
            trainer.LoadCheckpoint(start);
            Assert.Equal(state, State(trainer));
        }

        Assert.InRange(loaded, cases / 20, cases);
    }

    [Theory]
    [MemberData(nameof(AllParts))]
    public void Fit_goes_on_or_leaves_all_as_it_is(int part)
    {
        byte[] good = Checkpoint(out FitOptions options);
        options = options with { Epochs = 2, Checkpoint = new FitCheckpoint(FilePath) { Resume = true } };
        var random = new Random(100 + part);
        int resumed = 0, cases = Cases / Parts;
        using var network = new LinearNetwork(new NetworkOptions { Seed = 5 });
        using var trainer = new RegressionTrainer(network, 8, new Adam(0.5));
        (byte[] file, string state) = (Saved(trainer), State(trainer));
        string start = Path.Combine(_directory, "start.safetensors");
        File.WriteAllBytes(start, file);
        for (int i = 0; i < cases; i++)
        {
            string what = Damage(good, random, out byte[] damaged);
            File.WriteAllBytes(FilePath, damaged);
            FitResult? result = null;
            if (!Succeeds(() => result = trainer.Fit(Samples, Targets, options), what) && trainer.Steps == 0)
            {
                Assert.True(state == State(trainer), $"{what}: the state has changed");
                Assert.True(i % 32 != 0 || file.AsSpan().SequenceEqual(Saved(trainer)), $"one of the last, {what}: the state has changed");
                continue;
            }

            resumed++;
            Assert.True(result is null || result.Epochs.Count >= 2, what);
            trainer.LoadCheckpoint(start);
        }

        Assert.InRange(resumed, cases / 20, cases);
    }

    /// <summary>Whether a call returns; of exceptions it may throw the documented ones only.</summary>
    private static bool Succeeds(Action call, string what)
    {
        try
        {
            call();
            return true;
        }
        catch (Exception e) when (e is WeightsFormatException or TrainingException)
        {
            Assert.True(e.Message.Length < 10_000, what);
            return false;
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{what}: {e.GetType().Name}: {e.Message}", e);
        }
    }

    private byte[] Checkpoint(out FitOptions options)
    {
        options = new FitOptions
        {
            Epochs = 1,
            Schedule = Schedule.OnPlateau(patience: 0).AfterWarmup(1),
            RestoreBest = true,
            Checkpoint = new FitCheckpoint(FilePath),
        };
        using var network = new LinearNetwork();
        using var trainer = new RegressionTrainer(network, 8, new Adam(0.01));
        trainer.Fit(Samples, Targets, options);
        return File.ReadAllBytes(FilePath);
    }

    private static string Damage(byte[] good, Random random, out byte[] damaged)
    {
        damaged = [.. good];
        int header = 8 + (int)BitConverter.ToUInt64(good);
        switch (random.Next(7))
        {
            case 0:
                damaged = good[..random.Next(good.Length)];
                return $"cut to {damaged.Length} bytes";
            case 1:
                int bits = random.Next(1, 4);
                var places = new List<string>();
                for (int i = 0; i < bits; i++)
                {
                    int place = random.Next(2) == 0 ? random.Next(header) : random.Next(good.Length), bit = random.Next(8);
                    damaged[place] ^= (byte)(1 << bit);
                    places.Add($"{place}.{bit}");
                }

                return $"bits {string.Join(", ", places)}";
            case 2:
                int at = random.Next(header);
                damaged[at] = (byte)Letters[random.Next(Letters.Length)];
                return $"byte {at} is {damaged[at]}";
            case 3:
                int from = random.Next(good.Length), to = random.Next(good.Length),
                    length = random.Next(int.Min(64, good.Length - int.Max(from, to)));
                good.AsSpan(from, length).CopyTo(damaged.AsSpan(to));
                return $"{length} bytes from {from} at {to}";
            case 4:
                string text = Texts[random.Next(Texts.Length)];
                damaged = CheckpointFile.With(good, text);
                return $"metadata are {(text.Length < 100 ? text : text[..100])}";
            default:
                string what = "";
                damaged = CheckpointFile.Edit(good, metadata =>
                {
                    IReadOnlyList<string> paths = CheckpointFile.Paths(good);
                    string path = paths[random.Next(paths.Count)];
                    string? value = Values[random.Next(Values.Length)];
                    CheckpointFile.Set(metadata, path, value);
                    what = $"{path} is {value ?? "missing"}";
                });
                return what;
        }
    }

    private static int[] Bits(LinearNetwork network) =>
        [.. network.Values(0).Concat(network.Values(1)).Select(BitConverter.SingleToInt32Bits)];

    /// <summary>What can be seen of a trainer's state.</summary>
    private static string State(Trainer trainer) =>
        $"{trainer.Steps} {trainer.State.Passes} {trainer.Network.Seed} {trainer.Optimizer.LearningRate}: "
        + string.Join(' ', Bits((LinearNetwork)trainer.Network));

    /// <summary>All of it.</summary>
    private byte[] Saved(Trainer trainer)
    {
        string path = Path.Combine(_directory, "state.safetensors");
        trainer.SaveCheckpoint(path);
        return File.ReadAllBytes(path);
    }
}
