using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Layers;
using Strata.Onnx.Model;
using Strata.Onnx.Nodes;

namespace Strata.Onnx.Operators;

/// <summary>A file of this folder: which nodes become which layers, and back, with their rows on the package's page.</summary>
internal sealed record Family(
    IEnumerable<KeyValuePair<string, NodeForm>> In, IEnumerable<(string Kind, LayerForm Form)> Out, IEnumerable<PageRow> InRows,
    IEnumerable<PageRow> OutRows);

/// <summary>All families of operators: nodes that become layers, and layers that become nodes.</summary>
internal static class Families
{
    // In the order of the page. A new file is a line here.
    private static readonly Family[] All =
    [
        new(Convolutions.In, Convolutions.Out, Convolutions.InRows, Convolutions.OutRows),
        new(Products.In, Products.Out, Products.InRows, Products.OutRows),
        new([], Attentions.Out, Attentions.InRows, Attentions.OutRows),
        new([], WindowAttentions.Out, WindowAttentions.InRows, WindowAttentions.OutRows),
        new(Recurrents.In, Recurrents.Out, Recurrents.InRows, Recurrents.OutRows),
        new(Poolings.In, Poolings.Out, Poolings.InRows, Poolings.OutRows),
        new([], AdaptivePools.Out, [], AdaptivePools.OutRows),
        new(Normalizations.In, Normalizations.Out, Normalizations.InRows, Normalizations.OutRows),
        new(Activations.In, Activations.Out, Activations.InRows, Activations.OutRows),
        new(Arithmetic.In, Arithmetic.Out, Arithmetic.InRows, Arithmetic.OutRows),
        new([], Sources.Out, Sources.InRows, Sources.OutRows),
        new(Slices.In, Slices.Out, Slices.InRows, Slices.OutRows),
        new(Moves.In, Moves.Out, Moves.InRows, Moves.OutRows),
        new(Paddings.In, Paddings.Out, Paddings.InRows, Paddings.OutRows),
        new(Resizing.In, Resizing.Out, Resizing.InRows, Resizing.OutRows),
        new(Reductions.In, Reductions.Out, Reductions.InRows, Reductions.OutRows),
        new(Samplings.In, Samplings.Out, Samplings.InRows, Samplings.OutRows),
        new([], Quantizations.Out, Quantizations.InRows, Quantizations.OutRows),
        new(Regularization.In, Regularization.Out, Regularization.InRows, Regularization.OutRows),
    ];

    private static readonly Dictionary<string, NodeForm> ByOperator =
        All.SelectMany(family => family.In).ToDictionary(StringComparer.Ordinal);

    private static readonly Dictionary<string, LayerForm> ByKind =
        All.SelectMany(family => family.Out).ToDictionary(form => form.Kind, form => form.Form, StringComparer.Ordinal);

    /// <summary>The table of the page about nodes that become layers.</summary>
    public static IReadOnlyList<PageRow> InRows => [.. All.SelectMany(family => family.InRows)];

    /// <summary>The table of the page about layers that become nodes.</summary>
    public static IReadOnlyList<PageRow> OutRows => [.. All.SelectMany(family => family.OutRows)];

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
