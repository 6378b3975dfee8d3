namespace Strata.Onnx.Nodes;

/// <summary>Writes the nodes of a layer.</summary>
/// <returns>The layer's tensor: the output of its last node, or an input if the layer does nothing.</returns>
internal delegate string LayerForm(LayerNodes nodes);
