using System.Collections.Generic;
using System.Linq;

namespace Strata.Weights;

/// <summary>A layer of a Keras file that has weights.</summary>
/// <param name="Name">The layer's name. Parts of one that have kernels of their own have the part's name behind a dot.</param>
/// <param name="Class">Its class in snake case, <c>conv2d</c>; empty if the file does not tell it.</param>
/// <param name="Weights">Its weights, in Keras' order.</param>
/// <param name="Config">What the model's configuration says of it; null if there is none.</param>
internal sealed record KerasLayer(string Name, string Class, IReadOnlyList<KerasWeight> Weights, ConfigLayer? Config)
{
    /// <summary>Layers of one class and one scope are in the model's order. Across scopes, no order is known.</summary>
    public string Scope { get; init; } = "";

    /// <summary>The layer and its weights, for messages: <c>'conv2d' (kernel (3, 3, 1, 8), bias (8))</c>.</summary>
    public override string ToString() => $"'{MessageText.Show(Name)}' ("
        + MessageText.List([.. Weights.Select(weight => $"{weight.Full} {MessageText.Shape(weight.Array.Shape)}")], "no weights") + ")";
}
