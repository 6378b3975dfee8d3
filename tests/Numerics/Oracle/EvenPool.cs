using System;
using System.Collections.Generic;

namespace Strata.Numerics.Tests.Oracle;

/// <summary>Windows of the same extent along 1, 2 or 3 axes, without padding.</summary>
internal abstract record EvenPool(int Dimensions, int Kernel, int Stride, bool Ceil) : UnaryLayer
{
    public override bool Fits(Extents input) => input.Rank == Dimensions + 1;

    public override Extents Output(Extents input) => input with
    {
        Depth = Dimensions > 2 ? Outputs(input.Depth) : input.Depth,
        Height = Dimensions > 1 ? Outputs(input.Height) : input.Height,
        Width = Outputs(input.Width),
    };

    /// <summary>Elements of a window that is not clipped.</summary>
    protected double Whole => Math.Pow(Kernel, Dimensions);

    private int Outputs(int extent) => new Axis(Kernel, Stride).Outputs(extent, Ceil);

    /// <summary>The elements of the window of an output.</summary>
    protected List<int> Window(Extents input, int index)
    {
        Extents output = Output(input);
        int column = index % output.Width, row = index / output.Width % output.Height,
            plane = index / (output.Width * output.Height) % output.Depth;
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

        return elements;
    }
}
