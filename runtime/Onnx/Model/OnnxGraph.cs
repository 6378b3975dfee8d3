using System.Collections.Generic;

namespace Strata.Onnx.Model;

/// <summary>
/// A graph in normal form: functions are inlined, what is constant is folded, every tensor has a shape, and every node has one form for all
/// operator sets. <c>NORMAL-FORM.md</c> lists the operators.
/// </summary>
internal sealed record OnnxGraph
{
    /// <summary>What files of this package say.</summary>
    public const string OwnProducer = "Strata";

    /// <summary>Who wrote the file, such as <c>pytorch 1.13.0</c>; empty if it does not say.</summary>
    public required string Producer { get; init; }

    /// <summary>Whether this package wrote the file.</summary>
    public bool IsOwn => Producer.Split(' ')[0] == OwnProducer;

    /// <summary>The version of the standard operators.</summary>
    public required int Opset { get; init; }

    /// <summary>The inputs, without initializers.</summary>
    public required IReadOnlyList<OnnxValue> Inputs { get; init; }

    public required IReadOnlyList<OnnxValue> Outputs { get; init; }

    /// <summary>
    /// The outputs' names in the file. They are the values' own names, except for an output that is an input, a constant, or the same as
    /// another output.
    /// </summary>
    public required IReadOnlyList<string> OutputNames { get; init; }

    /// <summary>The nodes that the outputs need; each stands behind those that it reads.</summary>
    public required IReadOnlyList<OnnxNode> Nodes { get; init; }

    /// <summary>What was left out or computed while reading, as sentences for the class's comment.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>What was left out though training depends on it, as sentences.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The files beside the model that hold its weights.</summary>
    public IReadOnlyList<string> DataFiles { get; init; } = [];

    /// <summary>Nodes that compute with several samples at once, and how. A network of Strata computes each sample by itself.</summary>
    public IReadOnlyList<(OnnxNode Node, string Reason)> Mixing { get; init; } = [];
}
