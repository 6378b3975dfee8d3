using System.Collections.Generic;
using System.IO;
using System.Linq;
using Strata.Onnx.Model;
using Strata.Onnx.Schema;

namespace Strata.Onnx.Reading;

/// <summary>Reads an ONNX file into a graph in normal form.</summary>
internal static class GraphReader
{
    /// <param name="path">The file.</param>
    /// <param name="options">Shapes of inputs, and where to cut.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="OnnxFormatException">The file is no valid model, or more must be known about its inputs.</exception>
    public static OnnxGraph Read(string path, OnnxImportOptions options)
    {
        try
        {
            using FileStream stream = ModelFile.Open(path);
            return Read(stream, path, Path.GetDirectoryName(Path.GetFullPath(path)), options);
        }
        catch (ReadingException exception)
        {
            throw new OnnxFormatException($"{path}: {exception.Message}", exception);
        }
    }

    /// <param name="stream">The model. It is read while this method runs only.</param>
    /// <param name="name">What messages call the model.</param>
    /// <param name="folder">Where external data stand; null if there are none.</param>
    /// <param name="options">Shapes of inputs, and where to cut.</param>
    /// <exception cref="OnnxFormatException">The file is no valid model, or more must be known about its inputs.</exception>
    public static OnnxGraph Read(Stream stream, string name, string? folder, OnnxImportOptions options)
    {
        try
        {
            ModelProto model = ModelFile.Parse(stream, out long length);
            var budget = new Budget(length);
            var external = new ExternalData(folder, budget);
            OnnxGraph graph = Read(model, new Tensors(external, budget), budget, options);
            return graph with { DataFiles = [.. external.Files] };
        }
        catch (ReadingException exception)
        {
            throw new OnnxFormatException($"{name}: {exception.Message}", exception);
        }
    }

    private static OnnxGraph Read(ModelProto model, Tensors tensors, Budget budget, OnnxImportOptions options)
    {
        GraphProto graph = model.Graph;
        var cut = Cut.Find(graph, options.Until);
        var inputs = new GraphInputs(graph, options.Inputs);
        inputs.Resolve(cut.Needed);
        var emitter = new Emitter(budget);
        var walk = new GraphWalk(model, tensors, emitter, inputs.FileBatch);
        foreach (OnnxValue input in inputs.Values)
        {
            walk.MainScope.Define(input.Name, input);
            emitter.Unique(input.Name);
        }

        foreach (string output in cut.Outputs)
        {
            emitter.Unique(output);
        }

        walk.Walk(walk.MainScope, graph, cut.Nodes, cut.Outputs);
        OnnxValue[] outputs = [.. cut.Outputs.Select(output => walk.MainScope.Find(output)
            ?? throw new ReadingException($"nothing computes the output '{output}'"))];
        IReadOnlyList<OnnxNode> nodes = Pruning.Prune(emitter.Nodes, outputs);
        Pruning.NameOutputs(outputs, cut.Outputs);
        return new OnnxGraph
        {
            Producer = $"{model.ProducerName} {model.ProducerVersion}".Trim(),
            Opset = walk.MainScope.Opsets.Standard,
            Inputs = [.. inputs.Values.Where(input => input.Readers.Count > 0 || outputs.Contains(input))],
            Outputs = outputs,
            OutputNames = cut.Outputs,
            Nodes = nodes,
            Notes = [.. inputs.Notes, .. NotesOf(emitter, graph, cut)],
            Warnings = [.. WarningsOf(emitter)],
        };
    }

    private static IEnumerable<string> WarningsOf(Emitter emitter)
    {
        if (emitter.Folded.GetValueOrDefault("Dropout") is > 0 and var count)
        {
            yield return $"Dropout was left out ({count} nodes). Where training needs it, add [Dropout].";
        }
    }

    private static IEnumerable<string> NotesOf(Emitter emitter, GraphProto graph, Cut cut)
    {
        if (emitter.Folded.Count > 0)
        {
            string counts = string.Join(", ", emitter.Folded.Select(pair => $"{pair.Value} {pair.Key}"));
            yield return $"Computed or left out while reading: {counts}.";
        }

        if (emitter.Training.Count > 0)
        {
            string counts = string.Join(", ", emitter.Training.Select(pair => $"{pair.Value} {pair.Key}"));
            yield return $"Exported in training mode: {counts}. Here they do so in training only; inference uses running statistics.";
        }

        if (cut.IsCut)
        {
            int left = graph.Node.Count - cut.Nodes.Count;
            yield return $"It ends at {string.Join(", ", cut.Outputs)}; {left} of {graph.Node.Count} nodes are left out.";
        }
    }
}
