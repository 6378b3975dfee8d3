using System;

namespace Strata;

/// <summary>The base class of layers that remove margins, and take every n-th element of the rest.</summary>
/// <remarks>The more specific argument wins: <see cref="Left"/> overrides <see cref="Crop"/>.</remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public abstract class CropAttribute : LayerAttribute
{
    private protected CropAttribute(int crop) => Crop = crop;

    /// <summary>Elements removed on each side of each axis, at least 0.</summary>
    public int Crop { get; }

    /// <summary>
    /// Elements removed at the beginning of a sequence or of each row, at least 0; <see cref="Crop"/> by default.
    /// </summary>
    public int Left { get; set; }

    /// <summary>Elements removed at the end of a sequence or of each row, at least 0; <see cref="Crop"/> by default.</summary>
    public int Right { get; set; }

    /// <summary>
    /// Step from one element that is kept to the next, along each axis; at least 1 (the default). The first element is always kept.
    /// </summary>
    public int Stride { get; set; } = 1;
}
