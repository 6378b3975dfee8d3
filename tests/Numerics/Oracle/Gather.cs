using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Numerics.Tests.Oracle;

/// <summary>Elements along an axis at the indices that the second tensor holds.</summary>
internal sealed record Gather(params IReadOnlyList<Layer>[] Paths) : Branches(Paths)
{
    public Axes Axis { get; init; } = Axes.Channels;

    public override string Attribute => Axis == Axes.Channels ? "Gather" : $"Gather(Axis = {AlongAxes.Spell(Axis)})";

    public override string Joining(string names) =>
        Axis == Axes.Channels ? base.Joining(names) : $"Gather({names}, Axis = {AlongAxes.Spell(Axis)})";

    protected override Extents Joined(Extents[] branches)
    {
        if (branches.Length != 2 || branches[0].Rank != branches[1].Rank || !AlongAxes.Fit(Axis, branches[0]))
        {
            return default;
        }

        int count = AlongAxes.Extent(branches[1], Axis);
        Extents whole = AlongAxes.With(branches[0], Axis, count), one = AlongAxes.With(branches[1], Axis, 1);
        Extents others = AlongAxes.With(branches[0], Axis, 1);
        return Broadcast([others, one]) == others ? whole : default;
    }

    protected override void JoinForward(Extents[] inputs, Numbers[] branches, Numbers y)
    {
        foreach ((int to, int from, int[] rivals) in Places(inputs, branches[1]))
        {
            // No such place: NaN.
            double jump = rivals.Select(other => Math.Abs(At(other) - At(from))).Append(0).Max();
            double own = from < 0 ? 0 : rivals.Append(from).Max(i => i < 0 ? 0 : branches[0].Variance[i]);
            (y.Value[to], y.Variance[to]) = (At(from), own + Numbers.EitherWay(jump));
        }

        double At(int place) => place < 0 ? double.NaN : branches[0].Value[place];
    }

    protected override void JoinBackward(Extents[] inputs, Numbers dy, Numbers[] branches, Numbers[] gradients)
    {
        var sums = new Sums(gradients[0].Length);
        foreach ((int to, int from, int[] rivals) in Places(inputs, branches[1]))
        {
            if (from >= 0)
            {
                sums.Add(from, dy.Value[to], dy.Variance[to] + (rivals.Length > 0 ? Numbers.HereOrThere(dy.Value[to]) : 0));
            }

            foreach (int other in rivals.Where(other => other >= 0))
            {
                sums.Add(other, 0, Numbers.HereOrThere(dy.Value[to]) + dy.Variance[to]);
            }
        }

        sums.Store(gradients[0]);
    }

    /// <summary>
    /// For each element of the result, the element that it is, and those that single precision may take instead; −1 where there is none.
    /// </summary>
    private IEnumerable<(int To, int From, int[] Rivals)> Places(Extents[] inputs, Numbers indices)
    {
        Extents whole = Joined(inputs);
        int[] own = Places(inputs[1], whole);
        int[][] result = AlongAxes.Parts(whole, Axis), parts = AlongAxes.Parts(inputs[0], Axis);
        for (int i = 0; i < result.Length; i++)
        {
            foreach (int to in result[i])
            {
                double index = indices.Value[own[to]], reach = Numbers.Accepted * Math.Sqrt(indices.Variance[own[to]]);
                int from = Place(index, parts[i]);
                int last = (int)Math.Min(Math.Floor(index + reach), index + parts[i].Length);
                int first = (int)Math.Max(Math.Floor(index - reach), index - parts[i].Length);
                int[] rivals = reach == 0 ? [] :
                [
                    .. Enumerable.Range(first, last - first + 1).Select(other => Place(other, parts[i])).Where(other => other != from)
                        .Distinct(),
                ];
                yield return (to, from, rivals);
            }
        }
    }

    private static int Place(double index, int[] part)
    {
        double counted = Math.Truncate(index) is var whole && whole < 0 ? whole + part.Length : whole;
        return counted >= 0 && counted < part.Length ? part[(int)counted] : -1;
    }
}
