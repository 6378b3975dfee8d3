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

    // What a file's factors of [Scale] are called, whatever their key here is.
    private const string Factors = "weight";

    /// <summary>The name by which a file's layer is matched. Keras has one layer for each level.</summary>
    public string Matched => Level == 0 ? Name : string.Create(CultureInfo.InvariantCulture, $"{Name}.l{Level}");

    /// <summary>Its parameters, as a text that is equal where layers have the same ones.</summary>
    public string Signature => SignatureOf(Parameters.Select(parameter => (SuffixOf(parameter), Shape(parameter))));

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
    public string KeyOf(string suffix) => suffix == Factors && Parameters.FirstOrDefault(IsFactor) is { } factors ? factors.Key
        : (Name.Length == 0 ? "" : Name + ".")
            + (Level == 0 ? suffix : suffix.Replace(LevelText(0), LevelText(Level), StringComparison.Ordinal));

    /// <summary>A tensor with the shape that the parameter of its key has here, if that differs by axes of one element only.</summary>
    /// <param name="tensor">The tensor.</param>
    public KerasTensor Shaped(KerasTensor tensor) => Parameters.FirstOrDefault(one => one.Key == KeyOf(tensor.Name)) is { } parameter
        && IsFactor(parameter) && Shape(parameter).SequenceEqual(tensor.Shape)
            ? tensor with { Extents = [.. parameter.Shape.Select(extent => (long)extent)] } : tensor;

    /// <summary>Parameters as a text that is equal where layers have the same ones.</summary>
    public static string SignatureOf(IEnumerable<(string Suffix, IEnumerable<long> Shape)> parameters) => string.Join(", ", parameters
        .Select(parameter => $"{parameter.Suffix} {MessageText.Shape(parameter.Shape)}").Order(StringComparer.Ordinal));

    public override string ToString() => $"'{Matched}' ([{Info.Kind}], {Signature})";

    /// <summary>Whether a parameter is the factors of <c>[Scale]</c>, which may have a key and axes of their own.</summary>
    private bool IsFactor(ParameterInfo parameter) => Info.Kind == "Scale" && parameter.Role == ParameterRole.NormWeight;

    /// <summary>A parameter's shape; factors without the axes of one element that broadcast them.</summary>
    private IEnumerable<long> Shape(ParameterInfo parameter) => parameter.Shape
        .Take(IsFactor(parameter) && parameter.Shape.Skip(1).All(extent => extent == 1) ? 1 : parameter.Shape.Count)
        .Select(extent => (long)extent);

    private string SuffixOf(ParameterInfo parameter)
    {
        if (IsFactor(parameter))
        {
            return Factors;
        }

        string suffix = Name.Length == 0 ? parameter.Key : parameter.Key[(Name.Length + 1)..];
        return Level == 0 ? suffix : suffix.Replace(LevelText(Level), LevelText(0), StringComparison.Ordinal);
    }

    private static string LevelText(int level) => string.Create(CultureInfo.InvariantCulture, $"_l{level}");
}
