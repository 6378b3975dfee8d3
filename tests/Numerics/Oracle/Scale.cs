using System;
using System.Collections.Generic;

namespace Strata.Numerics.Tests.Oracle;

/// <summary>γ·x + β, with a γ and a β for each channel or for each element.</summary>
internal sealed record Scale(bool Bias = true, bool PerElement = false, double Initial = 1) : UnaryLayer
{
    public override string Prefix => "scale";

    public override string Attribute
    {
        get
        {
            List<string> arguments = [];
            if (!Bias)
            {
                arguments.Add("Bias = false");
            }

            if (PerElement)
            {
                arguments.Add("PerElement = true");
            }

            if (Initial != 1)
            {
                arguments.Add(FormattableString.Invariant($"Initial = {Initial:R}"));
            }

            return arguments.Count == 0 ? "Scale" : $"Scale({string.Join(", ", arguments)})";
        }
    }

    public override Extents Output(Extents input) => input;

    public override IReadOnlyList<(string Suffix, int[] Shape)> Parameters(Extents input)
    {
        int[] shape = PerElement ? input.ToArray() : [input.Channels];
        return Bias ? [("weight", shape), ("bias", shape)] : [("weight", shape)];
    }

    public override void Forward(PassContext context, Extents input, Numbers x, Numbers y, IReadOnlyList<Numbers> parameters)
    {
        for (int i = 0; i < x.Length; i++)
        {
            int k = Index(input, i);
            double w = parameters[0].Value[k], product = w * x.Value[i], b = Bias ? parameters[1].Value[k] : 0;
            y.Value[i] = product + b;
            y.Variance[i] = Numbers.OfProduct(w, parameters[0].Variance[k], x.Value[i], x.Variance[i])
                + Square(Numbers.U * product) + (Bias ? parameters[1].Variance[k] + Square(Numbers.U * y.Value[i]) : 0);
        }
    }

    public override void Backward(
        PassContext context, Extents input, Numbers x, Numbers y, Numbers dy, Numbers dx,
        IReadOnlyList<Numbers> parameters, IReadOnlyList<Sums> gradients)
    {
        for (int i = 0; i < x.Length; i++)
        {
            int k = Index(input, i);
            double w = parameters[0].Value[k];
            dx.Value[i] = w * dy.Value[i];
            dx.Variance[i] = Numbers.OfProduct(w, parameters[0].Variance[k], dy.Value[i], dy.Variance[i])
                + Square(Numbers.U * dx.Value[i]);
            gradients[0].Add(k, dy.Value[i], dy.Variance[i], x.Value[i], x.Variance[i]);
            if (Bias)
            {
                gradients[1].Add(k, dy.Value[i], dy.Variance[i]);
            }
        }
    }

    private int Index(Extents input, int i) => PerElement ? i : i / input.Positions;
}
