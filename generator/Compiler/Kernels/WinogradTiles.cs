using System;
using System.Linq;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>
/// The Winograd tiles along an axis of the outputs. The last tile ends with the outputs, so it may overlap the tile before it. A dilated
/// filter reads every <paramref name="Dilation"/>-th input, and a tile has every <paramref name="Dilation"/>-th output. A phase is the
/// outputs whose index has the same remainder when divided by the dilation. All tiles of one phase come before those of the next.
/// </summary>
/// <param name="Extent">Number of outputs, before pooling. Each phase has the same number.</param>
internal sealed record WinogradTileAxis(WinogradAxis Axis, int Extent, int Dilation)
{
    public int Count => Dilation * OfPhase;

    /// <summary>Whether no tile overlaps the one before it.</summary>
    public bool AreWhole => OutputsOfPhase % Axis.Outputs == 0;

    private int OfPhase => Arithmetic.CeilingDivide(OutputsOfPhase, Axis.Outputs);

    private int OutputsOfPhase => Extent / Dilation;

    /// <summary>Records the loops over tiles as those of kernels of several sizes, if they are.</summary>
    public static void DependOnSize(KernelBuilder k, bool ofSizes)
    {
        if (ofSizes)
        {
            k.DependOnSize("tileRow", "tileColumn");
        }
    }

    /// <summary>The first output of a tile.</summary>
    /// <param name="name">The axis: <c>row</c> or <c>column</c>.</param>
    public Index First(KernelBuilder k, string name, Index tile)
    {
        bool isOfSizes = IsOfSizes(k, name);
        if (Count == 1 && !isOfSizes)
        {
            return 0;
        }

        if (Axis.Outputs == 1 || (OfPhase == 1 && !isOfSizes))
        {
            return tile;
        }

        (Index first, Index phase) = PlaceOf(tile, Axis.Outputs);
        Index begin = AreWhole && !isOfSizes ? first : Index.Min(first, Last(k, name, 1));
        return k.LetInt(name, (begin * Dilation) + phase);
    }

    /// <summary>
    /// The addresses of a tile's results. If tiles overlap, the earlier tile's results are kept, so that no output depends on which tile
    /// was done last. The later tile stores the common results at the address of its first new one, and then overwrites them with that
    /// one.
    /// </summary>
    /// <param name="name">The axis: <c>row</c> or <c>column</c>.</param>
    /// <param name="pool">The number of outputs that are pooled to one result.</param>
    /// <param name="unit">The distance from one result to the next.</param>
    public Index[] Results(KernelBuilder k, string name, Index tile, int pool, int unit)
    {
        int results = Axis.Outputs / pool;
        bool isOfSizes = IsOfSizes(k, name);
        if (Count == 1 && !isOfSizes)
        {
            return [.. Enumerable.Range(0, results).Select(i => (Index)(i * unit))];
        }

        // A tile's first new result is where the tile would begin without overlap.
        var axis = new IndexVariable(name);
        (Index place, Index phase) = PlaceOf(tile, results);
        Index first = OfPhase == 1 && !isOfSizes ? place : k.LetInt(axis.Prefixed("first"), place);
        if (AreWhole && !isOfSizes)
        {
            return unit == 1 && Dilation == 1 ? [.. Enumerable.Range(0, results).Select(i => first + i)]
                : Named(i => Dilation == 1 ? (first * unit) + (i * unit) : (((first + i) * Dilation) + phase) * unit);
        }

        IndexVariable begin = k.LetInt(axis.Prefixed("begin"), Index.Min(first, Last(k, name, pool)));
        return Named(i => ((Index.Max(begin + i, first) * Dilation) + phase) * unit);

        Index[] Named(Func<int, Index> value) =>
            [.. k.LetInts([.. Enumerable.Range(0, results).Select(i => (axis.Prefixed("at") + i, value(i)))])];
    }

    private Number Last(KernelBuilder k, string name, int pool) => k.OfLoop(
        LoopOf(name), (OutputsOfPhase - Axis.Outputs) / pool, new IndexVariable(name).Prefixed("last"));

    /// <summary>Whether there may be another number of tiles at other sizes. Then no form depends on it.</summary>
    private bool IsOfSizes(KernelBuilder k, string name) => Dilation == 1 && k.DependsOnSize(LoopOf(name));

    /// <summary>The loop over the tiles of an axis.</summary>
    private static string LoopOf(string name) => new IndexVariable(name).Prefixed("tile");

    /// <summary>The place in its phase at which a tile would begin without overlap, and the phase.</summary>
    private (Index Place, Index Phase) PlaceOf(Index tile, int size) =>
        Dilation == 1 ? (tile * size, 0) : OfPhase == 1 ? (0, tile) : (tile % OfPhase * size, tile / OfPhase);
}

/// <summary>The Winograd tiles that cover an image.</summary>
/// <param name="Rows">Rows of tiles.</param>
/// <param name="Columns">Columns of tiles.</param>
internal sealed record WinogradTiles(WinogradForm Form, WinogradTileAxis Rows, WinogradTileAxis Columns)
{
    public int Count => Rows.Count * Columns.Count;
}
