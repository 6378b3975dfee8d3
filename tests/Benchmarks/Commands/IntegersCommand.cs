using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using Strata.Benchmarks.Measurement;
using Strata.Benchmarks.Networks;
using Strata.Benchmarks.Onnx;
using Strata.Onnx;

namespace Strata.Benchmarks.Commands;

/// <summary>
/// Networks that multiply 8-bit integers beside the same networks in floats, both compiled at run time, in turns; and ONNX Runtime, with
/// the network in floats and in integers. Its integers are those of a file in which additions read rounded tensors, too, since it
/// multiplies integers only between roundings. Strata runs the same file beside it. Weights and samples are random, so the times are those
/// of any weights, and the agreement is not.
/// </summary>
internal static class IntegersCommand
{
    private const int Rounds = 21, Samples = 2;

    /// <summary>The columns behind the network and the threads. <c>QDQ</c> is the file for ONNX Runtime.</summary>
    private static readonly string[] Sides =
        ["floats", "rounded floats", "integers", "integers, QDQ", "ONNX Runtime", "ONNX Runtime, QDQ"];

    public static int Run(CommandLine line)
    {
        string library = Peers.FindOnnxRuntime(out string? missing) ?? throw new UsageException(missing!);
        Console.WriteLine($"{Processor.Family}, {Tier.Name(line.Isa)}, medians of {Rounds} turns, milliseconds of a sample");
        Console.WriteLine(
            $"{"network",-14}{"threads",8}{string.Concat(Sides.Select(side => $"{side,19}"))}"
            + $"{"floats ÷ integers",19}{"QDQ: peer ÷ Strata",20}{"peer ÷ integers",17}{"cosine",9}");
        foreach (string name in line.Networks is ["all"] ? ["resnet18", "resnet50", "mobilenet_v2", "alexnet", "vgg16"] : line.Networks)
        {
            foreach (int threads in line.Threads)
            {
                string folder = Directory.CreateTempSubdirectory("strata-integers-").FullName;
                try
                {
                    Measure(name, new NetworkOptions { Threads = threads, Isa = line.Isa, Seed = 1 }, library, folder);
                }
                finally
                {
                    Directory.Delete(folder, recursive: true);
                }
            }
        }

        return 0;
    }

    private static void Measure(string name, NetworkOptions options, string library, string folder)
    {
        using CompiledNetwork source = BenchmarkNetwork.Find(name).Create(options);
        var random = new Random(1);
        float[] samples = [.. Enumerable.Range(0, Samples * source.InputLength).Select(_ => (float)((2 * random.NextDouble()) - 1))];
        using QuantizedNetwork quantized = source.Quantize(samples, new QuantizeOptions { Network = options });
        using QuantizedNetwork everywhere = source.Quantize(
            samples, new QuantizeOptions { Network = options, FloatLayers = true, Joins = true });
        string floatFile = Path.Combine(folder, "floats.onnx"), file = Path.Combine(folder, "integers.onnx");
        OnnxFile.Save(source, floatFile);
        OnnxFile.Save(everywhere.Network, file);
        using CompiledNetwork floats = Compile(source, options, int8: false), rounded = Compile(quantized.Network, options, int8: false),
            integers = Compile(quantized.Network, options, int8: true);
        using CompiledNetwork loaded = OnnxFile.Load(
            file, new OnnxImportOptions { Name = "Loaded" }, options, new CompileOptions { Int8 = true, Trains = false });
        using OnnxRuntime peer = Peer(floatFile), peerOfIntegers = Peer(file);
        float[] output = new float[source.OutputLength];
        Action[] sides =
        [
            .. ((CompiledNetwork[])[floats, rounded, integers, loaded]).Select(network =>
                (Action)(() => network.Forward(samples.AsSpan(0, source.InputLength), output))),
            peer.Run, peerOfIntegers.Run,
        ];
        double[] medians = Medians(sides);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-14}{options.Threads,8}{string.Concat(medians.Select(time => $"{time,19:F2}"))}"
            + $"{medians[0] / medians[2],19:F2}{medians[5] / medians[3],20:F2}{medians[5] / medians[2],17:F2}{quantized.Cosine,9:F5}"));

        OnnxRuntime Peer(string path)
        {
            var inputs = new PeerTensors([(source.Info.Inputs[0].Name, [.. source.Info.InputShape])], batch: 1);
            inputs.Take([.. samples.AsSpan(0, source.InputLength)]);
            return new OnnxRuntime(
                library, path, options.Threads, batch: 1, inputs,
                new PeerTensors([.. source.Info.Outputs.Select(one => (one.Name, one.Shape.ToArray()))], batch: 1));
        }
    }

    private static double[] Medians(Action[] sides)
    {
        List<double>[] times = [.. sides.Select(_ => new List<double>())];
        for (int round = -3; round < Rounds; round++)
        {
            for (int i = 0; i < sides.Length; i++)
            {
                double time = Math.Min(TimeOf(sides[i]), TimeOf(sides[i]));
                if (round >= 0)
                {
                    times[i].Add(time);
                }
            }
        }

        return [.. times.Select(Statistics.Median)];
    }

    private static double TimeOf(Action side)
    {
        long start = Stopwatch.GetTimestamp();
        side();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static CompiledNetwork Compile(CompiledNetwork network, NetworkOptions options, bool int8)
    {
        CompiledNetwork made = NetworkBuilder.Of(network).Compile(options, new CompileOptions { Int8 = int8, Trains = false });
        made.CopyParametersFrom(network);
        return made;
    }
}
