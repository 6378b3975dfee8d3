using System.Collections.Generic;
using Strata.Onnx.Model;
using Strata.Onnx.Schema;

namespace Strata.Onnx.Reading;

/// <summary>The names that nodes see: those of a graph, of a function's body, or of a branch, which sees its surroundings too.</summary>
/// <param name="surroundings">What a branch sees besides; null for the main graph and for functions.</param>
/// <param name="opsets">The versions of the domains.</param>
/// <param name="prefix">What stands before the names of its tensors.</param>
internal sealed class Scope(Scope? surroundings, Opsets opsets, string prefix)
{
    private readonly Dictionary<string, OnnxValue> _values = [];

    public Scope? Surroundings { get; } = surroundings;

    public Opsets Opsets { get; } = opsets;

    public string Prefix { get; } = prefix;

    /// <summary>The attributes of the function's call, which attributes of its nodes refer to.</summary>
    public IReadOnlyDictionary<string, AttributeProto>? CallAttributes { get; init; }

    /// <summary>How many functions and branches it lies in.</summary>
    public int Depth { get; init; }

    /// <summary>The functions that are being inlined, so that one that calls itself is found.</summary>
    public IReadOnlyList<FunctionProto> Calls { get; init; } = [];

    /// <summary>The inputs of a function that its call leaves out.</summary>
    public HashSet<string> Absent { get; } = [];

    public OnnxValue? Find(string name)
    {
        for (Scope? scope = this; scope is not null; scope = scope.Surroundings)
        {
            if (scope._values.TryGetValue(name, out OnnxValue? value))
            {
                return value;
            }
        }

        return null;
    }

    /// <summary>Whether the name is that of an input which the call of the function leaves out.</summary>
    public bool IsAbsent(string name)
    {
        for (Scope? scope = this; scope is not null; scope = scope.Surroundings)
        {
            if (scope.Absent.Contains(name))
            {
                return true;
            }
        }

        return false;
    }

    public void Define(string name, OnnxValue value)
    {
        if (!_values.TryAdd(name, value))
        {
            throw new ReadingException($"the name '{name}' is given twice");
        }
    }
}
