using System.Collections.Generic;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>
/// Products of matrices. Lanes hold neighbouring columns of the result. For each vector of columns, tiles of rows are computed: each row of
/// the second matrix is multiplied by floats of the first.
/// </summary>
/// <param name="Channels">The pairs of matrices along the channels.</param>
/// <param name="Planes">Those along the planes.</param>
/// <param name="Rows">The rows of the result.</param>
/// <param name="Columns">Its columns.</param>
/// <param name="Inner">The terms of each sum.</param>
/// <param name="Left">The first matrices.</param>
/// <param name="Right">The second ones. If they are used transposed, the columns of each vector are first copied to a panel.</param>
/// <param name="Output">The results.</param>
internal sealed record MatrixProductKernel(
    Tier Tier, int Channels, int Planes, int Rows, int Columns, int Inner, MatrixPlaces Left, MatrixPlaces Right, MatrixPlaces Output)
    : Kernel(Tier)
{
    /// <summary>The floats of a panel.</summary>
    public int Scratch => Right.IsTransposed ? Inner * Tier.Lanes : 0;

    /// <summary>The multiply-adds of vectors.</summary>
    public long MultiplyAdds => (long)Channels * Planes * Vectors * Rows * Inner;

    /// <summary>The tiles, of as many rows as there are accumulators.</summary>
    public long Tiles => (long)Channels * Planes * Vectors * Arithmetic.CeilingDivide(Rows, Tier.Accumulators);

    /// <summary>The floats that are copied to panels.</summary>
    public long Copied => (long)Channels * Planes * Vectors * Scratch;

    public override string Summary => "Products of matrices: vectors of columns, in tiles of rows";

    private int Vectors => Arithmetic.CeilingDivide(Columns, Tier.Lanes);

    public override Work WorkOf(IReadOnlyList<int> extents) => Work.Over(WorkAxis.Tiles, Channels * Planes * Vectors);

    protected override void Record(KernelBuilder k)
    {
        Pointer left = k.Parameter("left"), right = k.Parameter("right"), output = k.Parameter("output");
        Pointer? panel = Right.IsTransposed ? k.Parameter("panel") : null;
        var tile = BroadcastTile.Of(Tier, "y", Rows, Inner);
        tile.Sums.Declare(k);
        using (k.Items(out Index[] at, ("c", Channels, 1), ("z", Planes, 1), ("v", Vectors, 1)))
        {
            Pointer a = k.PointTo("a", left[Left.At(at[0], at[1])]);
            Pointer matrix = k.PointTo("b", right[Right.At(at[0], at[1])]);
            Pointer result = k.PointTo("y", output[Output.At(at[0], at[1]) + Index.Sum((at[2], Tier.Lanes))]);
            if (panel is not null)
            {
                TransposedPanel.Record(k, panel, matrix, Right.Row, Columns, at[2], Inner);
            }

            // A panel has its columns only. Otherwise they are some of the matrix.
            Pointer columns = panel ?? k.PointTo("columns", matrix[Index.Sum((at[2], Tier.Lanes))]);
            int pitch = panel is null ? Right.Row : Tier.Lanes;
            using (k.Loops(out Index[] loop, ("i", Rows, tile.Size)))
            {
                Index from = tile.First(k, "fromRow", loop[0]);
                Pointer rows = k.PointTo("rows", a[Index.Sum((from, Left.IsTransposed ? 1 : Left.Row))]);
                tile.Record(
                    k, ("n", Inner), n => columns[Index.Sum((n, pitch))].Vector,
                    rows, n => Left.IsTransposed ? Index.Sum((n, Left.Row)) : n, apart: Left.IsTransposed ? 1 : Left.Row);
                using KernelBuilder.Scope whole = tile.Sums.End(k);
                Pointer target = k.PointTo("target", result[Index.Sum((from, Output.Row))]);
                for (int t = 0; t < tile.Size; t++)
                {
                    k.Store(target[t * Output.Row], tile.Accumulators[t]);
                }
            }
        }
    }
}

/// <summary>Where matrices are: distances in floats. A distance of 0 means that one matrix serves for all.</summary>
/// <param name="Channel">From a channel to the next.</param>
/// <param name="Plane">From a plane to the next.</param>
/// <param name="Row">From a row in memory to the next.</param>
/// <param name="IsTransposed">Whether rows in memory are used as columns.</param>
internal readonly record struct MatrixPlaces(int Channel, int Plane, int Row, bool IsTransposed = false)
{
    /// <summary>Those of a planar tensor, whose last two axes are the matrices.</summary>
    public static MatrixPlaces Of(TensorBuffer tensor, bool isTransposed = false) => tensor.Shape.Rank == 2
        ? new(0, 0, tensor.ChannelPitch, isTransposed)
        : new(
            tensor.Shape.Channels == 1 ? 0 : tensor.ChannelPitch, tensor.Shape.Depth == 1 ? 0 : tensor.PlanePitch, tensor.RowPitch,
            isTransposed);

    /// <summary>Those of a mask. If it has one row, all rows are this one.</summary>
    public static MatrixPlaces OfMask(TensorBuffer mask) => mask.Shape.MatrixRows == 1 ? Of(mask) with { Row = 0 } : Of(mask);

    public Index At(Index channel, Index plane) => Index.Sum((channel, Channel), (plane, Plane));
}
