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

/// <summary>Removes both ends of a sequence: PyTorch's <c>x[:, :, a:b:s]</c>, Keras' <c>Cropping1D</c>.</summary>
/// <remarks>
/// <para>Shape: C×L → C×⌈(L − 2P)/S⌉, margin P and stride S. An argument for one side replaces P there.</para>
/// <para>Formula: y[c, i] = x[c, S·i + P].</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class Crop1DAttribute : CropAttribute
{
    /// <summary>Removes <paramref name="crop"/> elements at each end.</summary>
    /// <param name="crop">Number of elements, at least 0; 0 by default.</param>
    public Crop1DAttribute(int crop = 0)
        : base(crop)
    {
    }
}

/// <summary>
/// Removes the margins of an image: PyTorch's <c>x[:, :, a:b:s, c:d:t]</c>, Keras' <c>Cropping2D</c>. With a stride, it takes every n-th
/// row and column of the rest.
/// </summary>
/// <remarks>
/// <para>
/// Shape: C×H×W → C×⌈(H − 2P)/S⌉×⌈(W − 2P)/S⌉, margin P and stride S. Arguments for one axis or one side replace P there.
/// </para>
/// <para>Formula: y[c, i, j] = x[c, S·i + P, S·j + P].</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class Crop2DAttribute : CropAttribute
{
    /// <summary>Removes <paramref name="crop"/> elements on each side of each axis.</summary>
    /// <param name="crop">Number of elements, at least 0; 0 by default.</param>
    public Crop2DAttribute(int crop = 0)
        : base(crop)
    {
    }

    /// <summary>Rows removed above, and as many below; at least 0. Overrides <c>Crop</c>.</summary>
    public int CropHeight { get; set; }

    /// <summary>Columns removed on the left, and as many on the right; at least 0. Overrides <c>Crop</c>.</summary>
    public int CropWidth { get; set; }

    /// <summary>Rows removed above, at least 0. Overrides <c>CropHeight</c>.</summary>
    public int Top { get; set; }

    /// <summary>Rows removed below, at least 0. Overrides <c>CropHeight</c>.</summary>
    public int Bottom { get; set; }

    /// <summary>Step from one row that is kept to the next, at least 1; <c>Stride</c> by default.</summary>
    public int StrideHeight { get; set; }

    /// <summary>Step from one column that is kept to the next, at least 1; <c>Stride</c> by default.</summary>
    public int StrideWidth { get; set; }
}

/// <summary>
/// Removes the margins of a volume: PyTorch's <c>x[:, :, a:b, c:d, e:f]</c>, Keras' <c>Cropping3D</c>. With a stride, it takes every n-th
/// plane, row and column of the rest.
/// </summary>
/// <remarks>
/// <para>
/// Shape: C×D×H×W → C×⌈(D − 2P)/S⌉×⌈(H − 2P)/S⌉×⌈(W − 2P)/S⌉, margin P and stride S. Arguments for one axis or one side replace P
/// there.
/// </para>
/// <para>Formula: y[c, k, i, j] = x[c, S·k + P, S·i + P, S·j + P].</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class Crop3DAttribute : CropAttribute
{
    /// <summary>Removes <paramref name="crop"/> elements on each side of each axis.</summary>
    /// <param name="crop">Number of elements, at least 0; 0 by default.</param>
    public Crop3DAttribute(int crop = 0)
        : base(crop)
    {
    }

    /// <summary>Rows removed above, and as many below; at least 0. Overrides <c>Crop</c>.</summary>
    public int CropHeight { get; set; }

    /// <summary>Columns removed on the left, and as many on the right; at least 0. Overrides <c>Crop</c>.</summary>
    public int CropWidth { get; set; }

    /// <summary>Planes removed in front, and as many behind; at least 0. Overrides <c>Crop</c>.</summary>
    public int CropDepth { get; set; }

    /// <summary>Rows removed above, at least 0. Overrides <c>CropHeight</c>.</summary>
    public int Top { get; set; }

    /// <summary>Rows removed below, at least 0. Overrides <c>CropHeight</c>.</summary>
    public int Bottom { get; set; }

    /// <summary>Planes removed in front, at least 0. Overrides <c>CropDepth</c>.</summary>
    public int Front { get; set; }

    /// <summary>Planes removed behind, at least 0. Overrides <c>CropDepth</c>.</summary>
    public int Back { get; set; }

    /// <summary>Step from one row that is kept to the next, at least 1; <c>Stride</c> by default.</summary>
    public int StrideHeight { get; set; }

    /// <summary>Step from one column that is kept to the next, at least 1; <c>Stride</c> by default.</summary>
    public int StrideWidth { get; set; }

    /// <summary>Step from one plane that is kept to the next, at least 1; <c>Stride</c> by default.</summary>
    public int StrideDepth { get; set; }
}
