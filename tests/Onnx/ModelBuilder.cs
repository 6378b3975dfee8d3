using System;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Strata.Onnx.Model;
using Strata.Onnx.Reading;
using Strata.Onnx.Schema;
using AttributeType = Strata.Onnx.Schema.AttributeProto.Types.AttributeType;
using DataType = Strata.Onnx.Schema.TensorProto.Types.DataType;

namespace Strata.Onnx.Tests;

/// <summary>Writes ONNX models for the tests.</summary>
internal sealed class ModelBuilder
{
    public ModelBuilder(int opset = 17)
    {
        Model = new ModelProto
        {
            IrVersion = opset switch { <= 8 => 3, 9 => 4, 10 => 5, 11 => 6, <= 14 => 7, <= 18 => 8, <= 20 => 9, <= 22 => 10, _ => 11 },
            ProducerName = "tests",
            Graph = new GraphProto { Name = "graph" },
            OpsetImport = { new OperatorSetIdProto { Version = opset } },
        };
    }

    public ModelProto Model { get; }

    public GraphProto Graph => Model.Graph;

    /// <param name="name">Its name.</param>
    /// <param name="extents">Numbers, and names for those that are open.</param>
    public ModelBuilder Input(string name, params object[] extents) => Input(name, DataType.Float, extents);

    public ModelBuilder Input(string name, DataType type, object[] extents)
    {
        Graph.Input.Add(Info(name, type, extents));
        return this;
    }

    public ModelBuilder Output(params string[] names)
    {
        Graph.Output.AddRange(names.Select(name => new ValueInfoProto { Name = name }));
        return this;
    }

    public ModelBuilder Output(string name, DataType type)
    {
        Graph.Output.Add(new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type } },
        });
        return this;
    }

    public ModelBuilder Floats(string name, long[] shape, params float[] values)
    {
        Graph.Initializer.Add(Tensor(name, shape, values));
        return this;
    }

    public ModelBuilder Integers(string name, long[] shape, params long[] values)
    {
        Graph.Initializer.Add(Tensor(name, shape, values));
        return this;
    }

    /// <summary>Integers of up to 32 bits.</summary>
    public ModelBuilder Integers(string name, DataType type, long[] shape, params long[] values)
    {
        Graph.Initializer.Add(new TensorProto
        {
            Name = name,
            DataType = (int)type,
            Dims = { shape },
            Int32Data = { values.Select(value => (int)value) },
        });
        return this;
    }

    /// <summary>Integers of 8 bits that look random.</summary>
    public ModelBuilder Random(string name, DataType type, long[] shape)
    {
        float[] noise = NoiseValues((int)shape.Aggregate(1L, (product, extent) => product * extent), Graph.Initializer.Count + 1);
        int zero = type == DataType.Uint8 ? 128 : 0;
        return Integers(name, type, shape, [.. noise.Select(value => (long)(value * 127) + zero)]);
    }

    /// <summary>A list of integers as an initializer.</summary>
    public ModelBuilder List(string name, params long[] values) => Integers(name, [values.Length], values);

    /// <summary>Numbers between -1 and 1 that look random.</summary>
    public ModelBuilder Noise(string name, params long[] shape)
    {
        int count = (int)shape.Aggregate(1L, (product, extent) => product * extent);
        return Floats(name, shape, NoiseValues(count, Graph.Initializer.Count + 1));
    }

    public static float[] NoiseValues(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)((2 * random.NextDouble()) - 1))];
    }

    /// <param name="operator">The operator, behind its domain and a colon if it is no standard one.</param>
    /// <param name="inputs">Names with commas between them.</param>
    /// <param name="outputs">Names with commas between them.</param>
    /// <param name="attributes">Names and values.</param>
    public ModelBuilder Node(string @operator, string inputs, string outputs, params (string Name, object Value)[] attributes)
    {
        Graph.Node.Add(MakeNode(@operator, inputs, outputs, attributes));
        return this;
    }

    public static NodeProto MakeNode(string @operator, string inputs, string outputs, params (string Name, object Value)[] attributes)
    {
        int colon = @operator.IndexOf(':', StringComparison.Ordinal);
        var node = new NodeProto
        {
            OpType = @operator[(colon + 1)..],
            Domain = colon < 0 ? "" : @operator[..colon],
            Name = $"{@operator[(colon + 1)..]}_{outputs.Split(',')[0]}",
        };
        node.Input.AddRange(inputs.Length == 0 ? [] : inputs.Split(','));
        node.Output.AddRange(outputs.Split(','));
        node.Attribute.AddRange(attributes.Select(one => Attribute(one.Name, one.Value)));
        return node;
    }

    public static AttributeProto Attribute(string name, object value)
    {
        var attribute = new AttributeProto { Name = name };
        switch (value)
        {
            case int or long or bool:
                (attribute.Type, attribute.I) = (AttributeType.Int, Convert.ToInt64(value));
                break;
            case float or double:
                (attribute.Type, attribute.F) = (AttributeType.Float, Convert.ToSingle(value));
                break;
            case string text:
                (attribute.Type, attribute.S) = (AttributeType.String, ByteString.CopyFromUtf8(text));
                break;
            case long[] integers:
                attribute.Type = AttributeType.Ints;
                attribute.Ints.AddRange(integers);
                break;
            case int[] integers:
                attribute.Type = AttributeType.Ints;
                attribute.Ints.AddRange(integers.Select(one => (long)one));
                break;
            case float[] floats:
                attribute.Type = AttributeType.Floats;
                attribute.Floats.AddRange(floats);
                break;
            case TensorProto tensor:
                (attribute.Type, attribute.T) = (AttributeType.Tensor, tensor);
                break;
            case GraphProto graph:
                (attribute.Type, attribute.G) = (AttributeType.Graph, graph);
                break;
            default:
                throw new ArgumentException($"{value}", nameof(value));
        }

        return attribute;
    }

    public static TensorProto Tensor(string name, long[] shape, float[] values)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)DataType.Float, RawData = Bytes(values) };
        tensor.Dims.AddRange(shape);
        return tensor;
    }

    public static TensorProto Tensor(string name, long[] shape, long[] values)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)DataType.Int64, RawData = Bytes(values) };
        tensor.Dims.AddRange(shape);
        return tensor;
    }

    public static ByteString Bytes<T>(T[] values) where T : unmanaged => ByteString.CopyFrom(MemoryMarshal.AsBytes<T>(values));

    public static ValueInfoProto Info(string name, DataType type, params object[] extents)
    {
        var shape = new TensorShapeProto();
        shape.Dim.AddRange(extents.Select(extent => extent is string text
            ? new TensorShapeProto.Types.Dimension { DimParam = text }
            : new TensorShapeProto.Types.Dimension { DimValue = Convert.ToInt64(extent) }));
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = shape } },
        };
    }

    public byte[] ToBytes() => Model.ToByteArray();

    public OnnxGraph Read(OnnxImportOptions? options = null) => Read(ToBytes(), options);

    public static OnnxGraph Read(byte[] bytes, OnnxImportOptions? options = null)
    {
        using var stream = new MemoryStream(bytes);
        return GraphReader.Read(stream, "model.onnx", null, options ?? new OnnxImportOptions());
    }
}
