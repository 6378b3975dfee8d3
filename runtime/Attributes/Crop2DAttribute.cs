using System;

namespace Strata;

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
