using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Numerics.Tests.Oracle;

/// <summary>
/// A group of branches with its join. An empty branch is the identity; groups do not nest. For the network around it this is one
/// layer, which computes what lies inside once more where backward needs it.
/// </summary>
internal abstract record Branches(IReadOnlyList<Layer>[] Paths) : Layer
{
    public sealed override string Attribute =>
        string.Concat(Paths.Select(path => string.Join(", ", path.Select(layer => layer.Attribute).Prepend("Branch")) + "]\n[")) + Join;

    /// <summary>The join's attribute.</summary>
    protected abstract string Join { get; }

    public sealed override Extents Output(Extents input) => Joined([.. Paths.Select(path => Ends(path, input)[^1])]);

    /// <summary>The layers of the branches in source order, and behind them the join, for which this stands.</summary>
    public sealed override IEnumerable<(Layer Layer, Extents Input)> Walk(Extents input)
    {
        foreach (IReadOnlyList<Layer> path in Paths)
        {
            Extents[] extents = Ends(path, input);
            for (int i = 0; i < path.Count; i++)
            {
                yield return (path[i], extents[i]);
            }
        }

        yield return (this, input);
    }

    public sealed override void Forward(PassContext context, Extents input, Numbers x, Numbers y, IReadOnlyList<Numbers> parameters)
    {
        Numbers[][] tensors = Compute(context, input, x, parameters);
        JoinForward([.. tensors.Select(path => path[^1])], y);
    }

    public sealed override void Backward(
        PassContext context, Extents input, Numbers x, Numbers y, Numbers dy, Numbers dx,
        IReadOnlyList<Numbers> parameters, IReadOnlyList<Sums> gradients)
    {
        int position = context.Layer;
        Numbers[][] tensors = Compute(context, input, x, parameters);
        Numbers[] ends = [.. tensors.Select(path => new Numbers(path[^1].Length))];
        JoinBackward(dy, [.. tensors.Select(path => path[^1])], ends);
        int parameter = 0;
        var sum = new BranchSum(dx.Length);
        for (int p = 0; p < Paths.Length; p++)
        {
            Extents[] extents = Ends(Paths[p], input);
            int[] own = [.. Paths[p].Select((layer, i) => layer.Parameters(extents[i]).Count)];
            Numbers gradient = ends[p];
            for (int i = Paths[p].Count - 1; i >= 0; i--)
            {
                var next = new Numbers(extents[i].Length);
                int first = parameter + own[..i].Sum();
                context.Layer = position + i;
                Paths[p][i].Backward(
                    context, extents[i], tensors[p][i], tensors[p][i + 1], gradient, next,
                    [.. parameters.Skip(first).Take(own[i])], [.. gradients.Skip(first).Take(own[i])]);
                gradient = next;
            }

            sum.Add(gradient);
            parameter += own.Sum();
            position += Paths[p].Count;
        }

        sum.Store(dx);
    }

    protected abstract Extents Joined(Extents[] branches);

    protected abstract void JoinForward(Numbers[] branches, Numbers y);

    protected abstract void JoinBackward(Numbers dy, Numbers[] branches, Numbers[] gradients);

    private static Extents[] Ends(IReadOnlyList<Layer> path, Extents input)
    {
        var extents = new Extents[path.Count + 1];
        extents[0] = input;
        for (int i = 0; i < path.Count; i++)
        {
            extents[i + 1] = path[i].Output(extents[i]);
        }

        return extents;
    }

    /// <summary>All tensors of each branch, its input first.</summary>
    private Numbers[][] Compute(PassContext context, Extents input, Numbers x, IReadOnlyList<Numbers> parameters)
    {
        int parameter = 0, position = context.Layer;
        var tensors = new Numbers[Paths.Length][];
        for (int p = 0; p < Paths.Length; p++)
        {
            Extents[] extents = Ends(Paths[p], input);
            tensors[p] = new Numbers[Paths[p].Count + 1];
            tensors[p][0] = x;
            for (int i = 0; i < Paths[p].Count; i++)
            {
                Layer layer = Paths[p][i];
                int own = layer.Parameters(extents[i]).Count;
                tensors[p][i + 1] = new Numbers(extents[i + 1].Length);
                context.Layer = position++;
                layer.Forward(context, extents[i], tensors[p][i], tensors[p][i + 1], [.. parameters.Skip(parameter).Take(own)]);
                parameter += own;
            }
        }

        return tensors;
    }
}

/// <summary>The sum of the branches.</summary>
internal sealed record Add(params IReadOnlyList<Layer>[] Paths) : Branches(Paths)
{
    protected override string Join => "Add";

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
    protected override string Join => "Multiply";

    protected override Extents Joined(Extents[] branches)
    {
        Extents largest = branches.MaxBy(b => b.Positions);
        return branches.All(b => b == largest || b == largest with { Depth = 1, Height = 1, Width = 1 }) ? largest : default;
    }

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
            deviation = (deviation * Math.Abs(factor.Value[i])) + (Math.Abs(value) * Math.Sqrt(factor.Variance[i]));
            value *= factor.Value[i];
            deviation += Numbers.U * Math.Abs(value);
        }

        return (value, deviation * deviation);
    }
}

/// <summary>The branches one behind the other along the channels.</summary>
internal sealed record Concat(params IReadOnlyList<Layer>[] Paths) : Branches(Paths)
{
    protected override string Join => "Concat";

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
/// A sum over branches. They begin at one tensor, whose error they may all carry on, so that deviations add up and not their
/// squares.
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
