using System;
using System.Linq;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>
/// Sums of products of one vector with several floats, all in registers. They have the same bits as an operator's own loops
/// (<see cref="Operators.Loops.SumOfProducts"/>), so that a sample has the same result in lanes.
/// </summary>
/// <param name="Count">How many sums there are in all tiles.</param>
/// <param name="Size">How many are in one.</param>
/// <param name="Accumulators">The sums of a tile.</param>
/// <param name="Sums">How long sums are cut.</param>
internal sealed record BroadcastTile(int Count, int Size, Variable[] Accumulators, TileSums Sums)
{
    /// <summary>The tiles of some sums.</summary>
    /// <param name="name">What begins the names of the sums.</param>
    /// <param name="count">The number of sums.</param>
    /// <param name="terms">The terms of each sum.</param>
    public static BroadcastTile Of(Tier tier, string name, int count, int terms)
    {
        // All tiles are of one size, so that the last one hardly overlaps the one before it.
        int size = Arithmetic.CeilingDivide(count, Arithmetic.CeilingDivide(count, tier.Accumulators));
        Variable[] accumulators = [.. Enumerable.Range(0, size).Select(t => new Variable($"{name}{t}"))];
        return new BroadcastTile(
            count, size, accumulators, new TileSums(SumCut.IntoBlocks(SumCut.Products, [terms]), accumulators, name));
    }

    /// <summary>Where a tile begins. The last one overlaps the one before it, if there is a remainder.</summary>
    public Index First(KernelBuilder k, string name, Index at) =>
        Count % Size == 0 || Count <= Size ? at : k.LetInt(name, Index.Min(at, Number.Named(Count - Size, "last")));

    /// <summary>Adds the products of all terms.</summary>
    /// <param name="terms">The loop over the terms.</param>
    /// <param name="vector">The vector of a term.</param>
    /// <param name="numbers">The first sum's floats.</param>
    /// <param name="place">Where the float of a term is.</param>
    /// <param name="apart">The distance of the floats of two sums.</param>
    /// <param name="limit">How many of the terms are added; null for all.</param>
    public void Record(
        KernelBuilder k, (string Name, int Count) terms, Func<Index, Expression> vector, Pointer numbers, Func<Index, Index> place,
        int apart, Index? limit = null)
    {
        Sums.Begin(k);
        Sums.Loop(k, 0, [(terms.Name, terms.Count, 1)], at =>
        {
            Variable x = k.Let("of" + terms.Name, vector(at[0]));
            Pointer first = k.PointTo("numbers" + terms.Name, numbers[place(at[0])]);
            k.Group(() =>
            {
                for (int t = 0; t < Size; t++)
                {
                    k.Set(Accumulators[t], k.MultiplyAdd(x, first[t * apart].Broadcast, Accumulators[t]));
                }
            });
        }, limit);
    }
}
