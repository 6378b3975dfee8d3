using System;
using System.Linq;
using Strata.Numerics.Tests.Oracle;

namespace Strata.Numerics.Tests.Drawing;

/// <summary>Layers that take elements from elsewhere.</summary>
internal sealed partial class RandomLayers
{
    /// <summary>Under another shape, of another rank as a rule.</summary>
    public Reshape Reshaped(Extents input)
    {
        int length = input.Length, channels = random.Divisor(length), rest = length / channels;
        int height = random.Divisor(rest), depth = random.Divisor(rest / height), width = rest / height;
        Extents shape = random.Below(7) switch
        {
            < 2 => Extents.Sequence(channels, rest),
            < 4 => Extents.Image(channels, height, width),
            < 6 => Extents.Volume(channels, height, depth, width / depth),
            _ => Extents.Vector(length),
        };
        int[] extents = shape.ToArray();
        int open = random.Below(extents.Length + 1);
        return new Reshape(string.Join(", ", extents.Select((extent, i) => i == open ? -1 : extent)), shape);
    }

    /// <summary>Split into five or six axes, which change places, and are joined again.</summary>
    public Layer[] Split(Extents input)
    {
        int[] extents = [.. input.ToArray(), .. Enumerable.Repeat(1, random.Between(5, 6) - input.Rank)];
        for (int axis = extents.Length - 1; axis > 0; axis--)
        {
            // Those at the end get a part of one before them.
            int other = random.Below(axis), part = random.Divisor(extents[other]);
            (extents[other], extents[axis]) = (extents[other] / part, extents[axis] * part);
        }

        int[] order = random.Chance(3) ? [1, .. random.Order(extents.Length - 1).Select(axis => axis + 1)] : random.Order(extents.Length);
        Extents split = Extents.Of(extents);
        var transpose = new Transpose(order);
        Layer[] between = random.Below(3) switch
        {
            0 => [random.Chance(2) ? Own() : Activation()],
            1 => [new Transpose(random.Order(extents.Length))],
            _ => [],
        };
        Extents last = between.Aggregate(transpose.Output(split), (now, layer) => layer.Output([now]));
        return [new Reshape(string.Join(", ", extents), split), transpose, .. between, Reshaped(last)];
    }

    /// <summary>In some mode, by a factor or to a size.</summary>
    private Upsample Resized(int dimensions, string mode, double scale)
    {
        bool sized = random.Chance(2), corners = mode != "Nearest" && random.Chance(3);
        return new Upsample(dimensions, sized ? 0 : scale, mode, corners, sized ? Sizes(dimensions) : [])
        {
            Coordinates = corners || random.Chance(2) ? ""
                : random.Pick("HalfPixel", "AlignCorners", "Asymmetric", "PytorchHalfPixel"),
            Rounding = mode == "Nearest" ? random.Pick("", "Ceil", "RoundPreferFloor", "RoundPreferCeil") : "",
            Coefficient = mode == "Cubic" && random.Chance(3) ? -0.5 : -0.75,
        };
    }

    private Layer Resampled(Extents input)
    {
        int dimensions = input.Rank - 1;
        switch (random.Below(15))
        {
            case 0 or 14:
                return Resized(dimensions, "Nearest", random.Pick(1.5, 2, 3));

            case 1 or 12:
                string linear = dimensions switch { 1 => "Linear", 2 => "Bilinear", _ => "Trilinear" };
                return Resized(dimensions, linear, random.Pick(0.7, 1.5, 2));

            case 13:
                return Resized(dimensions, "Cubic", random.Pick(0.7, 1.5, 2));

            case 2 or 3:
                string mode = random.Pick("Zeros", "Reflect", "Replicate", "Circular");
                return new Pad(dimensions, mode, [
                    .. input.ToArray()[1..].SelectMany(e => new[] { e, e })
                        .Select(extent => random.Below(mode == "Reflect" ? Math.Min(extent, 3) : Math.Min(extent + 1, 3))),
                ]);

            case 4 or 10 or 11 when input.Rank == 3:
                return random.Chance(2) ? new PixelShuffle(input.Channels % 4 == 0 ? 2 : 1, random.Chance(2))
                    : new PixelUnshuffle(input.Height % 2 + input.Width % 2 == 0 ? 2 : 1, random.Chance(2));

            case 5 when input.Rank == 3:
                return Fixed();

            case 4 or 5 or 6 or 10:
                return Reshaped(input);

            case 7:
                return Cropped(input);

            case 8:
                return new Transpose(random.Order(input.Rank));

            case 9:
                return Sliced(input);

            default:
                return new ChannelShuffle(random.Divisor(input.Channels));
        }
    }

    /// <summary>Some elements along an axis, perhaps all.</summary>
    private Layer Sliced(Extents input)
    {
        Axes axis = One(input);
        int extent = AlongAxes.Extent(input, axis), parts = random.Divisor(extent), start = random.Below(extent);
        int end = random.Between(start + 1, extent);
        return random.Below(6) switch
        {
            4 or 5 => new Roll(start - (extent / 2)) { Axis = axis },
            0 => new Split(random.Below(parts), parts) { Axis = axis },
            1 => new Slice(start - extent) { Axis = axis },
            2 when end < extent => new Slice(start, end - extent) { Axis = axis },
            _ => new Slice(start, end) { Axis = axis },
        };
    }

    /// <summary>What margins leave, at least one element along each axis.</summary>
    private Crop Cropped(Extents input)
    {
        int[] margins = [.. input.ToArray()[1..].SelectMany(extent => Sides(extent - 1))];
        return new Crop(input.Rank - 1, margins,
            random.Chance(2) ? [] : [.. Enumerable.Range(1, input.Rank - 1).Select(_ => random.Between(1, 3))]);

        int[] Sides(int most)
        {
            int before = random.Below(Math.Min(most, 2) + 1);
            return [before, random.Below(Math.Min(most - before, 2) + 1)];
        }
    }
}
