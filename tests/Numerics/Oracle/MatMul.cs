using System;
using System.Collections.Generic;

namespace Strata.Numerics.Tests.Oracle;

/// <summary>The products of two tensors of matrices, the last two axes.</summary>
internal sealed record MatMul(params IReadOnlyList<Layer>[] Paths) : Branches(Paths)
{
    public bool TransposeA { get; init; }

    public bool TransposeB { get; init; }

    private string Arguments => (TransposeA, TransposeB) switch
    {
        (true, true) => "TransposeA = true, TransposeB = true",
        (true, false) => "TransposeA = true",
        (false, true) => "TransposeB = true",
        _ => "",
    };

    public override string Attribute => Arguments.Length == 0 ? "MatMul" : $"MatMul({Arguments})";

    public override string Joining(string names) => Arguments.Length == 0 ? $"MatMul({names})" : $"MatMul({names}, {Arguments})";

    protected override Extents Joined(Extents[] branches)
    {
        if (branches.Length != 2 || branches[0].Rank < 2 || branches[0].Rank != branches[1].Rank)
        {
            return default;
        }

        (Extents a, Extents b) = (branches[0], branches[1]);
        ((int rows, int inner), (int other, int columns)) = (Sides(a, TransposeA), Sides(b, TransposeB));
        if (inner != other)
        {
            return default;
        }

        bool fits = a.Rank == 2 || ((a.Channels == b.Channels || Math.Min(a.Channels, b.Channels) == 1)
            && (a.Depth == b.Depth || Math.Min(a.Depth, b.Depth) == 1));
        return !fits ? default
            : a.Rank == 2 ? Extents.Sequence(rows, columns)
            : a with { Channels = Math.Max(a.Channels, b.Channels), Depth = Math.Max(a.Depth, b.Depth), Height = rows, Width = columns };
    }

    protected override void JoinForward(Extents[] inputs, Numbers[] branches, Numbers y)
    {
        var sums = new Sums(y.Length);
        foreach ((int a, int b, int to) in Terms(inputs))
        {
            sums.Add(to, branches[0].Value[a], branches[0].Variance[a], branches[1].Value[b], branches[1].Variance[b]);
        }

        sums.Store(y);
    }

    protected override void JoinBackward(Extents[] inputs, Numbers dy, Numbers[] branches, Numbers[] gradients)
    {
        (Sums ofA, Sums ofB) = (new(gradients[0].Length), new(gradients[1].Length));
        foreach ((int a, int b, int to) in Terms(inputs))
        {
            ofA.Add(a, dy.Value[to], dy.Variance[to], branches[1].Value[b], branches[1].Variance[b]);
            ofB.Add(b, dy.Value[to], dy.Variance[to], branches[0].Value[a], branches[0].Variance[a]);
        }

        ofA.Store(gradients[0]);
        ofB.Store(gradients[1]);
    }

    private static (int Rows, int Columns) Sides(Extents extents, bool isTransposed)
    {
        int rows = extents.Rank == 2 ? extents.Channels : extents.Height;
        return isTransposed ? (extents.Width, rows) : (rows, extents.Width);
    }

    private IEnumerable<(int A, int B, int To)> Terms(Extents[] inputs)
    {
        Extents whole = Joined(inputs);
        (int rows, int columns) = Sides(whole, false);
        int inner = Sides(inputs[0], TransposeA).Columns, channels = whole.Rank == 2 ? 1 : whole.Channels;
        for (int pair = 0; pair < channels * whole.Depth; pair++)
        {
            (int c, int z) = (pair / whole.Depth, pair % whole.Depth);
            for (int i = 0; i < rows; i++)
            {
                for (int j = 0; j < columns; j++)
                {
                    for (int k = 0; k < inner; k++)
                    {
                        int a = At(inputs[0], c, z, i, k, TransposeA), b = At(inputs[1], c, z, k, j, TransposeB);
                        yield return (a, b, At(whole, c, z, i, j, false));
                    }
                }
            }
        }
    }

    private static int At(Extents extents, int c, int z, int row, int column, bool isTransposed)
    {
        (int y, int x) = isTransposed ? (column, row) : (row, column);
        return extents.Rank == 2 ? extents.At(y, 0, 0, x)
            : extents.At(extents.Channels == 1 ? 0 : c, extents.Depth == 1 ? 0 : z, y, x);
    }
}
