using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis.CSharp;
using Strata.Benchmarks.Layers;
using Strata.Benchmarks.Networks;
using Strata.Benchmarks.Workers;
using Strata.Onnx;
using Strata.Onnx.Model;
using Strata.Onnx.Reading;
using Strata.Onnx.Tests;

namespace Strata.Benchmarks.Imported;

/// <summary>An ONNX file that others have published, as a class in an assembly of its own, which the worker's process loads.</summary>
internal sealed class ImportedFile
{
    private const string Namespace = "Zoo.Networks";

    private readonly RealFile _file;
    private readonly ImportedNetwork _imported;

    /// <exception cref="WorkerException">The package cannot be had.</exception>
    private ImportedFile(RealFile file)
    {
        _file = file;
        Path = file.Find(out string reason) ?? throw new WorkerException(reason);
        OnnxImportOptions options = file.Options with { Namespace = Namespace };
        OnnxGraph graph = GraphReader.Read(Path, options);
        Inputs = [.. graph.Inputs.Select(input => new TensorInfo(input.Name, [.. input.Shape.Skip(1)], ""))];
        Outputs = [.. graph.Outputs.Select((output, i) => new TensorInfo(graph.OutputNames[i], [.. output.Shape.Skip(1)], ""))];
        _imported = OnnxFile.Import(Path, options);
        Compilation = ZooSources.CompilationOf([CSharpSyntaxTree.ParseText(_imported.Source, ZooSources.Parsing, "Imported.cs")]);
        Network = NetworkAssembly.Of(file.Name, () => Compilation, Load);
    }

    public string Path { get; }

    /// <summary>What the file calls its inputs, and their shapes without the batch.</summary>
    public IReadOnlyList<TensorInfo> Inputs { get; }

    public IReadOnlyList<TensorInfo> Outputs { get; }

    /// <summary>The class, without what is generated for it.</summary>
    public CSharpCompilation Compilation { get; }

    /// <summary>The network, whose instances have the file's weights.</summary>
    public BenchmarkNetwork Network { get; }

    /// <summary>Numbers for the input where noise would not do; else null.</summary>
    public float[]? Picture() => _file.Picture?.Invoke([1, .. Inputs[0].Shape]);

    /// <summary>The file of a name, imported; null if there is none of this name.</summary>
    public static ImportedFile? Find(string name) =>
        RealFile.All.FirstOrDefault(file => file.Name == name) is { } file ? new ImportedFile(file) : null;

    private void Load(CompiledNetwork network)
    {
        using var weights = new MemoryStream();
        _imported.SaveWeights(weights);
        weights.Position = 0;
        network.Load(weights);
    }
}
