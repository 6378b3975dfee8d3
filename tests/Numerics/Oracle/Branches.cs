using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Numerics.Tests.Oracle;

/// <summary>A join of several tensors: of those that it names, or of the ends of the branches before it.</summary>
/// <param name="Paths">In a stack, the branches; an empty one is the identity. Groups do not nest but through blocks.</param>
internal abstract record Branches(IReadOnlyList<Layer>[] Paths) : Layer
{
    public override string Attribute => GetType().Name;

    /// <summary>The attribute with the names of its tensors, in quotes and with commas between them.</summary>
    public virtual string Joining(string names) => $"{Attribute}({names})";

    public sealed override bool Fits(IReadOnlyList<Extents> inputs) => inputs.Count > 1 && Joined([.. inputs]) != default;

    public sealed override Extents Output(IReadOnlyList<Extents> inputs) => Joined([.. inputs]);

    public sealed override void Forward(
        PassContext context, IReadOnlyList<Extents> inputs, IReadOnlyList<Numbers> xs, Numbers y, IReadOnlyList<Numbers> parameters) =>
        JoinForward([.. inputs], [.. xs], y);

    public sealed override void Backward(
        PassContext context, IReadOnlyList<Extents> inputs, IReadOnlyList<Numbers> xs, Numbers y, Numbers dy, IReadOnlyList<Numbers> dxs,
        IReadOnlyList<Numbers> parameters, IReadOnlyList<Sums> gradients) => JoinBackward([.. inputs], dy, [.. xs], [.. dxs]);

    protected abstract Extents Joined(Extents[] branches);

    /// <summary>The extents to which all branches are broadcast, if they fit together.</summary>
    protected static Extents Broadcast(Extents[] branches)
    {
        Extents first = branches[0], whole = first with
        {
            Channels = branches.Max(b => b.Channels),
            Depth = branches.Max(b => b.Depth),
            Height = branches.Max(b => b.Height),
            Width = branches.Max(b => b.Width),
        };
        return branches.All(b => b.Rank == first.Rank && Fits(b.Channels, whole.Channels) && Fits(b.Depth, whole.Depth)
            && Fits(b.Height, whole.Height) && Fits(b.Width, whole.Width)) ? whole : default;

        static bool Fits(int extent, int most) => extent == most || extent == 1;
    }

    /// <summary>For each element of the whole, the index of the element of a branch that counts there.</summary>
    protected static int[] Places(Extents branch, Extents whole)
    {
        int[] places = new int[whole.Length];
        for (int i = 0; i < places.Length; i++)
        {
            int x = i % whole.Width, y = i / whole.Width % whole.Height, z = i / (whole.Width * whole.Height) % whole.Depth,
                c = i / whole.Positions;
            places[i] = branch.At(c % branch.Channels, z % branch.Depth, y % branch.Height, x % branch.Width);
        }

        return places;
    }

    protected abstract void JoinForward(Extents[] inputs, Numbers[] branches, Numbers y);

    protected abstract void JoinBackward(Extents[] inputs, Numbers dy, Numbers[] branches, Numbers[] gradients);
}

/// <summary>The sum of the branches.</summary>
internal sealed record Add(params IReadOnlyList<Layer>[] Paths) : Branches(Paths)
{
    protected override Extents Joined(Extents[] branches) => Broadcast(branches);

    protected override void JoinForward(Extents[] inputs, Numbers[] branches, Numbers y)
    {
        var sum = new BranchSum(y.Length);
        for (int b = 0; b < branches.Length; b++)
        {
            sum.Add(branches[b], Places(inputs[b], Joined(inputs)));
        }

        sum.Store(y);
    }

    protected override void JoinBackward(Extents[] inputs, Numbers dy, Numbers[] branches, Numbers[] gradients)
    {
        for (int b = 0; b < gradients.Length; b++)
        {
            if (gradients[b].Length == dy.Length)
            {
                dy.Value.CopyTo(gradients[b].Value, 0);
                dy.Variance.CopyTo(gradients[b].Variance, 0);
                continue;
            }

            var sums = new Sums(gradients[b].Length);
            int[] places = Places(inputs[b], Joined(inputs));
            for (int i = 0; i < dy.Length; i++)
            {
                sums.Add(places[i], dy.Value[i], dy.Variance[i]);
            }

            sums.Store(gradients[b]);
        }
    }
}

/// <summary>The product of the branches.</summary>
internal sealed record Multiply(params IReadOnlyList<Layer>[] Paths) : Branches(Paths)
{
    protected override Extents Joined(Extents[] branches) => Broadcast(branches);

    protected override void JoinForward(Extents[] inputs, Numbers[] branches, Numbers y)
    {
        int[][] places = [.. inputs.Select(input => Places(input, Joined(inputs)))];
        for (int i = 0; i < y.Length; i++)
        {
            (y.Value[i], y.Variance[i]) = ProductAt(branches.Select((branch, b) => (branch, places[b][i])));
        }
    }

    protected override void JoinBackward(Extents[] inputs, Numbers dy, Numbers[] branches, Numbers[] gradients)
    {
        int[][] places = [.. inputs.Select(input => Places(input, Joined(inputs)))];
        for (int b = 0; b < branches.Length; b++)
        {
            var sums = new Sums(gradients[b].Length);
            for (int i = 0; i < dy.Length; i++)
            {
                (double value, double variance) = ProductAt(
                    branches.Select((branch, other) => (branch, places[other][i])).Where((_, other) => other != b).Append((dy, i)));
                sums.Add(places[b][i], value, variance);
            }

            sums.Store(gradients[b]);
        }
    }

    /// <summary>Factors may be one tensor, so that their deviations add up and not their squares.</summary>
    private static (double Value, double Variance) ProductAt(IEnumerable<(Numbers Factor, int Index)> factors)
    {
        double value = 1, deviation = 0;
        foreach ((Numbers factor, int i) in factors)
        {
            double own = Math.Sqrt(factor.Variance[i]);
            deviation = (deviation * Math.Abs(factor.Value[i])) + (Math.Abs(value) * own) + (Numbers.Accepted * deviation * own);
            value *= factor.Value[i];
            deviation += Numbers.U * Math.Abs(value);
        }

        return (value, deviation * deviation);
    }
}

/// <summary>The branches one behind the other along an axis.</summary>
internal sealed record Concat(params IReadOnlyList<Layer>[] Paths) : Branches(Paths)
{
    public Axes Axis { get; init; } = Axes.Channels;

    public override string Attribute => Axis == Axes.Channels ? "Concat" : $"Concat(Axis = {AlongAxes.Spell(Axis)})";

    public override string Joining(string names) =>
        Axis == Axes.Channels ? base.Joining(names) : $"Concat({names}, Axis = {AlongAxes.Spell(Axis)})";

    protected override Extents Joined(Extents[] branches) =>
        AlongAxes.Fit(Axis, branches[0]) && branches.Select(branch => AlongAxes.With(branch, Axis, 0)).Distinct().Count() == 1
            ? AlongAxes.With(branches[0], Axis, branches.Sum(branch => AlongAxes.Extent(branch, Axis))) : default;

    protected override void JoinForward(Extents[] inputs, Numbers[] branches, Numbers y)
    {
        foreach ((int branch, int from, int to) in Moves(inputs))
        {
            (y.Value[to], y.Variance[to]) = (branches[branch].Value[from], branches[branch].Variance[from]);
        }
    }

    protected override void JoinBackward(Extents[] inputs, Numbers dy, Numbers[] branches, Numbers[] gradients)
    {
        foreach ((int branch, int to, int from) in Moves(inputs))
        {
            (gradients[branch].Value[to], gradients[branch].Variance[to]) = (dy.Value[from], dy.Variance[from]);
        }
    }

    private IEnumerable<(int Branch, int From, int To)> Moves(Extents[] inputs)
    {
        Extents whole = Joined(inputs);
        for (int b = 0, first = 0; b < inputs.Length; first += AlongAxes.Extent(inputs[b++], Axis))
        {
            foreach ((int from, int to) in AlongAxes.Places(inputs[b], whole, Axis, first))
            {
                yield return (b, from, to);
            }
        }
    }
}

/// <summary>
/// A sum over branches, or over the gradients of a tensor's readers. They begin at one tensor, whose error they may all carry on, so
/// that deviations add up and not their squares.
/// </summary>
internal sealed class BranchSum(int length)
{
    private readonly Sums _sums = new(length);
    private readonly double[] _deviations = new double[length];

    public void Add(Numbers branch) => Add(branch, [.. Enumerable.Range(0, _deviations.Length)]);

    /// <param name="branch">The next summand.</param>
    /// <param name="places">For each element of the sum, that of the summand.</param>
    public void Add(Numbers branch, int[] places)
    {
        for (int i = 0; i < _deviations.Length; i++)
        {
            _sums.Add(i, branch.Value[places[i]], 0);
            _deviations[i] += Math.Sqrt(branch.Variance[places[i]]);
        }
    }

    public void Store(Numbers destination)
    {
        _sums.Store(destination);
        for (int i = 0; i < _deviations.Length; i++)
        {
            destination.Variance[i] += _deviations[i] * _deviations[i];
        }
    }
}
