using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Strata.Benchmarks.Networks;

namespace Strata.Benchmarks.Onnx;

/// <summary>A parameter's values as the peers get them.</summary>
internal sealed record Weights(string Key, IReadOnlyList<int> Shape, float[] Values);

/// <summary>
/// Writes a network's inference as an ONNX file for a fixed batch. The field numbers are those of onnx.proto3, which never change.
/// </summary>
internal sealed class OnnxModel
{
    public const string InputName = "input", OutputName = "output";

    private const long IrVersion = 8, OperatorSet = 17;
    private const int FloatType = 1, LongType = 7;

    // AttributeProto.type
    private const int FloatAttribute = 1, IntegerAttribute = 2, TextAttribute = 3, IntegersAttribute = 7;

    private readonly PeerGraph _graph;
    private readonly Dictionary<string, Weights> _weights;
    private readonly int _batch;
    private readonly ProtobufWriter _writer;

    /// <summary>What a layer's output is called in the file; layers that do nothing in inference share that of their input.</summary>
    private readonly Dictionary<string, string> _tensors = new(StringComparer.Ordinal) { [PeerGraph.InputName] = InputName };

    private readonly HashSet<string> _written = new(StringComparer.Ordinal);
    private int _count;

    private OnnxModel(PeerGraph graph, IEnumerable<Weights> weights, int batch, ProtobufWriter writer)
    {
        (_graph, _weights, _batch, _writer) = (graph, weights.ToDictionary(parameter => parameter.Key), batch, writer);
    }

    /// <exception cref="NoPeerException">A layer has no form in ONNX here.</exception>
    public static void Write(PeerGraph graph, IEnumerable<Weights> weights, int batch, Stream stream)
    {
        var model = new ProtobufWriter();
        model.Integer(1, IrVersion);
        model.Text(2, "Strata.Benchmarks");
        model.Message(7, writer => new OnnxModel(graph, weights, batch, writer).WriteGraph());
        model.Message(8, operatorSet =>
        {
            operatorSet.Text(1, "");
            operatorSet.Integer(2, OperatorSet);
        });
        model.CopyTo(stream);
    }

    private void WriteGraph()
    {
        foreach (PeerLayer layer in _graph.Layers.Where(layer => !layer.Info.TrainingOnly))
        {
            _tensors.Add(layer.Name, WriteLayer(layer));
        }

        IEnumerable<string> outputs = _graph.Outputs.Select(output => _tensors[output]);
        if (_graph.Outputs.Count == 1)
        {
            Node("Identity", outputs, OutputName);
        }
        else
        {
            Node("Concat", outputs.Select(output => Node("Flatten", [output])).ToList(), OutputName, Integer("axis", 1));
        }

        _writer.Text(2, "network");
        _writer.Message(11, value => WriteValue(value, InputName, _graph.Info.InputShape));
        _writer.Message(12, value => WriteValue(value, OutputName, _graph.Info.OutputShape));
    }

    private string WriteLayer(PeerLayer layer)
    {
        List<string> inputs = layer.Inputs.Select(input => _tensors[input]).ToList();
        string input = inputs[0];
        switch (layer.Kind)
        {
            case "Conv" when layer.Arguments.Text("PaddingMode") is null or "PaddingMode.Zeros":
                return Node("Conv", [input, .. Parameters(layer, "weight", "bias")], null, [.. Window(layer), Group(layer)]);
            case "ConvTranspose":
                return Node("ConvTranspose", [input, .. Parameters(layer, "weight", "bias")], null,
                    [.. Window(layer), Group(layer), Integers("output_padding", layer.Axes.Select(axis => axis.OutputPadding))]);
            case "Dense" when layer.InputShape.Count == 1:
                return Node("Gemm", [input, .. Parameters(layer, "weight", "bias")], null, Integer("transB", 1));
            case "MaxPool":
                WriteMaxPool(layer, input);
                return Output(layer);
            case "MaxUnpool":
                PeerLayer pool = layer.Inputs.Select(_graph.Find).FirstOrDefault(partner => partner?.Kind == "MaxPool")
                    ?? throw NoForm(layer);
                return Node(
                    "MaxUnpool", [input, Output(pool) + ".indices", Longs(Shape(layer.OutputShape))], null,
                    [.. Window(pool).Where(attribute => attribute.Name != "dilations")]);
            case "AveragePool":
                return Node("AveragePool", [input], null, [.. Window(layer).Where(attribute => attribute.Name != "dilations"), Ceil(layer),
                    Integer("count_include_pad", layer.Arguments.Truth(true, "CountIncludePad") ? 1 : 0)]);
            case "AdaptiveAveragePool" or "AdaptiveMaxPool" or "GlobalAveragePool" or "GlobalMaxPool":
                return WriteAdaptivePool(layer, input);
            case "BatchNorm" when layer.Parameters.Count == 4:
                return Node("BatchNormalization", [input, .. Parameters(layer, "weight", "bias", "running_mean", "running_var")], null,
                    Float("epsilon", layer.Arguments.Number(1e-5, "Epsilon")));
            case "PReLU":
                // Its slopes stand along the last axes; ours along the channels.
                Weights slope = _weights[layer.Parameters["weight"]];
                return Node("PRelu", [input, Constant(slope.Values, [slope.Values.Length, .. Enumerable.Repeat(1, layer.InputShape.Count - 1)])]);
            case "LeakyReLU":
                return Node("LeakyRelu", [input], null, Float("alpha", layer.Arguments.Number(0.01, "0")));
            case "ELU":
                return Node("Elu", [input], null, Float("alpha", layer.Arguments.Number(1, "0")));
            case "ReLU6":
                return Node("Clip", [input, Constant([0], []), Constant([6], [])]);
            case "SiLU":
                return Node("Mul", [input, Node("Sigmoid", [input])]);
            case "Softmax" or "LogSoftmax":
                return Node(layer.Kind, [input], null, Integer("axis", 1));
            case "ReLU" or "SELU" or "Sigmoid" or "Tanh" or "Softplus" or "Softsign" or "HardSwish":
                return Node(layer.Kind switch { "ReLU" => "Relu", "SELU" => "Selu", _ => layer.Kind }, [input]);
            case "Add" or "Multiply":
                return inputs.Skip(1).Aggregate(input, (sum, next) => Node(layer.Kind == "Add" ? "Add" : "Mul", [sum, next]));
            case "Concat":
                return Node("Concat", inputs, null, Integer("axis", 1));
            case "Flatten" or "Reshape":
                return Node("Reshape", [input, Longs(Shape(layer.OutputShape))]);
            case "Dropout" or "SpatialDropout" or "StochasticDepth":
                return input;
            case "Slice" or "Split":
                return Node("Slice", [input, Longs([layer.FirstChannel]), Longs([layer.FirstChannel + layer.OutputShape[0]]), Longs([1])]);
            case "ChannelShuffle":
                return WriteChannelShuffle(layer, input);
            case "Pad":
                return WritePad(layer, input);
            case "Upsample":
                return WriteUpsample(layer, input);
            default:
                throw NoForm(layer);
        }
    }

    private void WriteMaxPool(PeerLayer layer, string input) => _writer.Message(1, node =>
    {
        node.Text(1, input);
        node.Text(2, Output(layer));
        if (_graph.Layers.Any(other => other.Kind == "MaxUnpool" && other.Inputs.Contains(layer.Name)))
        {
            node.Text(2, Output(layer) + ".indices");
        }

        node.Text(4, "MaxPool");
        foreach (Attribute attribute in Window(layer).Append(Ceil(layer)))
        {
            node.Message(5, attribute.Write);
        }
    });

    private string WriteAdaptivePool(PeerLayer layer, string input)
    {
        bool takesMost = layer.Kind.EndsWith("MaxPool", StringComparison.Ordinal);
        List<(int Before, int After)> extents = layer.InputShape.Zip(layer.OutputShape).Skip(1).ToList();
        if (extents.All(extent => extent.After == 1))
        {
            return Node(takesMost ? "GlobalMaxPool" : "GlobalAveragePool", [input]);
        }

        if (extents.Any(extent => extent.Before % extent.After != 0))
        {
            throw NoForm(layer);
        }

        IEnumerable<int> kernel = extents.Select(extent => extent.Before / extent.After);
        return Node(takesMost ? "MaxPool" : "AveragePool", [input], null, Integers("kernel_shape", kernel), Integers("strides", kernel));
    }

    /// <summary>As PyTorch exports it: the groups become an axis, which changes places with that of their channels.</summary>
    private string WriteChannelShuffle(PeerLayer layer, string input)
    {
        int groups = layer.Arguments.Integer(1, "0");
        long[] shape = Shape(layer.OutputShape);
        string grouped = Node("Reshape", [input, Longs([shape[0], groups, shape[1] / groups, .. shape[2..]])]);
        string turned = Node("Transpose", [grouped], null, Integers("perm", [0, 2, 1, .. Enumerable.Range(3, shape.Length - 2)]));
        return Node("Reshape", [turned, Longs(shape)]);
    }

    private string WritePad(PeerLayer layer, string input)
    {
        string mode = layer.Arguments.Text("Mode") switch
        {
            null or "PaddingMode.Zeros" => "constant",
            "PaddingMode.Reflect" => "reflect",
            "PaddingMode.Replicate" => "edge",
            _ => throw NoForm(layer),
        };
        long[] none = [0, 0];
        long[] pads = [.. none, .. layer.Margins.Select(margin => (long)margin.Before), .. none, .. layer.Margins.Select(margin => (long)margin.After)];
        return Node("Pad", [input, Longs(pads)], null, Text("mode", mode));
    }

    private string WriteUpsample(PeerLayer layer, string input)
    {
        bool nearest = layer.Arguments.Text("Mode") is null or "UpsampleMode.Nearest";
        string places = nearest ? "asymmetric" : layer.Arguments.Truth(false, "AlignCorners") ? "align_corners" : "half_pixel";
        return Node(
            "Resize", [input, "", "", Longs(Shape(layer.OutputShape))], null, Text("mode", nearest ? "nearest" : "linear"),
            Text("coordinate_transformation_mode", places), Text("nearest_mode", "floor"));
    }

    private static NoPeerException NoForm(PeerLayer layer) => new($"ONNX has no form here for {layer.Info.Kind} '{layer.Name}'");

    private static string Output(PeerLayer layer) => "at " + layer.Name;

    private long[] Shape(IReadOnlyList<int> sample) => [_batch, .. sample.Select(extent => (long)extent)];

    private static IEnumerable<Attribute> Window(PeerLayer layer)
    {
        IReadOnlyList<PeerAxis> axes = layer.Axes;
        yield return Integers("kernel_shape", axes.Select(axis => axis.Kernel));
        yield return Integers("strides", axes.Select(axis => axis.Stride));
        yield return Integers("dilations", axes.Select(axis => axis.Dilation));
        yield return Integers("pads", axes.Select(axis => axis.Before).Concat(axes.Select(axis => axis.After)));
    }

    private static Attribute Group(PeerLayer layer) => Integer("group", layer.Arguments.Integer(1, "Groups"));

    private static Attribute Ceil(PeerLayer layer) => Integer("ceil_mode", layer.Arguments.Truth(false, "CeilMode") ? 1 : 0);

    /// <summary>Those of the parameters that the layer has; each is written where it is first read.</summary>
    private IEnumerable<string> Parameters(PeerLayer layer, params string[] suffixes)
    {
        foreach (string key in suffixes.Where(layer.Parameters.ContainsKey).Select(suffix => layer.Parameters[suffix]))
        {
            if (_written.Add(key))
            {
                WriteTensor(key, FloatType, _weights[key].Shape.Select(extent => (long)extent), _weights[key].Values);
            }

            yield return key;
        }
    }

    private string Constant(float[] values, IReadOnlyList<int> shape)
    {
        string name = Unique();
        WriteTensor(name, FloatType, shape.Select(extent => (long)extent), values);
        return name;
    }

    private string Longs(long[] values)
    {
        string name = Unique();
        WriteTensor(name, LongType, [values.Length], values);
        return name;
    }

    private string Unique() => FormattableString.Invariant($"#{_count++}");

    private void WriteTensor(string name, int type, IEnumerable<long> shape, Array values) => _writer.Message(5, initializer =>
    {
        foreach (long extent in shape)
        {
            initializer.Integer(1, extent);
        }

        initializer.Integer(2, type);
        initializer.Text(8, name);
        initializer.Numbers(9, values);
    });

    /// <summary>Writes a node, and returns the name of its output.</summary>
    private string Node(string type, IEnumerable<string> inputs, string? output = null, params IEnumerable<Attribute> attributes)
    {
        string result = output ?? Unique();
        List<string> read = inputs.ToList();
        _writer.Message(1, node =>
        {
            foreach (string name in read)
            {
                node.Text(1, name);
            }

            node.Text(2, result);
            node.Text(4, type);
            foreach (Attribute attribute in attributes)
            {
                node.Message(5, attribute.Write);
            }
        });
        return result;
    }

    private static Attribute Integer(string name, int value) => new(name, attribute =>
    {
        attribute.Integer(3, value);
        attribute.Integer(20, IntegerAttribute);
    });

    private static Attribute Float(string name, double value) => new(name, attribute =>
    {
        attribute.Float(2, (float)value);
        attribute.Integer(20, FloatAttribute);
    });

    private static Attribute Text(string name, string value) => new(name, attribute =>
    {
        attribute.Text(4, value);
        attribute.Integer(20, TextAttribute);
    });

    private static Attribute Integers(string name, IEnumerable<int> values) => new(name, attribute =>
    {
        foreach (int value in values)
        {
            attribute.Integer(8, value);
        }

        attribute.Integer(20, IntegersAttribute);
    });

    private void WriteValue(ProtobufWriter value, string name, IReadOnlyList<int> shape)
    {
        value.Text(1, name);
        value.Message(2, type => type.Message(1, tensor =>
        {
            tensor.Integer(1, FloatType);
            tensor.Message(2, extents =>
            {
                foreach (int extent in shape.Prepend(_batch))
                {
                    extents.Message(1, dimension => dimension.Integer(1, extent));
                }
            });
        }));
    }

    private sealed record Attribute(string Name, Action<ProtobufWriter> Value)
    {
        public void Write(ProtobufWriter attribute)
        {
            attribute.Text(1, Name);
            Value(attribute);
        }
    }
}
