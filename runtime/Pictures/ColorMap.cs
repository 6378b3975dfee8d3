namespace Strata.Pictures;

/// <summary>A colour map.</summary>
public enum ColorMap
{
    /// <summary>The least number is black, the greatest white.</summary>
    Grey,

    /// <summary>
    /// From dark violet for the least number over blue and green to yellow for the greatest. Equal differences look equal, also in grey
    /// (matplotlib's viridis, Smith and van der Walt 2015).
    /// </summary>
    Viridis,

    /// <summary>Zero is white, negative numbers are blue, positive ones red. Both ends of the scale are equally far from zero.</summary>
    Diverging,
}
