using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using Strata.Benchmarks.Imported;
using Strata.Benchmarks.Networks;
using Strata.Onnx;

namespace Strata.Benchmarks.Workers;

/// <summary>
/// What the two sides of a measurement share: one network with its weights, one batch. It travels to the workers as files in
/// a temporary folder.
/// </summary>
internal sealed class Case : IDisposable
{
    public const string WeightsFile = "weights.safetensors", ModelFile = "model.onnx", InputFile = "input.bin", TargetsFile = "targets.bin";
    public const string ValuesFile = "values.bin", GraphFile = "network.json";

    private const ulong Seed = 1;

    /// <summary>Ten training steps are compared; two where a step is long.</summary>
    private const int ManyCheckSteps = 10, FewCheckSteps = 2;

    private const long LongStep = 2_000_000_000;

    private readonly ImportedFile? _file;

    /// <param name="network">What is measured.</param>
    /// <param name="batch">Samples of a call.</param>
    /// <param name="isa">The tier of the instance that draws the weights.</param>
    /// <param name="training">Whether training is measured, for which the peer is told other things.</param>
    /// <param name="file">The ONNX file that the network was imported from; null for one of the zoo.</param>
    public Case(BenchmarkNetwork network, int batch, Isa isa, bool training, ImportedFile? file = null)
    {
        Network = network;
        _file = file;
        Batch = batch;
        Folder = Directory.CreateTempSubdirectory("strata-benchmark-").FullName;
        using CompiledNetwork instance = network.Create(new NetworkOptions { Isa = isa, Threads = 1, Seed = Seed });
        NetworkInfo info = instance.Info;
        Info = info;
        ForwardFlops = 2 * batch * info.Layers.Where(layer => !layer.TrainingOnly).Sum(layer => layer.MultiplyAdds);
        TrainingFlops = 2 * batch * (info.Layers.Sum(layer => layer.MultiplyAdds) + GradientMultiplyAdds(info));
        DrawsAtRandom = training && info.Layers.Any(layer => layer.Kind is "Dropout" or "SpatialDropout" or "StochasticDepth");
        instance.Save(Path.Combine(Folder, WeightsFile));
        network.Write?.Invoke(Folder);
        Write<float>(InputFile, file?.Picture() ?? Inputs.Values(batch * Length(InputShape)));
        if (training)
        {
            int classes = info.Losses.Where(loss => loss.TakesClasses).Select(loss => loss.Classes).DefaultIfEmpty(1).Min();
            Write<int>(TargetsFile, Inputs.Targets(batch * info.ClassTargetLength, classes));
            Write<float>(ValuesFile, Array.ConvertAll(Inputs.Targets(batch * info.ValueTargetLength, 2), value => (float)value));
        }

        try
        {
            TellPeer(instance, training);
        }
        catch (NotSupportedException exception)
        {
            NoPeer = exception.Message;
        }
    }

    public BenchmarkNetwork Network { get; }

    public int Batch { get; }

    public string Folder { get; }

    public NetworkInfo Info { get; }

    public IReadOnlyList<int> InputShape => Info.InputShape;

    /// <summary>What ONNX Runtime reads.</summary>
    public IReadOnlyList<TensorInfo> PeerInputs => _file?.Inputs ?? Info.Inputs;

    /// <summary>What ONNX Runtime computes.</summary>
    public IReadOnlyList<TensorInfo> PeerOutputs => _file?.Outputs ?? Info.Outputs;

    /// <summary>Why the peer cannot compute it; null where it can.</summary>
    public string? NoPeer { get; }

    /// <summary>Training steps after which losses and parameters are compared.</summary>
    public int CheckSteps => TrainingFlops > LongStep ? FewCheckSteps : ManyCheckSteps;

    /// <summary>Whether training drops elements at random: both sides then compute different numbers.</summary>
    public bool DrawsAtRandom { get; }

    /// <summary>Floating-point operations of a forward pass of the batch, in the direct form.</summary>
    public long ForwardFlops { get; }

    /// <summary>The same for a training step: forward, the gradients of all weights, the gradients that are passed on.</summary>
    public long TrainingFlops { get; }

    public static int Length(IReadOnlyList<int> shape) => shape.Aggregate(1, (length, extent) => length * extent);

    public static string InvariantText(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>What a process left behind in the folder.</summary>
    public float[] Outputs(string file) => MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(Folder, file))).ToArray();

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private void TellPeer(CompiledNetwork network, bool training)
    {
        if (training)
        {
            File.WriteAllBytes(Path.Combine(Folder, GraphFile), PeerGraph.ToJson(network.Info));
        }
        else if (_file is not null)
        {
            File.Copy(_file.Path, Path.Combine(Folder, ModelFile));
        }
        else
        {
            OnnxFile.Save(network, Path.Combine(Folder, ModelFile), new OnnxSaveOptions { BatchSize = Batch });
        }
    }

    private void Write<T>(string file, T[] values)
        where T : unmanaged =>
        File.WriteAllBytes(Path.Combine(Folder, file), MemoryMarshal.AsBytes<T>(values));

    /// <summary>
    /// The gradient of a layer's weights and that of its input each take as many multiply-adds as its forward pass; but nothing
    /// in front of the first layer with weights wants a gradient.
    /// </summary>
    private static long GradientMultiplyAdds(NetworkInfo info)
    {
        long sum = 0;
        var wanting = new HashSet<string>(StringComparer.Ordinal);
        string before = info.Inputs[0].Layer;
        foreach (LayerInfo layer in info.Layers)
        {
            bool wanted = wanting.Overlaps(layer.Inputs.Count > 0 ? layer.Inputs : [before]);
            sum += layer.MultiplyAdds * (wanted ? 2 : 1);
            if (wanted || layer.ParameterCount > 0)
            {
                wanting.Add(layer.Name);
            }

            before = layer.Name;
        }

        return sum;
    }
}
