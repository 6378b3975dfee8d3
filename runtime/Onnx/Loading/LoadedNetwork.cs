using System;
using System.Collections.Generic;
using Strata.Onnx.Layers;

namespace Strata.Onnx.Loading;

/// <summary>The layers of a file.</summary>
/// <param name="Builder">A builder that has them.</param>
/// <param name="Inputs">The inputs, in the order of the network.</param>
/// <param name="Parameters">The parameters with their keys.</param>
internal sealed record LoadedNetwork(
    NetworkBuilder Builder, IReadOnlyList<InputTensor> Inputs, IReadOnlyList<(string Key, LayerParameter Parameter)> Parameters)
{
    /// <summary>Whether some of the parameters are in other files.</summary>
    public bool HasDataFiles { get; init; }

    /// <summary>The layers, and what gives the parameters the file's values.</summary>
    public NetworkContent Content => new(Builder, Initialize, IsWhole: !HasDataFiles);

    private void Initialize(CompiledNetwork network)
    {
        foreach ((string key, LayerParameter parameter) in Parameters)
        {
            Parameter target = network.FindParameter(key)
                ?? throw new InvalidOperationException($"{network.Info.Name} has no parameter '{key}'.");
            target.CopyFrom(parameter.Values());
        }
    }
}
