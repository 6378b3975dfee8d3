using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Declarations;

namespace Strata.Compiler.Emission;

/// <summary>What the description of a network says about its size.</summary>
internal sealed class SizedInfo(NetworkInfo network) : ISizedLayers
{
    public string Size => InputSize.Text(new InputSize(network).Extents);

    public IEnumerable<(string Key, string Layer, IReadOnlyList<int> Shape)> Parameters =>
        network.Parameters.Select(parameter => (parameter.Key, parameter.Layer, parameter.Shape));

    public (string Name, IReadOnlyList<int> Shape, string Formula) ReadBy(string layer)
    {
        LayerInfo of = network.Layers.First(one => one.Name == layer);
        string input = of.Inputs.Count > 0 ? of.Inputs[0]
            : network.Layers.TakeWhile(one => one != of).LastOrDefault()?.Name ?? network.Inputs[0].Name;
        LayerInfo? before = network.Layers.FirstOrDefault(one => one.Name == input);
        return (input, before?.OutputShape ?? network.InputShape, before?.Formula ?? "");
    }
}
