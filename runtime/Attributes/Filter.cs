namespace Strata;

/// <summary>A classic 3×3 filter; its numbers are listed row by row.</summary>
public enum Filter
{
    /// <summary>Edges in all directions: −1 −1 −1 | −1 8 −1 | −1 −1 −1.</summary>
    Edge,

    /// <summary>Vertical edges, found as changes along a row: −1 0 1 | −2 0 2 | −1 0 1 (Sobel 1968).</summary>
    SobelX,

    /// <summary>Horizontal edges, found as changes along a column: −1 −2 −1 | 0 0 0 | 1 2 1.</summary>
    SobelY,

    /// <summary>Mean of the nine pixels: 1/9 everywhere.</summary>
    BoxBlur,

    /// <summary>Weighted mean of the nine pixels: 1 2 1 | 2 4 2 | 1 2 1, divided by 16.</summary>
    GaussianBlur,

    /// <summary>Sharpens: 0 −1 0 | −1 5 −1 | 0 −1 0.</summary>
    Sharpen,

    /// <summary>Embosses, as if lit from the upper left: −2 −1 0 | −1 1 1 | 0 1 2.</summary>
    Emboss,
}
