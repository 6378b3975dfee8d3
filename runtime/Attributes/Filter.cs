namespace Strata;

/// <summary>A classic filter of 3×3 numbers; written here row by row.</summary>
public enum Filter
{
    /// <summary>Edges in all directions: −1 −1 −1 | −1 8 −1 | −1 −1 −1.</summary>
    Edge,

    /// <summary>Changes along a row, so vertical edges: −1 0 1 | −2 0 2 | −1 0 1 (Sobel 1968).</summary>
    SobelX,

    /// <summary>Changes along a column, so horizontal edges: −1 −2 −1 | 0 0 0 | 1 2 1.</summary>
    SobelY,

    /// <summary>Mean of nine: 1/9 everywhere.</summary>
    BoxBlur,

    /// <summary>Weighted mean: 1 2 1 | 2 4 2 | 1 2 1, divided by 16.</summary>
    GaussianBlur,

    /// <summary>0 −1 0 | −1 5 −1 | 0 −1 0.</summary>
    Sharpen,

    /// <summary>Light from the upper left: −2 −1 0 | −1 1 1 | 0 1 2.</summary>
    Emboss,
}
