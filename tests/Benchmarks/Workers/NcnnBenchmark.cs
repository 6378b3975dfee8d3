using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

namespace Strata.Benchmarks.Workers;

/// <summary>
/// ncnn's own benchmark program, on the models that lie beside it, in a process for each slice. Its weights are zeros, so that its outputs say nothing.
/// </summary>
internal sealed partial class NcnnBenchmark : IMeasured
{
    /// <summary>Calls of a process, at least: a single one is too unsteady for what its start takes.</summary>
    private const int FewestCalls = 4;

    /// <summary>Where its build and its models are in the folder of its sources; earlier versions have the models a folder higher.</summary>
    private const string Program = "build/benchmark/benchncnn";

    private static readonly string[] ModelFolders = ["benchmark/models", "benchmark"];

    /// <summary>The models that are the same networks as those of the zoo.</summary>
    private static readonly Dictionary<string, string> Models = new(StringComparer.Ordinal)
    {
        ["resnet18"] = "resnet18",
        ["resnet50"] = "resnet50",
        ["vgg16"] = "vgg16",
        ["googlenet"] = "googlenet",
        ["squeezenet1_1"] = "squeezenet",
        ["mobilenet_v2"] = "mobilenet_v2",
    };

    private readonly string _program, _model, _shape;
    private readonly int _threads;

    /// <exception cref="WorkerException">It is not there, or has no such model.</exception>
    public NcnnBenchmark(string folder, Case @case, int threads)
    {
        _program = Path.Combine(folder, Program);
        if (!File.Exists(_program))
        {
            throw new WorkerException($"there is no '{_program}'");
        }

        if (!Models.TryGetValue(@case.Network.Name, out string? model) || @case.Batch > 1)
        {
            throw new WorkerException($"it has models of {string.Join(", ", Models.Keys)}, with one sample");
        }

        _model = ModelFolders.Select(models => Path.Combine(folder, models, model + ".param")).FirstOrDefault(File.Exists)
            ?? throw new WorkerException($"there is no model '{model}.param' in '{folder}'");
        _shape = string.Join(',', @case.InputShape.Reverse());
        _threads = threads;
    }

    public string Version => "ncnn (benchncnn)";

    public double? PeakMegabytes => null;

    public double Run(int calls)
    {
        var start = new ProcessStartInfo(_program, Arguments(Math.Max(calls, FewestCalls))) { RedirectStandardError = true };
        using Process process = Process.Start(start) ?? throw new WorkerException($"'{_program}' does not start");
        string report = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return Average().Match(report) is { Success: true } match
            && double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) is > 0 and double milliseconds
            ? milliseconds / 1000 * calls
            : throw new WorkerException($"'{_program}' says: {report.ReplaceLineEndings(" ")}");
    }

    public float[]? Check(string path) => null;

    public void Dispose()
    {
        // Its processes end by themselves.
    }

    /// <summary>Calls, threads, all cores alike, no GPU, no pause for cooling; width, height and channels.</summary>
    private string[] Arguments(int calls) =>
        [Case.InvariantText(calls), Case.InvariantText(_threads), "0", "-1", "0", $"param={_model}", $"shape=[{_shape}]"];

    [GeneratedRegex(@"avg = +([0-9.]+)")]
    private static partial Regex Average();
}
