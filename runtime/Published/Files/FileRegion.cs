namespace Strata.Weights;

/// <summary>Some bytes of a file.</summary>
/// <param name="Begin">The first byte.</param>
/// <param name="Length">How many.</param>
internal readonly record struct FileRegion(long Begin, long Length)
{
    /// <summary>The byte after the last one.</summary>
    public long End => Begin + Length;
}
