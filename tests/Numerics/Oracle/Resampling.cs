using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Strata.Numerics.Tests.Oracle;

/// <param name="Dimensions">1, 2 or 3.</param>
/// <param name="Scale">Of all axes; 0 where there are sizes.</param>
/// <param name="Mode">A member of <c>UpsampleMode</c>.</param>
/// <param name="AlignCorners">For linear modes.</param>
/// <param name="Sizes">The output's extents without the channels.</param>
internal sealed record Upsample(int Dimensions, double Scale, string Mode = "Nearest", bool AlignCorners = false,
    params int[] Sizes) : LinearLayer
{
    private static readonly string[] Names = ["Depth", "Height", "Width"];

    public override string Attribute
    {
        get
        {
            IEnumerable<string> sizes = Sizes.Select((size, i) => $"{(Dimensions == 1 ? "Length" : Names[i + 3 - Dimensions])} = {size}");
            IEnumerable<string> scale = Scale == 0 ? [] : [Scale.ToString("R", CultureInfo.InvariantCulture)];
            string[] corners = AlignCorners ? ["AlignCorners = true"] : [];
            string[] arguments = [.. scale, .. sizes, $"Mode = UpsampleMode.{Mode}", .. corners];
            return $"Upsample{Dimensions}D({string.Join(", ", arguments)})";
        }
    }

    protected override bool Copies => true;

    /// <summary>A place is computed in double precision and rounded once; 1 minus it once more, and products of three.</summary>
    protected override double FactorError => Mode == "Nearest" ? 0 : 6 * Numbers.U;

    public override bool Fits(Extents input) => input.Rank == Dimensions + 1;

    public override Extents Output(Extents input)
    {
        int Extent(int axis, int extent) =>
            axis < 3 - Dimensions ? extent : Scale == 0 ? Sizes[axis - (3 - Dimensions)] : (int)Math.Floor(extent * Scale);
        return input with { Depth = Extent(0, input.Depth), Height = Extent(1, input.Height), Width = Extent(2, input.Width) };
    }

    protected override IEnumerable<(int From, int To, double Factor)> Terms(Extents input)
    {
        Extents output = Output(input);
        foreach ((int channel, int plane, int row, int column) in Elements(output))
        {
            foreach ((int z, double ofPlane) in Sources(plane, input.Depth, output.Depth))
            {
                foreach ((int y, double ofRow) in Sources(row, input.Height, output.Height))
                {
                    foreach ((int x, double ofColumn) in Sources(column, input.Width, output.Width))
                    {
                        yield return (input.At(channel, z, y, x), output.At(channel, plane, row, column), ofPlane * ofRow * ofColumn);
                    }
                }
            }
        }
    }

    private IEnumerable<(int Source, double Factor)> Sources(int index, int from, int to)
    {
        if (from == 1)
        {
            return [(0, 1)];
        }

        double step = Scale == 0 ? (double)from / to : 1 / Scale;
        if (Mode == "Nearest")
        {
            return [(Math.Min((int)Math.Floor(index * step), from - 1), 1)];
        }

        double place = AlignCorners
            ? to == 1 ? 0 : index * ((from - 1.0) / (to - 1))
            : Math.Max(((index + 0.5) * step) - 0.5, 0);
        int first = Math.Min((int)Math.Floor(place), from - 1), second = Math.Min(first + 1, from - 1);
        double far = Math.Min(place - first, 1);
        return [(first, 1 - far), (second, far)];
    }
}

/// <summary>Every output element is one of the input's.</summary>
internal abstract record Permutation : LinearLayer
{
    protected sealed override IEnumerable<(int From, int To, double Factor)> Terms(Extents input)
    {
        Extents output = Output(input);
        return Elements(output).Select(
            e => (Source(input, e.Channel, e.Plane, e.Row, e.Column), output.At(e.Channel, e.Plane, e.Row, e.Column), 1.0));
    }

    protected abstract int Source(Extents input, int channel, int plane, int row, int column);
}

internal sealed record PixelShuffle(int Factor) : Permutation
{
    public override string Attribute => $"PixelShuffle({Factor})";

    public override bool Fits(Extents input) => input.Rank == 3 && input.Channels % (Factor * Factor) == 0;

    public override Extents Output(Extents input) =>
        Extents.Image(input.Channels / (Factor * Factor), input.Height * Factor, input.Width * Factor);

    protected override int Source(Extents input, int channel, int plane, int row, int column) =>
        input.At((channel * Factor * Factor) + (row % Factor * Factor) + (column % Factor), 0, row / Factor, column / Factor);
}

internal sealed record PixelUnshuffle(int Factor) : Permutation
{
    public override string Attribute => $"PixelUnshuffle({Factor})";

    public override bool Fits(Extents input) => input.Rank == 3 && input.Height % Factor == 0 && input.Width % Factor == 0;

    public override Extents Output(Extents input) =>
        Extents.Image(input.Channels * Factor * Factor, input.Height / Factor, input.Width / Factor);

    protected override int Source(Extents input, int channel, int plane, int row, int column)
    {
        (int source, int inside) = Math.DivRem(channel, Factor * Factor);
        return input.At(source, 0, (row * Factor) + (inside / Factor), (column * Factor) + (inside % Factor));
    }
}

internal sealed record ChannelShuffle(int Groups) : Permutation
{
    public override string Attribute => $"ChannelShuffle({Groups})";

    public override bool Fits(Extents input) => Groups > 0 && input.Channels % Groups == 0;

    public override Extents Output(Extents input) => input;

    protected override int Source(Extents input, int channel, int plane, int row, int column) =>
        input.At((channel % Groups * (input.Channels / Groups)) + (channel / Groups), plane, row, column);
}

/// <param name="Spelling">The arguments, in which one may be −1.</param>
/// <param name="Shape">What they come to.</param>
internal sealed record Reshape(string Spelling, Extents Shape) : Permutation
{
    public override string Attribute => $"Reshape({Spelling})";

    /// <summary>What is not flat is flattened first.</summary>
    public override int HiddenNodes(Extents input) => input.Rank > 1 && Shape.Rank > 1 ? 1 : 0;

    public override bool Fits(Extents input) => input.Length == Shape.Length;

    public override Extents Output(Extents input) => Shape;

    protected override int Source(Extents input, int channel, int plane, int row, int column) => Shape.At(channel, plane, row, column);
}

/// <param name="Filter">A member of <c>Filter</c>.</param>
/// <param name="Divisor">Of the kernel's numbers.</param>
/// <param name="Padding">Zeros on each side.</param>
/// <param name="Kernel">Its nine numbers.</param>
internal sealed record Filter2D(string Filter, int Divisor, int Padding, params int[] Kernel) : LinearLayer
{
    public override string Attribute => $"Filter2D(Filter.{Filter}{(Padding > 0 ? $", Padding = {Padding}" : "")})";

    /// <summary>The margin.</summary>
    public override int HiddenNodes(Extents input) => Padding > 0 ? 1 : 0;

    public override bool Fits(Extents input) => input.Rank == 3;

    /// <summary>A factor such as 1/9 is rounded.</summary>
    protected override double FactorError => Divisor == 9 ? Numbers.U : 0;

    public override Extents Output(Extents input) =>
        input with { Height = input.Height + (2 * Padding) - 2, Width = input.Width + (2 * Padding) - 2 };

    protected override IEnumerable<(int From, int To, double Factor)> Terms(Extents input)
    {
        Extents output = Output(input);
        foreach ((int channel, _, int row, int column) in Elements(output))
        {
            for (int tap = 0; tap < 9; tap++)
            {
                int y = row + (tap / 3) - Padding, x = column + (tap % 3) - Padding;
                if (y >= 0 && y < input.Height && x >= 0 && x < input.Width)
                {
                    yield return (input.At(channel, 0, y, x), output.At(channel, 0, row, column), (double)Kernel[tap] / Divisor);
                }
            }
        }
    }
}
