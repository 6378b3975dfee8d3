using Strata.Imaging;
using Strata.Pictures;

namespace Samples.Hello;

/// <summary>What the network says at each place of the plane, and the points that it learnt from.</summary>
internal static class Drawing
{
    private const int Size = 480;
    private const float Reach = 5.6f;

    public static Picture Draw(this Spirals net, float[] points, int[] kinds)
    {
        // All places are one batch: a call for each would take longer.
        float[] places = [.. Enumerable.Range(0, Size * Size).SelectMany(i => new[] { Coordinate(i % Size), Coordinate(i / Size) })];
        float[] answers = new float[2 * Size * Size];
        net.Forward(places, answers);

        var picture = new Picture(Size, Size);
        for (int i = 0; i < Size * Size; i++)
        {
            picture[i % Size, i / Size] = Sheet.Mix(Pale(0), Pale(1), answers[(2 * i) + 1]);
        }

        for (int i = 0; i < kinds.Length; i++)
        {
            (float, float) center = (Pixel(points[2 * i]), Pixel(points[(2 * i) + 1]));
            picture.Line(center, center, new Rgb(255, 255, 255), 9);
            picture.Line(center, center, PictureDrawing.ColorOf(Kind(kinds[i])), 6);
        }

        return picture;
    }

    private static int Kind(int spiral) => spiral == 0 ? 5 : 4;

    private static Rgb Pale(int spiral) => Sheet.Mix(new Rgb(255, 255, 255), PictureDrawing.ColorOf(Kind(spiral)), 0.45f);

    private static float Coordinate(int pixel) => ((pixel + 0.5f) * 2 * Reach / Size) - Reach;

    private static float Pixel(float coordinate) => (coordinate + Reach) * Size / (2 * Reach);
}
