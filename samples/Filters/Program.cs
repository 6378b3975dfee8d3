using Strata.Pictures;

namespace Samples.Filters;

/// <summary>Shows what the classic 3×3 filters do to a picture.</summary>
public static class Program
{
    /// <summary>The parts of the network's output, in their order, and how they become visible: numbers times Scale, plus Offset.</summary>
    private static readonly (string Name, float Scale, float Offset)[] Parts =
    [
        ("edge: minus its neighbours", 0.5f, 0.25f), ("Sobel x: right minus left", 0.2f, 0.5f),
        ("Sobel y: below minus above", 0.2f, 0.5f), ("Gaussian blur, nine times", 1, 0),
        ("sharpen", 1, 0), ("emboss: lit from one side", 0.6f, 0.2f), ("both Sobels: sqrt(x*x + y*y)", 0.5f, 0),
    ];

    public static void Main() => Run(Console.Out, Sample.Folder);

    public static void Run(TextWriter output, string folder)
    {
        Picture landscape = Landscape.Draw(Classic.Width, Classic.Height);
        using var net = new Classic();
        float[] filtered = new float[Classic.OutputLength];
        net.Forward(landscape.ToTensor(), filtered);

        var tiles = new List<(Picture, string)> { (landscape, "the picture") };
        int length = Classic.OutputLength / Parts.Length;
        for (int i = 0; i < Parts.Length; i++)
        {
            Span<float> part = filtered.AsSpan(i * length, length);
            (float least, float most) = (part.ToArray().Min(), part.ToArray().Max());
            output.WriteLine($"{Parts[i].Name,-28} from {least,6:F2} to {most,5:F2}");
            tiles.Add((ToPicture(part, Parts[i].Scale, Parts[i].Offset), Parts[i].Name));
        }

        Sheet.Of(columns: 4, tiles).Save(Path.Combine(folder, "filters.png"));
    }

    /// <summary>Red, green and blue lie one behind the other, as in PyTorch. What is out of range is cut off.</summary>
    private static Picture ToPicture(ReadOnlySpan<float> planes, float scale, float offset)
    {
        var picture = new Picture(Classic.Width, Classic.Height);
        int pixels = Classic.Width * Classic.Height;
        for (int i = 0; i < pixels; i++)
        {
            picture[i % Classic.Width, i / Classic.Width] =
                new Rgb(Level(planes[i]), Level(planes[pixels + i]), Level(planes[(2 * pixels) + i]));
        }

        return picture;

        byte Level(float value) => (byte)float.Round(255 * float.Clamp((value * scale) + offset, 0, 1));
    }
}
