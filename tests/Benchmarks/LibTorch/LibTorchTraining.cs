using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Strata.Benchmarks.Networks;
using Strata.Benchmarks.Workers;
using TorchSharp;
using static TorchSharp.torch;

namespace Strata.Benchmarks.LibTorch;

/// <summary>libtorch's training step with SGD and momentum, through TorchSharp: the PyTorch of today, beside Debian's.</summary>
internal sealed class LibTorchTraining : IWorkload
{
    private readonly TorchGraph _graph;
    private readonly TorchLoss[] _losses;
    private readonly optim.Optimizer _optimizer;
    private readonly Tensor _inputs;
    private readonly int _checkSteps;

    public LibTorchTraining(string folder, BenchmarkNetwork network, int batch, int threads, int checkSteps, ScalarType type)
    {
        LoadLibrary();
        set_num_threads(threads);
        _checkSteps = checkSteps;
        using CompiledNetwork instance = network.Create(new NetworkOptions { Threads = 1, Weights = Path.Combine(folder, Case.WeightsFile) });
        NetworkInfo info = instance.Info;
        _graph = new TorchGraph(instance, type);
        _optimizer = optim.SGD(_graph.Trained, StrataTraining.LearningRate, StrataTraining.Momentum);
        _inputs = tensor(Files.Read<float>(folder, Case.InputFile), [batch, .. info.InputShape.Select(extent => (long)extent)], type);
        Tensor classes = tensor(Files.Read<int>(folder, Case.TargetsFile)).to_type(ScalarType.Int64).reshape(batch, -1);
        Tensor values = tensor(Files.Read<float>(folder, Case.ValuesFile), type).reshape(batch, -1);
        _losses = [.. _graph.Losses.Select(loss => loss with { Target = TargetOf(loss, batch, loss.Info.TakesClasses ? classes : values) })];
    }

    public string Version => "libtorch " + System.Version.Parse(__version__).ToString(3);

    public void Run(int calls)
    {
        for (int i = 0; i < calls; i++)
        {
            using DisposeScope scope = NewDisposeScope();
            Step();
        }
    }

    public float[] Check()
    {
        var results = new List<float>();
        for (int i = 0; i < _checkSteps; i++)
        {
            using DisposeScope scope = NewDisposeScope();
            results.Add(Step().to_type(ScalarType.Float32).item<float>());
        }

        foreach (Tensor parameter in _graph.Parameters)
        {
            results.AddRange(parameter.detach().to_type(ScalarType.Float32).contiguous().data<float>());
        }

        return [.. results];
    }

    public void Dispose() => _optimizer.Dispose();

    /// <exception cref="WorkerException">libtorch is not beside the program, or a library that it needs is too old.</exception>
    private static void LoadLibrary()
    {
        try
        {
            InitializeDeviceType(DeviceType.CPU);
        }
        catch (Exception exception) when (exception is NotSupportedException or TypeInitializationException or DllNotFoundException)
        {
            throw new WorkerException((exception.InnerException ?? exception).Message);
        }
    }

    /// <summary>A loss on classes has one for each position; any other has a value for each element.</summary>
    private static Tensor TargetOf(TorchLoss loss, int batch, Tensor targets)
    {
        IEnumerable<long> extents = loss.Info.TakesClasses ? loss.Shape.Skip(1) : loss.Shape;
        return targets.narrow(1, loss.Info.TargetOffset, loss.Info.TargetLength).reshape([batch, .. extents]).contiguous();
    }

    private Tensor Step()
    {
        _optimizer.zero_grad();
        Tensor[] results = _graph.Forward(_inputs);
        Tensor loss = _losses[0].Of(results[0]);
        for (int i = 1; i < results.Length; i++)
        {
            loss += _losses[i].Of(results[i]);
        }

        loss.backward();
        _optimizer.step();
        return loss;
    }
}
