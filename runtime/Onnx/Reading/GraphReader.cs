using System;
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
    /// <param name="shown">What messages call the file; null for its path.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="OnnxFormatException">The file is no valid model, or more must be known about its inputs.</exception>
    public static OnnxGraph Read(string path, OnnxImportOptions options, string? shown = null)
    {
        try
        {
            using FileStream stream = ModelFile.Open(path);
            return Read(stream, shown ?? path, Path.GetDirectoryName(Path.GetFullPath(path)), options);
        }
        catch (ReadingException exception)
        {
            throw new OnnxFormatException($"{shown ?? path}: {exception.Message}", exception);
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
            OnnxGraph Read(int batch) => GraphReader.Read(model, length, folder, options, batch, out _);
            OnnxGraph single = GraphReader.Read(model, length, folder, options, 1, out GraphInputs inputs);
            return inputs.Batch == 1 ? single : Checked(single, inputs, Read);
        }
        catch (ReadingException exception)
        {
            throw new OnnxFormatException($"{name}: {exception.Message}", exception);
        }
    }

    /// <summary>Reads the graph once more with several samples, and finds what mixes them.</summary>
    private static OnnxGraph Checked(OnnxGraph single, GraphInputs inputs, Func<int, OnnxGraph> read)
    {
        int batch = inputs.Batch > 0 ? inputs.Batch : BatchCheck.OpenBatch;
        try
        {
            return single with { Mixing = BatchCheck.Find(read(batch), single, batch) };
        }
        catch (ReadingException exception) when (inputs.Batch == 0)
        {
            // The batch is open, and the graph fits no other than one.
            return single with { Notes = [.. single.Notes, $"The file's graph fits one sample only: {exception.Message}."] };
        }
    }

    private static OnnxGraph Read(
        ModelProto model, long length, string? folder, OnnxImportOptions options, int batch, out GraphInputs inputs)
    {
        GraphProto graph = model.Graph;
        var cut = Cut.Find(graph, options.Until);
        var budget = new Budget(length);
        var external = new ExternalData(folder, budget);
        var tensors = new Tensors(external, budget);
        inputs = new GraphInputs(graph, options, batch, options.Sizes is [var size, ..] ? size : null);
        inputs.Resolve(cut.Needed);
        var emitter = new Emitter(budget);
        var walk = new GraphWalk(model, tensors, emitter, batch == 1 ? inputs.FileBatch : 1);
        foreach (OnnxValue input in inputs.Values.Concat(inputs.Constants))
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
        if (outputs.Zip(cut.Outputs).FirstOrDefault(one => one.First.Items is not null) is { Second: { } sequence })
        {
            throw new ReadingException($"the output '{sequence}' is a sequence; end the network at its tensors (--until)");
        }

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
            DataFiles = [.. external.Files],
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

        if (cut.Before is { } before)
        {
            yield return $"It ends before {NodeNames.Describe(before)}, since how many boxes are left depends on the picture. "
                + "NonMaximumSuppression of Strata.Imaging chooses them.";
        }
    }
}
