using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using Strata.Benchmarks.Measurement;
using Strata.Benchmarks.Networks;

namespace Strata.Benchmarks.Commands;

/// <summary>
/// Networks that multiply 8-bit integers beside the same networks in floats, both compiled at run time, in turns. Weights and samples are
/// random, so the times are those of any weights, and the agreement is not.
/// </summary>
internal static class IntegersCommand
{
    private const int Rounds = 21, Samples = 2;

    public static int Run(CommandLine line)
    {
        Console.WriteLine($"{Processor.Family}, {Tier.Name(line.Isa)}, medians of {Rounds} turns, milliseconds of a sample");
        Console.WriteLine("network                threads    floats    rounded floats    integers    floats ÷ integers    cosine");
        foreach (string name in line.Networks is ["all"] ? ["resnet18", "resnet50", "mobilenet_v2", "alexnet", "vgg16"] : line.Networks)
        {
            foreach (int threads in line.Threads)
            {
                Measure(name, new NetworkOptions { Threads = threads, Isa = line.Isa, Seed = 1 });
            }
        }

        return 0;
    }

    private static void Measure(string name, NetworkOptions options)
    {
        using CompiledNetwork source = BenchmarkNetwork.Find(name).Create(options);
        var random = new Random(1);
        float[] samples = [.. Enumerable.Range(0, Samples * source.InputLength).Select(_ => (float)((2 * random.NextDouble()) - 1))];
        using QuantizedNetwork quantized = source.Quantize(samples, new QuantizeOptions { Network = options });
        using CompiledNetwork floats = Compile(source, options, int8: false), rounded = Compile(quantized.Network, options, int8: false),
            integers = Compile(quantized.Network, options, int8: true);
        CompiledNetwork[] all = [floats, rounded, integers];
        List<double>[] times = [.. all.Select(_ => new List<double>())];
        float[] output = new float[source.OutputLength];
        for (int round = -3; round < Rounds; round++)
        {
            for (int i = 0; i < all.Length; i++)
            {
                double time = Math.Min(TimeOf(all[i]), TimeOf(all[i]));
                if (round >= 0)
                {
                    times[i].Add(time);
                }
            }
        }

        double[] medians = [.. times.Select(Statistics.Median)];
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-22} {options.Threads,7} {medians[0],9:F2} {medians[1],17:F2} {medians[2],11:F2} {medians[0] / medians[2],20:F2} "
            + $"{quantized.Cosine,9:F5}"));

        double TimeOf(CompiledNetwork network)
        {
            long start = Stopwatch.GetTimestamp();
            network.Forward(samples.AsSpan(0, source.InputLength), output);
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
    }

    private static CompiledNetwork Compile(CompiledNetwork network, NetworkOptions options, bool int8)
    {
        CompiledNetwork made = NetworkBuilder.Of(network).Compile(options, new CompileOptions { Int8 = int8, Trains = false });
        made.CopyParametersFrom(network);
        return made;
    }
}
