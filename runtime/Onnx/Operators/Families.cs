using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Layers;
using Strata.Onnx.Model;
using Strata.Onnx.Nodes;

namespace Strata.Onnx.Operators;

/// <summary>All families of operators: nodes that become layers, and layers that become nodes.</summary>
internal static class Families
{
    private static readonly Dictionary<string, NodeForm> ByOperator = new IEnumerable<KeyValuePair<string, NodeForm>>[]
    {
        Activations.In, Arithmetic.In, Convolutions.In, Moves.In, Normalizations.In, Paddings.In, Poolings.In,
        Products.In, Reductions.In, Regularization.In, Resizing.In, Slices.In,
    }.SelectMany(family => family).ToDictionary(StringComparer.Ordinal);

    private static readonly Dictionary<string, LayerForm> ByKind = new IEnumerable<(string Kind, LayerForm Form)>[]
    {
        Activations.Out, AdaptivePools.Out, Arithmetic.Out, Convolutions.Out, Moves.Out, Normalizations.Out, Paddings.Out, Poolings.Out,
        Products.Out, Reductions.Out, Regularization.Out, Resizing.Out, Slices.Out,
    }.SelectMany(family => family).ToDictionary(form => form.Kind, form => form.Form, StringComparer.Ordinal);

    /// <summary>The table of the page about nodes that become layers.</summary>
    public static IReadOnlyList<PageRow> InRows =>
    [
        .. Convolutions.InRows, .. Products.InRows, .. Poolings.InRows, .. Normalizations.InRows, .. Activations.InRows,
        .. Arithmetic.InRows, .. Slices.InRows, .. Moves.InRows, .. Paddings.InRows, .. Resizing.InRows, .. Reductions.InRows,
        .. Regularization.InRows,
    ];

    /// <summary>The table of the page about layers that become nodes.</summary>
    public static IReadOnlyList<PageRow> OutRows =>
    [
        .. Convolutions.OutRows, .. Products.OutRows, .. Poolings.OutRows, .. AdaptivePools.OutRows, .. Normalizations.OutRows,
        .. Activations.OutRows, .. Arithmetic.OutRows, .. Slices.OutRows, .. Moves.OutRows, .. Paddings.OutRows, .. Resizing.OutRows,
        .. Reductions.OutRows, .. Regularization.OutRows,
    ];

    /// <summary>The operators whose nodes become layers.</summary>
    public static IEnumerable<string> Known => ByOperator.Keys;

    /// <summary>The kinds of layers that have a form of their own, without the number of dimensions.</summary>
    public static IEnumerable<string> Written => ByKind.Keys;

    /// <summary>How a node of the normal form becomes layers; null if it does not.</summary>
    public static NodeForm? Find(OnnxNode node) => node switch
    {
        PatternNode pattern => pattern.Form,
        { Domain.Length: > 0 } => null,
        _ => ByOperator.GetValueOrDefault(node.Operator),
    };

    /// <summary>
    /// How a layer becomes nodes; null if it does not. Activations without a form of their own are written by their formula.
    /// </summary>
    public static LayerForm? Find(SavedLayer layer) =>
        layer.Info.Function.Length > 0 ? FunctionForm.Write
            : ByKind.TryGetValue(layer.Kind, out LayerForm? own) ? own : FunctionForm.OfCatalogue(layer);

    /// <summary>Whether a layer does nothing in inference.</summary>
    public static bool IsLeftOut(SavedLayer layer) => Find(layer) == Regularization.LeaveOut;
}
