using System.Globalization;

namespace Strata.Weights;

/// <summary>An array of a layer's weights.</summary>
/// <param name="Part">
/// The part of the layer: <c>forward</c> and <c>backward</c> of a bidirectional one; <c>query</c>, <c>key</c>, <c>value</c> and
/// <c>attention_output</c>; empty for the layer itself.
/// </param>
/// <param name="Name">What Keras calls it: <c>kernel</c>; or its number among the layer's, where the file has no names.</param>
/// <param name="Array">The array.</param>
/// <param name="Type">The type of its numbers; null if safetensors have none.</param>
internal sealed record KerasWeight(string Part, string Name, Hdf5Array Array, ElementType? Type)
{
    /// <summary>Its number, where it has no name; otherwise null.</summary>
    public int? Number => int.TryParse(Name, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;

    /// <summary>Its part and its name.</summary>
    public string Full => Part.Length == 0 ? Name : $"{Part}/{Name}";
}
