using System;
using System.Collections.Generic;
using Strata.Onnx.Layers;
using Strata.Onnx.Nodes;

namespace Strata.Onnx.Operators;

/// <summary>Layers that drop elements in training, and do nothing in inference.</summary>
internal static class Regularization
{
    /// <summary>What stands for a layer that does nothing: no node.</summary>
    public static readonly LayerForm LeaveOut = nodes => nodes.Input;

    /// <summary>Nodes that become layers.</summary>
    public static readonly Dictionary<string, NodeForm> In = new(StringComparer.Ordinal)
    {
        ["Dropout"] = (layers, node) => Arithmetic.Same(
            layers, node, layers.ViewOf(node.Input), "Dropout", [new(null, AffineLayers.Number(node.Float("ratio")))]),
    };

    /// <summary>Layers that become nodes.</summary>
    public static IEnumerable<(string Kind, LayerForm Form)> Out =>
        [("Dropout", LeaveOut), ("SpatialDropout", LeaveOut), ("StochasticDepth", LeaveOut)];

    public static IEnumerable<PageRow> InRows =>
    [
        new("`Dropout` that drops", "`[Dropout]`"),
        new(
            "`Constant`, `Identity`, `Dropout` in inference, `Cast`, `Shape`, and any node that reads constants only",
            "nothing: they are computed"),
        new(
            "`If` with a constant condition, `Loop` and `Scan` of up to 1,000 trips, sequences of tensors with constant places",
            "what is in them, written out"),
    ];

    public static IEnumerable<PageRow> OutRows =>
    [
        new("`[Dropout]`, `[SpatialDropout]`, `[StochasticDepth]`", "none"),
    ];
}
