using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Numerics.Tests.Oracle;

internal sealed record Normalize(double[] Means, double[] Deviations) : UnaryLayer
{
    public override string Attribute => $"Normalize(new double[] {{ {Text(Means)} }}, new double[] {{ {Text(Deviations)} }})";

    public override bool Fits(Extents input) => input.Rank > 1 && input.Channels == Means.Length;

    public override Extents Output(Extents input) => input;

    public override void Forward(PassContext context, Extents input, Numbers x, Numbers y, IReadOnlyList<Numbers> parameters)
    {
        for (int i = 0; i < x.Length; i++)
        {
            int c = Channel(input, i);
            y.Value[i] = (x.Value[i] - (float)Means[c]) / (float)Deviations[c];
            y.Variance[i] = (x.Variance[i] / Square(Deviations[c])) + (2 * Square(Numbers.U * y.Value[i]));
        }
    }

    public override void Backward(
        PassContext context, Extents input, Numbers x, Numbers y, Numbers dy, Numbers dx,
        IReadOnlyList<Numbers> parameters, IReadOnlyList<Sums> gradients)
    {
        for (int i = 0; i < x.Length; i++)
        {
            int c = Channel(input, i);
            dx.Value[i] = dy.Value[i] / (float)Deviations[c];
            dx.Variance[i] = (dy.Variance[i] / Square(Deviations[c])) + Square(Numbers.U * dx.Value[i]);
        }
    }

    private int Channel(Extents input, int element) => element / (input.Length / Means.Length);

    private static string Text(double[] numbers) => string.Join(", ", numbers.Select(number => FormattableString.Invariant($"{number:R}")));
}
