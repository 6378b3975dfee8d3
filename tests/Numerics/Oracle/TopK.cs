using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Numerics.Tests.Oracle;

/// <summary>The largest or the smallest elements along an axis in order, or their indices.</summary>
internal sealed record TopK(int K, Axes Axis = Axes.Channels, bool Largest = true, bool Indices = false) : UnaryLayer
{
    public override string Attribute => $"TopK({K}{(Axis == Axes.Channels ? "" : $", Axis = {AlongAxes.Spell(Axis)}")}"
        + $"{(Largest ? "" : ", Largest = false")}{(Indices ? ", Indices = true" : "")})";

    public override bool Fits(Extents input) => AlongAxes.Fit(Axis, input) && K <= AlongAxes.Extent(input, Axis);

    public override Extents Output(Extents input) => AlongAxes.With(input, Axis, K);

    public override void Forward(PassContext context, Extents input, Numbers x, Numbers y, IReadOnlyList<Numbers> parameters)
    {
        foreach ((int to, int[] part, int best) in Chosen(input, x))
        {
            int[] rivals = [.. Rivals(x, part, best)];
            if (Indices)
            {
                int place = Array.IndexOf(part, best);
                int jump = rivals.Select(other => Math.Abs(Array.IndexOf(part, other) - place)).Append(0).Max();
                (y.Value[to], y.Variance[to]) = (place, Numbers.EitherWay(jump));
            }
            else
            {
                (y.Value[to], y.Variance[to]) = (x.Value[best], rivals.Append(best).Max(i => x.Variance[i]));
            }
        }
    }

    public override void Backward(
        PassContext context, Extents input, Numbers x, Numbers y, Numbers dy, Numbers dx,
        IReadOnlyList<Numbers> parameters, IReadOnlyList<Sums> gradients)
    {
        var sums = new Sums(x.Length);
        foreach ((int to, int[] part, int best) in Indices ? [] : Chosen(input, x))
        {
            sums.Add(best, dy.Value[to], dy.Variance[to]);
            foreach (int other in Rivals(x, part, best))
            {
                sums.Add(best, 0, Numbers.HereOrThere(dy.Value[to]));
                sums.Add(other, 0, Numbers.HereOrThere(dy.Value[to]) + dy.Variance[to]);
            }
        }

        sums.Store(dx);
    }

    /// <summary>For each element of the result: those that it is one of, and which.</summary>
    private IEnumerable<(int To, int[] Part, int Best)> Chosen(Extents input, Numbers x)
    {
        int[][] to = AlongAxes.Parts(Output(input), Axis);
        return AlongAxes.Parts(input, Axis).SelectMany((part, i) =>
            (Largest ? part.OrderByDescending(from => x.Value[from]) : part.OrderBy(from => x.Value[from])).Take(K)
            .Select((best, rank) => (to[i][rank], part, best)));
    }

    /// <summary>What single precision may take instead. What is equal to the last bit comes in order in any precision.</summary>
    private static IEnumerable<int> Rivals(Numbers x, int[] part, int best) => part.Where(other =>
    {
        double gap = Math.Abs(x.Value[best] - x.Value[other]), variance = x.Variance[best] + x.Variance[other];
        return other != best && (gap != 0 || x.Variance[best] != x.Variance[other]) && gap <= Numbers.KinkReach * Math.Sqrt(variance);
    });
}
