using System.Collections.Generic;

namespace Strata.Onnx.Model;

/// <summary>A tensor of a graph.</summary>
/// <param name="name">Its name in the file. Tensors that normal form adds have names of their own.</param>
/// <param name="shape">Its extents. The batch is 1.</param>
internal sealed class OnnxValue(string name, IReadOnlyList<int> shape)
{
    /// <summary>It changes only while the graph is read.</summary>
    public string Name { get; set; } = name;

    public IReadOnlyList<int> Shape { get; } = shape;

    public ElementType Type { get; init; }

    /// <summary>Whether its shape cannot be known, since a node before it has no normal form.</summary>
    public bool IsUnknown { get; init; }

    /// <summary>Whether it is an input whose first axis is not the batch: a sample has all of its axes.</summary>
    public bool IsWhole { get; init; }

    /// <summary>The tensors of a sequence, which is none itself; null for a tensor.</summary>
    public IReadOnlyList<OnnxValue>? Items { get; init; }

    /// <summary>The node that computes it; null for inputs and constants.</summary>
    public OnnxNode? Producer { get; set; }

    /// <summary>Its values, if they do not depend on the inputs.</summary>
    public OnnxConstant? Constant { get; init; }

    /// <summary>The nodes that read it, once for each reading.</summary>
    public List<OnnxNode> Readers { get; } = [];

    public override string ToString() => $"{Name}: {string.Join('×', Shape)}";
}
