using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Strata.Benchmarks.Networks;
using Strata.Benchmarks.Onnx;
using Strata.Benchmarks.Workers;
using Strata.Onnx;

namespace Strata.Benchmarks.Commands;

/// <summary>Saves networks as ONNX files, and compares what ONNX Runtime computes from them.</summary>
internal static class OnnxCommand
{
    private const double Tolerance = 1e-5;
    private const int Batch = 2, Failure = 1;

    public static int Run(CommandLine line)
    {
        string library = Peers.FindOnnxRuntime(out string? missing) ?? throw new WorkerException(missing!);
        string folder = Directory.CreateTempSubdirectory("strata-onnx-").FullName;
        int result = 0;
        try
        {
            Console.WriteLine($"{"net",-16} {"MB",8} {"save ms",8} {"error",9}");
            foreach (BenchmarkNetwork network in line.Networks is ["all"] ? BenchmarkNetwork.All
                : line.Networks.Select(BenchmarkNetwork.Find).ToList())
            {
                result = Check(network, library, Path.Combine(folder, "model.onnx")) <= Tolerance ? result : Failure;
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return result;
    }

    /// <returns>The largest difference of the outputs, relative to their range.</returns>
    private static double Check(BenchmarkNetwork benchmark, string library, string path)
    {
        using CompiledNetwork network = benchmark.Create(new NetworkOptions { Seed = 1 });
        var clock = Stopwatch.StartNew();
        OnnxFile.Save(network, path);
        double milliseconds = clock.Elapsed.TotalMilliseconds;
        float[] inputs = Inputs.Values(Batch * network.InputLength), outputs = new float[Batch * network.OutputLength];
        network.Forward(inputs, outputs);
        PeerTensors read = PeerTensors.Parse(PeerTensors.Text(network.Info.Inputs), Batch);
        PeerTensors written = PeerTensors.Parse(PeerTensors.Text(network.Info.Outputs), Batch);
        read.Take(inputs);
        using (var runtime = new OnnxRuntime(library, path, threads: 1, Batch, read, written))
        {
            runtime.Run();
        }

        double error = Agreement.MaxError(outputs, written.Samples());
        Console.WriteLine(FormattableString.Invariant(
            $"{benchmark.Name,-16} {new FileInfo(path).Length / 1e6,8:F1} {milliseconds,8:F0} {error,9:0.0E-00}"));
        return error;
    }
}
