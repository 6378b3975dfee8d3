using Strata;
using Strata.Imaging;
using Strata.Pictures;
using Strata.Training;

namespace Samples.Signal;

/// <summary>Tells waves apart: convolutions over time, and an average, so that it does not matter where something is.</summary>
[Network, Input(1, Length)]
[Conv1D(12, 9, Padding = 4), ReLU, MaxPool1D(2)]
[Conv1D(24, 9, Padding = 4), ReLU, MaxPool1D(2)]
[Conv1D(24, 9, Padding = 4), ReLU, GlobalAveragePool1D]
[Flatten, Dense(4), Softmax]
[CrossEntropy]
public partial class Waves
{
    public const int Length = 160;
}

public static class Program
{
    private const int Training = 2000, Test = 500, Shown = 12, Columns = 4;

    private static readonly string[] Kinds = ["sine", "square", "saw", "noise"];

    public static void Main() => Run(Console.Out, Sample.Folder);

    public static void Run(TextWriter output, string folder)
    {
        var random = new Random(1);
        LabeledData training = Signals(Training, random), test = Signals(Test, random);
        using var net = new Waves(seed: 1);
        using ClassificationTrainer trainer = net.CreateTrainer(batchSize: 32, new Adam(0.004));
        var options = new FitOptions { Epochs = 8, Schedule = Schedule.Cosine() };
        output.WriteLine(string.Join(Environment.NewLine, trainer.Fit(training.Inputs, training.Targets, options).Epochs));
        ClassificationMetrics metrics = trainer.Evaluate(test.Inputs, test.Targets);
        output.WriteLine(metrics.ConfusionMatrix);
        output.WriteLine($"accuracy: {metrics.Accuracy:P1}");

        float[] shares = new float[Kinds.Length];
        var tiles = new List<(Picture, string)>();
        for (int i = 0; i < Shown; i++)
        {
            net.Forward(test[i], shares);
            (int kind, float share) = ClassNames.Top(shares, 1)[0];
            int target = test.Targets.Span[i];
            tiles.Add((Plot(test[i], target), $"{Kinds[kind]} {share:P0}{(kind == target ? "" : $", but is {Kinds[target]}")}"));
        }

        Sheet.Of(Columns, tiles).Save(Path.Combine(folder, "signal.png"));
    }

    /// <summary>Waves of any frequency, phase and height, in noise. The fourth kind is noise alone.</summary>
    private static LabeledData Signals(int count, Random random)
    {
        float[] inputs = new float[count * Waves.Length];
        int[] kinds = new int[count];
        for (int i = 0; i < count; i++)
        {
            kinds[i] = i % Kinds.Length;
            (float frequency, float phase, float height) = (2 + (6 * random.NextSingle()), random.NextSingle(), 0.5f + random.NextSingle());
            for (int t = 0; t < Waves.Length; t++)
            {
                float turn = (frequency * t / Waves.Length) + phase;
                turn -= MathF.Floor(turn);
                float wave = kinds[i] switch
                {
                    0 => MathF.Sin(MathF.Tau * turn),
                    1 => turn < 0.5f ? 1 : -1,
                    2 => (2 * turn) - 1,
                    _ => 1.5f * ((2 * random.NextSingle()) - 1),
                };
                inputs[(i * Waves.Length) + t] = height * (wave + (1.7f * (random.NextSingle() - 0.5f)));
            }
        }

        return new LabeledData(inputs, kinds, [1, Waves.Length], Kinds);
    }

    private static Picture Plot(ReadOnlySpan<float> signal, int kind)
    {
        const int Width = 220, Height = 90;
        Picture plot = Sheet.Empty(Width, Height, new Rgb(36, 39, 48));
        plot.Line((0, Height / 2), (Width, Height / 2), Sheet.Grid, 1);
        var points = new (float, float)[signal.Length];
        for (int t = 0; t < points.Length; t++)
        {
            points[t] = ((t + 0.5f) * Width / signal.Length, (Height / 2) - (signal[t] * Height / 6));
        }

        plot.Curve(points, PictureDrawing.ColorOf(kind), 1.5f);
        return plot;
    }
}
