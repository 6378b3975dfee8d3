using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Numerics.Tests.Oracle;

/// <summary>ln(mean(e^(r·x)))/r over windows.</summary>
internal sealed record LogSumExpPool(int Dimensions, int Kernel, int Stride, double Sharpness = 1, bool Ceil = false)
    : EvenPool(Dimensions, Kernel, Stride, Ceil)
{
    public override string Attribute =>
        FormattableString.Invariant($"LogSumExpPool{Dimensions}D({Kernel}, Stride = {Stride}")
        + (Sharpness == 1 ? "" : FormattableString.Invariant($", Sharpness = {Sharpness:R}")) + (Ceil ? ", CeilMode = true)" : ")");

    public override void Forward(PassContext context, Extents input, Numbers x, Numbers y, IReadOnlyList<Numbers> parameters)
    {
        for (int i = 0; i < y.Length; i++)
        {
            List<int> elements = Window(input, i);
            double largest = elements.Max(e => x.Value[e]), sum = elements.Sum(e => Math.Exp(Sharpness * (x.Value[e] - largest)));
            y.Value[i] = largest + (Math.Log(sum / elements.Count) / Sharpness);

            // Each element counts with its share of the sum. The exponents are rounded, the sum and its logarithm, and the result.
            double exponents = elements.Max(e => Math.Abs(x.Value[e] - largest));
            y.Variance[i] = elements.Sum(e => Square(Math.Exp(Sharpness * (x.Value[e] - largest)) / sum) * x.Variance[e])
                + Square(4 * Numbers.U * exponents) + Square((elements.Count + 8) * Numbers.U / Sharpness)
                + Square(4 * Numbers.U * (y.Value[i] - largest)) + Square(2 * Numbers.U * y.Value[i]);
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
            double largest = elements.Max(e => x.Value[e]), sum = elements.Sum(e => Math.Exp(Sharpness * (x.Value[e] - largest)));
            foreach (int e in elements)
            {
                double share = Math.Exp(Sharpness * (x.Value[e] - largest)) / sum;
                double exponent = (Square(Sharpness) * (x.Variance[e] + y.Variance[i]))
                    + Square(3 * Numbers.U * Sharpness * (x.Value[e] - y.Value[i]));
                sums.Add(e, dy.Value[i], dy.Variance[i], share, Square(share) * (exponent + Square(8 * Numbers.U)));
            }
        }

        sums.Store(dx);
    }
}
