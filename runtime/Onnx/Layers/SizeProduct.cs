using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Catalogue;
using Strata.Compiler.Declarations;
using Strata.Compiler.Foundation;
using Strata.Compiler.Operators;

namespace Strata.Onnx.Layers;

/// <summary>
/// Sizes of an input as <c>[Sizes]</c> declares them: all products of the extents of each axis, and the size of <c>[Input]</c>.
/// </summary>
/// <param name="Declared">The size of <c>[Input]</c>: its extents without the channels.</param>
/// <param name="Axes">The extents that each axis has in the other sizes.</param>
internal sealed record SizeProduct(IReadOnlyList<int> Declared, IReadOnlyList<int[]> Axes)
{
    /// <summary>So many extents in equal steps are written as a range.</summary>
    private const int RangeFrom = 4;

    /// <summary>The sizes without that of <c>[Input]</c>.</summary>
    public IEnumerable<int[]> Others => ProductOf(Axes).Where(size => !size.SequenceEqual(Declared));

    /// <summary>The arguments of <c>[Sizes]</c>; none if there are no other sizes. An axis that is not named keeps its extent.</summary>
    public IEnumerable<(string Name, int[] Extents)> Arguments => Axes
        .Select((extents, axis) => (Name: NameOf(axis, Axes.Count), Extents: extents))
        .Where((axis, index) => !axis.Extents.SequenceEqual([Declared[index]]))
        .Select(axis => IsRange(axis.Extents)
            ? (axis.Name + Sizes.RangeSuffix, [axis.Extents[0], axis.Extents[^1], axis.Extents[1] - axis.Extents[0]]) : axis);

    /// <summary>The sizes as a product, with one of them as that of <c>[Input]</c>: the first if that is possible.</summary>
    /// <exception cref="ArgumentException">They are no product.</exception>
    public static SizeProduct Of(IReadOnlyList<IReadOnlyList<int>> sizes)
    {
        int[][] distinct = Checked(sizes);
        return Find(distinct, distinct[0])
            ?? distinct.Select(declared => Find(distinct, declared)).FirstOrDefault(found => found is not null)
            ?? throw NoProduct(distinct);
    }

    /// <summary>The sizes as a product.</summary>
    /// <param name="sizes">The sizes, with or without the declared one.</param>
    /// <param name="declared">The size of <c>[Input]</c>.</param>
    /// <exception cref="ArgumentException">They are no product, or have another number of extents.</exception>
    public static SizeProduct Of(IReadOnlyList<IReadOnlyList<int>> sizes, IReadOnlyList<int> declared)
    {
        int[][] distinct = Checked(sizes);
        return distinct[0].Length != declared.Count
            ? throw new ArgumentException(
                $"The input is {SizedNetwork.Text(declared)} without its channels; the size {SizedNetwork.Text(distinct[0])} has another "
                + "number of extents.")
            : Find(distinct, declared) ?? throw NoProduct(distinct);
    }

    private static int[][] Checked(IReadOnlyList<IReadOnlyList<int>> sizes)
    {
        IReadOnlyList<int> first = sizes[0];
        foreach (IReadOnlyList<int> size in sizes)
        {
            if (size.Count is < 1 or > 3 || size.Count != first.Count || size.Any(extent => extent < 1))
            {
                throw new ArgumentException(
                    $"'{SizedNetwork.Text(size)}' is no size beside '{SizedNetwork.Text(first)}': all have the same 1 to 3 extents "
                    + "without the channels, each at least 1.");
            }
        }

        int[][] distinct = [.. sizes.DistinctBy(SizedNetwork.Text).Select(size => size.ToArray())];
        return distinct.Length <= DeclaredSizes.Most ? distinct : throw new ArgumentException(
            $"There are {distinct.Length} sizes; a class declares at most {DeclaredSizes.Most}.");
    }

    /// <summary>The product that has these sizes and the declared one, and no others; null if there is none.</summary>
    private static SizeProduct? Find(int[][] sizes, IReadOnlyList<int> declared)
    {
        int[][] others = [.. sizes.Where(size => !size.SequenceEqual(declared))];
        return IsProduct(sizes) ? new SizeProduct(declared, AxesOf(sizes))
            : IsProduct(others) ? new SizeProduct(declared, AxesOf(others)) : null;
    }

    private static bool IsProduct(int[][] sizes) =>
        sizes.Length > 0 && AxesOf(sizes).Aggregate(1L, (count, extents) => count * extents.Length) == sizes.Length;

    private static int[][] AxesOf(int[][] sizes) =>
        [.. Enumerable.Range(0, sizes[0].Length).Select(axis => sizes.Select(size => size[axis]).Distinct().ToArray())];

    private static IEnumerable<int[]> ProductOf(IEnumerable<int[]> axes) => axes.Aggregate(
        (IEnumerable<int[]>)[[]], (sizes, axis) => sizes.SelectMany(size => axis.Select(extent => (int[])[.. size, extent])));

    private static ArgumentException NoProduct(int[][] sizes)
    {
        int[][] all = [.. ProductOf(AxesOf(sizes))];
        string[] missing = [.. all.Select(SizedNetwork.Text).Except(sizes.Select(SizedNetwork.Text))];
        string more = missing.Length > 3 ? $" and {missing.Length - 3} more" : "";
        return new ArgumentException(
            $"A class declares all products of its extents: {string.Join(", ", sizes.Select(SizedNetwork.Text))} lack "
            + $"{string.Join(", ", missing.Take(3))}{more}. Add these, or import a class for each size.");
    }

    private static string NameOf(int axis, int count) =>
        Identifiers.Pascal(NumberList.ExtentNamesOf(count + 1)[axis + 1]);

    private static bool IsRange(int[] extents) => extents.Length >= RangeFrom && extents[1] > extents[0]
        && Enumerable.Range(1, extents.Length - 1).All(i => extents[i] - extents[i - 1] == extents[1] - extents[0]);
}
