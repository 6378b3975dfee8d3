using System.Collections.Generic;
using Strata.Onnx.Layers;

namespace Strata.Onnx.Loading;

/// <summary>The layers of a file.</summary>
/// <param name="Builder">A builder that has them.</param>
/// <param name="Inputs">The inputs, in the order of the network.</param>
/// <param name="Parameters">The parameters with their keys.</param>
internal sealed record LoadedNetwork(
    NetworkBuilder Builder, IReadOnlyList<InputTensor> Inputs, IReadOnlyList<(string Key, LayerParameter Parameter)> Parameters);
