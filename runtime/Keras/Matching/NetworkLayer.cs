using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Strata.Weights;

/// <summary>A layer of a network that has parameters of its own.</summary>
/// <param name="Name">Its name, which its keys begin with.</param>
/// <param name="Info">What is known of it.</param>
/// <param name="Level">Which layer of several within a recurrent one; 0 otherwise.</param>
/// <param name="Parameters">Its parameters.</param>
internal sealed record NetworkLayer(string Name, LayerInfo Info, int Level, IReadOnlyList<ParameterInfo> Parameters)
{
    // LayerInfo's name of the argument.
    private const string Layers = "Layers";

    /// <summary>The name by which a file's layer is matched. Keras has one layer for each level.</summary>
    public string Matched => Level == 0 ? Name : string.Create(CultureInfo.InvariantCulture, $"{Name}.l{Level}");

    /// <summary>Its parameters, as a text that is equal where layers have the same ones.</summary>
    public string Signature => SignatureOf(Parameters.Select(parameter => (SuffixOf(parameter.Key), parameter.Shape.Select(e => (long)e))));

    /// <summary>The layers of a network, in order.</summary>
    public static List<NetworkLayer> Of(NetworkInfo network)
    {
        ILookup<string, ParameterInfo> parameters = network.Parameters.ToLookup(parameter => parameter.Layer, StringComparer.Ordinal);
        return
        [
            .. from layer in network.Layers
               where parameters.Contains(layer.Name)
               from level in Enumerable.Range(0, layer.Kind is "LSTM" or "GRU" ? layer.Argument<int>(Layers) : 1)
               select new NetworkLayer(layer.Name, layer, level, [.. parameters[layer.Name].Where(
                   one => layer.Kind is not ("LSTM" or "GRU") || one.Key.Contains(LevelText(level), StringComparison.Ordinal))]),
        ];
    }

    /// <summary>The key of a tensor of a Keras layer.</summary>
    /// <param name="suffix">The tensor's name.</param>
    public string KeyOf(string suffix) => (Name.Length == 0 ? "" : Name + ".")
        + (Level == 0 ? suffix : suffix.Replace(LevelText(0), LevelText(Level), StringComparison.Ordinal));

    /// <summary>Parameters as a text that is equal where layers have the same ones.</summary>
    public static string SignatureOf(IEnumerable<(string Suffix, IEnumerable<long> Shape)> parameters) => string.Join(", ", parameters
        .Select(parameter => $"{parameter.Suffix} {MessageText.Shape(parameter.Shape)}").Order(StringComparer.Ordinal));

    public override string ToString() => $"'{Matched}' ([{Info.Kind}], {Signature})";

    private string SuffixOf(string key)
    {
        string suffix = Name.Length == 0 ? key : key[(Name.Length + 1)..];
        return Level == 0 ? suffix : suffix.Replace(LevelText(Level), LevelText(0), StringComparison.Ordinal);
    }

    private static string LevelText(int level) => string.Create(CultureInfo.InvariantCulture, $"_l{level}");
}
