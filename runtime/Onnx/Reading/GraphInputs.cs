using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Strata.Onnx.Model;
using Strata.Onnx.Schema;
using DataType = Strata.Onnx.Schema.TensorProto.Types.DataType;

namespace Strata.Onnx.Reading;

/// <summary>The inputs of a graph: their shapes from the file and from the options. Axis 0 is the batch.</summary>
internal sealed class GraphInputs
{
    private readonly HashSet<string> _notConverted;
    private readonly IReadOnlyDictionary<string, IReadOnlyList<int>> _shapes;
    private readonly ValueInfoProto[] _inputs;
    private readonly List<OnnxValue> _values = [], _constants = [];
    private readonly List<string> _notes = [];
    private readonly int _batch;
    private readonly IReadOnlyList<int>? _size;

    /// <param name="graph">The graph. In old files its initializers stand among its inputs.</param>
    /// <param name="options">
    /// Shapes without the batch by name, of which the only input's may have the empty name; and numbers that inputs always have.
    /// </param>
    /// <param name="batch">How many samples the inputs get. Several are given only to those whose batch is not 1 in the file.</param>
    /// <param name="size">
    /// The extents without channels that the file leaves open, where no shape is given. Then no shape may change what the file fixes.
    /// </param>
    public GraphInputs(
        GraphProto graph, OnnxImportOptions options, int batch = 1, IReadOnlyList<int>? size = null)
    {
        IReadOnlyDictionary<string, IReadOnlyList<int>> shapes = options.Inputs;
        (_batch, _size) = (batch, size);
        HashSet<string> initializers = [.. graph.Initializer.Select(tensor => tensor.Name), .. graph.SparseInitializer.Select(NameOf)];
        (_notConverted, _shapes) = (NotConverted(graph), shapes);
        ValueInfoProto[] all = [.. graph.Input.Where(input => !initializers.Contains(input.Name))];
        foreach ((string name, double value) in options.Constants)
        {
            ValueInfoProto input = Array.Find(all, input => input.Name == name) ?? throw new ReadingException(
                $"there is no input '{name}' (--constant); the inputs are {string.Join(", ", all.Select(one => $"'{one.Name}'"))}");
            Place.Run($"input '{name}'", () => _constants.Add(ConstantOf(input, value)));
        }

        _inputs = [.. all.Where(input => !options.Constants.ContainsKey(input.Name))];
        string names = string.Join(", ", _inputs.Select(input => $"'{input.Name}'"));
        foreach (string name in shapes.Keys)
        {
            if (name.Length == 0 ? _inputs.Length != 1 : _inputs.All(input => input.Name != name))
            {
                throw new ReadingException(name.Length == 0
                    ? $"the model has {_inputs.Length} inputs; a shape needs the name of its input, such as --input NAME=3,224,224: {names}"
                    : $"there is no input '{name}' (--input); the inputs are {names}");
            }
        }
    }

    public IReadOnlyList<OnnxValue> Values => _values;

    /// <summary>Those that always have a number.</summary>
    public IReadOnlyList<OnnxValue> Constants => _constants;

    public IReadOnlyList<string> Notes => _notes;

    /// <summary>The batch in the file, if it is the same number in all inputs; else 0.</summary>
    public int FileBatch { get; private set; }

    /// <summary>How many samples the file computes: 1 if no input has more, 0 if that is open.</summary>
    public int Batch { get; private set; }

    /// <summary>Gives shapes to those inputs that are needed.</summary>
    public void Resolve(IReadOnlySet<string> needed)
    {
        HashSet<long> batches = [];
        foreach (ValueInfoProto input in _inputs.Where(input => needed.Contains(input.Name)))
        {
            Place.Run($"input '{input.Name}'", () => _values.Add(Resolve(input, batches)));
        }

        if (batches.Where(batch => batch > 1).ToArray() is [var one, var other, ..])
        {
            throw new ReadingException($"its inputs have batches of {one} and {other}; a network computes as many samples of each input");
        }

        FileBatch = batches.Count == 1 && batches.Single() is > 0 and < int.MaxValue ? (int)batches.Single() : 0;
        Batch = batches.All(batch => batch == 1) ? 1 : (int)long.Clamp(batches.Where(batch => batch != 1).Max(), 0, int.MaxValue);
    }

    private static OnnxValue ConstantOf(ValueInfoProto input, double value)
    {
        TypeProto.Types.Tensor? type = input.Type?.TensorType;
        int[] shape = [.. type?.Shape?.Dim.Select(_ => 1) ?? []];
        if (type?.Shape is { Dim: var extents } && extents.Any(extent => extent.DimValue > 1))
        {
            throw new ReadingException($"it has the shape {Shapes.Text(extents.Select(TextOf))}, and a number was given (--constant)");
        }

        ElementType element = type is null || type.ElemType == 0 ? ElementType.Float
            : Tensors.TypeOf(type.ElemType) ?? throw new ReadingException($"its elements are {(DataType)type.ElemType}, no numbers");
        if (element != ElementType.Float && (value != Math.Floor(value) || Math.Abs(value) > 1L << 53))
        {
            throw new ReadingException(
                string.Create(CultureInfo.InvariantCulture, $"it is an integer, and {value} was given (--constant)"));
        }

        OnnxValue known = element == ElementType.Float ? NodeReading.Known(shape, (float)value) : NodeReading.Known(shape, (long)value);
        return new OnnxValue(input.Name, shape) { Constant = known.Constant, Type = element };
    }

    private static string NameOf(SparseTensorProto sparse) => sparse.Values?.Name ?? "";

    private OnnxValue Resolve(ValueInfoProto input, HashSet<long> batches)
    {
        if (input.Type?.TensorType is not { } type)
        {
            if (input.Type is not null && input.Type.ValueCase != TypeProto.ValueOneofCase.None)
            {
                throw new ReadingException("it is no tensor");
            }

            type = new TypeProto.Types.Tensor { ElemType = (int)DataType.Float };
        }

        ElementType element = Tensors.TypeOf(type.ElemType) ?? (type.ElemType == 0 ? ElementType.Float
            : throw new ReadingException($"its elements are {(DataType)type.ElemType}, no numbers"));
        if (element == ElementType.Integer && !_notConverted.Contains(input.Name))
        {
            element = ElementType.Float;
            _notes.Add($"The input '{input.Name}' has integers in the file.");
        }

        IReadOnlyList<int>? given = _shapes.GetValueOrDefault(input.Name) ?? (_inputs.Length == 1 ? _shapes.GetValueOrDefault("") : null)
            ?? Sized(input, type.Shape);
        // As many extents as the file has: they begin with a batch of 1, or there is no batch.
        bool isAll = given is { Count: > 0 } && given.Count == type.Shape?.Dim.Count, isWhole = isAll && given![0] != 1;
        int[] shape = ShapeOf(
            input, isWhole ? Batched(type.Shape!) : type.Shape, isAll && !isWhole ? [.. given!.Skip(1)] : given, out long batch);
        shape = isWhole ? shape[1..] : shape;
        if (isAll && !isWhole && batch == 0)
        {
            // All extents were given: the batch is one sample, as in a file that says so.
            (batch, shape[0]) = (1, 1);
        }

        if (shape.Length > 0 && !isWhole)
        {
            batches.Add(batch);
        }

        return new OnnxValue(input.Name, shape) { Type = element, IsWhole = isWhole };
    }

    /// <summary>The shape with a batch in front.</summary>
    private static TensorShapeProto Batched(TensorShapeProto shape)
    {
        TensorShapeProto batched = shape.Clone();
        batched.Dim.Insert(0, new TensorShapeProto.Types.Dimension { DimValue = 1 });
        return batched;
    }

    /// <summary>The names that are read by something else than casts to floating-point numbers.</summary>
    private static HashSet<string> NotConverted(GraphProto graph) =>
    [
        .. graph.Output.Select(output => output.Name),
        .. graph.Node.Where(node => !IsCastToFloat(node)).SelectMany(NodeNames.Reads),
    ];

    private static bool IsCastToFloat(NodeProto node) => node.OpType == "Cast" && Opsets.IsStandard(node.Domain)
        && Tensors.TypeOf((int)(node.Attribute.FirstOrDefault(one => one.Name == "to")?.I ?? 0)) == ElementType.Float;

    private int[] ShapeOf(ValueInfoProto input, TensorShapeProto? declared, IReadOnlyList<int>? given, out long batch)
    {
        if (declared is null)
        {
            batch = 0;
            return given is null ? throw Missing(input, "no shape") : Shapes.Checked([Samples(batch), .. given.Select(extent =>
                (long)extent)]);
        }

        string text = Shapes.Text(declared.Dim.Select(TextOf));
        if (declared.Dim.Count > Shapes.MaximumRank)
        {
            throw new ReadingException($"it has {declared.Dim.Count} dimensions");
        }

        batch = declared.Dim.Count > 0 ? declared.Dim[0].DimValue : 0;
        if (given is not null)
        {
            if (given.Count != declared.Dim.Count - 1)
            {
                throw new ReadingException(
                    $"the shape {string.Join(',', given)} was given (--input), and the file has {text}, of which the first is the batch; "
                    + "if it has no batch, give all extents");
            }

            int other = Enumerable.Range(1, given.Count)
                .FirstOrDefault(axis => IsFixed(declared.Dim[axis]) && declared.Dim[axis].DimValue != given[axis - 1]);
            if (other > 0 && _size is not null)
            {
                throw new ReadingException(
                    $"the file fixes its axis {other} at {declared.Dim[other].DimValue}, and {given[other - 1]} was asked for (--sizes): "
                    + $"it has the shape {text}; export it with open axes, as dynamic_axes of torch.onnx.export names them");
            }

            if (other > 0)
            {
                _notes.Add($"The input '{input.Name}' has the shape {text} in the file.");
            }

            return Shapes.Checked([Samples(batch), .. given.Select(extent => (long)extent)]);
        }

        if (declared.Dim.Skip(1).Any(dimension => !IsFixed(dimension)))
        {
            throw Missing(input, $"the shape {text}");
        }

        return declared.Dim.Count == 0 ? [] : Shapes.Checked([Samples(batch), .. declared.Dim.Skip(1).Select(dimension =>
            dimension.DimValue)]);
    }

    /// <summary>The shape without the batch that an input with open axes has at the size; null if no size is asked for.</summary>
    private int[]? Sized(ValueInfoProto input, TensorShapeProto? declared)
    {
        if (_size is null || declared is null || declared.Dim.Count < 3)
        {
            return null;
        }

        TensorShapeProto.Types.Dimension[] sample = [.. declared.Dim.Skip(1)];
        string text = Shapes.Text(declared.Dim.Select(TextOf));
        if (sample.Length != _size.Count + 1)
        {
            throw new ReadingException(
                $"it has the shape {text} in the file; with a batch and channels, a size of {_size.Count} extents (--sizes) needs "
                + $"{_size.Count + 2} axes");
        }

        // Channels are the fixed axis before the others, or else behind them.
        int[]? first = IsFixed(sample[0]) ? [(int)sample[0].DimValue, .. _size] : null;
        int[]? last = IsFixed(sample[^1]) ? [.. _size, (int)sample[^1].DimValue] : null;
        bool Fits(int[]? shape) => shape is not null && sample.Zip(shape).All(pair =>
            !IsFixed(pair.First) || pair.First.DimValue == pair.Second);
        return Fits(first) || !Fits(last) ? first ?? last ?? throw Missing(input, $"the shape {text}") : last;
    }

    private int Samples(long inFile) => inFile == 1 ? 1 : _batch;

    private static bool IsFixed(TensorShapeProto.Types.Dimension dimension) => dimension.DimValue > 0;

    private static string TextOf(TensorShapeProto.Types.Dimension dimension) =>
        IsFixed(dimension) ? $"{dimension.DimValue}" : dimension.DimParam.Length > 0 ? dimension.DimParam : "?";

    private static ReadingException Missing(ValueInfoProto input, string shape) => new(
        $"it has {shape} in the file; the extents without the batch must be given, such as --input {input.Name}=3,224,224");
}
