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
        JoinForward([.. xs], y);

    public sealed override void Backward(
        PassContext context, IReadOnlyList<Extents> inputs, IReadOnlyList<Numbers> xs, Numbers y, Numbers dy, IReadOnlyList<Numbers> dxs,
        IReadOnlyList<Numbers> parameters, IReadOnlyList<Sums> gradients) => JoinBackward(dy, [.. xs], [.. dxs]);

    protected abstract Extents Joined(Extents[] branches);

    /// <summary>The largest branch, if each of the others has its extents or is C×1×1.</summary>
    protected static Extents Broadcast(Extents[] branches)
    {
        Extents largest = branches.MaxBy(b => b.Positions);
        return branches.All(b => b == largest || b == largest with { Depth = 1, Height = 1, Width = 1 }) ? largest : default;
    }

    protected abstract void JoinForward(Numbers[] branches, Numbers y);

    protected abstract void JoinBackward(Numbers dy, Numbers[] branches, Numbers[] gradients);
}

/// <summary>The sum of the branches.</summary>
internal sealed record Add(params IReadOnlyList<Layer>[] Paths) : Branches(Paths)
{
    protected override Extents Joined(Extents[] branches) => branches.Distinct().Count() == 1 ? branches[0] : default;

    protected override void JoinForward(Numbers[] branches, Numbers y)
    {
        var sum = new BranchSum(y.Length);
        foreach (Numbers branch in branches)
        {
            sum.Add(branch);
        }

        sum.Store(y);
    }

    protected override void JoinBackward(Numbers dy, Numbers[] branches, Numbers[] gradients)
    {
        foreach (Numbers gradient in gradients)
        {
            dy.Value.CopyTo(gradient.Value, 0);
            dy.Variance.CopyTo(gradient.Variance, 0);
        }
    }
}

/// <summary>The product of the branches; one of C×1×1 counts at every pixel.</summary>
internal sealed record Multiply(params IReadOnlyList<Layer>[] Paths) : Branches(Paths)
{
    protected override Extents Joined(Extents[] branches) => Broadcast(branches);

    protected override void JoinForward(Numbers[] branches, Numbers y)
    {
        for (int i = 0; i < y.Length; i++)
        {
            (y.Value[i], y.Variance[i]) = ProductAt(i, y.Length, branches);
        }
    }

    protected override void JoinBackward(Numbers dy, Numbers[] branches, Numbers[] gradients)
    {
        for (int b = 0; b < branches.Length; b++)
        {
            Numbers[] others = [.. branches.Where((_, other) => other != b), dy];
            var sums = new Sums(gradients[b].Length);
            for (int i = 0; i < dy.Length; i++)
            {
                (double value, double variance) = ProductAt(i, dy.Length, others);
                sums.Add(i / (dy.Length / gradients[b].Length), value, variance);
            }

            sums.Store(gradients[b]);
        }
    }

    /// <summary>Factors may be one tensor, so that their deviations add up and not their squares.</summary>
    private static (double Value, double Variance) ProductAt(int index, int length, Numbers[] factors)
    {
        double value = 1, deviation = 0;
        foreach (Numbers factor in factors)
        {
            int i = index / (length / factor.Length);
            double own = Math.Sqrt(factor.Variance[i]);
            deviation = (deviation * Math.Abs(factor.Value[i])) + (Math.Abs(value) * own) + (Numbers.Accepted * deviation * own);
            value *= factor.Value[i];
            deviation += Numbers.U * Math.Abs(value);
        }

        return (value, deviation * deviation);
    }
}

/// <summary>The branches one behind the other along the channels.</summary>
internal sealed record Concat(params IReadOnlyList<Layer>[] Paths) : Branches(Paths)
{
    protected override Extents Joined(Extents[] branches) => branches.Select(b => b with { Channels = 0 }).Distinct().Count() == 1
        ? branches[0] with { Channels = branches.Sum(b => b.Channels) }
        : default;

    protected override void JoinForward(Numbers[] branches, Numbers y)
    {
        int position = 0;
        foreach (Numbers branch in branches)
        {
            branch.Value.CopyTo(y.Value, position);
            branch.Variance.CopyTo(y.Variance, position);
            position += branch.Length;
        }
    }

    protected override void JoinBackward(Numbers dy, Numbers[] branches, Numbers[] gradients)
    {
        int position = 0;
        foreach (Numbers gradient in gradients)
        {
            Array.Copy(dy.Value, position, gradient.Value, 0, gradient.Length);
            Array.Copy(dy.Variance, position, gradient.Variance, 0, gradient.Length);
            position += gradient.Length;
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

    public void Add(Numbers branch)
    {
        for (int i = 0; i < _deviations.Length; i++)
        {
            _sums.Add(i, branch.Value[i], 0);
            _deviations[i] += Math.Sqrt(branch.Variance[i]);
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
