using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Numerics.Tests.Oracle;

/// <summary>A row of a table for each index.</summary>
internal sealed record Embedding(int Count, int Features) : UnaryLayer
{
    public override string Prefix => "embedding";

    public override string Attribute => $"Embedding({Count}, {Features})";

    public override bool Fits(Extents input) => input.Rank == 1 || input.Channels == 1;

    public override Extents Output(Extents input) =>
        input.Rank == 1 ? Extents.Sequence(Features, input.Channels) : AlongAxes.With(input, Axes.Channels, Features);

    public override IReadOnlyList<(string Suffix, int[] Shape)> Parameters(Extents input) => [("weight", [Count, Features])];

    public override void Forward(PassContext context, Extents input, Numbers x, Numbers y, IReadOnlyList<Numbers> parameters)
    {
        foreach ((int to, int from, int[] rivals) in Places(x))
        {
            double jump = rivals.Select(other => Math.Abs(At(other) - At(from))).Append(0).Max();
            (y.Value[to], y.Variance[to]) = (At(from), Numbers.EitherWay(jump));
        }

        // No such row: NaN.
        double At(int place) => place < 0 ? double.NaN : parameters[0].Value[place];
    }

    public override void Backward(
        PassContext context, Extents input, Numbers x, Numbers y, Numbers dy, Numbers dx,
        IReadOnlyList<Numbers> parameters, IReadOnlyList<Sums> gradients)
    {
        foreach ((int to, int from, int[] rivals) in Places(x))
        {
            if (from >= 0)
            {
                gradients[0].Add(from, dy.Value[to], dy.Variance[to] + (rivals.Length > 0 ? Numbers.HereOrThere(dy.Value[to]) : 0));
            }

            foreach (int other in rivals)
            {
                gradients[0].Add(other, 0, Numbers.HereOrThere(dy.Value[to]) + dy.Variance[to]);
            }
        }
    }

    /// <summary>
    /// For each element of the result, its place in the table, or −1 where there is none; and those that single precision may take instead.
    /// </summary>
    private IEnumerable<(int To, int From, int[] Rivals)> Places(Numbers indices)
    {
        for (int i = 0; i < indices.Length; i++)
        {
            double index = indices.Value[i], reach = Numbers.Accepted * Math.Sqrt(indices.Variance[i]);
            int row = Row(index);
            int first = (int)Math.Max(Math.Floor(index - reach), index - Count);
            int last = (int)Math.Min(Math.Floor(index + reach), index + Count);
            int[] rivals = reach == 0 || row < 0 ? []
                : [.. Enumerable.Range(first, last - first + 1).Select(other => Row(other)).Where(other => other != row && other >= 0)
                    .Distinct()];
            for (int f = 0; f < Features; f++)
            {
                yield return ((f * indices.Length) + i, Place(row, f), [.. rivals.Select(other => Place(other, f))]);
            }
        }
    }

    private int Row(double index) =>
        Math.Truncate(index) is var whole && whole < -Count || whole >= Count ? -1 : (int)(whole < 0 ? whole + Count : whole);

    private int Place(int row, int feature) => row < 0 ? -1 : (row * Features) + feature;
}
