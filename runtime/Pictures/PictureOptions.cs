using System;
using System.Runtime.CompilerServices;

namespace Strata.Pictures;

/// <summary>How kernels and activations are drawn.</summary>
public sealed record PictureOptions
{
    /// <summary>
    /// The colours. By default activations are <see cref="ColorMap.Viridis"/>, kernels <see cref="ColorMap.Diverging"/>, but
    /// kernels of three channels one image in red, green and blue, grey at zero; a map that is named here draws their channels
    /// one by one.
    /// </summary>
    public ColorMap? Colors { get; init; }

    /// <summary>
    /// Whether each kernel, or each channel's map, fills the colours by itself. False, the default, keeps them comparable: one scale holds
    /// for the whole picture, as with torchvision's <c>make_grid(scale_each)</c>.
    /// </summary>
    public bool ScaleEach { get; init; }

    /// <summary>
    /// Pixels of the picture for a number, each way. 0, the default, takes as many as fit into 1,024 pixels, from 1 to 16.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public int Enlargement
    {
        get;
        init => field = NotNegative(value);
    }

    /// <summary>
    /// Tiles in a row. 0, the default, takes all of one kernel where it has several channels, and else about as many as there are rows.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public int Columns
    {
        get;
        init => field = NotNegative(value);
    }

    /// <summary>
    /// Pixels between tiles and around them. Null, the default, takes half of <see cref="Enlargement"/>, and 2 at least.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public int? Gap
    {
        get;
        init => field = value is { } gap ? NotNegative(gap) : null;
    }

    /// <summary>What is seen between the tiles. By default a dark grey.</summary>
    public Rgb Background { get; init; } = new(32, 34, 40);

    private static int NotNegative(int value, [CallerMemberName] string name = "") =>
        value >= 0 ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be 0 or more.");
}
