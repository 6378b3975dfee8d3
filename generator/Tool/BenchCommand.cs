using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using Strata.Onnx;

namespace Strata.Tool;

/// <summary><c>strata bench model.onnx</c>.</summary>
internal static class BenchCommand
{
    private const int LeastRuns = 5;

    private static readonly Option<int> Batch = new("--batch")
    {
        Description = "The samples of a call; 1 by default.",
        DefaultValueFactory = _ => 1,
    };

    private static readonly Option<int> Threads = new("--threads")
    {
        Description = "The most threads of a call; by default one per processor.",
    };

    private static readonly Option<double> Seconds = new("--seconds")
    {
        Description = "How long it measures; 3 by default.",
        DefaultValueFactory = _ => 3,
    };

    public static Command Create() => new Command("bench", "Measures how long an ONNX file takes to load and to compute.")
    {
        ModelArguments.Model, Batch, Threads, Seconds, ModelArguments.Inputs, ModelArguments.Constants, ModelArguments.Until,
    }.Does(Run);

    private static void Run(ParseResult parsed)
    {
        int batch = parsed.GetValue(Batch);
        if (batch < 1)
        {
            throw new ToolException($"--batch is {batch}; it must be 1 or more.");
        }

        var clock = Stopwatch.StartNew();
        using CompiledNetwork network = OnnxFile.Load(
            ModelArguments.PathOf(parsed), ModelArguments.Read(parsed), new NetworkOptions { Threads = parsed.GetValue(Threads) });
        float[] inputs = new float[checked(batch * network.InputLength)], outputs = new float[checked(batch * network.OutputLength)];
        Fill(inputs);
        double load = clock.Elapsed.TotalMilliseconds;
        network.Forward(inputs, outputs);
        double first = clock.Elapsed.TotalMilliseconds - load;
        double[] runs = Measure(() => network.Forward(inputs, outputs), TimeSpan.FromSeconds(parsed.GetValue(Seconds)));
        double median = runs[runs.Length / 2];
        long parameters = network.Parameters.Sum(parameter => (long)parameter.Length);
        TextWriter writer = parsed.InvocationConfiguration.Output;
        writer.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {network.Info.Name}: {parameters:N0} parameters, {network.Isa}, {network.Threads} threads
            load          {load,10:N1} ms, from the file to compiled code
            first call    {first,10:N1} ms
            median        {median,10:N3} ms a call of {batch}, {1000 * batch / median:N1} samples a second, {runs.Length} calls
            best, worst   {runs[0],10:N3} ms, {runs[^1]:N3} ms
            """));
    }

    private static void Fill(float[] values)
    {
        var random = new Random(1);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = random.NextSingle();
        }
    }

    /// <summary>The milliseconds of calls, in order of length. What the first tenth of the time calls only warms up.</summary>
    private static double[] Measure(Action call, TimeSpan time)
    {
        var runs = new List<double>();
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < time / 10; call())
        {
        }

        for (var clock = Stopwatch.StartNew(); clock.Elapsed < time || runs.Count < LeastRuns;)
        {
            long start = Stopwatch.GetTimestamp();
            call();
            runs.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        runs.Sort();
        return [.. runs];
    }
}
