using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using Strata.Benchmarks.Measurement;
using Strata.Benchmarks.Networks;
using Strata.Benchmarks.Workers;

namespace Strata.Benchmarks.Commands;

/// <summary>Hidden commands of the startup measurement; constants, so that naming them loads nothing.</summary>
internal static class StartupNames
{
    public const string Empty = "empty", Prediction = "first-prediction";
}

/// <summary>What a program does that reads its weights and predicts once.</summary>
internal static class FirstPrediction
{
    public static int Run(string weights)
    {
        using var network = new LeNet5();
        network.Load(weights);
        Span<float> outputs = stackalloc float[LeNet5.OutputLength];
        network.Forward(new float[LeNet5.InputLength], outputs);
        Console.WriteLine(outputs[0]);
        return 0;
    }
}

/// <summary>Process start to the end of the process behind its first prediction, against a program that does nothing.</summary>
internal static class StartupCommand
{
    private const int Runs = 9;

    public static int Run(CommandLine line)
    {
        string weights = Path.GetTempFileName();
        try
        {
            using (var network = new LeNet5())
            {
                network.Save(weights);
            }

            var empty = new List<double>();
            var prediction = new List<double>();
            for (int run = -1; run < Runs; run++)
            {
                double first = Time(StartupNames.Empty), second = Time(StartupNames.Prediction, weights);
                // The first pair brings the files into the cache.
                if (run >= 0)
                {
                    empty.Add(first);
                    prediction.Add(second);
                }
            }

            double emptyTime = Statistics.Median(empty), predictionTime = Statistics.Median(prediction);
            if (line.Json)
            {
                JsonOutput.Write(json =>
                {
                    json.WriteString("net", "lenet5");
                    json.WriteString("tier", Tier.Name(line.Isa));
                    json.WriteNumber("first_prediction_ms", Rounding.Significant(predictionTime));
                    json.WriteNumber("empty_program_ms", Rounding.Significant(emptyTime));
                    json.WriteNumber("difference_ms", Rounding.Significant(predictionTime - emptyTime));
                });
            }
            else
            {
                Console.WriteLine(FormattableString.Invariant(
                    $"first prediction {predictionTime:F0} ms, empty program {emptyTime:F0} ms, difference {predictionTime - emptyTime:F0} ms"));
            }

            return 0;
        }
        finally
        {
            File.Delete(weights);
        }
    }

    private static double Time(params string[] arguments)
    {
        (string fileName, IReadOnlyList<string> prefix) = WorkerProcess.Self();
        var start = new ProcessStartInfo(fileName, [.. prefix, .. arguments]) { RedirectStandardOutput = true };
        long begin = Stopwatch.GetTimestamp();
        using Process process = Process.Start(start)!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        double milliseconds = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
        return process.ExitCode == 0 ? milliseconds : throw new WorkerException($"'{arguments[0]}' ended with {process.ExitCode}.");
    }
}
