using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>
/// Pools outputs whose lanes are neighbours in a row, 2 columns at a time. Rows are combined lane by lane, then each lane with its
/// neighbour. At the end, the even lanes of two vectors are put side by side.
/// </summary>
internal static class PooledPairs
{
    /// <summary>The maximum or the mean of a window.</summary>
    /// <inheritdoc cref="Maximum"/>
    public static Expression Pool(FusedPool pool, IReadOnlyList<Expression> window, int columns, int lanes) =>
        pool.Kind == PoolingKind.Max ? Maximum(window, columns, lanes) : Mean(window, columns, pool.Area, lanes);

    /// <summary>A balanced tree, so that the maxima of pairs are independent of each other.</summary>
    public static Expression MaximumOf(IReadOnlyList<Expression> values) => values.Count == 1
        ? values[0] : Functions.Max(MaximumOf([.. values.Take(values.Count / 2)]), MaximumOf([.. values.Skip(values.Count / 2)]));

    /// <param name="window">Row by row.</param>
    /// <param name="columns">Vectors of a row: two, or a single one that serves as both.</param>
    private static Call Maximum(IReadOnlyList<Expression> window, int columns, int lanes)
    {
        IEnumerable<Expression> halves = Enumerable.Range(0, columns)
            .Select(half => MaximumOf([.. window.Where((_, i) => i % columns == half)]));
        return new Call(
            Function("MaximumOfPairs", ["left"], ["right"], rows => Functions.Max(rows[0], Swapped(rows[0], lanes)), lanes, 1),
            [.. halves, .. Enumerable.Repeat<Expression>(0, 2 - columns)]);
    }

    /// <summary>
    /// The mean of 2 rows and 2 columns. They are added row by row, as in all other kernels: in an even lane, the lane, its neighbour, and
    /// the same two of the next row. Odd lanes are dropped at the end.
    /// </summary>
    /// <inheritdoc cref="Maximum"/>
    private static Call Mean(IReadOnlyList<Expression> window, int columns, int area, int lanes)
    {
        IEnumerable<Expression> halves = Enumerable.Range(0, columns).SelectMany(half => window.Where((_, i) => i % columns == half));
        DefinedFunction function = Function(
            "MeanOfPairs", ["left0", "left1"], ["right0", "right1"],
            rows => rows[0] + Swapped(rows[0], lanes) + rows[1] + Swapped(rows[1], lanes), lanes, 1.0 / area);
        return new Call(function, [.. halves, .. Enumerable.Repeat<Expression>(0, 2 * (2 - columns))]);
    }

    /// <summary>Each lane's neighbour.</summary>
    private static Expression Swapped(Expression x, int lanes) => Intrinsics.Shuffle(x, Enumerable.Range(0, lanes).Select(i => i ^ 1));

    private static DefinedFunction Function(string name, string[] left, string[] right, Func<Expression[], Expression> combine,
        int lanes, double scale)
    {
        var k = new KernelBuilder(lanes);
        Expression[] first = [.. left.Select(k.VectorParameter)], second = [.. right.Select(k.VectorParameter)];
        int[] even = [.. Enumerable.Range(0, lanes).Select(i => 2 * i % lanes)];
        k.Set(first[0], Intrinsics.Shuffle(combine(first), even));
        k.Set(second[0], Intrinsics.Shuffle(combine(second), even));
        Expression halves = Intrinsics.LowerHalves(first[0], second[0]);
        k.Return(scale == 1 ? halves : halves * new Constant((float)scale));
        return new DefinedFunction(name, "Combines neighbouring lanes of two vectors; the even lanes of both are put side by side.",
            k.Nest(ElementType.Vector));
    }
}
