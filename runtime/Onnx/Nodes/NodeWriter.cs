using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Strata.Onnx.Schema;

namespace Strata.Onnx.Nodes;

/// <summary>Writes nodes and initializers, each with a name of its own.</summary>
internal sealed class NodeWriter
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NodeProto> _producers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _keys = new(StringComparer.Ordinal), _shared = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TensorProto> _parameters = new(StringComparer.Ordinal);

    /// <summary>The tensors that stand for weights of integers, by their keys.</summary>
    private readonly Dictionary<string, string> _integers = new(StringComparer.Ordinal);
    private readonly List<(TensorProto Tensor, Func<byte[]> Values)> _derived = [];

    public NodeWriter(SavedGraph network, int opset, int? batchSize)
    {
        (Network, Opset, BatchSize) = (network, opset, batchSize);
        Graph.Name = network.Info.Name;
        Pooled = network.Inferred.Where(layer => layer.Kind == "MaxUnpool").SelectMany(layer => layer.Inputs).ToHashSet();
    }

    public GraphProto Graph { get; } = new();

    public SavedGraph Network { get; }

    public int Opset { get; }

    /// <summary>The number of samples; null if the file takes any.</summary>
    public int? BatchSize { get; }

    /// <summary>The layers whose maxima are read by a max unpooling.</summary>
    public IReadOnlySet<string> Pooled { get; }

    /// <summary>The initializers without values, and the keys of their parameters.</summary>
    public IReadOnlyDictionary<string, TensorProto> Parameters => _parameters;

    /// <summary>The initializers whose values are computed when they are written.</summary>
    public IReadOnlyList<(TensorProto Tensor, Func<byte[]> Values)> Derived => _derived;

    /// <summary>Adds a node with one output.</summary>
    public NodeProto AddNode(string name, string type, IEnumerable<string> inputs, IEnumerable<AttributeProto> attributes)
    {
        string unique = Unique(name);
        var node = new NodeProto { Name = unique, OpType = type, Input = { inputs }, Output = { unique }, Attribute = { attributes } };
        Graph.Node.Add(node);
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

    /// <summary>Gives the node of a tensor a comment.</summary>
    public void Comment(string tensor, string text) => _producers[tensor].DocString = text;

    /// <summary>Keeps the keys of the parameters for their initializers: the tensor of a [Param] has another name.</summary>
    public void ReserveKeys()
    {
        foreach (ParameterInfo parameter in Network.Inferred.SelectMany(layer => layer.Parameters.Values))
        {
            _keys.TryAdd(parameter.Key, Unique(parameter.Key));
        }
    }

    /// <summary>The initializer of a parameter.</summary>
    public string AddParameter(ParameterInfo parameter, IReadOnlyList<int>? shape)
    {
        if (Network.Integers.Has(parameter.Key))
        {
            return AddIntegers(parameter);
        }

        if (!_parameters.TryGetValue(parameter.Key, out TensorProto? tensor))
        {
            tensor = AddTensor(_keys[parameter.Key], TensorProto.Types.DataType.Float, shape ?? parameter.Shape);
            _parameters.Add(parameter.Key, tensor);
        }

        // Layers of several ranks may share it.
        long[] wanted = [.. (shape ?? parameter.Shape).Select(extent => (long)extent)];
        return tensor.Dims.SequenceEqual(wanted) ? tensor.Name : AddNode(
            parameter.Key + ".reshaped", "Reshape",
            [tensor.Name, AddIntegers(parameter.Key + ".shape", wanted, [wanted.Length])], []).Output[0];
    }

    /// <summary>The bias of a layer that a norm goes into.</summary>
    public string AddBias(SavedLayer layer, int channels)
    {
        string key = layer.Name + ".bias";
        TensorProto tensor = AddTensor(_keys.GetValueOrDefault(key) ?? Unique(key), TensorProto.Types.DataType.Float, [channels]);
        _derived.Add((tensor, () => Network.Integers.BiasOf(layer)));
        return tensor.Name;
    }

    public string AddFloats(string name, float[] values, IReadOnlyList<int> shape)
    {
        TensorProto tensor = AddTensor(Unique(name), TensorProto.Types.DataType.Float, shape);
        tensor.RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(values));
        return tensor.Name;
    }

    /// <summary>Truth values that all layers share which ask for this name.</summary>
    public string AddShared(string name, Func<bool[]> values, IReadOnlyList<int> shape)
    {
        if (!_shared.TryGetValue(name, out string? tensor))
        {
            TensorProto added = AddTensor(Unique(name), TensorProto.Types.DataType.Bool, shape);
            added.RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<bool>(values()));
            _shared.Add(name, tensor = added.Name);
        }

        return tensor;
    }

    public string AddIntegers(string name, long[] values, IReadOnlyList<int> shape)
    {
        TensorProto tensor = AddTensor(Unique(name), TensorProto.Types.DataType.Int64, shape);
        tensor.RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<long>(values));
        return tensor.Name;
    }

    public NotSupportedException NoForm(SavedLayer layer, string reason) => new(
        $"{Network.Info.Name} cannot be saved as ONNX: layer '{layer.Name}' ([{layer.Info.Kind}]) has no form there. {reason}");

    /// <summary>Gives the last node of a layer, and its tensor, their names.</summary>
    public void Rename(string before, string name, string layer)
    {
        NodeProto producer = _producers[before];
        _producers.Remove(before);
        _producers[name] = producer;
        producer.Output[0] = name;
        producer.Name = layer;
        for (int i = Graph.Node.Count - 1; i >= 0 && Graph.Node[i] != producer; i--)
        {
            NodeProto node = Graph.Node[i];
            for (int k = 0; k < node.Input.Count; k++)
            {
                node.Input[k] = node.Input[k] == before ? name : node.Input[k];
            }
        }
    }

    /// <summary>A tensor with the batch.</summary>
    public ValueInfoProto Describe(string name, IReadOnlyList<int> sample)
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

    /// <summary>The name, or one like it that nothing has yet.</summary>
    public string Unique(string name)
    {
        string unique = name;
        for (int i = 1; !_names.Add(unique); i++)
        {
            unique = $"{name}_{i.ToString(CultureInfo.InvariantCulture)}";
        }

        return unique;
    }

    /// <summary>A weight of integers, and the node that makes floats of it.</summary>
    private string AddIntegers(ParameterInfo parameter)
    {
        if (!_integers.TryGetValue(parameter.Key, out string? floats))
        {
            SavedIntegers integers = Network.Integers;
            int axis = integers.AxisOf(parameter.Key), channels = parameter.Shape[axis];
            TensorProto weight = AddTensor(_keys[parameter.Key], TensorProto.Types.DataType.Int8, parameter.Shape);
            TensorProto scale = AddTensor(Unique(parameter.Key + "_scale"), TensorProto.Types.DataType.Float, [channels]);
            TensorProto zero = AddTensor(Unique(parameter.Key + "_zero_point"), TensorProto.Types.DataType.Int8, [channels]);
            zero.RawData = ByteString.CopyFrom(new byte[channels]);
            var rounded = new Lazy<(byte[] Integers, float[] Scales)>(() => integers.Rounded(parameter.Key));
            _derived.Add((weight, () => rounded.Value.Integers));
            _derived.Add((scale, () => MemoryMarshal.AsBytes<float>(rounded.Value.Scales).ToArray()));
            floats = AddNode(
                parameter.Key + ".dequantized", "DequantizeLinear", [weight.Name, scale.Name, zero.Name],
                [NodeAttribute.Create("axis", axis)]).Output[0];
            _integers.Add(parameter.Key, floats);
        }

        return floats;
    }

    private TensorProto AddTensor(string name, TensorProto.Types.DataType type, IReadOnlyList<int> shape)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)type, Dims = { shape.Select(extent => (long)extent) } };
        Graph.Initializer.Add(tensor);
        return tensor;
    }
}
