using System;
using System.Runtime.CompilerServices;

namespace Strata.Pictures;

/// <summary>How kernels and activations are drawn.</summary>
public sealed record PictureOptions
{
    /// <summary>
    /// The colour map; null by default:
    /// <list type="bullet">
    /// <item><description>Activations use <see cref="ColorMap.Viridis"/>.</description></item>
    /// <item><description>Kernels use <see cref="ColorMap.Diverging"/>.</description></item>
    /// <item><description>Kernels of three channels are drawn in red, green and blue, with grey at zero. With a map, their channels are
    /// drawn one by one.</description></item>
    /// </list>
    /// </summary>
    public ColorMap? Colors { get; init; }

    /// <summary>
    /// Whether each kernel, or each channel of an activation, has its own colour scale. False (the default) uses one scale for the whole
    /// picture, so that tiles can be compared. The same as torchvision's <c>make_grid(scale_each)</c>.
    /// </summary>
    public bool ScaleEach { get; init; }

    /// <summary>Pixels per number, in width and in height. 0 (the default) takes as many as fit into 1,024 pixels, from 1 to 16.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public int Enlargement
    {
        get;
        init => field = NotNegative(value);
    }

    /// <summary>
    /// Tiles per row. 0 (the default) puts a kernel's channels into one row if there are several, and otherwise makes about as many columns
    /// as rows.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public int Columns
    {
        get;
        init => field = NotNegative(value);
    }

    /// <summary>Pixels between tiles and around them. Null (the default) takes half of <see cref="Enlargement"/>, but at least 2.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public int? Gap
    {
        get;
        init => field = value is { } gap ? NotNegative(gap) : null;
    }

    /// <summary>The colour between the tiles. Default a dark grey.</summary>
    public Rgb Background { get; init; } = new(32, 34, 40);

    private static int NotNegative(int value, [CallerMemberName] string name = "") =>
        value >= 0 ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be 0 or more.");
}
