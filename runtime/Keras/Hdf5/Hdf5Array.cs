namespace Strata.Weights;

/// <summary>An array of an HDF5 file, whose bytes are in the file one after the other.</summary>
/// <param name="Path">Its name with its groups: <c>/layers/conv2d/vars/0</c>.</param>
/// <param name="Type">The type of its elements.</param>
/// <param name="Shape">Its extents.</param>
internal sealed record Hdf5Array(string Path, Hdf5Type Type, long[] Shape)
{
    /// <summary>Its elements.</summary>
    public long Count { get; } = ElementCount.Of<long>(Shape, int.MaxValue);

    /// <summary>Its bytes.</summary>
    public long Length => Count * Type.Size;
}
