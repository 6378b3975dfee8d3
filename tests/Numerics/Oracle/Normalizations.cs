using System;
using System.Collections.Generic;

namespace Strata.Numerics.Tests.Oracle;

internal sealed record PReLU(bool PerChannel = false) : Layer
{
    public override string Prefix => "prelu";

    public override string Attribute => PerChannel ? "PReLU(PerChannel = true)" : "PReLU";

    public override Extents Output(Extents input) => input;

    public override IReadOnlyList<(string Suffix, int[] Shape)> Parameters(Extents input) => [("weight", [PerChannel ? input.Channels : 1])];

    public override void Forward(PassContext context, Extents input, Numbers x, Numbers y, IReadOnlyList<Numbers> parameters)
    {
        for (int i = 0; i < x.Length; i++)
        {
            int k = Index(input, i);
            double w = parameters[0].Value[k], value = x.Value[i];
            double slope = IsNear(x, i) ? Math.Max(1, Math.Abs(w)) : value > 0 ? 1 : w;
            y.Value[i] = value > 0 ? value : w * value;
            y.Variance[i] = (Square(slope) * x.Variance[i])
                + (value > 0 ? 0 : (Square(value) * parameters[0].Variance[k]) + Square(Numbers.U * w * value));
        }
    }

    public override void Backward(
        PassContext context, Extents input, Numbers x, Numbers y, Numbers dy, Numbers dx,
        IReadOnlyList<Numbers> parameters, IReadOnlyList<Sums> gradients)
    {
        for (int i = 0; i < x.Length; i++)
        {
            int k = Index(input, i);
            double w = parameters[0].Value[k], slope = x.Value[i] > 0 ? 1 : w;
            dx.Value[i] = dy.Value[i] * slope;
            dx.Variance[i] = (Square(slope) * dy.Variance[i])
                + (slope == 1 ? 0 : (Square(dy.Value[i]) * parameters[0].Variance[k]) + Square(Numbers.U * dx.Value[i]))
                + (IsNear(x, i) ? Numbers.EitherWay(dy.Value[i] * (1 - w)) : 0);
            bool counts = x.Value[i] <= 0 || IsNear(x, i);
            gradients[0].Add(k, Math.Min(x.Value[i], 0), counts ? x.Variance[i] : 0, dy.Value[i], counts ? dy.Variance[i] : 0);
        }
    }

    private static bool IsNear(Numbers x, int i) => x.Variance[i] > 0 && Math.Abs(x.Value[i]) <= Numbers.KinkReach * Math.Sqrt(x.Variance[i]);

    private int Index(Extents input, int i) => PerChannel ? i / input.Positions : 0;
}
