using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Imaging;

/// <summary>Orders and divisions that depend on a seed only.</summary>
internal static class StratifiedSplit
{
    /// <summary>Numbers of samples on either side, each in ascending order, with the same share of every class.</summary>
    public static (int[] First, int[] Second) Of(ReadOnlySpan<int> classes, double fraction, ulong seed)
    {
        if (fraction is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(fraction), fraction, "Must be from 0 to 1.");
        }

        int[] copy = classes.ToArray();
        var second = new HashSet<int>();
        foreach (IGrouping<int, int> group in Enumerable.Range(0, copy.Length).GroupBy(i => copy[i]))
        {
            int[] members = [.. group];
            Shuffle(members, seed, (ulong)group.Key);
            second.UnionWith(members.Take((int)Math.Round(fraction * members.Length)));
        }

        return ([.. Enumerable.Range(0, copy.Length).Where(i => !second.Contains(i))], [.. second.Order()]);
    }

    /// <summary>Puts items into a random order (Fisher and Yates; Durstenfeld 1964).</summary>
    public static void Shuffle(int[] items, ulong seed, ulong stream)
    {
        ulong state = Mix(seed ^ Mix(stream + 1));
        for (int i = items.Length - 1; i > 0; i--)
        {
            state = Mix(state);
            int other = (int)(((UInt128)state * (ulong)(i + 1)) >> 64);
            (items[i], items[other]) = (items[other], items[i]);
        }
    }

    /// <summary>SplitMix64 (Steele, Lea and Flood, Fast splittable pseudorandom number generators, OOPSLA 2014).</summary>
    private static ulong Mix(ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        state = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
        state = (state ^ (state >> 27)) * 0x94D049BB133111EB;
        return state ^ (state >> 31);
    }
}
