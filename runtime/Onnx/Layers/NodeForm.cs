using Strata.Onnx.Model;

namespace Strata.Onnx.Layers;

/// <summary>Adds the layers of a node, and says which tensor its output is.</summary>
/// <exception cref="UnsupportedException">No layer computes it.</exception>
internal delegate void NodeForm(LayerBuilder layers, OnnxNode node);
