using System;
using System.Collections.Generic;

namespace Strata.Numerics.Tests.Oracle;

/// <summary>Numbers that integers of few bits can stand for; the gradient goes straight through.</summary>
internal sealed record FakeQuantize(int Min = 0, int Max = 255, bool PerChannel = false, bool Learned = false) : UnaryLayer
{
    public override string Prefix => "quant";

    public override string Attribute
    {
        get
        {
            List<string> arguments = [];
            void Add(bool isSet, string argument)
            {
                if (isSet)
                {
                    arguments.Add(argument);
                }
            }

            Add(Min != 0, FormattableString.Invariant($"QuantMin = {Min}"));
            Add(Max != 255, FormattableString.Invariant($"QuantMax = {Max}"));
            Add(PerChannel, "PerChannel = true");
            Add(Learned, "Learned = true");
            return arguments.Count == 0 ? "FakeQuantize" : $"FakeQuantize({string.Join(", ", arguments)})";
        }
    }

    public override Extents Output(Extents input) => input;

    public override IReadOnlyList<(string Suffix, int[] Shape)> Parameters(Extents input)
    {
        int[] shape = [PerChannel ? input.Channels : 1];
        return [("scale", shape), ("zero_point", shape)];
    }

    public override bool Trains(string suffix) => suffix == "scale" && Learned;

    public override void Forward(PassContext context, Extents input, Numbers x, Numbers y, IReadOnlyList<Numbers> parameters)
    {
        for (int i = 0; i < x.Length; i++)
        {
            Place at = Of(input, x, i, parameters);
            y.Value[i] = at.Steps * at.Scale;
            y.Variance[i] = Square(Numbers.U * y.Value[i]) + (Square(at.Steps) * at.VarianceOfScale)
                + (at.IsNear ? Numbers.EitherWay(at.Scale) : 0);
        }
    }

    public override void Backward(
        PassContext context, Extents input, Numbers x, Numbers y, Numbers dy, Numbers dx,
        IReadOnlyList<Numbers> parameters, IReadOnlyList<Sums> gradients)
    {
        double factor = 1 / Math.Sqrt((PerChannel ? input.Positions : x.Length) * (double)Max);
        for (int i = 0; i < x.Length; i++)
        {
            Place at = Of(input, x, i, parameters);
            dx.Value[i] = at.IsClamped ? 0 : dy.Value[i];
            dx.Variance[i] = (at.IsClamped ? 0 : dy.Variance[i]) + (at.IsNearEnd ? Numbers.EitherWay(dy.Value[i]) : 0);
            double slope = at.IsClamped ? at.Steps : at.Steps - at.Exact;

            // x/s is rounded before it is subtracted.
            double variance = at.IsClamped ? 0 : at.Variance;
            gradients[0].Add(
                at.Number, factor * slope, Square(factor) * (variance + (at.IsNear ? Numbers.EitherWay(1) : 0))
                    + Square(2 * Numbers.U * factor * slope), dy.Value[i], dy.Variance[i]);
        }
    }

    private Place Of(Extents input, Numbers x, int i, IReadOnlyList<Numbers> parameters)
    {
        int k = PerChannel ? i / input.Positions : 0;
        double scale = parameters[0].Value[k], zero = parameters[1].Value[k], exact = x.Value[i] / scale, nearest = Math.Round(exact);
        double variance = (x.Variance[i] + (Square(exact) * parameters[0].Variance[k])) / Square(scale) + Square(Numbers.U * exact);
        double integer = nearest + zero, toTie = 0.5 - Math.Abs(exact - nearest);
        bool isNear = toTie <= Numbers.KinkReach * Math.Sqrt(variance);

        // The step to the other neighbour goes into the range, or out of it.
        bool IsEnd(double end, int outward) => integer == end || integer == end + outward;
        return new Place(
            k, scale, parameters[0].Variance[k], exact, variance, Math.Clamp(integer, Min, Max) - zero, integer < Min || integer > Max,
            isNear && integer >= Min - 1 && integer <= Max + 1, isNear && (IsEnd(Min, -1) || IsEnd(Max, 1)));
    }

    /// <summary>
    /// Where a number stands: x/s, the variance of that, how many steps from 0 the result is; whether floats may take the other neighbour,
    /// and whether that one is on the other side of an end of the range.
    /// </summary>
    private readonly record struct Place(
        int Number, double Scale, double VarianceOfScale, double Exact, double Variance, double Steps, bool IsClamped, bool IsNear,
        bool IsNearEnd);
}
