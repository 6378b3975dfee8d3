using System;

namespace Strata.Pictures;

/// <summary>A colour map over a range of numbers. Numbers outside have the colour of the nearer end.</summary>
/// <param name="Map">The colours.</param>
/// <param name="Minimum">The number with the first colour.</param>
/// <param name="Maximum">The number with the last colour.</param>
internal readonly record struct ColorScale(ColorMap Map, float Minimum, float Maximum)
{
    // Magenta, which is in no map.
    private static readonly Rgb NotFinite = new(255, 0, 255);

    private static readonly Rgb[] Black = [new(0, 0, 0), new(255, 255, 255)];

    // Matplotlib's viridis at 0, 0.1, …, 1. Linear interpolation between these colours is within 3 of 255 levels.
    private static readonly Rgb[] Viridis =
    [
        new(68, 1, 84), new(72, 36, 117), new(65, 68, 135), new(53, 95, 141), new(42, 120, 142), new(33, 145, 140),
        new(34, 168, 132), new(68, 191, 112), new(122, 209, 81), new(189, 223, 38), new(253, 231, 37),
    ];

    private static readonly Rgb[] Diverging =
    [
        new(10, 45, 100), new(50, 115, 185), new(150, 200, 225), new(247, 247, 247), new(245, 165, 130), new(200, 60, 60), new(110, 0, 30),
    ];

    /// <summary>The scale from the least to the greatest finite number; symmetric around zero for a diverging map.</summary>
    public static ColorScale Spanning(ColorMap map, ReadOnlySpan<float> values)
    {
        float minimum = float.PositiveInfinity, maximum = float.NegativeInfinity;
        foreach (float value in values)
        {
            if (float.IsFinite(value))
            {
                minimum = float.Min(minimum, value);
                maximum = float.Max(maximum, value);
            }
        }

        if (minimum > maximum)
        {
            return new ColorScale(map, 0, 0);
        }

        float reach = float.Max(-minimum, maximum);
        return map == ColorMap.Diverging ? new ColorScale(map, -reach, reach) : new ColorScale(map, minimum, maximum);
    }

    /// <summary>The colour of a number.</summary>
    public Rgb Color(float value)
    {
        if (!float.IsFinite(value))
        {
            return NotFinite;
        }

        Rgb[] stops = Map switch { ColorMap.Viridis => Viridis, ColorMap.Diverging => Diverging, _ => Black };
        double position = Share(value) * (stops.Length - 1);
        int stop = int.Min((int)position, stops.Length - 2);
        (Rgb from, Rgb to) = (stops[stop], stops[stop + 1]);
        return new Rgb(Mix(from.Red, to.Red), Mix(from.Green, to.Green), Mix(from.Blue, to.Blue));

        byte Mix(byte a, byte b) => (byte)double.Round(a + ((b - a) * (position - stop)));
    }

    /// <summary>The colour of three numbers, its red, green and blue, on the same scale. The map is not used.</summary>
    public Rgb Color(float red, float green, float blue) =>
        float.IsFinite(red) && float.IsFinite(green) && float.IsFinite(blue) ? new Rgb(Light(red), Light(green), Light(blue)) : NotFinite;

    private byte Light(float value) => (byte)double.Round(255 * Share(value));

    // In double precision: the difference of two floats may overflow.
    private double Share(float value)
    {
        double range = (double)Maximum - Minimum;
        return range > 0 ? double.Clamp(((double)value - Minimum) / range, 0, 1) : Map == ColorMap.Diverging ? 0.5 : 0;
    }
}
