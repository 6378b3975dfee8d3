using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>Copies of as many rows as a vector has lanes, with the rows in the lanes. So a kernel reads columns as vectors.</summary>
internal static class TransposedPanel
{
    /// <summary>Writes the panel of a vector of rows.</summary>
    /// <param name="matrix">The matrix.</param>
    /// <param name="pitch">The distance of two of its rows.</param>
    /// <param name="rows">
    /// How many rows there are. Lanes behind the last one get the last one again: nothing is read outside of the matrix.
    /// </param>
    /// <param name="vector">The number of the vector.</param>
    /// <param name="end">How many columns are copied.</param>
    /// <param name="apart">The distance of two columns in the panel; null if they lie one behind the other.</param>
    public static void Record(
        KernelBuilder k, Pointer panel, Pointer matrix, int pitch, int rows, Index vector, Index end, int? apart = null)
    {
        using (k.Loops(out Index[] lane, ("lane", k.Lanes, 1)))
        {
            Index row = Index.Sum((vector, k.Lanes)) + lane[0];
            Pointer source = k.PointTo("row", matrix[Index.Sum((Index.Min(row, Number.Named(rows - 1, "lastRow")), pitch))]);
            using (k.For("n", 0, end, 1, out IndexVariable column))
            {
                k.Store(panel[Index.Sum((column, apart ?? k.Lanes)) + lane[0]], source[column].Value);
            }
        }
    }
}
