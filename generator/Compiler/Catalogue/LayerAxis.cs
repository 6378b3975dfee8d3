using System.Collections.Generic;

namespace Strata.Compiler.Catalogue;

/// <summary>An axis of a layer of one, two or three dimensions, with its names in messages and arguments.</summary>
/// <param name="Name">Its name in messages.</param>
/// <param name="Noun">What messages call one of its elements.</param>
/// <param name="Suffix">The ending of arguments for this axis alone, such as KernelHeight; empty if there is only one axis.</param>
/// <param name="Before">The ending of arguments for the beginning of the axis, such as PaddingTop.</param>
/// <param name="After">The ending of arguments for the end of the axis, such as PaddingBottom.</param>
internal sealed record LayerAxis(string Name, string Noun, string Suffix, string Before, string After)
{
    private static readonly LayerAxis Height = new("height", "row", "Height", "Top", "Bottom"),
        Width = new("width", "column", "Width", "Left", "Right");

    /// <summary>The axes, slowest first.</summary>
    public static IReadOnlyList<LayerAxis> Of(int dimensions) => dimensions switch
    {
        1 => [new("length", "step", "", "Left", "Right")],
        2 => [Height, Width],
        _ => [new("depth", "plane", "Depth", "Front", "Back"), Height, Width],
    };
}
