using Strata.Imaging;
using Strata.Pictures;
using Strata.Training;

namespace Samples.Segment;

/// <summary>Trains a U-Net to say which pixel belongs to which kind of shape, and draws its masks.</summary>
public static class Program
{
    private const int Pixels = UNet.Size * UNet.Size, MostShapes = 4, Training = 800, HeldOut = 100, Shown = 8;

    public static void Main() => Run(Console.Out, Sample.Folder);

    public static void Run(TextWriter output, string folder)
    {
        Scene[] scenes = [.. Enumerable.Range(0, Training + HeldOut).Select(seed => new Scene(seed, UNet.Size, UNet.Size, MostShapes))];
        float[] inputs = [.. scenes.SelectMany(scene => scene.Draw().ToTensor())];
        int[] targets = [.. scenes.SelectMany(scene => scene.Mask()).Select(kind => kind + 1)];    // 0 is the background
        const int InputFloats = Training * 3 * Pixels, TargetPixels = Training * Pixels;

        using var net = new UNet(seed: 1);
        using ClassificationTrainer trainer = net.CreateTrainer(batchSize: 8, new Adam(0.004));
        var options = new FitOptions { Epochs = 6, Schedule = Schedule.Cosine() };
        FitResult result = trainer.Fit(inputs.AsMemory(0, InputFloats), targets.AsMemory(0, TargetPixels), options);
        output.WriteLine(string.Join(Environment.NewLine, result.Epochs));

        float[] scores = new float[HeldOut * UNet.OutputLength];
        net.Forward(inputs.AsSpan(InputFloats), scores);
        int[] masks = [.. Enumerable.Range(0, HeldOut).SelectMany(i => Best(scores.AsSpan(i * UNet.OutputLength, UNet.OutputLength)))];
        var evaluator = new SegmentationEvaluator(UNet.Classes);
        evaluator.Add(masks, targets.AsSpan(TargetPixels));
        foreach ((string kind, int c) in Scene.Kinds.Select((kind, i) => (kind, i + 1)))
        {
            output.WriteLine($"IoU of {kind}s: {evaluator.IntersectionOverUnion(c):F3}");
        }

        output.WriteLine($"mean IoU: {evaluator.MeanIntersectionOverUnion():F3}");
        Draw(scenes.AsSpan(Training, Shown), masks).Save(Path.Combine(folder, "segment.png"));
    }

    /// <summary>The class with the highest score at each pixel. Scores of a class are a plane of the picture's size.</summary>
    private static int[] Best(ReadOnlySpan<float> scores)
    {
        int[] best = new int[Pixels];
        for (int i = 0; i < scores.Length; i++)
        {
            int pixel = i % Pixels;
            best[pixel] = scores[i] > scores[(best[pixel] * Pixels) + pixel] ? i / Pixels : best[pixel];
        }

        return best;
    }

    /// <summary>The pictures, what the network makes of them, and below that the truth.</summary>
    private static Picture Draw(ReadOnlySpan<Scene> scenes, int[] masks)
    {
        List<(Picture, string)> pictures = [], found = [], truth = [];
        for (int i = 0; i < scenes.Length; i++)
        {
            pictures.Add((scenes[i].Draw(scale: 2), i == 0 ? "the picture" : ""));
            int[] kinds = Array.ConvertAll(masks[(i * Pixels)..((i + 1) * Pixels)], c => c - 1);   // below 0 stays as it is
            found.Add((Masked(kinds), i == 0 ? "the network's mask" : ""));
            truth.Add((Masked(scenes[i].Mask()), i == 0 ? "the true mask" : ""));
        }

        return Sheet.Of(scenes.Length, [.. pictures, .. found, .. truth]);
    }

    private static Picture Masked(int[] kinds)
    {
        Picture mask = Sheet.Empty(UNet.Size, UNet.Size, Sheet.Grid);
        mask.DrawMask(kinds, opacity: 1);
        return mask.Enlarge(2);
    }
}
