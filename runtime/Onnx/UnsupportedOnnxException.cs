using System;
using System.Collections.Generic;

namespace Strata.Onnx;

/// <summary>A model has nodes that Strata has no words for. The message lists all of them.</summary>
/// <param name="message">All nodes, and what can be done.</param>
/// <param name="nodes">The nodes.</param>
public sealed class UnsupportedOnnxException(string message, IReadOnlyList<UnsupportedNode> nodes) : Exception(message)
{
    /// <summary>The nodes, in the order of the file.</summary>
    public IReadOnlyList<UnsupportedNode> Nodes { get; } = nodes;
}

/// <summary>A node that Strata has no words for.</summary>
/// <param name="Name">Its name in the file, or that of its first output.</param>
/// <param name="Operator">Its operator.</param>
/// <param name="Domain">The operator's domain; empty for ONNX's own.</param>
/// <param name="Surroundings">What it reads, and what reads it.</param>
/// <param name="Reason">Why it cannot be said.</param>
public sealed record UnsupportedNode(string Name, string Operator, string Domain, string Surroundings, string Reason);
