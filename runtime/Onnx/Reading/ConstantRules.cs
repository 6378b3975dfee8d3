using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Model;
using DataType = Strata.Onnx.Schema.TensorProto.Types.DataType;

namespace Strata.Onnx.Reading;

/// <summary>Constants, shapes as tensors, and operators that leave a tensor as it is.</summary>
internal static class ConstantRules
{
    /// <summary>A constant that repeats one value may be this long; longer ones are no constants of networks.</summary>
    private const int MaximumCount = 1 << 24;

    public static IEnumerable<KeyValuePair<string, Rule>> All { get; } =
    [
        KeyValuePair.Create<string, Rule>("Constant", Constant),
        KeyValuePair.Create<string, Rule>("ConstantOfShape", ConstantOfShape),
        KeyValuePair.Create<string, Rule>("Shape", Shape),
        KeyValuePair.Create<string, Rule>("Size", Size),
        KeyValuePair.Create<string, Rule>("Range", Range),
        KeyValuePair.Create<string, Rule>("NonZero", NonZero),
        KeyValuePair.Create<string, Rule>("Identity", Identity),
        KeyValuePair.Create<string, Rule>("Dropout", Dropout),
        KeyValuePair.Create<string, Rule>("Cast", Cast),
        KeyValuePair.Create<string, Rule>("CastLike", CastLike),
    ];

    /// <summary>What the page about normal form says of the nodes that come of these rules.</summary>
    public static IEnumerable<NormalRow> Rows =>
    [
        new("`Dropout`", "x", "`ratio`", "only if the file is one of training; in inference it does nothing"),
        new("`Cast`", "x", "`to`", "the type as ONNX numbers it, which is none of truth values"),
    ];

    /// <summary>What these rules leave out.</summary>
    public static IEnumerable<string> Gone =>
    [
        "`Constant`", "`Identity`", "`Dropout` in inference",
        "`Cast` between floating-point numbers, between integers, and to truth values",
    ];

    private static bool Constant(NodeReading node)
    {
        NodeAttributes attributes = node.Attributes;
        OnnxValue? value = attributes.Tensor("value") is { } tensor ? node.Tensors.Read(tensor, "")
            : attributes.SparseTensor("sparse_value") is { } sparse ? node.Tensors.Read(sparse, "")
            : attributes.Has("value_float") ? NodeReading.Known([], attributes.Float("value_float"))
            : attributes.Has("value_int") ? NodeReading.Known([], attributes.Integer("value_int"))
            : attributes.Floats("value_floats") is { } floats ? NodeReading.Known([floats.Length], floats)
            : attributes.Integers("value_ints") is { } integers ? NodeReading.Known([integers.Length], integers)
            : null;
        if (value is null)
        {
            return attributes.Has("value_string") || attributes.Has("value_strings") ? node.Refuse("its value is text")
                : throw new ReadingException("it has no value");
        }

        node.Emitter.CountFolded(node.Operator);
        return node.Give(value);
    }

    private static bool ConstantOfShape(NodeReading node)
    {
        if (!node.IsConstantOrAbsent(0))
        {
            return false;
        }

        int[] shape = Shapes.Checked(node.Integers(0) ?? throw new ReadingException("it has no shape"));
        int count = Shapes.Count(shape);
        OnnxValue value = node.Attributes.Tensor("value") is { } tensor ? node.Tensors.Read(tensor, "") : NodeReading.Known([1], 0f);
        if (value.Constant is not { } one || Shapes.Count(value.Shape) != 1 || count > MaximumCount
            || !node.Emitter.Budget.Spend(8L * count))
        {
            return node.Refuse($"its constant of {count:N0} elements is larger than what is computed while reading");
        }

        OnnxConstant filled = one.IsFloat
            ? new OnnxConstant(shape, new Lazy<float[]>(() => Filled(count, one.Floats[0])), "")
            : new OnnxConstant(shape, new Lazy<long[]>(() => Filled(count, one.Integers[0])), "");
        node.Emitter.CountFolded(node.Operator);
        return node.Give(new OnnxValue("", shape) { Constant = filled, Type = value.Type });
    }

    private static T[] Filled<T>(int count, T value)
    {
        T[] values = new T[count];
        Array.Fill(values, value);
        return values;
    }

    private static bool Shape(NodeReading node)
    {
        int rank = node.Rank;
        int start = Bound(node.Attributes.Integer("start"), rank), end = Bound(node.Attributes.Integer("end", rank), rank);
        node.Emitter.CountFolded(node.Operator);
        long[] extents = [.. node.X.Shape.Skip(start).Take(Math.Max(0, end - start)).Select(extent => (long)extent)];
        return node.Give(NodeReading.Known([extents.Length], extents));
    }

    private static int Bound(long axis, int rank) => (int)Math.Clamp(axis < 0 ? axis + rank : axis, 0, rank);

    private static bool Size(NodeReading node)
    {
        node.Emitter.CountFolded(node.Operator);
        return node.Give(NodeReading.Known([], (long)Shapes.Count(node.X.Shape)));
    }

    private static bool Range(NodeReading node)
    {
        if (!node.IsConstantOrAbsent(0) || !node.IsConstantOrAbsent(1) || !node.IsConstantOrAbsent(2))
        {
            return false;
        }

        if (node.Inputs.Length != 3 || node.Inputs.Any(input => input is null
            || Shapes.Count(input.Shape) != 1 || input.Constant!.IsFloat != node.X.Constant!.IsFloat))
        {
            throw new ReadingException("it needs a start, a limit and a step of one type");
        }

        OnnxConstant[] inputs = [.. node.Inputs.Select(input => input!.Constant!)];
        bool isFloat = inputs[0].IsFloat;
        double[] bounds = [.. inputs.Select(input => isFloat ? input.Floats[0] : input.Integers[0])];
        double count = bounds[2] == 0 ? throw new ReadingException("its step is 0")
            : Math.Max(0, Math.Ceiling((bounds[1] - bounds[0]) / bounds[2]));
        if (!(count <= MaximumCount) || !node.Emitter.Budget.Spend(8 * (long)count))
        {
            return node.Refuse($"its {count:N0} numbers are more than what is computed while reading");
        }

        node.Emitter.CountFolded(node.Operator);
        int[] shape = [(int)count];
        IEnumerable<int> numbers = Enumerable.Range(0, (int)count);
        return node.Give(isFloat
            ? NodeReading.Known(shape, [.. numbers.Select(number => inputs[0].Floats[0] + (number * inputs[2].Floats[0]))])
            : NodeReading.Known(shape, [.. numbers.Select(number => inputs[0].Integers[0] + (number * inputs[2].Integers[0]))]));
    }

    private static bool NonZero(NodeReading node)
    {
        if (node.X.Constant is not { } constant || !node.Emitter.Budget.Spend(16L * Math.Max(1, node.Rank) * Shapes.Count(constant.Shape)))
        {
            return false;
        }

        int count = Shapes.Count(constant.Shape), rank = node.Rank;
        int[] places = [.. Enumerable.Range(0, count)
            .Where(index => constant.IsFloat ? constant.Floats[index] != 0 : constant.Integers[index] != 0)];
        int[] strides = Shapes.Strides(constant.Shape);
        long[] indices = new long[rank * places.Length];
        for (int axis = 0; axis < rank; axis++)
        {
            for (int index = 0; index < places.Length; index++)
            {
                indices[(axis * places.Length) + index] = places[index] / strides[axis] % constant.Shape[axis];
            }
        }

        node.Emitter.CountFolded(node.Operator);
        return node.Give(NodeReading.Known([rank, places.Length], indices));
    }

    private static bool Same(NodeReading node)
    {
        node.Emitter.CountFolded(node.Operator);
        return node.Give(node.X);
    }

    /// <summary>
    /// PyTorch's exporter keeps one of several equal parameters. The others are copies of it, whose outputs have their keys.
    /// </summary>
    private static bool Identity(NodeReading node)
    {
        string name = node.OutputName;
        if (node.X.Constant is not { Key.Length: > 0 } constant || !name.Contains('.') || name.Contains("::", StringComparison.Ordinal)
            || name.StartsWith('/'))
        {
            return Same(node);
        }

        node.Emitter.CountFolded(node.Operator);
        return node.Give(new OnnxValue("", node.X.Shape) { Constant = constant.WithKey(name), Type = node.X.Type });
    }

    /// <summary>Nothing in inference. A file that was exported in training mode has it as a layer.</summary>
    private static bool Dropout(NodeReading node)
    {
        if (node.IsRead.Skip(1).Any(read => read))
        {
            return node.Refuse("its mask is read");
        }

        if (!node.IsConstantOrAbsent(1) || !node.IsConstantOrAbsent(2))
        {
            return false;
        }

        bool isTraining = node.Opset >= 12 && node.Integers(2) is { } training && training.Any(one => one != 0);
        float ratio = node.Opset >= 12 && node.Floats(1) is [float given, ..] ? given : 0.5f;
        if (!isTraining || ratio == 0 || node.X.Constant is not null)
        {
            return Same(node);
        }

        if (!(ratio is > 0 and < 1))
        {
            throw new ReadingException($"its ratio is {ratio}");
        }

        node.Emitter.CountTraining(node.Operator);
        return node.Give(node.Emit("Dropout", [node.X], node.X.Shape, new() { { "ratio", ratio } }));
    }

    private static bool Cast(NodeReading node) => CastTo(node, node.Attributes.Integer("to"));

    private static bool CastTo(NodeReading node, long to)
    {
        if (Tensors.TypeOf((int)Math.Clamp(to, 0, int.MaxValue)) is not { } type)
        {
            return node.Refuse("it does not cast to numbers of up to 64 bits");
        }

        if (type == node.X.Type && type != ElementType.Integer)
        {
            return Same(node);
        }

        bool isQuantized = NodeReading.IsQuantized(node.X);
        if (node.X.Constant is null && type == ElementType.Integer && (node.X.Type == type || isQuantized))
        {
            return (DataType)to is not (DataType.Int32 or DataType.Int64 or DataType.Uint32 or DataType.Uint64)
                ? node.Refuse("it leaves the high bits of integers away; Strata computes with floats")
                : isQuantized ? node.Give(node.Emit("Cast", [node.X], node.X.Shape, new() { { "to", to } }, type)) : Same(node);
        }

        if (node.X.Constant is null && type == ElementType.Boolean)
        {
            return node.Give(NotZero(node));
        }

        OnnxValue value = node.Emit("Cast", [node.X], node.X.Shape, new() { { "to", to } }, type);
        return node.Give(value.Constant is { } constant && Tensors.RangeOf((int)to) is { } range
            ? new OnnxValue(value.Name, value.Shape) { Constant = constant.In(range), Type = type } : value);
    }

    private static OnnxValue NotZero(NodeReading node)
    {
        OnnxValue zero = node.X.Type == ElementType.Float ? NodeReading.Known([], 0f) : NodeReading.Known([], 0L);
        OnnxValue isZero = node.Emit("Equal", [node.X, zero], node.X.Shape, type: ElementType.Boolean);
        return node.Emit("Not", [isZero], node.X.Shape);
    }

    private static bool CastLike(NodeReading node) => CastTo(node, (long)(node.Required(1).Type switch
    {
        ElementType.Float => DataType.Float,
        ElementType.Boolean => DataType.Bool,
        _ => DataType.Int64,
    }));
}
