using System;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using Strata.Benchmarks.Networks;
using Strata.Benchmarks.Onnx;
using Strata.Training;

namespace Strata.Benchmarks.Workers;

/// <summary>Strata's forward pass.</summary>
internal sealed class StrataInference : IWorkload
{
    private readonly CompiledNetwork _network;
    private readonly float[] _inputs, _outputs;

    public StrataInference(string folder, BenchmarkNetwork network, int batch, int threads, Isa isa, WeightStorage weights)
    {
        _network = network.Create(new NetworkOptions { Isa = isa, Threads = threads, Weights = Path.Combine(folder, Case.WeightsFile), WeightStorage = weights });
        _inputs = Files.Read<float>(folder, Case.InputFile);
        _outputs = new float[batch * Case.Length(_network.Info.OutputShape)];
    }

    public string Version => Files.StrataVersion;

    public void Run(int calls)
    {
        for (int i = 0; i < calls; i++)
        {
            _network.Forward(_inputs, _outputs);
        }
    }

    public float[] Check()
    {
        _network.Forward(_inputs, _outputs);
        return _outputs;
    }

    public void Dispose() => _network.Dispose();
}

/// <summary>ONNX Runtime's forward pass.</summary>
internal sealed class OnnxRuntimeInference : IWorkload
{
    private readonly OnnxRuntime _runtime;
    private readonly PeerTensors _outputs;

    public OnnxRuntimeInference(string folder, string library, int batch, int threads, string inputs, string outputs)
    {
        PeerTensors read = PeerTensors.Parse(inputs, batch);
        read.Take(Files.Read<float>(folder, Case.InputFile));
        _outputs = PeerTensors.Parse(outputs, batch);
        _runtime = new OnnxRuntime(library, Path.Combine(folder, Case.ModelFile), threads, batch, read, _outputs);
    }

    public string Version => OnnxRuntime.Name + _runtime.Version;

    public void Run(int calls)
    {
        for (int i = 0; i < calls; i++)
        {
            _runtime.Run();
        }
    }

    public float[] Check()
    {
        _runtime.Run();
        return _outputs.Samples();
    }

    public void Dispose() => _runtime.Dispose();
}

/// <summary>Strata's training step with SGD and momentum.</summary>
internal sealed class StrataTraining : IWorkload
{
    public const double LearningRate = 0.01, Momentum = 0.9;
    private readonly CompiledNetwork _network;
    private readonly Trainer _trainer;
    private readonly Func<float> _step;
    private readonly int _checkSteps;

    public StrataTraining(string folder, BenchmarkNetwork network, int batch, int threads, int checkSteps, Isa isa)
    {
        _checkSteps = checkSteps;
        _network = network.Create(new NetworkOptions { Isa = isa, Threads = threads });
        _network.Load(Path.Combine(folder, Case.WeightsFile));
        _trainer = Trainer.For(_network, batch, new Sgd(LearningRate) { Momentum = Momentum });
        float[] inputs = Files.Read<float>(folder, Case.InputFile);
        int[] classes = Files.Read<int>(folder, Case.TargetsFile);
        float[] values = Files.Read<float>(folder, Case.ValuesFile);
        _step = _trainer switch
        {
            ClassificationTrainer classification => () => classification.Step(inputs, classes),
            RegressionTrainer regression => () => regression.Step(inputs, values),
            MultiTaskTrainer both => () => both.Step(inputs, classes, values),
            _ => throw new WorkerException($"{network.Name} has no loss."),
        };
    }

    public string Version => Files.StrataVersion;

    public void Run(int calls)
    {
        for (int i = 0; i < calls; i++)
        {
            _step();
        }
    }

    /// <summary>The losses of the first steps and the parameters after them.</summary>
    public float[] Check()
    {
        // One array: copies would count as the network's memory.
        float[] results = new float[_checkSteps + _network.Parameters.Sum(parameter => parameter.Length)];
        for (int i = 0; i < _checkSteps; i++)
        {
            results[i] = _step();
        }

        int at = _checkSteps;
        foreach (Parameter parameter in _network.Parameters)
        {
            parameter.CopyTo(results.AsSpan(at));
            at += parameter.Length;
        }

        return results;
    }

    public void Dispose()
    {
        _trainer.Dispose();
        _network.Dispose();
    }
}

internal static class Files
{
    public static string StrataVersion =>
        FormattableString.Invariant($"Strata {typeof(CompiledNetwork).Assembly.GetName().Version?.ToString(3)}, {RuntimeInformation.FrameworkDescription}");

    /// <summary>A file of numbers, in an array that stays where it is.</summary>
    public static T[] Read<T>(string folder, string name)
        where T : unmanaged
    {
        ReadOnlySpan<T> values = MemoryMarshal.Cast<byte, T>(File.ReadAllBytes(Path.Combine(folder, name)));
        T[] array = GC.AllocateArray<T>(values.Length, pinned: true);
        values.CopyTo(array);
        return array;
    }
}
