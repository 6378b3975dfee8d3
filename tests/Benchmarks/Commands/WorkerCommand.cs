using System;
using System.Globalization;
using Strata.Benchmarks.Layers;
using Strata.Benchmarks.LibTorch;
using Strata.Benchmarks.Onnx;
using Strata.Benchmarks.Workers;
using static TorchSharp.torch;

namespace Strata.Benchmarks.Commands;

/// <summary>The hidden command of the processes that do the work.</summary>
internal static class WorkerCommand
{
    public const string Name = "worker", Inference = "inference", Training = "training", OnnxRuntime = "onnxruntime", LibTorch = "libtorch";

    public static string[] ForStrata(string mode, Case @case, int threads, Isa isa, WeightStorage weights) =>
        [Name, mode, @case.Folder, @case.Network.Name, Text(@case.Batch), Text(threads), Text(@case.CheckSteps), Tier.Name(isa), CommandLine.Name(weights)];

    public static string[] ForOnnxRuntime(Case @case, string library, int threads) =>
    [
        Name, OnnxRuntime, @case.Folder, library, Text(@case.Batch), Text(threads),
        PeerTensors.Text(@case.PeerInputs), PeerTensors.Text(@case.PeerOutputs),
    ];

    public static string[] ForLibTorch(Case @case, int threads, string type) =>
        [Name, LibTorch, @case.Folder, @case.Network.Name, Text(@case.Batch), Text(threads), Text(@case.CheckSteps), type];

    public static int Run(ReadOnlySpan<string> arguments)
    {
        string[] words = arguments.ToArray();
        return WorkerServer.Serve(() => words switch
        {
            [Inference, string folder, string network, string batch, string threads, _, string isa, string weights] => new StrataInference(
                folder, NetworkAssembly.In(folder, network), Number(batch), Number(threads), Tier.Parse(isa),
                CommandLine.StorageOf(weights)),
            [Training, string folder, string network, string batch, string threads, string checkSteps, string isa, _] =>
                new StrataTraining(
                    folder, NetworkAssembly.In(folder, network), Number(batch), Number(threads), Number(checkSteps), Tier.Parse(isa)),
            [OnnxRuntime, string folder, string library, string batch, string threads, string input, string output] =>
                new OnnxRuntimeInference(folder, library, Number(batch), Number(threads), input, output),
            [LibTorch, string folder, string network, string batch, string threads, string checkSteps, string type] =>
                new LibTorchTraining(folder, NetworkAssembly.In(folder, network), Number(batch), Number(threads), Number(checkSteps),
                    type == Peers.Doubles ? ScalarType.Float64 : ScalarType.Float32),
            _ => throw new UsageException("Unknown worker."),
        });
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
