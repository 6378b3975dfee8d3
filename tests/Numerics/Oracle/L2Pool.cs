using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Numerics.Tests.Oracle;

/// <summary>
/// Root of the sum of squares over windows of the same extent along 1, 2 or 3 axes; a clipped window counts as if it were whole.
/// </summary>
internal sealed record L2Pool(int Dimensions, int Kernel, int Stride, bool Ceil = false) : EvenPool(Dimensions, Kernel, Stride, Ceil)
{
    public override string Attribute => $"L2Pool{Dimensions}D({Kernel}, Stride = {Stride}{(Ceil ? ", CeilMode = true" : "")})";

    public override void Forward(PassContext context, Extents input, Numbers x, Numbers y, IReadOnlyList<Numbers> parameters)
    {
        for (int i = 0; i < y.Length; i++)
        {
            List<int> elements = Window(input, i);
            double factor = Whole / elements.Count;
            var sum = new Sums(1);
            foreach (int e in elements)
            {
                sum.Add(0, x.Value[e], x.Variance[e], x.Value[e], x.Variance[e]);
            }

            var squares = new Numbers(1);
            sum.Store(squares, factor);
            // No norm changes by more than its vector.
            double most = factor * elements.Sum(e => x.Variance[e]);
            y.Value[i] = Math.Sqrt(squares.Value[0]);
            y.Variance[i] = (y.Value[i] == 0 ? most : Math.Min(most, squares.Variance[0] / (4 * squares.Value[0])))
                + Square(2 * Numbers.U * y.Value[i]);
        }
    }

    public override void Backward(
        PassContext context, Extents input, Numbers x, Numbers y, Numbers dy, Numbers dx,
        IReadOnlyList<Numbers> parameters, IReadOnlyList<Sums> gradients)
    {
        var sums = new Sums(x.Length);
        for (int i = 0; i < y.Length; i++)
        {
            List<int> elements = Window(input, i);
            double factor = Whole / elements.Count;
            if (y.Value[i] <= Numbers.KinkReach * Math.Sqrt(y.Variance[i]))
            {
                // Next to zero the norm's slope may be that of any direction; at zero it is taken for 0.
                foreach (int e in elements)
                {
                    sums.Add(e, 0, y.Variance[i] == 0 ? 0 : Numbers.EitherWay(2 * Math.Sqrt(factor) * dy.Value[i]));
                }

                if (y.Value[i] == 0)
                {
                    continue;
                }
            }

            double share = dy.Value[i] * factor / y.Value[i];
            double variance = (Square(factor / y.Value[i]) * dy.Variance[i]) + (Square(share / y.Value[i]) * y.Variance[i])
                + Square(3 * Numbers.U * share);
            foreach (int e in elements)
            {
                sums.Add(e, share, variance, x.Value[e], x.Variance[e]);
            }
        }

        sums.Store(dx);
    }
}
