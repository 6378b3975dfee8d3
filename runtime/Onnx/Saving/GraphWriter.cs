using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Nodes;
using Strata.Onnx.Operators;
using Strata.Onnx.Schema;

namespace Strata.Onnx.Saving;

/// <summary>
/// Writes a network's inference as a graph. Names are kept: inputs and outputs have theirs, a layer's tensor and its last node have the
/// layer's, and initializers have the parameters' keys. Batch norms that go into integers have neither.
/// </summary>
internal sealed class GraphWriter(SavedGraph network, int opset, int? batchSize)
{
    private readonly SavedGraph _network = network;
    private readonly NodeWriter _nodes = new(network, opset, batchSize);

    /// <summary>The tensor of each layer and input. Layers that do nothing in inference have that of their input.</summary>
    private readonly Dictionary<string, string> _tensors = new(StringComparer.Ordinal);

    /// <summary>The initializers without values, and the keys of their parameters.</summary>
    public IReadOnlyDictionary<string, TensorProto> Parameters => _nodes.Parameters;

    /// <summary>The initializers whose values are computed when they are written.</summary>
    public IReadOnlyList<(TensorProto Tensor, Func<byte[]> Values)> Derived => _nodes.Derived;

    /// <exception cref="NotSupportedException">A layer has no form in ONNX.</exception>
    public GraphProto Write()
    {
        foreach (TensorInfo input in _network.Info.Inputs)
        {
            string name = _nodes.Unique(input.Name);
            _tensors.Add(input.Layer, name);
            _nodes.Graph.Input.Add(_nodes.Describe(name, input.Shape));
        }

        Dictionary<string, string> outputs = NameOutputs();
        _nodes.ReserveKeys();
        foreach (SavedLayer layer in _network.Inferred)
        {
            string name = outputs.TryGetValue(layer.Name, out string? output) ? output : _nodes.Unique(layer.Name);
            string[] read = [.. layer.Inputs.Select(input => _tensors[input])];
            string result = WriteLayer(layer, read);
            if (output is not null && read.Contains(result) && !Families.IsLeftOut(layer))
            {
                // It is an output, but has no node of its own.
                result = _nodes.AddNode(layer.Name, "Identity", [result], []).Output[0];
            }

            if (!read.Contains(result))
            {
                _nodes.Rename(result, name, layer.Name);
                result = name;
                if (output is null)
                {
                    _nodes.Graph.ValueInfo.Add(_nodes.Describe(name, layer.OutputShape));
                }
            }

            _tensors.Add(layer.Name, result);
        }

        WriteOutputs(outputs);
        return _nodes.Graph;
    }

    private string WriteLayer(SavedLayer layer, string[] read) => Families.Find(layer) is { } form
        ? form(new LayerNodes(_nodes, layer, read))
        : throw _nodes.NoForm(layer, $"This version of Strata.Onnx does not know [{layer.Info.Kind}].");

    /// <summary>The names of the tensors that are outputs, by the layers that compute them.</summary>
    private Dictionary<string, string> NameOutputs()
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (TensorInfo output in _network.Info.Outputs)
        {
            if (_network.Find(Computed(output.Layer)) is { } layer && !names.ContainsKey(layer.Name))
            {
                names.Add(layer.Name, _nodes.Unique(output.Name));
            }
        }

        return names;
    }

    /// <summary>The layer that computes a tensor, before layers that do nothing in inference.</summary>
    private string Computed(string name)
    {
        while (_network.Find(name) is { } layer && Families.IsLeftOut(layer))
        {
            name = layer.Inputs[0];
        }

        return name;
    }

    /// <summary>Declares the outputs. One that has no tensor of its own gets a node.</summary>
    private void WriteOutputs(Dictionary<string, string> names)
    {
        var given = new HashSet<string>(StringComparer.Ordinal);
        foreach (TensorInfo output in _network.Info.Outputs)
        {
            string layer = Computed(output.Layer), tensor = _tensors[layer];
            if (!names.TryGetValue(layer, out string? name) || !given.Add(name))
            {
                name = _nodes.AddNode(output.Name, "Identity", [tensor], []).Output[0];
            }

            _nodes.Graph.Output.Add(_nodes.Describe(name, output.Shape));
        }
    }
}
