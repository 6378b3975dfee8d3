using System;
using System.Collections.Generic;

namespace Strata.Numerics.Tests.Oracle;

/// <summary>A tensor of the network's own: learned, or fixed.</summary>
internal sealed record OwnTensor(Extents Shape, bool IsTrained = true, double Deviation = 0, bool BatchAxis = false) : UnaryLayer
{
    public override string Prefix => IsTrained ? "param" : "buffer";

    public override string Attribute
    {
        get
        {
            List<string> arguments = [string.Join(", ", Shape.ToArray())];
            if (Deviation != 0)
            {
                arguments.Add(FormattableString.Invariant($"Deviation = {Deviation:R}"));
            }

            if (BatchAxis)
            {
                arguments.Add("BatchAxis = true");
            }

            return $"{(IsTrained ? "Param" : "Buffer")}({string.Join(", ", arguments)})";
        }
    }

    public override Extents Output(Extents input) => Shape;

    /// <summary>Its key is the layer's name, without a suffix.</summary>
    public override IReadOnlyList<(string Suffix, int[] Shape)> Parameters(Extents input) =>
        [("", BatchAxis ? [1, .. Shape.ToArray()] : Shape.ToArray())];

    public override bool Trains(string suffix) => IsTrained;

    public override void Forward(PassContext context, Extents input, Numbers x, Numbers y, IReadOnlyList<Numbers> parameters)
    {
        parameters[0].Value.CopyTo(y.Value, 0);
        parameters[0].Variance.CopyTo(y.Variance, 0);
    }

    public override void Backward(
        PassContext context, Extents input, Numbers x, Numbers y, Numbers dy, Numbers dx,
        IReadOnlyList<Numbers> parameters, IReadOnlyList<Sums> gradients)
    {
        for (int i = 0; i < dy.Length; i++)
        {
            gradients[0].Add(i, dy.Value[i], dy.Variance[i]);
        }
    }
}
