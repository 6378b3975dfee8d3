namespace Strata.Weights;

/// <summary>The extents of an array in an HDF5 file.</summary>
internal static class Hdf5Space
{
    // As many as NumPy's arrays have.
    private const int MostAxes = 32;
    private const int MostElements = int.MaxValue;

    /// <summary>Reads the description of extents.</summary>
    public static long[] Read(ref ByteCursor cursor)
    {
        int version = cursor.U8(), axes = cursor.U8(), flags = cursor.U8();
        if (version is < 1 or > 2 || axes > MostAxes || flags > 1)
        {
            throw cursor.Damaged($"extents of version {version} with {axes} axes and the flags {flags}");
        }

        cursor.Take(version == 1 ? 5 : 1);
        long[] extents = new long[axes];
        for (int i = 0; i < axes; i++)
        {
            extents[i] = cursor.I64();
            if (extents[i] < 0)
            {
                throw cursor.Damaged($"an axis of {(ulong)extents[i]} elements");
            }
        }

        // The largest extents that they may have.
        cursor.Take(flags * axes * sizeof(long));
        return ElementCount.Of<long>(extents, MostElements) >= 0 ? extents
            : throw cursor.Damaged($"{MessageText.Shape(extents)} has more than {MostElements} elements");
    }
}
