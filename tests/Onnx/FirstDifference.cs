using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Strata.Onnx.Schema;

namespace Strata.Onnx.Tests;

/// <summary>
/// Looks for the node at which the class of a model departs from ONNX Runtime. It ends the network at tensors in between, and compares
/// these. What a tensor that agrees is computed from counts as right, and what comes from one that differs is left alone; so a few cuts
/// do.
/// </summary>
internal sealed class FirstDifference
{
    private readonly byte[] _model;
    private readonly byte[] _expected;
    private readonly GraphProto _graph;
    private readonly OnnxImportOptions _options;
    private readonly Func<int[], float[]>? _inputs;
    private readonly Dictionary<string, NodeProto> _producers = [];
    private readonly Dictionary<string, double?> _errors = [];

    private FirstDifference(byte[] model, byte[] expected, OnnxImportOptions options, Func<int[], float[]>? inputs)
    {
        (_model, _expected, _options, _inputs) = (model, expected, options, inputs);
        _graph = ModelProto.Parser.ParseFrom(expected).Graph;
        foreach (NodeProto node in _graph.Node)
        {
            foreach (string output in node.Output.Where(output => output.Length > 0))
            {
                _producers[output] = node;
            }
        }
    }

    /// <summary>A sentence about the first node whose output differs.</summary>
    /// <param name="model">What becomes a class.</param>
    /// <param name="expected">What ONNX Runtime computes; nodes and tensors have the same names.</param>
    /// <param name="options">How it is imported.</param>
    /// <param name="inputs">Numbers for an input of a shape.</param>
    public static string Find(byte[] model, byte[] expected, OnnxImportOptions options, Func<int[], float[]>? inputs)
    {
        var search = new FirstDifference(model, expected, options, inputs);
        string[] ends = options.Until.Count > 0 ? [.. options.Until] : [.. search._graph.Output.Select(output => output.Name)];
        return ends.FirstOrDefault(search.Differs) is not { } end
            ? "No output differs when the network ends there."
            : search.Sentence(search.First(end));
    }

    private string First(string end)
    {
        // In the order of the file, so that half of them are the half that is computed first.
        List<string> open = Ancestors(end);
        while (open.Count > 0)
        {
            string middle = open[open.Count / 2];
            HashSet<string> before = [.. Ancestors(middle)];
            if (Differs(middle))
            {
                (end, open) = (middle, [.. open.Where(before.Contains)]);
            }
            else if (_errors[middle] is null)
            {
                open.Remove(middle);
            }
            else
            {
                open.RemoveAll(tensor => tensor == middle || before.Contains(tensor));
            }
        }

        return end;
    }

    private string Sentence(string tensor)
    {
        NodeProto node = _producers[tensor];
        IEnumerable<string> read = node.Input.Where(input => _errors.TryGetValue(input, out double? error) && error is not null)
            .Select(input => $"'{input}' by {_errors[input]:E2}");
        return $"The first node that differs is {node.OpType} '{(node.Name.Length > 0 ? node.Name : tensor)}': its output '{tensor}' by "
            + $"{_errors[tensor]:E2}. {string.Join(", ", read)}".TrimEnd(' ', '.') + ".";
    }

    /// <summary>The tensors that a tensor is computed from, in the order of the file.</summary>
    private List<string> Ancestors(string tensor)
    {
        HashSet<string> found = [];
        var open = new Stack<string>([tensor]);
        while (open.TryPop(out string? name))
        {
            foreach (string input in _producers.TryGetValue(name, out NodeProto? node) ? node.Input : [])
            {
                if (_producers.ContainsKey(input) && found.Add(input))
                {
                    open.Push(input);
                }
            }
        }

        return [.. _graph.Node.SelectMany(node => node.Output).Where(found.Contains)];
    }

    /// <summary>Whether the network that ends at a tensor differs; not where it cannot end there, such as at a shape.</summary>
    private bool Differs(string tensor)
    {
        if (!_errors.TryGetValue(tensor, out double? error))
        {
            _errors[tensor] = error = ErrorAt(tensor);
        }

        return error > ImportCheck.Tolerance;
    }

    private double? ErrorAt(string tensor)
    {
        OnnxImportOptions options = _options with { Until = [tensor], Name = "Part" };
        try
        {
            ImportedNetwork network = ImportCheck.Imported(_model, options);
            return ImportCheck.Error(ClassCompiler.Compile(network.Source), network, _expected, options, _inputs);
        }
        catch (Exception exception) when (exception is UnsupportedOnnxException or OnnxFormatException or ClassException
            or InvalidDataException or InvalidCastException)
        {
            return null;
        }
    }
}
