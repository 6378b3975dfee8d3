using Strata.Imaging;
using Strata.Pictures;
using Strata.Training;

namespace Samples.Detect;

/// <summary>Trains a detector on drawn shapes, measures it on new ones, and draws what it finds.</summary>
public static class Program
{
    private const int Width = 192, Height = 128, MostShapes = 5;
    private const int Pieces = 80, PieceLength = 16, Epochs = 16, HeldOut = 200, Shown = 6;

    /// <summary>Seeds of the held-out scenes. Those of the training scenes count up from 0 and never come here.</summary>
    private const int FirstHeldOut = 1_000_000;

    // The picture keeps its proportions; grey fills the rest of the square.
    private static readonly ImagePreprocessing ToInput =
        new(Detector.Size, Detector.Size) { Fit = ImageFit.Letterbox, Fill = new Rgb(114, 114, 114) };

    private static readonly CenterNetDecoder Decoder = new(Scene.Kinds.Length, Detector.Grid, Detector.Grid, Detector.Stride);

    public static void Main() => Run(Console.Out, Sample.Folder);

    public static void Run(TextWriter output, string folder)
    {
        using var net = new Detector(seed: 1);
        net.Logits.Bias.CopyFrom([-2.2f, -2.2f, -2.2f]);             // "nothing here", with 90 %: else all cells begin by being wrong
        using RegressionTrainer trainer = net.CreateTrainer(PieceLength, new Adam(0.004));
        var options = new FitOptions { Epochs = Epochs, Schedule = Schedule.Cosine().AfterWarmup(1) };
        trainer.Fit(NewScenes(), options, new Lines(output));

        var evaluator = new DetectionEvaluator();
        var tiles = new List<(Picture, string)>();
        for (int i = 0; i < HeldOut; i++)
        {
            var scene = new Scene(FirstHeldOut + i, Width, Height, MostShapes);
            IReadOnlyList<Detection> found = Find(net, scene.Draw());
            evaluator.Add(found, scene.Objects);
            if (i < Shown)
            {
                Picture picture = scene.Draw(scale: 2);
                picture.DrawDetections([.. found.Where(d => d.Score > 0.5).Select(d => d with { Box = d.Box.Scale(2, 2) })], Scene.Kinds);
                tiles.Add((picture, ""));
            }
        }

        output.WriteLine($"mAP at IoU 0.5: {evaluator.MeanAveragePrecision(0.5):F3}; at 0.75: {evaluator.MeanAveragePrecision(0.75):F3}");
        Sheet.Of(columns: 3, tiles).Save(Path.Combine(folder, "detect.png"));
    }

    /// <summary>Letterbox, forward, decode, and back to the picture: all that a detector in an app does.</summary>
    private static IReadOnlyList<Detection> Find(Detector net, Picture picture)
    {
        float[] input = new float[ToInput.Length], heat = new float[Detector.HeatLength];
        float[] sizes = new float[Detector.SizesLength], offsets = new float[Detector.OffsetsLength];
        ImagePlacement placement = ToInput.Apply(picture, input);
        net.Forward(input, heat, sizes, offsets);
        return [.. Decoder.Decode(heat, sizes, offsets, leastScore: 0.05).Select(placement.ToPicture)];
    }

    /// <summary>Each epoch sees new scenes. They are drawn while the step before them runs.</summary>
    private static IEnumerable<SampleBatch> NewScenes()
    {
        int seed = 0;
        return Enumerable.Range(0, Pieces).Select(_ =>
        {
            float[] inputs = new float[PieceLength * ToInput.Length];
            var targets = new List<float>();
            for (int i = 0; i < PieceLength; i++)
            {
                var scene = new Scene(seed++, Width, Height, MostShapes);
                ImagePlacement placement = ToInput.Apply(scene.Draw(), inputs.AsSpan(i * ToInput.Length, ToInput.Length));
                targets.AddRange(Targets([.. scene.Objects.Select(o => o with { Box = placement.ToInput(o.Box) })]));
            }

            return new SampleBatch(inputs, targets.ToArray());
        });
    }

    /// <summary>What the network should have said: heat, then sizes, then offsets, as the losses are declared.</summary>
    private static float[] Targets(Detection[] objects)
    {
        const int Cells = Detector.Cells, Grid = Detector.Grid;
        float[] heat = new float[3 * Cells], sizes = new float[2 * Cells], offsets = new float[2 * Cells];
        Array.Fill(sizes, -1);
        Array.Fill(offsets, -1);
        foreach (Detection shape in objects)
        {
            Box box = shape.Box.Scale(1f / Detector.Stride, 1f / Detector.Stride);
            (int column, int row) = ((int)box.CenterX, (int)box.CenterY);
            int cell = (row * Grid) + column;
            for (int i = 0; i < Cells; i++)
            {
                float square = MathF.Pow((i % Grid) - column, 2) + MathF.Pow((i / Grid) - row, 2);
                int at = (shape.Class * Cells) + i;
                heat[at] = float.Max(heat[at], MathF.Exp(-square / (2 * 0.7f * 0.7f)));
            }

            (sizes[cell], sizes[Cells + cell]) = (box.Width, box.Height);
            (offsets[cell], offsets[Cells + cell]) = (box.CenterX - column, box.CenterY - row);
        }

        return [.. heat, .. sizes, .. offsets];
    }

    /// <summary>Prints a line for each epoch.</summary>
    private sealed class Lines(TextWriter output) : IProgress<FitProgress>
    {
        public void Report(FitProgress value)
        {
            if (value.EpochCompleted)
            {
                output.WriteLine(value);
            }
        }
    }
}
