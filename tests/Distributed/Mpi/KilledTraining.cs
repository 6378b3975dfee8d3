using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading;

namespace Strata.Distributed.Tests.Mpi;

/// <summary>
/// Training whose ranks are killed at random times, and which is started again each time. It must go on from the last checkpoint, and end
/// with the bits of a training that nothing has disturbed.
/// </summary>
/// <param name="launcher">The launcher with its options.</param>
/// <param name="app">The app that trains: its dll.</param>
/// <param name="folder">Where checkpoints are written.</param>
/// <param name="log">Takes a line for each kill.</param>
internal sealed partial class KilledTraining(string[] launcher, string app, string folder, Action<string> log)
{
    /// <summary>As in the app.</summary>
    private const int StepsPerCheckpoint = 7;

    private const int Ranks = 2, Epochs = 8, MostMilliseconds = 700;

    /// <summary>After a kill, all ranks and the launcher are gone within this time.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly string _checkpoint = Path.Combine(folder, "killed.safetensors");

    /// <summary>What a job wrote.</summary>
    private sealed record Outcome(int ExitCode, List<string> Lines, TimeSpan TimeAfterKill)
    {
        public int[] Steps => [.. Lines.Select(line => Step().Match(line)).Where(match => match.Success)
            .Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))];

        public string[] Parameters => [.. Lines.Select(line => Hash().Match(line)).Where(match => match.Success)
            .Select(match => match.Groups[1].Value)];

        public override string ToString() => string.Join('\n', Lines);
    }

    /// <summary>Kills ranks until there were so many kills; a training that ends before that begins anew.</summary>
    /// <exception cref="InvalidDataException">Something was lost, or a job did not end.</exception>
    public void Run(int kills, int seed)
    {
        var random = new Random(seed);
        string[] expected = Start(Path.Combine(folder, "alone.safetensors"), null, 0).Parameters;
        Require(expected.Length == Ranks && expected.Distinct().Count() == 1, "the ranks end with the same parameters");
        int done = 0, reached = 0;
        TimeSpan longest = TimeSpan.Zero;
        while (done < kills || reached > 0)
        {
            int? delay = done < kills ? random.Next(MostMilliseconds) : null;
            int victim = random.Next(Ranks);
            Outcome outcome = Start(_checkpoint, delay, victim);
            int[] steps = outcome.Steps;
            if (steps.Length > 0 && reached > 0)
            {
                // Lines on their way when a rank dies may be lost, so it may have come further than was seen. It never falls behind.
                int checkpoint = reached / StepsPerCheckpoint * StepsPerCheckpoint;
                Require(steps[0] > checkpoint - StepsPerCheckpoint, $"step {steps[0]} follows on step {reached}\n{outcome}");
            }

            reached = steps.Length > 0 ? steps[^1] : reached;
            if (outcome.ExitCode == 0)
            {
                Require(outcome.Parameters.SequenceEqual(expected), $"the parameters are those of training without kills\n{outcome}");
                log("The training has ended, with the right bits.");
                File.Delete(_checkpoint);
                reached = 0;
                continue;
            }

            Require(delay is not null, $"a job that nobody kills ends well\n{outcome}");
            longest = outcome.TimeAfterKill > longest ? outcome.TimeAfterKill : longest;
            log(string.Create(CultureInfo.InvariantCulture,
                $"{++done,3}: rank {victim} was killed; steps {steps.FirstOrDefault()} to {reached} were seen. "
                + $"All was over after {outcome.TimeAfterKill.TotalSeconds:F1} s."));
        }

        log(string.Create(CultureInfo.InvariantCulture, $"{done} kills; the longest end took {longest.TotalSeconds:F1} s."));
    }

    private static void Require(bool condition, string what)
    {
        if (!condition)
        {
            throw new InvalidDataException($"Not so: {what}");
        }
    }

    /// <summary>Runs a job; kills a rank some time after all have begun, if there is a delay.</summary>
    private Outcome Start(string checkpoint, int? delay, int victim)
    {
        string[] command = [.. launcher, "-n", $"{Ranks}", "dotnet", app, "train", checkpoint, $"{Epochs}"];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["TERM"] = "dumb";
        using var process = new Process { StartInfo = start };
        var lines = new List<string>();
        var ranks = new Dictionary<string, int>();
        long killed = 0;
        process.OutputDataReceived += (_, data) => Take(data.Data);
        process.ErrorDataReceived += (_, data) => Take(data.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (!process.WaitForExit(TimeSpan.FromMinutes(2)))
        {
            process.Kill(entireProcessTree: true);
            throw new InvalidDataException($"The job does not end.\n{string.Join('\n', lines)}");
        }

        // Until the end of its output, too.
        process.WaitForExit();
        TimeSpan time = killed > 0 ? Stopwatch.GetElapsedTime(killed) : TimeSpan.Zero;
        Require(time < Limit, $"the job ends within {Limit.TotalSeconds} s");
        return new(process.ExitCode, lines, time);

        void Take(string? line)
        {
            lock (lines)
            {
                lines.Add(line ?? "");
                if (ProcessLine().Match(line ?? "") is { Success: true } match)
                {
                    ranks[match.Groups[1].Value] = int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture);
                    if (ranks.Count == Ranks && delay is { } milliseconds)
                    {
                        new Thread(() => Kill(ranks[$"{victim}"], milliseconds)).Start();
                    }
                }
            }
        }

        void Kill(int id, int milliseconds)
        {
            Thread.Sleep(milliseconds);
            try
            {
                using Process rank = Process.GetProcessById(id);
                killed = Stopwatch.GetTimestamp();
                rank.Kill();
            }
            catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
            {
                // The training has ended before.
            }
        }
    }

    [GeneratedRegex(@"^\[(\d)\] process (\d+)")]
    private static partial Regex ProcessLine();

    [GeneratedRegex(@"^\[0\] step (\d+)")]
    private static partial Regex Step();

    [GeneratedRegex(@"^\[\d\] parameters (\w+)")]
    private static partial Regex Hash();
}
