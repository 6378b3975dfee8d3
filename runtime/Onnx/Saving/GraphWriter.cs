using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Strata.Onnx.Schema;

namespace Strata.Onnx.Saving;

/// <summary>
/// Writes a network's inference as a graph. Names are kept: inputs and outputs have theirs, a layer's tensor and its last node have the
/// layer's, and initializers have the parameters' keys.
/// </summary>
internal sealed class GraphWriter
{
    private readonly SavedGraph _network;
    private readonly GraphProto _graph = new();
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>The tensor of each layer and input. Layers that do nothing in inference have that of their input.</summary>
    private readonly Dictionary<string, string> _tensors = new(StringComparer.Ordinal);

    private readonly Dictionary<string, NodeProto> _producers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TensorProto> _parameters = new(StringComparer.Ordinal);

    public GraphWriter(SavedGraph network, int opset, int? batchSize)
    {
        (_network, Opset, BatchSize) = (network, opset, batchSize);
        _graph.Name = network.Info.Name;
        Pooled = network.Inferred.Where(layer => layer.Kind == "MaxUnpool").SelectMany(layer => layer.Inputs).ToHashSet();
    }

    public SavedGraph Network => _network;

    public int Opset { get; }

    /// <summary>The number of samples; null if the file takes any.</summary>
    public int? BatchSize { get; }

    /// <summary>The layers whose maxima are read by a max unpooling.</summary>
    public IReadOnlySet<string> Pooled { get; }

    /// <summary>The initializers without values, and the keys of their parameters.</summary>
    public IReadOnlyDictionary<string, TensorProto> Parameters => _parameters;

    /// <exception cref="NotSupportedException">A layer has no form in ONNX.</exception>
    public GraphProto Write()
    {
        foreach (TensorInfo input in _network.Info.Inputs)
        {
            string name = Unique(input.Name);
            _tensors.Add(input.Layer, name);
            _graph.Input.Add(Describe(name, input.Shape));
        }

        Dictionary<string, string> outputs = NameOutputs();
        foreach (SavedLayer layer in _network.Inferred)
        {
            string name = outputs.TryGetValue(layer.Name, out string? output) ? output : Unique(layer.Name);
            string[] read = [.. layer.Inputs.Select(input => _tensors[input])];
            string result = WriteLayer(layer, read);
            if (output is not null && read.Contains(result) && !LayerForms.IsLeftOut(layer))
            {
                // It is an output, but has no node of its own.
                result = AddNode(layer.Name, "Identity", [result], []).Output[0];
            }

            if (!read.Contains(result))
            {
                Rename(result, name, layer.Name);
                result = name;
                if (output is null)
                {
                    _graph.ValueInfo.Add(Describe(name, layer.OutputShape));
                }
            }

            _tensors.Add(layer.Name, result);
        }

        WriteOutputs(outputs);
        return _graph;
    }

    /// <summary>Adds a node with one output.</summary>
    public NodeProto AddNode(string name, string type, IEnumerable<string> inputs, IEnumerable<AttributeProto> attributes)
    {
        string unique = Unique(name);
        var node = new NodeProto { Name = unique, OpType = type, Input = { inputs }, Output = { unique }, Attribute = { attributes } };
        _graph.Node.Add(node);
        _producers.Add(unique, node);
        return node;
    }

    /// <summary>Gives a node a second output.</summary>
    public string AddOutput(string tensor, string name)
    {
        string unique = Unique(name);
        _producers[tensor].Output.Add(unique);
        return unique;
    }

    /// <summary>The initializer of a parameter.</summary>
    public string AddParameter(ParameterInfo parameter, IReadOnlyList<int>? shape)
    {
        if (!_parameters.TryGetValue(parameter.Key, out TensorProto? tensor))
        {
            tensor = AddTensor(parameter.Key, TensorProto.Types.DataType.Float, shape ?? parameter.Shape);
            _parameters.Add(parameter.Key, tensor);
        }

        return tensor.Name;
    }

    public string AddFloats(string name, float[] values, IReadOnlyList<int> shape)
    {
        TensorProto tensor = AddTensor(name, TensorProto.Types.DataType.Float, shape);
        tensor.RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(values));
        return tensor.Name;
    }

    public string AddIntegers(string name, long[] values, IReadOnlyList<int> shape)
    {
        TensorProto tensor = AddTensor(name, TensorProto.Types.DataType.Int64, shape);
        tensor.RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<long>(values));
        return tensor.Name;
    }

    public NotSupportedException NoForm(SavedLayer layer, string reason) => new(
        $"{_network.Info.Name} cannot be saved as ONNX: layer '{layer.Name}' ([{layer.Info.Kind}]) has no form there. {reason}");

    private string WriteLayer(SavedLayer layer, string[] read) => LayerForms.Find(layer) is { } form
        ? form(new LayerNodes(this, layer, read))
        : throw NoForm(layer, $"This version of Strata.Onnx does not know [{layer.Info.Kind}].");

    /// <summary>The names of the tensors that are outputs, by the layers that compute them.</summary>
    private Dictionary<string, string> NameOutputs()
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (TensorInfo output in _network.Info.Outputs)
        {
            if (_network.Find(Computed(output.Layer)) is { } layer && !names.ContainsKey(layer.Name))
            {
                names.Add(layer.Name, Unique(output.Name));
            }
        }

        return names;
    }

    /// <summary>The layer that computes a tensor, before layers that do nothing in inference.</summary>
    private string Computed(string name)
    {
        while (_network.Find(name) is { } layer && LayerForms.IsLeftOut(layer))
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
                name = AddNode(output.Name, "Identity", [tensor], []).Output[0];
            }

            _graph.Output.Add(Describe(name, output.Shape));
        }
    }

    /// <summary>Gives the last node of a layer, and its tensor, their names.</summary>
    private void Rename(string before, string name, string layer)
    {
        NodeProto producer = _producers[before];
        _producers.Remove(before);
        _producers[name] = producer;
        producer.Output[0] = name;
        producer.Name = layer;
        for (int i = _graph.Node.Count - 1; i >= 0 && _graph.Node[i] != producer; i--)
        {
            NodeProto node = _graph.Node[i];
            for (int k = 0; k < node.Input.Count; k++)
            {
                node.Input[k] = node.Input[k] == before ? name : node.Input[k];
            }
        }
    }

    private TensorProto AddTensor(string name, TensorProto.Types.DataType type, IReadOnlyList<int> shape)
    {
        var tensor = new TensorProto { Name = Unique(name), DataType = (int)type, Dims = { shape.Select(extent => (long)extent) } };
        _graph.Initializer.Add(tensor);
        return tensor;
    }

    private ValueInfoProto Describe(string name, IReadOnlyList<int> sample)
    {
        var batch = new TensorShapeProto.Types.Dimension();
        if (BatchSize is { } size)
        {
            batch.DimValue = size;
        }
        else
        {
            batch.DimParam = "N";
        }

        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto
            {
                TensorType = new TypeProto.Types.Tensor
                {
                    ElemType = (int)TensorProto.Types.DataType.Float,
                    Shape = new TensorShapeProto
                    {
                        Dim = { batch, sample.Select(extent => new TensorShapeProto.Types.Dimension { DimValue = extent }) },
                    },
                },
            },
        };
    }

    private string Unique(string name)
    {
        string unique = name;
        for (int i = 1; !_names.Add(unique); i++)
        {
            unique = $"{name}_{i.ToString(CultureInfo.InvariantCulture)}";
        }

        return unique;
    }
}
