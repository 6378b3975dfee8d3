using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Model;
using Strata.Onnx.Schema;

namespace Strata.Onnx.Reading;

/// <summary>A node of the file on its way to normal form: what it reads, what it says, and the tensors that come of it.</summary>
internal sealed class NodeReading
{
    public required string Operator { get; init; }

    public required string Domain { get; init; }

    public required string Name { get; init; }

    /// <summary>The node's comment; empty if it has none.</summary>
    public required string Comment { get; init; }

    /// <summary>The file's name of the first output; empty if there is none.</summary>
    public required string OutputName { get; init; }

    /// <summary>The version of the standard operators.</summary>
    public required int Opset { get; init; }

    public required OnnxValue?[] Inputs { get; init; }

    /// <summary>Whether the file's outputs are read by anything, by their numbers. Left out ones are not.</summary>
    public required bool[] IsRead { get; init; }

    public required NodeAttributes Attributes { get; init; }

    public required Emitter Emitter { get; init; }

    public required Tensors Tensors { get; init; }

    /// <summary>The batch of the inputs as the file has it; 0 if it is open or differs.</summary>
    public required int FileBatch { get; init; }

    /// <summary>Walks through a graph that stands in the node, with its inputs and the number of the trip; gives its outputs.</summary>
    public required Func<GraphProto, OnnxValue[], int, OnnxValue[]> Walk { get; init; }

    /// <summary>The tensors of the nodes that were made, which need names.</summary>
    public List<OnnxValue> Emitted { get; private init; } = [];

    /// <summary>What became of the outputs. A rule fills those that are read.</summary>
    public OnnxValue?[] Results { get; private set; } = [];

    public OnnxValue X => Required(0);

    public int Rank => X.Shape.Count;

    /// <summary>The input with this number, or null if it is left out.</summary>
    public OnnxValue? Optional(int index) => index < Inputs.Length ? Inputs[index] : null;

    public OnnxValue Required(int index) => Optional(index) ?? throw new ReadingException($"input {index} is missing");

    /// <summary>The node as one of another operator, which reads these tensors. Its result is this node's to go on with.</summary>
    /// <returns>The result; null if it has no normal form: this node then says why.</returns>
    public OnnxValue? As(string @operator, params OnnxValue?[] inputs)
    {
        var other = new NodeReading
        {
            Operator = @operator,
            Domain = "",
            Name = Name,
            Comment = Comment,
            OutputName = OutputName,
            Opset = Opset,
            Inputs = inputs,
            IsRead = [true],
            Attributes = Attributes,
            Emitter = Emitter,
            Tensors = Tensors,
            FileBatch = FileBatch,
            Walk = Walk,
            Emitted = Emitted,
        };
        if (Rules.Find("", @operator)!(other))
        {
            return other.Results[0];
        }

        Reason = other.Reason;
        return null;
    }

    /// <summary>Why the node has no normal form, as the end of a sentence; null if no rule said.</summary>
    public string? Reason { get; private set; }

    /// <summary>Says why the node has no normal form.</summary>
    /// <returns>False, for the rule to return.</returns>
    public bool Refuse(string reason)
    {
        Reason = reason;
        return false;
    }

    /// <summary>Whether the input is left out, or constant; else it is said why the node has no normal form.</summary>
    public bool IsConstantOrAbsent(int index) => Optional(index) is null or { Constant: not null }
        || Refuse($"its input {index}, '{Inputs[index]!.Name}', depends on the network's input");

    /// <summary>The integers of an input; null if it is left out.</summary>
    public long[]? Integers(int index) => Optional(index) is not { } input ? null
        : input.Constant is { IsFloat: false } constant ? constant.Integers
        : throw new ReadingException($"input {index} ('{input.Name}') should be constant integers");

    /// <summary>The numbers of an input; null if it is left out.</summary>
    public float[]? Floats(int index) => Optional(index) is not { } input ? null
        : input.Constant?.Floats ?? throw new ReadingException($"input {index} ('{input.Name}') should be constant");

    /// <summary>A list that is an attribute in old operator sets, and an input in new ones; null if it is in neither.</summary>
    public long[]? Integers(string attribute, int input) => Attributes.Integers(attribute) ?? Integers(input);

    /// <summary>Sets the first output.</summary>
    public bool Give(OnnxValue value) => Give([value]);

    /// <summary>Sets the outputs. Those that are not read may be null.</summary>
    public bool Give(params OnnxValue?[] values)
    {
        Results = values;
        return true;
    }

    public OnnxValue Emit(
        string @operator, OnnxValue?[] inputs, IReadOnlyList<int> shape, Attributes? attributes = null, ElementType? type = null) =>
        Emitter.Emit(this, @operator, inputs, [.. shape], type ?? TypeOf(inputs), attributes);

    /// <summary>The type of what is put together of these: the first one's, unless one of them was quantised.</summary>
    public static ElementType TypeOf(params OnnxValue?[] inputs) =>
        inputs.Any(IsQuantized) ? ElementType.Quantized : inputs[0]!.Type;

    /// <summary>Whether a tensor has integers of few bits that are no constant.</summary>
    public static bool IsQuantized(OnnxValue? value) => value is { Type: ElementType.Quantized, Constant: null };

    /// <summary>A tensor of integers that are known.</summary>
    public static OnnxValue Known(IReadOnlyList<int> shape, params long[] values) =>
        new("", shape) { Constant = new OnnxConstant(shape, values, ""), Type = ElementType.Integer };

    /// <summary>A truth value that is known.</summary>
    public static OnnxValue Truth(bool value) =>
        new("", []) { Constant = new OnnxConstant([], [value ? 1L : 0], ""), Type = ElementType.Boolean };

    /// <summary>What a graph that stands in the node gives, where its inputs are these.</summary>
    public OnnxValue[] Inner(GraphProto graph, OnnxValue[] inputs, int trip = -1) => Walk(graph, inputs, trip);

    /// <summary>A tensor of numbers that are known.</summary>
    public static OnnxValue Known(IReadOnlyList<int> shape, params float[] values) =>
        new("", shape) { Constant = new OnnxConstant(shape, new Lazy<float[]>(values), "") };

    /// <summary>Tensors that become one must both be integers, or both floating-point numbers.</summary>
    public static void CheckAlike(OnnxValue x, OnnxValue y)
    {
        if (x.Type == ElementType.Float != (y.Type == ElementType.Float))
        {
            throw new ReadingException($"'{x.Name}' and '{y.Name}' have different types");
        }
    }

    /// <summary>The tensor in another shape of as many elements.</summary>
    public OnnxValue Reshaped(OnnxValue value, IReadOnlyList<int> shape)
    {
        if (value.Shape.SequenceEqual(shape))
        {
            return value;
        }

        if (value.Constant is { } constant)
        {
            Emitter.CountFolded(Operator);
            return new OnnxValue("", shape) { Constant = constant.Reshape(shape), Type = value.Type };
        }

        while (value.Producer is { Operator: "Reshape", Domain: "", Input: { } before } && !EndsShuffle(value, before))
        {
            value = before;
            if (value.Shape.SequenceEqual(shape))
            {
                return value;
            }
        }

        return Emit("Reshape", [value], shape);
    }

    /// <summary>Whether a tensor is the end of a reshape, a transposition and a reshape, which are a layer of their own.</summary>
    private static bool EndsShuffle(OnnxValue value, OnnxValue transposed) =>
        transposed.Producer is { Operator: "Transpose", Input.Producer: { Operator: "Reshape" } first }
            && first.Input.Shape.Count == value.Shape.Count && transposed.Shape.Count > value.Shape.Count;

    /// <summary>Gives names to the tensors that were made: the file's to the outputs, others to what stands between.</summary>
    public void NameResults(IReadOnlyList<string> names)
    {
        for (int index = 0; index < Results.Length && index < names.Count; index++)
        {
            if (Results[index] is { Name.Length: 0 } value && names[index].Length > 0)
            {
                value.Name = Emitter.Unique(names[index]);
            }
        }

        string stem = names.FirstOrDefault(name => name.Length > 0) ?? Name;
        foreach (OnnxValue value in Emitted.Where(value => value.Name.Length == 0))
        {
            value.Name = Emitter.Unique($"{stem}/{value.Producer!.Operator}");
        }
    }

    /// <summary>Keeps the node as it is, since it has no normal form. The shapes of its outputs are not known.</summary>
    public void Keep(int outputs)
    {
        OnnxValue[] values = [.. Enumerable.Range(0, outputs).Select(_ => new OnnxValue("", []) { IsUnknown = true })];
        Emitted.Clear();
        OnnxValue?[] inputs = [.. Inputs.SelectMany(input => input?.Items ?? [input!])];
        Emitter.Add(Operator, this, inputs, values, Attributes.Plain(), Domain, Reason);
        Results = values;
    }
}
