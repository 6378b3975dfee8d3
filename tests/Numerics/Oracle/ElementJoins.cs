using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Numerics.Tests.Oracle;

/// <summary>
/// A function of two tensors' elements, or of more from left to right. The tensors may be one, so that deviations add up and not their
/// squares.
/// </summary>
internal abstract record ElementJoin(IReadOnlyList<Layer>[] Paths) : Branches(Paths)
{
    /// <summary>A number and its standard deviation.</summary>
    protected readonly record struct Uncertain(double Value, double Deviation);

    protected override Extents Joined(Extents[] branches) => Broadcast(branches);

    /// <summary>Whether it is 0 or not depends on roundings.</summary>
    protected static bool IsUncertain(Uncertain condition) =>
        condition.Deviation > 0 && (condition.Value == 0 || Math.Abs(condition.Value) <= Numbers.Accepted * condition.Deviation);

    /// <summary>The value for the elements of all branches.</summary>
    protected abstract Uncertain Value(Uncertain[] at);

    /// <summary>The derivatives by the elements.</summary>
    protected abstract Uncertain[] Slopes(Uncertain[] at);

    protected sealed override void JoinForward(Extents[] inputs, Numbers[] branches, Numbers y)
    {
        int[][] places = [.. inputs.Select(input => Places(input, Joined(inputs)))];
        for (int i = 0; i < y.Length; i++)
        {
            Uncertain value = Value(At(branches, places, i));
            (y.Value[i], y.Variance[i]) = (value.Value, Square(value.Deviation));
        }
    }

    protected sealed override void JoinBackward(Extents[] inputs, Numbers dy, Numbers[] branches, Numbers[] gradients)
    {
        int[][] places = [.. inputs.Select(input => Places(input, Joined(inputs)))];
        Sums[] sums = [.. gradients.Select(gradient => new Sums(gradient.Length))];
        for (int i = 0; i < dy.Length; i++)
        {
            Uncertain[] slopes = Slopes(At(branches, places, i));
            for (int b = 0; b < slopes.Length; b++)
            {
                sums[b].Add(places[b][i], slopes[b].Value, Square(slopes[b].Deviation), dy.Value[i], dy.Variance[i]);
            }
        }

        for (int b = 0; b < sums.Length; b++)
        {
            sums[b].Store(gradients[b]);
        }
    }

    private static Uncertain[] At(Numbers[] branches, int[][] places, int i) =>
        [.. branches.Select((branch, b) => new Uncertain(branch.Value[places[b][i]], Math.Sqrt(branch.Variance[places[b][i]])))];
}

/// <summary>The first branch less the second one.</summary>
internal sealed record Subtract(params IReadOnlyList<Layer>[] Paths) : ElementJoin(Paths)
{
    protected override Extents Joined(Extents[] branches) => branches.Length == 2 ? Broadcast(branches) : default;

    protected override Uncertain Value(Uncertain[] at)
    {
        double value = at[0].Value - at[1].Value;
        return new(value, at[0].Deviation + at[1].Deviation + (Numbers.U * Math.Abs(value)));
    }

    protected override Uncertain[] Slopes(Uncertain[] at) => [new(1, 0), new(-1, 0)];
}

/// <summary>The first branch divided by the second one.</summary>
internal sealed record Divide(params IReadOnlyList<Layer>[] Paths) : ElementJoin(Paths)
{
    protected override Extents Joined(Extents[] branches) => branches.Length == 2 ? Broadcast(branches) : default;

    protected override Uncertain Value(Uncertain[] at)
    {
        double quotient = at[0].Value / at[1].Value, size = Math.Abs(quotient);
        return new(quotient, ((at[0].Deviation + (size * at[1].Deviation)) / Math.Abs(at[1].Value)) + (Numbers.U * size));
    }

    /// <summary>1/b and −a/b², computed in up to three roundings each.</summary>
    protected override Uncertain[] Slopes(Uncertain[] at)
    {
        double a = at[0].Value, b = at[1].Value, first = 1 / b, second = -a / (b * b);
        double relative = (at[1].Deviation / Math.Abs(b)) + Numbers.U;
        return
        [
            new(first, relative * Math.Abs(first)),
            new(second, (at[0].Deviation / (b * b)) + ((2 * relative) + (2 * Numbers.U)) * Math.Abs(second)),
        ];
    }
}

/// <summary>1 where a comparison holds, else 0. It has no gradient.</summary>
internal abstract record Compared(IReadOnlyList<Layer>[] Paths, Func<double, double, bool> Holds) : ElementJoin(Paths)
{
    protected sealed override Extents Joined(Extents[] branches) => branches.Length == 2 ? Broadcast(branches) : default;

    /// <summary>Where single precision may have the two in another order, either number is right.</summary>
    protected sealed override Uncertain Value(Uncertain[] at)
    {
        double left = Numbers.Normal(at[0].Value), right = Numbers.Normal(at[1].Value), deviation = at[0].Deviation + at[1].Deviation;
        bool isNear = deviation > 0 && Math.Abs(left - right) <= Numbers.KinkReach * deviation;
        return new(Holds(left, right) ? 1 : 0, isNear ? Math.Sqrt(Numbers.EitherWay(1)) : 0);
    }

    protected sealed override Uncertain[] Slopes(Uncertain[] at) => [new(0, 0), new(0, 0)];
}

internal sealed record Greater(params IReadOnlyList<Layer>[] Paths) : Compared(Paths, (a, b) => a > b);

internal sealed record Less(params IReadOnlyList<Layer>[] Paths) : Compared(Paths, (a, b) => a < b);

internal sealed record Equal(params IReadOnlyList<Layer>[] Paths) : Compared(Paths, (a, b) => a == b);

internal sealed record GreaterOrEqual(params IReadOnlyList<Layer>[] Paths) : Compared(Paths, (a, b) => a >= b);

internal sealed record LessOrEqual(params IReadOnlyList<Layer>[] Paths) : Compared(Paths, (a, b) => a <= b);

/// <summary>1 where a connective of two truths holds, else 0. All but 0 is true. It has no gradient.</summary>
internal abstract record Connected(IReadOnlyList<Layer>[] Paths, Func<bool, bool, bool> Holds) : ElementJoin(Paths)
{
    protected sealed override Extents Joined(Extents[] branches) => branches.Length == 2 ? Broadcast(branches) : default;

    /// <summary>Where single precision may have 0 or another number, either result is right, if it depends on that.</summary>
    protected sealed override Uncertain Value(Uncertain[] at)
    {
        bool[] results = [.. from left in Truths(at[0]) from right in Truths(at[1]) select Holds(left, right)];
        return new(results[0] ? 1 : 0, results.Distinct().Count() > 1 ? Math.Sqrt(Numbers.EitherWay(1)) : 0);
    }

    protected sealed override Uncertain[] Slopes(Uncertain[] at) => [new(0, 0), new(0, 0)];

    /// <summary>The truth of a number, and the other one if it may be that, too.</summary>
    private static bool[] Truths(Uncertain number)
    {
        bool truth = Numbers.Normal(number.Value) != 0;
        return IsUncertain(number) ? [truth, !truth] : [truth];
    }
}

internal sealed record And(params IReadOnlyList<Layer>[] Paths) : Connected(Paths, (a, b) => a && b);

internal sealed record Or(params IReadOnlyList<Layer>[] Paths) : Connected(Paths, (a, b) => a || b);

internal sealed record Xor(params IReadOnlyList<Layer>[] Paths) : Connected(Paths, (a, b) => a != b);

/// <summary>The second branch where the first is not 0, else the third.</summary>
internal sealed record Where(params IReadOnlyList<Layer>[] Paths) : ElementJoin(Paths)
{
    protected override Extents Joined(Extents[] branches) => branches.Length == 3 ? Broadcast(branches) : default;

    protected override Uncertain Value(Uncertain[] at)
    {
        Uncertain value = Numbers.Normal(at[0].Value) != 0 ? at[1] : at[2];
        return IsUncertain(at[0]) ? value with { Deviation = value.Deviation + Either(at[1].Value - at[2].Value) } : value;
    }

    protected override Uncertain[] Slopes(Uncertain[] at)
    {
        double either = IsUncertain(at[0]) ? Either(1) : 0;
        return Numbers.Normal(at[0].Value) != 0 ? [new(0, 0), new(1, either), new(0, either)] : [new(0, 0), new(0, either), new(1, either)];
    }

    private static double Either(double jump) => Math.Sqrt(Numbers.EitherWay(jump));
}

/// <summary>The largest or the smallest element. Two equal ones get half of the gradient each.</summary>
internal abstract record Extreme(IReadOnlyList<Layer>[] Paths, int Sign) : ElementJoin(Paths)
{
    protected sealed override Uncertain Value(Uncertain[] at)
    {
        Uncertain best = at[0];
        foreach (Uncertain next in at[1..])
        {
            double deviation = IsNear(best, next) ? Math.Max(best.Deviation, next.Deviation)
                : Wins(best, next) == 1 ? best.Deviation : next.Deviation;
            best = new(Wins(best, next) == 1 ? best.Value : next.Value, deviation);
        }

        return best;
    }

    protected sealed override Uncertain[] Slopes(Uncertain[] at)
    {
        // Which of the first ones it is does not matter for those behind them.
        var slopes = new Uncertain[at.Length];
        double share = 1, either = 0;
        for (int i = at.Length - 1; i > 0; i--)
        {
            Uncertain before = Value(at[..i]);
            double wins = Wins(at[i], before);
            either += IsNear(at[i], before) ? 1 : 0;
            slopes[i] = new(share * wins, Math.Sqrt(Numbers.EitherWay(either)));
            share *= 1 - wins;
        }

        slopes[0] = new(share, Math.Sqrt(Numbers.EitherWay(either)));
        return slopes;
    }

    private double Wins(Uncertain one, Uncertain other) => one.Value == other.Value ? 0.5 : Sign * (one.Value - other.Value) > 0 ? 1 : 0;

    private static bool IsNear(Uncertain one, Uncertain other)
    {
        double deviation = one.Deviation + other.Deviation;
        return deviation > 0 && Math.Abs(one.Value - other.Value) <= Numbers.KinkReach * deviation;
    }
}

internal sealed record Maximum(params IReadOnlyList<Layer>[] Paths) : Extreme(Paths, 1);

internal sealed record Minimum(params IReadOnlyList<Layer>[] Paths) : Extreme(Paths, -1);
