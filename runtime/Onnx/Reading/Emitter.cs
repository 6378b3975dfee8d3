using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using Strata.Onnx.Model;

namespace Strata.Onnx.Reading;

/// <summary>
/// Makes the nodes and tensors of the graph in normal form. A node all of whose inputs are constant becomes a constant at once.
/// </summary>
/// <param name="budget">What may be computed while reading.</param>
internal sealed class Emitter(Budget budget)
{
    /// <summary>Constants up to this many elements are computed at once.</summary>
    private const int SmallCount = 1024;

    /// <summary>A longer chain of computations is broken, since each link needs a piece of the stack.</summary>
    private const int MaximumDepth = 32;

    private readonly HashSet<string> _names = [];
    private readonly SortedDictionary<string, int> _folded = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _training = new(StringComparer.Ordinal);
    private readonly List<OnnxNode> _nodes = [];
    private int _lastNumber;

    /// <summary>The nodes in the order in which they were made.</summary>
    public IReadOnlyList<OnnxNode> Nodes => _nodes;

    /// <summary>How many nodes of which operator do what is done in training only.</summary>
    public IReadOnlyDictionary<string, int> Training => _training;

    /// <summary>How many nodes of which operator were computed.</summary>
    public IReadOnlyDictionary<string, int> Folded => _folded;

    public Budget Budget { get; } = budget;

    /// <summary>A name that no other tensor has: the wanted one if it is free.</summary>
    public string Unique(string wanted)
    {
        string name = wanted;
        while (name.Length == 0 || !_names.Add(name))
        {
            name = $"{wanted}_{++_lastNumber}";
        }

        return name;
    }

    /// <summary>Makes a node with one output, or a constant. The output's name is still empty.</summary>
    public OnnxValue Emit(NodeReading source, string @operator, OnnxValue?[] inputs, int[] shape, ElementType type, Attributes? attributes)
    {
        Dictionary<string, object> all = attributes ?? [];
        if (Fold(@operator, inputs, shape, type, all) is OnnxConstant constant)
        {
            CountFolded(source.Operator);
            return new OnnxValue("", shape) { Constant = constant, Type = type };
        }

        if (Shapes.Count(shape) == 0)
        {
            throw new ReadingException($"its output would have the shape {Shapes.Text(shape)}, which is empty");
        }

        var output = new OnnxValue("", shape) { Type = type };
        Add(@operator, source, inputs, [output], all);
        return output;
    }

    /// <summary>Makes a node with several outputs.</summary>
    public void Add(
        string @operator, NodeReading source, OnnxValue?[] inputs, OnnxValue[] outputs, Dictionary<string, object> attributes,
        string domain = "", string? reason = null)
    {
        int count = inputs.Length;
        while (count > 0 && inputs[count - 1] is null)
        {
            count--;
        }

        var node = new OnnxNode(@operator, source.Name)
        {
            Domain = domain,
            Inputs = inputs[..count],
            Outputs = outputs,
            Attributes = attributes,
            Reason = reason,
        };
        _nodes.Add(node);
        foreach (OnnxValue output in outputs)
        {
            output.Producer = node;
            source.Emitted.Add(output);
        }
    }

    public void CountFolded(string @operator) => _folded[@operator] = _folded.GetValueOrDefault(@operator) + 1;

    public void CountTraining(string @operator) => _training[@operator] = _training.GetValueOrDefault(@operator) + 1;

    private OnnxConstant? Fold(string @operator, OnnxValue?[] inputs, int[] shape, ElementType type, Dictionary<string, object> attributes)
    {
        if (inputs.Any(input => input is { Constant: null }) || Evaluators.Find(@operator) is not { } evaluator)
        {
            return null;
        }

        bool isFloat = type == ElementType.Float;
        int count = Shapes.Count(shape);
        OnnxConstant?[] constants = [.. inputs.Select(input => input?.Constant)];
        var evaluation = new Evaluation(constants, shape, attributes);
        long bytes = (long)count * (isFloat ? sizeof(float) : sizeof(long));
        if ((isFloat ? evaluator.Floats is null : evaluator.Integers is null) || !evaluator.CanEvaluate(evaluation)
            || !Budget.Spend(bytes, evaluator.Work(evaluation), sizeof(double) * evaluator.Held(evaluation)))
        {
            return null;
        }

        int depth = 1 + constants.Max(constant => constant?.Depth ?? 0);
        bool now = count <= SmallCount || depth > MaximumDepth || !isFloat;
        string key = @operator == "Transpose" ? constants[0]!.Key : "";
        if (!isFloat)
        {
            return new OnnxConstant(shape, evaluator.Integers!(evaluation), key);
        }

        Func<Evaluation, float[]> floats = evaluator.Floats!;
        Lazy<float[]> values = now ? new(floats(evaluation)) : new(() => floats(evaluation));
        var origin = new Lazy<string>(() => OriginOf(@operator, constants, shape, attributes));
        return new OnnxConstant(shape, values, key, origin) { Depth = now ? 0 : depth };
    }

    /// <summary>A digest of a computation and of what it reads; empty if it reads no initializer with a name.</summary>
    private static string OriginOf(string @operator, OnnxConstant?[] inputs, int[] shape, Dictionary<string, object> attributes)
    {
        if (!inputs.Any(input => input is { IsFloat: true, Origin.Length: > 0 }))
        {
            return "";
        }

        var text = new StringBuilder(@operator);
        text.Append('\n').AppendJoin(',', shape);
        foreach ((string name, object value) in attributes.OrderBy(attribute => attribute.Key, StringComparer.Ordinal))
        {
            text.Append('\n').Append(name).Append('=').Append(TextOf(value));
        }

        foreach (OnnxConstant? input in inputs)
        {
            text.Append('\n').Append(input is null ? "" : input.Origin.Length > 0 ? input.Origin
                : $"{string.Join(',', input.Shape)}: " + (input.IsFloat ? TextOf(input.Floats) : TextOf(input.Integers)));
        }

        // No initializer has such a name.
        return "\n" + Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static string TextOf(object value) => value is IEnumerable list and not string
        ? string.Join(',', list.Cast<object>().Select(TextOf)) : Convert.ToString(value, CultureInfo.InvariantCulture)!;
}
