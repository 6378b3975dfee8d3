using System;
using System.Collections.Generic;
using System.Linq;
using Google.Protobuf;
using Strata.Onnx.Model;
using Strata.Onnx.Schema;
using DataType = Strata.Onnx.Schema.TensorProto.Types.DataType;

namespace Strata.Onnx.Tests;

/// <summary>
/// Writes a graph in normal form as a model of one operator set, so that ONNX Runtime computes it. If the results are those of the
/// original, normal form says the same.
/// </summary>
internal sealed class NormalFormWriter
{
    private const int Opset = 20;

    private readonly ModelBuilder _builder = new(Opset);
    private readonly Dictionary<OnnxValue, string> _names = [];
    private int _number;

    public static byte[] Write(OnnxGraph graph)
    {
        var writer = new NormalFormWriter();
        foreach (OnnxValue input in graph.Inputs)
        {
            writer._builder.Input(input.Name, TypeOf(input), [.. input.Shape.Cast<object>()]);
            writer._names[input] = input.Name;
        }

        foreach (OnnxNode node in graph.Nodes)
        {
            NormalFormPage.Check(node);
            writer.Write(node);
        }

        for (int index = 0; index < graph.Outputs.Count; index++)
        {
            string name = $"output:{index}";
            writer._builder.Node("Identity", writer.Name(graph.Outputs[index]), name).Output(name, TypeOf(graph.Outputs[index]));
        }

        return writer._builder.ToBytes();
    }

    private static DataType TypeOf(OnnxValue value) => value.Type switch
    {
        ElementType.Float => DataType.Float,
        ElementType.Integer => DataType.Int64,
        _ => DataType.Bool,
    };

    private string Name(OnnxValue? value)
    {
        if (value is null)
        {
            return "";
        }

        if (_names.TryGetValue(value, out string? name))
        {
            return name;
        }

        name = _names[value] = $"value:{_number++}";
        if (value.Constant is { } constant)
        {
            long[] shape = [.. value.Shape.Select(extent => (long)extent)];
            if (value.Type == ElementType.Boolean)
            {
                var tensor = new TensorProto
                {
                    Name = name,
                    DataType = (int)DataType.Bool,
                    RawData = ByteString.CopyFrom([.. constant.Integers.Select(one => (byte)one)]),
                };
                tensor.Dims.AddRange(shape);
                _builder.Graph.Initializer.Add(tensor);
            }
            else if (constant.IsFloat)
            {
                _builder.Floats(name, shape, constant.Floats);
            }
            else
            {
                _builder.Integers(name, shape, constant.Integers);
            }
        }

        return name;
    }

    private string Fresh() => $"value:{_number++}";

    private string List(IEnumerable<long> values)
    {
        string name = Fresh();
        _builder.List(name, [.. values]);
        return name;
    }

    private string Scalar(float value)
    {
        string name = Fresh();
        _builder.Floats(name, [], value);
        return name;
    }

    private void Write(OnnxNode node)
    {
        string x = Name(node.Input), y = Name(node.Output), inputs = string.Join(',', node.Inputs.Select(Name));
        IEnumerable<long> shape = node.Output.Shape.Select(extent => (long)extent);
        switch (node.Operator)
        {
            case "Reshape" or "Expand":
                _builder.Node(node.Operator, $"{x},{List(shape)}", y);
                break;
            case "Pad":
                _builder.Node("Pad", $"{x},{List((long[])node.Attributes["pads"])},{Scalar(node.Float("value"))}", y,
                    ("mode", node.Text("mode")));
                break;
            case "Slice":
                string axes = List(Enumerable.Range(0, node.Input.Shape.Count).Select(axis => (long)axis));
                // In ONNX, -1 is the last element; in normal form it is before the first.
                long[] ends = [.. ((long[])node.Attributes["ends"]).Select(end => end < 0 ? int.MinValue : end)];
                string starts = List((long[])node.Attributes["starts"]), steps = List((long[])node.Attributes["steps"]);
                _builder.Node("Slice", $"{x},{starts},{List(ends)},{axes},{steps}", y);
                break;
            case "Tile":
                _builder.Node("Tile", $"{x},{List((long[])node.Attributes["repeats"])}", y);
                break;
            case "Resize":
                Resize(node, x, y);
                break;
            case "Clip":
                string min = node.Has("min") ? Scalar(node.Float("min")) : "", max = node.Has("max") ? Scalar(node.Float("max")) : "";
                _builder.Node("Clip", $"{x},{min},{max}", y);
                break;
            case "Softmax" or "LogSoftmax" when node.Integers("axes").Length == 1:
                _builder.Node(node.Operator, x, y, ("axis", node.Integers("axes")[0]));
                break;
            case "Softmax":
                string sum = Fresh(), exp = Fresh();
                _builder.Node("Exp", x, exp).Node("ReduceSum", $"{exp},{List((long[])node.Attributes["axes"])}", sum)
                    .Node("Div", $"{exp},{sum}", y);
                break;
            case "Swish":
                string scaled = Fresh(), gate = Fresh();
                _builder.Node("Mul", $"{x},{Scalar(node.Float("alpha"))}", scaled).Node("Sigmoid", scaled, gate)
                    .Node("Mul", $"{x},{gate}", y);
                break;
            case string name when name.StartsWith("Reduce", StringComparison.Ordinal):
                _builder.Node(name, $"{x},{List((long[])node.Attributes["axes"])}", y, ("keepdims", node.Integer("keepdims")));
                break;
            case "GroupNormalization":
                GroupNormalization(node, inputs, y);
                break;
            default:
                _builder.Node(
                    node.Operator, inputs, string.Join(',', node.Outputs.Select(Name)),
                    [.. node.Attributes.Where(pair => !(node.Operator == "SpaceToDepth" && pair.Key == "mode"))
                        .Select(pair => (pair.Key, pair.Value))]);
                break;
        }
    }

    private void Resize(OnnxNode node, string x, string y)
    {
        (string Name, object Value)[] attributes =
            [.. node.Attributes.Where(pair => pair.Key is not ("sizes" or "scales")).Select(pair => (pair.Key, pair.Value))];
        float[] scales = node.Floats("scales");
        int[] sizes = node.Integers("sizes");
        if (sizes.Where((size, axis) => size != (int)MathF.Floor(scales[axis] * node.Input.Shape[axis])).Any())
        {
            // The sizes were rounded so that the picture keeps its proportions.
            int[] axes = [.. Enumerable.Range(0, sizes.Length).Where(axis => scales[axis] != 1)];
            string list = List(axes.Select(axis => (long)sizes[axis]));
            _builder.Node("Resize", $"{x},,,{list}", y, [.. attributes, ("axes", axes), ("keep_aspect_ratio_policy", "not_larger")]);
            return;
        }

        string factors = Fresh();
        _builder.Floats(factors, [scales.Length], scales).Node("Resize", $"{x},,{factors}", y, attributes);
    }

    /// <summary>Written out, since operator set 20 has numbers for each group, and newer ones for each channel.</summary>
    private void GroupNormalization(OnnxNode node, string inputs, string y)
    {
        string[] names = inputs.Split(',');
        int groups = node.Integer("num_groups");
        string grouped = Fresh(), ones = Fresh(), zeros = Fresh(), normalised = Fresh(), back = Fresh(), scale = Fresh(), bias = Fresh(),
            scaled = Fresh();
        long[] column = [node.Input.Shape[1], .. node.Input.Shape.Skip(2).Select(_ => 1L)];
        _builder.Node("Reshape", $"{names[0]},{List([1, groups, -1])}", grouped)
            .Floats(ones, [groups], [.. Enumerable.Repeat(1f, groups)]).Floats(zeros, [groups], new float[groups])
            .Node("InstanceNormalization", $"{grouped},{ones},{zeros}", normalised, ("epsilon", node.Float("epsilon")))
            .Node("Reshape", $"{normalised},{List(node.Input.Shape.Select(extent => (long)extent))}", back)
            .Node("Reshape", $"{names[1]},{List(column)}", scale).Node("Reshape", $"{names[2]},{List(column)}", bias)
            .Node("Mul", $"{back},{scale}", scaled).Node("Add", $"{scaled},{bias}", y);
    }
}
