using System.Collections.Generic;
using Strata.Onnx.Layers;

namespace Strata.Onnx.Text;

/// <summary>A network as the text of a class.</summary>
/// <param name="Source">The file: the network's class, then its blocks.</param>
/// <param name="Warnings">What it does not say though training, or loading weights by their keys, depends on it.</param>
/// <param name="Parameters">Every parameter with its key in the class, in the order of the layers in the class.</param>
internal sealed record ClassText(
    string Source, IReadOnlyList<string> Warnings, IReadOnlyList<(string Key, LayerParameter Parameter)> Parameters);
