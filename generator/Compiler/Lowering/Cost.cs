using System;
using System.Collections.Generic;
using Strata.Compiler.Kernels;

namespace Strata.Compiler.Lowering;

/// <summary>Expected cycles on each CPU family of a tier.</summary>
internal readonly struct Cost : IEquatable<Cost>
{
    /// <summary>Cycles per family; null if they are the same for all families.</summary>
    private readonly double[]? _cycles;

    private readonly double _all;

    private Cost(double[]? cycles, double all) => (_cycles, _all) = (cycles, all);

    /// <summary>Cycles on one family. The index is its position in the tier's list.</summary>
    public double this[int family] => _cycles is null ? _all : _cycles[family];

    public static implicit operator Cost(double cycles) => new(null, cycles);

    public static Cost operator +(Cost left, Cost right) => Combine(left, right, static (a, b) => a + b);

    public static Cost operator *(Cost cost, double factor) => Combine(cost, factor, static (a, b) => a * b);

    public static bool operator ==(Cost left, Cost right) => left.Equals(right);

    public static bool operator !=(Cost left, Cost right) => !left.Equals(right);

    /// <summary>The cost on each CPU family of a tier.</summary>
    public static Cost PerFamily(Tier tier, Func<CpuFamily, double> cycles)
    {
        Cancellation.ThrowIfRequested();
        var each = new double[tier.Families.Count];
        for (int f = 0; f < each.Length; f++)
        {
            each[f] = cycles(tier.Families[f]);
        }

        return new Cost(each, 0);
    }

    /// <summary>The same cost with other cycles on the first family.</summary>
    public Cost WithFirst(Tier tier, double cycles)
    {
        var each = new double[tier.Families.Count];
        for (int f = 0; f < each.Length; f++)
        {
            each[f] = f == 0 ? cycles : this[f];
        }

        return new Cost(each, 0);
    }

    /// <summary>The cost of two things that happen at the same time.</summary>
    public static Cost Max(Cost left, Cost right) => Combine(left, right, Math.Max);

    public static Cost Sum(IEnumerable<Cost> costs)
    {
        Cost sum = 0;
        foreach (Cost cost in costs.WithCancellation())
        {
            sum += cost;
        }

        return sum;
    }

    public bool Equals(Cost other)
    {
        int families = _cycles?.Length ?? other._cycles?.Length ?? 1;
        for (int f = 0; f < families; f++)
        {
            if (!this[f].Equals(other[f]))
            {
                return false;
            }
        }

        return true;
    }

    public override bool Equals(object? obj) => obj is Cost other && Equals(other);

    public override int GetHashCode() => this[0].GetHashCode();

    private static Cost Combine(Cost left, Cost right, Func<double, double, double> combine)
    {
        if (left._cycles is null && right._cycles is null)
        {
            return combine(left._all, right._all);
        }

        Cancellation.ThrowIfRequested();
        var each = new double[(left._cycles ?? right._cycles)!.Length];
        for (int f = 0; f < each.Length; f++)
        {
            each[f] = combine(left[f], right[f]);
        }

        return new Cost(each, 0);
    }
}
