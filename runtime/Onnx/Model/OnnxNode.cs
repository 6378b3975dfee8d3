using System;
using System.Collections.Generic;

namespace Strata.Onnx.Model;

/// <summary>A node of a graph in normal form.</summary>
/// <param name="operator">Its operator, such as <c>Conv</c>.</param>
/// <param name="name">
/// Its name in the file, such as <c>/layer1/layer1.0/conv1/Conv</c>; empty if it has none. Nodes that were made from one have its name.
/// </param>
internal class OnnxNode(string @operator, string name)
{
    public string Operator { get; } = @operator;

    public string Name { get; } = name;

    /// <summary>The operator's domain; empty for standard operators.</summary>
    public string Domain { get; init; } = "";

    /// <summary>What it reads; null for an optional input that is left out.</summary>
    public required IReadOnlyList<OnnxValue?> Inputs { get; init; }

    public required IReadOnlyList<OnnxValue> Outputs { get; init; }

    /// <summary>Values are <see cref="long"/>, <see cref="float"/>, <see cref="string"/>, or arrays of these.</summary>
    public IReadOnlyDictionary<string, object> Attributes { get; init; } = new Dictionary<string, object>();

    /// <summary>Why the node has no normal form; null if it has one, or if there is nothing to say about its operator.</summary>
    public string? Reason { get; init; }

    /// <summary>The same node with other outputs.</summary>
    public virtual OnnxNode WithOutputs(params IReadOnlyList<OnnxValue> outputs) =>
        new(Operator, Name) { Domain = Domain, Inputs = Inputs, Outputs = outputs, Attributes = Attributes, Reason = Reason };

    public OnnxValue Input => Inputs[0]!;

    public OnnxValue Output => Outputs[0];

    public bool Has(string attribute) => Attributes.ContainsKey(attribute);

    public int Integer(string attribute, int without = 0) =>
        Attributes.TryGetValue(attribute, out object? value) ? (int)(long)value : without;

    public float Float(string attribute, float without = 0) =>
        Attributes.TryGetValue(attribute, out object? value) ? (float)value : without;

    public string Text(string attribute, string without = "") =>
        Attributes.TryGetValue(attribute, out object? value) ? (string)value : without;

    public int[] Integers(string attribute) =>
        Attributes.TryGetValue(attribute, out object? value) ? Array.ConvertAll((long[])value, one => (int)one) : [];

    public float[] Floats(string attribute) => Attributes.TryGetValue(attribute, out object? value) ? (float[])value : [];

    public override string ToString() => $"{Operator} '{(Name.Length > 0 ? Name : Output.Name)}'";
}
