using Strata.Imaging;
using Strata.Pictures;

namespace Samples.Transfer;

/// <summary>The accuracies as curves.</summary>
internal static class Chart
{
    private const int Width = 640, Height = 400, Left = 70, Right = 20, Top = 40, Bottom = 50;
    private const double Least = 0.6;

    public static Picture Draw(int[] counts, IReadOnlyList<(double Scratch, double Head, double Tuned)> results)
    {
        Picture picture = Sheet.Empty(Width, Height);
        for (int percent = 60; percent <= 100; percent += 10)
        {
            float y = Y(percent / 100.0);
            picture.Line((Left, y), (Width - Right, y), Sheet.Grid, 1);
            picture.DrawLabel($"{percent,3}%", 8, (int)y - 12, Sheet.Background, 2);
        }

        for (int i = 0; i < counts.Length; i++)
        {
            picture.DrawLabel($"{counts[i]}", (int)X(i) - 10, Height - Bottom + 4, Sheet.Background, 2);
        }

        picture.DrawLabel("examples of each digit", (Width / 2) - 110, Height - 26, Sheet.Background, 2);
        (string Name, Func<(double Scratch, double Head, double Tuned), double> Of, int Color, float Width)[] ways =
            [("from scratch", r => r.Scratch, 5, 3), ("new head", r => r.Head, 1, 9), ("fine-tuned", r => r.Tuned, 2, 3)];
        // Two of the curves nearly meet: the wider one is seen behind the other.
        for (int way = 0; way < ways.Length; way++)
        {
            Rgb color = PictureDrawing.ColorOf(ways[way].Color);
            (float, float)[] points = [.. results.Select((r, i) => (X(i), Y(ways[way].Of(r))))];
            picture.Curve(points, color, ways[way].Width);
            Array.ForEach(points, point => picture.Line(point, point, color, ways[way].Width + 6));
            picture.DrawLabel(ways[way].Name, Left + (190 * way), 8, color, 2);
        }

        return picture;

        float X(int i) => Left + 20 + (i * (Width - Left - Right - 40f) / (counts.Length - 1));
    }

    private static float Y(double accuracy) =>
        Height - Bottom - (float)((Math.Max(accuracy, Least) - Least) / (1 - Least) * (Height - Top - Bottom));
}
