using Strata.Pictures;

namespace Samples.Filters;

/// <summary>A picture with something for each filter: smooth sky, sharp ridges, a field, edges in all directions.</summary>
internal static class Landscape
{
    private static readonly Rgb Zenith = new(38, 70, 130), Horizon = new(246, 190, 140), Sun = new(255, 236, 170);
    private static readonly Rgb Far = new(110, 110, 150), Near = new(58, 72, 100), Meadow = new(70, 120, 60);
    private static readonly Rgb Wall = new(236, 226, 206), Roof = new(178, 62, 46), Window = new(60, 80, 110);

    public static Picture Draw(int width, int height)
    {
        var picture = new Picture(width, height);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                // Four samples of a pixel make smooth edges.
                (Rgb a, Rgb b) = (At(x + 0.25f, y + 0.25f, height), At(x + 0.75f, y + 0.25f, height));
                (Rgb c, Rgb d) = (At(x + 0.25f, y + 0.75f, height), At(x + 0.75f, y + 0.75f, height));
                picture[x, y] = Sheet.Mix(Sheet.Mix(a, b, 0.5f), Sheet.Mix(c, d, 0.5f), 0.5f);
            }
        }

        return picture;
    }

    private static Rgb At(float x, float y, float height)
    {
        (x, y) = (x / height, y / height);
        if (House(x, y) is { } house)
        {
            return house;
        }

        if (y > 0.72f + (0.03f * MathF.Sin(4 * x)))
        {
            float furrow = MathF.Sin((x - 0.4f) / (y - 0.55f) * 9);
            return Sheet.Mix(Meadow, furrow > 0 ? new Rgb(120, 165, 80) : new Rgb(50, 92, 48), MathF.Abs(furrow));
        }

        if (y > 0.6f - Ridge((1.7f * x) + 2))
        {
            return Near;
        }

        if (y > 0.5f - (1.3f * Ridge(x + 0.4f)))
        {
            return Far;
        }

        return float.Hypot(x - 0.42f, y - 0.22f) < 0.09f ? Sun : Sheet.Mix(Zenith, Horizon, y * 1.8f);
    }

    /// <summary>Triangle waves on triangle waves.</summary>
    private static float Ridge(float x) => (0.11f * Wave(2.1f * x)) + (0.05f * Wave(5.3f * x)) + (0.02f * Wave(13.7f * x));

    private static float Wave(float x) => MathF.Abs((2 * (x - MathF.Floor(x))) - 1);

    private static Rgb? House(float x, float y)
    {
        (float dx, float dy) = (MathF.Abs(x - 1.08f), y - 0.6f);
        return (dx, dy) switch
        {
            ( < 0.03f, > 0.1f and < 0.22f) => Roof,
            ( > 0.06f and < 0.1f, > 0.04f and < 0.1f) => Window,
            ( < 0.13f, > 0 and < 0.22f) => Wall,
            ( < 0.17f, <= 0.01f) when dy > (0.9f * dx) - 0.14f => Roof,
            _ => null,
        };
    }
}
