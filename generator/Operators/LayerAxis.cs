using System.Collections.Generic;

namespace Strata.Generator.Operators;

/// <summary>An axis of a layer over one, two or three dimensions, with its names in messages and arguments.</summary>
/// <param name="Name">In messages.</param>
/// <param name="Noun">One of its elements, in messages.</param>
/// <param name="Suffix">The end of the names of the arguments for this axis alone; empty where there is one axis.</param>
/// <param name="Before">The end of the names of the arguments for its first side.</param>
/// <param name="After">The end of the names of the arguments for its last side.</param>
internal sealed record LayerAxis(string Name, string Noun, string Suffix, string Before, string After)
{
    private static readonly LayerAxis Height = new("height", "row", "Height", "Top", "Bottom"),
        Width = new("width", "column", "Width", "Left", "Right");

    /// <summary>Slowest first.</summary>
    public static IReadOnlyList<LayerAxis> Of(int dimensions) => dimensions switch
    {
        1 => [new("length", "step", "", "Left", "Right")],
        2 => [Height, Width],
        _ => [new("depth", "plane", "Depth", "Front", "Back"), Height, Width],
    };
}
