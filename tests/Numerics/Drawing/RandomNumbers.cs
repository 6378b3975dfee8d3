using System;
using System.Linq;
using Strata.Numerics.Tests.Oracle;

namespace Strata.Numerics.Tests.Drawing;

/// <summary>What a network is drawn with: the same seed gives the same numbers on every machine.</summary>
internal sealed class RandomNumbers(ulong seed)
{
    private ulong _counter;

    public int Below(int bound) => (int)((Formula.Bits(seed, _counter++) >> 32) % (ulong)bound);

    public int Between(int low, int high) => low + Below(high - low + 1);

    public bool Chance(int oneIn) => Below(oneIn) == 0;

    public T Pick<T>(params T[] choices) => choices[Below(choices.Length)];

    public int Divisor(int number) => Pick([.. Enumerable.Range(1, number).Where(d => number % d == 0)]);

    /// <summary>The numbers from 1 to a count in any order.</summary>
    public int[] Order(int count)
    {
        int[] order = [.. Enumerable.Range(1, count)];
        for (int i = count - 1; i > 0; i--)
        {
            int other = Below(i + 1);
            (order[i], order[other]) = (order[other], order[i]);
        }

        return order;
    }

    /// <summary>Often all alike.</summary>
    public T[] Axes<T>(int dimensions, Func<T> draw)
    {
        bool alike = Chance(2);
        T first = draw();
        return [first, .. Enumerable.Range(1, dimensions - 1).Select(_ => alike ? first : draw())];
    }
}
