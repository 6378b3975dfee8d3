using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Numerics.Tests.Oracle;

/// <summary>Root of the sum of squares over windows of the same extent along 1, 2 or 3 axes; a clipped window counts as if it were whole.</summary>
internal sealed record L2Pool(int Dimensions, int Kernel, int Stride, bool Ceil = false) : UnaryLayer
{
    public override string Attribute => $"L2Pool{Dimensions}D({Kernel}, Stride = {Stride}{(Ceil ? ", CeilMode = true" : "")})";

    public override bool Fits(Extents input) => input.Rank == Dimensions + 1;

    public override Extents Output(Extents input) => input with
    {
        Depth = Dimensions > 2 ? Outputs(input.Depth) : input.Depth,
        Height = Dimensions > 1 ? Outputs(input.Height) : input.Height,
        Width = Outputs(input.Width),
    };

    public override void Forward(PassContext context, Extents input, Numbers x, Numbers y, IReadOnlyList<Numbers> parameters)
    {
        for (int i = 0; i < y.Length; i++)
        {
            (List<int> elements, double factor) = Window(input, i);
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
            y.Variance[i] = (y.Value[i] == 0 ? most : Math.Min(most, squares.Variance[0] / (4 * squares.Value[0]))) + Square(2 * Numbers.U * y.Value[i]);
        }
    }

    public override void Backward(
        PassContext context, Extents input, Numbers x, Numbers y, Numbers dy, Numbers dx,
        IReadOnlyList<Numbers> parameters, IReadOnlyList<Sums> gradients)
    {
        var sums = new Sums(x.Length);
        for (int i = 0; i < y.Length; i++)
        {
            (List<int> elements, double factor) = Window(input, i);
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
            double variance = (Square(factor / y.Value[i]) * dy.Variance[i]) + (Square(share / y.Value[i]) * y.Variance[i]) + Square(3 * Numbers.U * share);
            foreach (int e in elements)
            {
                sums.Add(e, share, variance, x.Value[e], x.Variance[e]);
            }
        }

        sums.Store(dx);
    }

    private int Outputs(int extent) => new Axis(Kernel, Stride).Outputs(extent, Ceil);

    private (List<int> Elements, double Factor) Window(Extents input, int index)
    {
        Extents output = Output(input);
        int column = index % output.Width, row = index / output.Width % output.Height, plane = index / (output.Width * output.Height) % output.Depth;
        int channel = index / output.Positions;
        var elements = new List<int>();
        int depth = Dimensions > 2 ? Kernel : 1, height = Dimensions > 1 ? Kernel : 1;
        for (int l = plane * (Dimensions > 2 ? Stride : 1), back = Math.Min(l + depth, input.Depth); l < back; l++)
        {
            for (int m = row * (Dimensions > 1 ? Stride : 1), bottom = Math.Min(m + height, input.Height); m < bottom; m++)
            {
                for (int n = column * Stride, right = Math.Min(n + Kernel, input.Width); n < right; n++)
                {
                    elements.Add((((((channel * input.Depth) + l) * input.Height) + m) * input.Width) + n);
                }
            }
        }

        return (elements, (double)depth * height * Kernel / elements.Count);
    }
}
