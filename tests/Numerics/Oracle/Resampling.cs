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

    /// <summary>A member of <c>UpsampleCoordinates</c>; empty for the default.</summary>
    public string Coordinates { get; init; } = "";

    /// <summary>A member of <c>UpsampleRounding</c>; empty for the default.</summary>
    public string Rounding { get; init; } = "";

    /// <summary>Of cubic interpolation.</summary>
    public double Coefficient { get; init; } = -0.75;

    public override string Attribute
    {
        get
        {
            IEnumerable<string> sizes = Sizes.Select((size, i) => $"{(Dimensions == 1 ? "Length" : Names[i + 3 - Dimensions])} = {size}");
            IEnumerable<string> scale = Scale == 0 ? [] : [Scale.ToString("R", CultureInfo.InvariantCulture)];
            IEnumerable<string> options = new[]
            {
                AlignCorners ? "AlignCorners = true" : "",
                Coordinates.Length > 0 ? $"Coordinates = UpsampleCoordinates.{Coordinates}" : "",
                Rounding.Length > 0 ? $"Rounding = UpsampleRounding.{Rounding}" : "",
                Coefficient == -0.75 ? "" : FormattableString.Invariant($"CubicCoefficient = {Coefficient:R}"),
            }.Where(option => option.Length > 0);
            string[] arguments = [.. scale, .. sizes, $"Mode = UpsampleMode.{Mode}", .. options];
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

        // Of decimal digits, so that what is exactly between two elements stays there.
        decimal place = PlaceOf(index, from, to);
        int first = (int)Math.Floor(place), last = from - 1;
        if (Mode == "Nearest")
        {
            int nearest = Rounding switch
            {
                "Ceil" => (int)Math.Ceiling(place),
                "RoundPreferFloor" => (int)Math.Ceiling(place - 0.5m),
                "RoundPreferCeil" => (int)Math.Floor(place + 0.5m),
                _ => first,
            };
            return [(Math.Clamp(nearest, 0, last), 1)];
        }

        double far = (double)(place - first);
        (int, double)[] taps = Mode.EndsWith("ubic", StringComparison.Ordinal)
            ? [.. Enumerable.Range(-1, 4).Select(tap => (first + tap, Cubic(Math.Abs(far - tap))))]
            : [(first, 1 - far), (first + 1, far)];
        return taps.Select(tap => (Math.Clamp(tap.Item1, 0, last), tap.Item2));
    }

    /// <summary>The place of an output, in elements of the input.</summary>
    private decimal PlaceOf(int index, int from, int to)
    {
        string coordinates = AlignCorners ? "AlignCorners" : Coordinates.Length > 0 ? Coordinates
            : Mode == "Nearest" ? "Asymmetric" : "HalfPixel";
        (decimal above, decimal below) = Scale == 0 ? (from, to) : (1, (decimal)Scale);
        return coordinates switch
        {
            "AlignCorners" or "PytorchHalfPixel" when to == 1 => 0,
            "AlignCorners" => index * (decimal)(from - 1) / (to - 1),
            "Asymmetric" => index * above / below,
            _ => ((index + 0.5m) * above / below) - 0.5m,
        };
    }

    /// <summary>The weight of an element at a distance.</summary>
    private double Cubic(double d)
    {
        double a = Coefficient;
        return d <= 1 ? ((a + 2) * d * d * d) - ((a + 3) * d * d) + 1 : a * ((d * d * d) - (5 * d * d) + (8 * d) - 4);
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

/// <param name="Factor">Pixels of a square along each axis.</param>
/// <param name="PixelsFirst">The order of TensorFlow, not that of PyTorch.</param>
internal sealed record PixelShuffle(int Factor, bool PixelsFirst = false) : Permutation
{
    public override string Attribute => $"PixelShuffle({Factor}{(PixelsFirst ? ", Order = PixelOrder.PixelsFirst" : "")})";

    public override bool Fits(Extents input) => input.Rank == 3 && input.Channels % (Factor * Factor) == 0;

    public override Extents Output(Extents input) =>
        Extents.Image(input.Channels / (Factor * Factor), input.Height * Factor, input.Width * Factor);

    protected override int Source(Extents input, int channel, int plane, int row, int column)
    {
        int inside = (row % Factor * Factor) + (column % Factor), square = Factor * Factor;
        int source = PixelsFirst ? (inside * (input.Channels / square)) + channel : (channel * square) + inside;
        return input.At(source, 0, row / Factor, column / Factor);
    }
}

/// <param name="Factor">Pixels of a square along each axis.</param>
/// <param name="PixelsFirst">The order of TensorFlow, not that of PyTorch.</param>
internal sealed record PixelUnshuffle(int Factor, bool PixelsFirst = false) : Permutation
{
    public override string Attribute => $"PixelUnshuffle({Factor}{(PixelsFirst ? ", Order = PixelOrder.PixelsFirst" : "")})";

    public override bool Fits(Extents input) => input.Rank == 3 && input.Height % Factor == 0 && input.Width % Factor == 0;

    public override Extents Output(Extents input) =>
        Extents.Image(input.Channels * Factor * Factor, input.Height / Factor, input.Width / Factor);

    protected override int Source(Extents input, int channel, int plane, int row, int column)
    {
        (int source, int inside) = PixelsFirst
            ? (channel % input.Channels, channel / input.Channels) : Math.DivRem(channel, Factor * Factor);
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

/// <summary>Some elements along an axis.</summary>
/// <param name="Start">The first; from the end if below 0.</param>
/// <param name="End">The one after the last, from the end if below 0; null for all up to the end.</param>
internal sealed record Slice(int Start, int? End = null) : LinearLayer
{
    public Axes Axis { get; init; } = Axes.Channels;

    public override string Attribute =>
        $"Slice({Start}{(End is { } end ? $", {end}" : "")}{(Axis == Axes.Channels ? "" : $", Axis = {AlongAxes.Spell(Axis)}")})";

    public override bool Fits(Extents input) => AlongAxes.Fit(Axis, input)
        && First(input) >= 0 && Last(input) <= AlongAxes.Extent(input, Axis) && First(input) < Last(input);

    public override Extents Output(Extents input) => AlongAxes.With(input, Axis, Last(input) - First(input));

    protected override IEnumerable<(int From, int To, double Factor)> Terms(Extents input) =>
        AlongAxes.Places(Output(input), input, Axis, First(input)).Select(place => (place.InWhole, place.InPart, 1.0));

    private int First(Extents input) => Start < 0 ? AlongAxes.Extent(input, Axis) + Start : Start;

    private int Last(Extents input) => End switch
    {
        null => AlongAxes.Extent(input, Axis),
        < 0 => AlongAxes.Extent(input, Axis) + End.Value,
        _ => End.Value,
    };
}

/// <summary>One of several equal parts along an axis.</summary>
internal sealed record Split(int Part, int Parts) : LinearLayer
{
    public Axes Axis { get; init; } = Axes.Channels;

    public override string Attribute => $"Split({Part}, {Parts}{(Axis == Axes.Channels ? "" : $", Axis = {AlongAxes.Spell(Axis)}")})";

    public override bool Fits(Extents input) => AlongAxes.Fit(Axis, input) && AlongAxes.Extent(input, Axis) % Parts == 0;

    public override Extents Output(Extents input) => AlongAxes.With(input, Axis, AlongAxes.Extent(input, Axis) / Parts);

    protected override IEnumerable<(int From, int To, double Factor)> Terms(Extents input)
    {
        Extents output = Output(input);
        return AlongAxes.Places(output, input, Axis, Part * AlongAxes.Extent(output, Axis))
            .Select(place => (place.InWhole, place.InPart, 1.0));
    }
}

/// <summary>The axes in another order.</summary>
/// <param name="Axes">The axis of the input that each axis of the output was, counted from 1.</param>
internal sealed record Transpose(params int[] Axes) : Permutation
{
    public override string Attribute => $"Transpose({string.Join(", ", Axes)})";

    public override bool Fits(Extents input) => input.Rank == Axes.Length;

    public override Extents Output(Extents input)
    {
        int[] from = input.ToArray();
        return Extents.Of([.. Axes.Select(axis => from[axis - 1])]);
    }

    protected override int Source(Extents input, int channel, int plane, int row, int column)
    {
        // The element's place in the output, axis by axis; then the same numbers by the axes of the input, slowest first.
        Extents output = Output(input);
        int rest = output.At(channel, plane, row, column);
        int[] to = output.ToArray(), place = new int[to.Length];
        for (int axis = to.Length - 1; axis >= 0; axis--)
        {
            (rest, place[axis]) = Math.DivRem(rest, to[axis]);
        }

        int[] extents = input.ToArray();
        int index = 0;
        for (int axis = 1; axis <= extents.Length; axis++)
        {
            index = (index * extents[axis - 1]) + place[Array.IndexOf(Axes, axis)];
        }

        return index;
    }
}

/// <summary>What is left without margins, or every n-th element of it.</summary>
/// <param name="Dimensions">1, 2 or 3.</param>
/// <param name="Margins">Front, back, top, bottom, left and right, or the last ones of them.</param>
/// <param name="Strides">One for each axis; none for 1.</param>
internal sealed record Crop(int Dimensions, int[] Margins, params int[] Strides) : LinearLayer
{
    private static readonly string[] Sides = ["Front", "Back", "Top", "Bottom", "Left", "Right"], Names = ["Depth", "Height", "Width"];

    public override string Attribute
    {
        get
        {
            bool even = Margins.Distinct().Count() == 1;
            string[] margins = even ? [$"{Margins[0]}"] : [.. Margins.Select((margin, i) => $"{Sides[i + 6 - Margins.Length]} = {margin}")];
            string[] strides = Strides.Distinct().Count() switch
            {
                0 => [],
                1 => [$"Stride = {Strides[0]}"],
                _ => [.. Strides.Select((stride, i) => $"Stride{Names[i + 3 - Dimensions]} = {stride}")],
            };
            return $"Crop{Dimensions}D({string.Join(", ", [.. margins, .. strides])})";
        }
    }

    public override bool Fits(Extents input) => input.Rank == Dimensions + 1 && Output(input).ToArray().All(extent => extent > 0);

    public override Extents Output(Extents input)
    {
        int Left(int axis, int extent) => (extent - Before(axis) - After(axis) + Stride(axis) - 1) / Stride(axis);
        return input with { Depth = Left(0, input.Depth), Height = Left(1, input.Height), Width = Left(2, input.Width) };
    }

    protected override IEnumerable<(int From, int To, double Factor)> Terms(Extents input)
    {
        Extents output = Output(input);
        int Place(int axis, int index) => Before(axis) + (index * Stride(axis));
        return Elements(output).Select(e => (
            input.At(e.Channel, Place(0, e.Plane), Place(1, e.Row), Place(2, e.Column)),
            output.At(e.Channel, e.Plane, e.Row, e.Column), 1.0));
    }

    private int Before(int axis) => Side(2 * axis);

    private int After(int axis) => Side((2 * axis) + 1);

    private int Side(int side) => side < 6 - Margins.Length ? 0 : Margins[side - (6 - Margins.Length)];

    private int Stride(int axis) => Strides.Length == 0 || axis < 3 - Dimensions ? 1 : Strides[axis - (3 - Dimensions)];
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
