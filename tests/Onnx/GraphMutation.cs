using System;
using System.Linq;
using Google.Protobuf;
using Strata.Onnx.Schema;
using AttributeType = Strata.Onnx.Schema.AttributeProto.Types.AttributeType;
using DataType = Strata.Onnx.Schema.TensorProto.Types.DataType;

namespace Strata.Onnx.Tests;

/// <summary>Changes the structure of a model at random: nodes, edges, constants, attributes, types, shapes and versions.</summary>
internal sealed class GraphMutation(ModelProto model, Random random)
{
    private static readonly string[] Operators =
    [
        .. ("Abs Acos Add And ArgMax AveragePool BatchNormalization Cast Ceil Celu Clip Concat Constant ConstantOfShape Conv "
            + "ConvTranspose Cos DepthToSpace DequantizeLinear Div Dropout Einsum Elu Equal Erf Exp Expand Flatten Floor Gather Gelu "
            + "Gemm GlobalAveragePool GlobalLpPool GlobalMaxPool Greater GroupNormalization HardSigmoid HardSwish Hardmax Identity If "
            + "InstanceNormalization IsNaN LRN LSTM LayerNormalization LeakyRelu Less Log LogSoftmax Loop LpNormalization LpPool "
            + "MatMul Max MaxPool MaxUnpool Mean MeanVarianceNormalization Min Mish Mod Mul Neg NonZero Not Or PRelu Pad Pow "
            + "QuantizeLinear RandomNormal Range Reciprocal ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean "
            + "ReduceMin ReduceProd ReduceSum ReduceSumSquare Relu Reshape Resize Round Selu Shape Shrink Sigmoid Sign Size Slice "
            + "Softmax Softplus Softsign SpaceToDepth Split Sqrt Squeeze Sub Sum Swish Tanh ThresholdedRelu Tile TopK Transpose "
            + "Unsqueeze Upsample Where Xor BitwiseAnd CenterCropPad Compress ConcatFromSequence EyeLike GRU GatherElements "
            + "GatherND RMSNormalization RNN ReverseSequence RotaryEmbedding Scan ScatterElements ScatterND SequenceAt SequenceConstruct "
            + "SequenceEmpty SequenceErase SequenceInsert SequenceLength SplitToSequence Trilu").Split(' '),
    ];

    /// <summary>Attributes that any node may get, with a value.</summary>
    private static readonly (string Name, object Value)[] Attributes =
    [
        ("axis", 0), ("axis", -1), ("axis", 2), ("axes", new[] { 0 }), ("axes", new[] { -1 }), ("axes", new[] { 1, 2, 3 }),
        ("keepdims", 0), ("perm", new[] { 0, 2, 1 }), ("perm", new[] { 1, 0, 2, 3 }), ("auto_pad", "SAME_LOWER"), ("auto_pad", "VALID"),
        ("ceil_mode", 1),
        ("kernel_shape", new[] { 3, 3 }), ("kernel_shape", new[] { 1 }), ("strides", new[] { 2, 1 }), ("dilations", new[] { 2, 2 }),
        ("pads", new[] { 0, 2, 2, 0 }), ("group", 2), ("mode", "linear"), ("mode", "reflect"), ("alpha", 0f), ("alpha", float.NaN),
        ("beta", -1f), ("epsilon", 0f), ("epsilon", -1f), ("training_mode", 1), ("spatial", 0), ("storage_order", 1), ("allowzero", 1),
        ("noop_with_empty_axes", 1), ("count_include_pad", 1), ("min", 2f), ("max", -2f), ("size", 4), ("blocksize", 2), ("to", 7),
        ("select_last_index", 1), ("coordinate_transformation_mode", "align_corners"),
        ("coordinate_transformation_mode", "tf_crop_and_resize"),
        ("nearest_mode", "ceil"), ("antialias", 1), ("exclude_outside", 1), ("output_padding", new[] { 1, 1 }), ("transA", 1),
        ("transB", 1), ("p", 1), ("num_groups", 2), ("approximate", "tanh"), ("value", 3f), ("is_test", 1),
        ("hidden_size", 2), ("layout", 1), ("direction", "reverse"), ("batch_dims", 1), ("reduction", "add"), ("interleaved", 1),
        ("equation", "...ij->...ji"), ("equation", "ii"), ("new_axis", 1), ("fmod", 1),
        ("k", 1),
    ];

    /// <summary>Beginnings of names that are hard to write, or mean something elsewhere.</summary>
    private static readonly string[] Names =
    [
        "a\"b\\", "a\nb", "{0}", "/a/b/", "class", "layer1.0.conv.weight", "1.weight", "имя", "a b", "::", "*/", "..", ".weight", "\u0000", "",
        "Fuzzed", "Name", "System", "bias.bias.", "_2", "block1.",
    ];

    private int _lastNumber;

    private GraphProto Graph => model.Graph;

    public void Apply()
    {
        if (Graph.Node.Count == 0)
        {
            return;
        }

        NodeProto node = Graph.Node[random.Next(Graph.Node.Count)];
        Action<NodeProto>[] all =
        [
            Rename, Rewire, Rewire, Drop, Duplicate, Retype, Retype, Freeze, Freeze, FreezeInput, Swap, RemoveAttribute, ChangeType,
            ChangeNumbers, ChangeNumbers, ChangeNumbers, AddAttribute, AddAttribute, Insert, Insert, LeaveOut, AddInput, AddOutput,
            ReadOther, MoveOutput, ChangeOpset, ChangeShape, ChangeConstant, ChangeConstant, ChangeDomain,
        ];
        all[random.Next(all.Length)](node);
    }

    private string AnyTensor()
    {
        string[] names = [.. Graph.Node.SelectMany(node => node.Output), .. Graph.Initializer.Select(tensor => tensor.Name),
            .. Graph.Input.Select(input => input.Name)];
        return names.Length == 0 ? "none" : names[random.Next(names.Length)];
    }

    private string New() => random.Next(6) == 0 ? $"{Names[random.Next(Names.Length)]}{++_lastNumber}" : $"new{++_lastNumber}";

    private int Place(int count) => random.Next(Math.Max(1, count));

    private void Rename(NodeProto node)
    {
        node.Name = random.Next(2) == 0 ? New() : node.Name;
        if (node.Output.Count > 0)
        {
            node.Output[Place(node.Output.Count)] = random.Next(3) == 0 ? AnyTensor() : New();
        }
    }

    private void Rewire(NodeProto node)
    {
        if (node.Input.Count > 0)
        {
            node.Input[Place(node.Input.Count)] = AnyTensor();
        }
    }

    /// <summary>What read the node reads its first input instead, most of the time.</summary>
    private void Drop(NodeProto node)
    {
        Graph.Node.Remove(node);
        if (random.Next(4) > 0 && node.Input.Count > 0 && node.Output.Count > 0)
        {
            Replace(node.Output[0], node.Input[0]);
        }
    }

    private void Replace(string old, string other)
    {
        foreach (NodeProto reader in Graph.Node)
        {
            for (int i = 0; i < reader.Input.Count; i++)
            {
                reader.Input[i] = reader.Input[i] == old ? other : reader.Input[i];
            }
        }

        foreach (ValueInfoProto output in Graph.Output.Where(output => output.Name == old))
        {
            output.Name = other;
        }
    }

    private void Duplicate(NodeProto node)
    {
        NodeProto copy = node.Clone();
        for (int i = 0; i < copy.Output.Count; i++)
        {
            copy.Output[i] = New();
        }

        Graph.Node.Insert(Graph.Node.IndexOf(node), copy);
        NodeProto reader = Graph.Node[Place(Graph.Node.Count)];
        if (copy.Output.Count > 0 && reader.Input.Count > 0)
        {
            reader.Input[Place(reader.Input.Count)] = copy.Output[0];
        }
    }

    private void Retype(NodeProto node) => node.OpType = Operators[random.Next(Operators.Length)];

    /// <summary>A constant in place of a tensor: mostly of a shape that could fit.</summary>
    private void Freeze(NodeProto node)
    {
        if (node.Input.Count > 0)
        {
            node.Input[Place(node.Input.Count)] = Constant(AnyShape());
        }
    }

    /// <summary>A constant in place of an input of the graph, of its shape.</summary>
    private void FreezeInput(NodeProto node)
    {
        if (Graph.Input.Count > 0)
        {
            ValueInfoProto input = Graph.Input[Place(Graph.Input.Count)];
            long[] shape = [.. (input.Type?.TensorType?.Shape?.Dim ?? []).Select(dimension => Math.Clamp(dimension.DimValue, 1, 64))];
            Replace(input.Name, Constant(shape));
        }
    }

    private long[] AnyShape()
    {
        long[] common = [1, 1, 2, 3, 4, 6, 8];
        return random.Next(3) == 0 && Graph.Initializer.Count > 0
            ? [.. Graph.Initializer[Place(Graph.Initializer.Count)].Dims]
            : [.. Enumerable.Range(0, random.Next(6)).Select(_ => random.Next(40) == 0 ? 0 : common[random.Next(common.Length)])];
    }

    private string Constant(long[] shape)
    {
        string name = New();
        int count = (int)Math.Min(shape.Aggregate(1L, (product, extent) => product * Math.Clamp(extent, 0, 1000)), 100_000);
        bool isInteger = random.Next(4) == 0;
        Graph.Initializer.Add(isInteger
            ? ModelBuilder.Tensor(name, shape, [.. Enumerable.Range(0, count).Select(_ => (long)random.Next(-2, 5))])
            : ModelBuilder.Tensor(name, shape, [.. Enumerable.Range(0, count).Select(_ => (2 * random.NextSingle()) - 1)]));
        return name;
    }

    private void Swap(NodeProto node)
    {
        if (node.Input.Count > 1)
        {
            int one = Place(node.Input.Count), other = Place(node.Input.Count);
            (node.Input[one], node.Input[other]) = (node.Input[other], node.Input[one]);
        }
    }

    private AttributeProto? AnyAttribute(NodeProto node) => node.Attribute.Count == 0 ? null : node.Attribute[Place(node.Attribute.Count)];

    private void RemoveAttribute(NodeProto node)
    {
        if (AnyAttribute(node) is { } attribute)
        {
            node.Attribute.Remove(attribute);
        }
    }

    private void ChangeType(NodeProto node)
    {
        if (AnyAttribute(node) is { } attribute)
        {
            object[] values = [1, 0.5f, "text", new[] { 1, 2 }, new[] { 0.5f }, Array.Empty<int>(), ModelBuilder.Tensor("", [1], [1f])];
            node.Attribute.Remove(attribute);
            node.Attribute.Add(ModelBuilder.Attribute(attribute.Name, values[random.Next(values.Length)]));
        }
    }

    private void ChangeNumbers(NodeProto node)
    {
        switch (AnyAttribute(node))
        {
            case { Type: AttributeType.Ints, Ints.Count: > 0 } list when random.Next(4) == 0:
                list.Ints.RemoveAt(Place(list.Ints.Count));
                break;
            case { Type: AttributeType.Ints } list when list.Ints.Count == 0 || random.Next(5) == 0:
                list.Ints.Add(random.Next(-3, 4));
                break;
            case { Type: AttributeType.Ints } list:
                list.Ints[Place(list.Ints.Count)] = random.Next(8) == 0 ? random.Next(100) : random.Next(-3, 6);
                break;
            case { Type: AttributeType.Int } one:
                one.I = random.Next(8) == 0 ? random.Next(100) : random.Next(-4, 6);
                break;
            case { Type: AttributeType.Float } one:
                float[] numbers = [0, 1, -1, 0.1f, 1e30f, float.NaN, float.PositiveInfinity, random.NextSingle()];
                one.F = numbers[random.Next(numbers.Length)];
                break;
            case { Type: AttributeType.String } one:
                one.S = ByteString.CopyFromUtf8(random.Next(2) == 0 ? "" : "other");
                break;
        }
    }

    private void AddAttribute(NodeProto node)
    {
        (string name, object value) = Attributes[random.Next(Attributes.Length)];
        if (node.Attribute.FirstOrDefault(one => one.Name == name) is { } old)
        {
            node.Attribute.Remove(old);
        }

        node.Attribute.Add(ModelBuilder.Attribute(name, value));
    }

    /// <summary>A node of one input on an edge.</summary>
    private void Insert(NodeProto node)
    {
        if (node.Input.Count > 0)
        {
            int place = Place(node.Input.Count);
            string name = New();
            NodeProto inserted = ModelBuilder.MakeNode(Operators[random.Next(Operators.Length)], node.Input[place], name);
            for (int more = random.Next(3); more > 0; more--)
            {
                inserted.Input.Add(random.Next(2) == 0 ? Constant(AnyShape()) : AnyTensor());
            }

            if (random.Next(2) == 0)
            {
                AddAttribute(inserted);
            }

            Graph.Node.Insert(Graph.Node.IndexOf(node), inserted);
            node.Input[place] = name;
        }
    }

    private void LeaveOut(NodeProto node)
    {
        if (node.Input.Count > 0)
        {
            int place = Place(node.Input.Count);
            if (random.Next(2) == 0)
            {
                node.Input[place] = "";
            }
            else
            {
                node.Input.RemoveAt(place);
            }
        }
    }

    private void AddInput(NodeProto node) => node.Input.Add(AnyTensor());

    private void AddOutput(NodeProto node) => node.Output.Add(random.Next(4) == 0 ? "" : New());

    /// <summary>Something reads a further output of a node.</summary>
    private void ReadOther(NodeProto node)
    {
        string name = New();
        node.Output.Add(name);
        Rewire(Graph.Node[Place(Graph.Node.Count)]);
        NodeProto reader = Graph.Node[Place(Graph.Node.Count)];
        reader.Input.Add(name);
    }

    private void MoveOutput(NodeProto node)
    {
        string name = AnyTensor();
        if (random.Next(2) == 0 && Graph.Output.Count > 0)
        {
            Graph.Output[Place(Graph.Output.Count)].Name = name;
        }
        else
        {
            Graph.Output.Add(new ValueInfoProto { Name = name });
        }
    }

    private void ChangeOpset(NodeProto node) => model.OpsetImport[0].Version = random.Next(5, 27);

    private void ChangeShape(NodeProto node)
    {
        if (Graph.Input.Count == 0 || Graph.Input[Place(Graph.Input.Count)].Type?.TensorType is not { } type)
        {
            return;
        }

        type.Shape ??= new TensorShapeProto();
        switch (random.Next(4))
        {
            case 0 when type.Shape.Dim.Count > 0:
                type.Shape.Dim.RemoveAt(Place(type.Shape.Dim.Count));
                break;
            case 1:
                type.Shape.Dim.Insert(Place(type.Shape.Dim.Count), new TensorShapeProto.Types.Dimension { DimValue = random.Next(1, 4) });
                break;
            case 2 when type.Shape.Dim.Count > 0:
                type.Shape.Dim[Place(type.Shape.Dim.Count)].DimValue = random.Next(1, 20);
                break;
            default:
                DataType[] types = [DataType.Float, DataType.Int64, DataType.Bool, DataType.String, DataType.Float16];
                type.ElemType = (int)types[random.Next(types.Length)];
                break;
        }
    }

    private void ChangeConstant(NodeProto node)
    {
        if (Graph.Initializer.Count == 0)
        {
            return;
        }

        TensorProto tensor = Graph.Initializer[Place(Graph.Initializer.Count)];
        switch (random.Next(4))
        {
            case 0 when tensor.Dims.Count > 1:
                (tensor.Dims[0], tensor.Dims[^1]) = (tensor.Dims[^1], tensor.Dims[0]);
                break;
            case 1:
                tensor.Dims.Insert(Place(tensor.Dims.Count), 1);
                break;
            case 2 when tensor.Dims.Count > 0:
                long count = tensor.Dims.Aggregate(1L, (product, extent) => product * extent);
                tensor.Dims.Clear();
                tensor.Dims.Add(count);
                break;
            default:
                Replace(tensor.Name, Constant([.. tensor.Dims]));
                break;
        }
    }

    private void ChangeDomain(NodeProto node) => node.Domain = random.Next(2) == 0 ? "com.microsoft" : "other.domain";
}
