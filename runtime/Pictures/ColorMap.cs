namespace Strata.Pictures;

/// <summary>How numbers become colours.</summary>
public enum ColorMap
{
    /// <summary>The least number is black, the greatest white.</summary>
    Grey,

    /// <summary>
    /// From the least number, dark violet, over blue and green to the greatest, yellow. Equal differences look equal, in grey print too
    /// (matplotlib's viridis, Smith and van der Walt 2015).
    /// </summary>
    Viridis,

    /// <summary>
    /// Zero is white, negative numbers are blue, positive ones red. Both ends are equally far from zero, so that signs show.
    /// </summary>
    Diverging,
}
