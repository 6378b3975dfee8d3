using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Onnx.Saving;

/// <summary>Writes the nodes of a layer.</summary>
/// <returns>The layer's tensor: the output of its last node, or an input if the layer does nothing.</returns>
internal delegate string LayerForm(LayerNodes nodes);

/// <summary>
/// What each kind of layer is in ONNX. A kind has its name without the number of dimensions. Activations without a form of their own are
/// written by their formula.
/// </summary>
internal static class LayerForms
{
    private static readonly LayerForm LeaveOut = nodes => nodes.Input;

    private static readonly Dictionary<string, LayerForm> ByKind = new IEnumerable<(string Kind, LayerForm Form)>[]
    {
        ActivationForms.All, ConvolutionForms.All, PoolingForms.All, NormalizationForms.All, ReductionForms.All,
        MovingForms.All, ResizingForms.All, JoinForms.All,
        [("Dropout", LeaveOut), ("SpatialDropout", LeaveOut), ("StochasticDepth", LeaveOut)],
    }.SelectMany(family => family).ToDictionary(form => form.Kind, form => form.Form, StringComparer.Ordinal);

    /// <summary>The form of a layer; null if there is none.</summary>
    public static LayerForm? Find(SavedLayer layer) =>
        layer.Info.Function.Length > 0 ? FunctionForm.Write
            : ByKind.TryGetValue(layer.Kind, out LayerForm? own) ? own : FunctionForm.OfCatalogue(layer);

    /// <summary>Whether a layer does nothing in inference.</summary>
    public static bool IsLeftOut(SavedLayer layer) => Find(layer) == LeaveOut;
}
