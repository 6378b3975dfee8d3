using Strata;
using Strata.Imaging;
using Strata.Pictures;
using Strata.Training;

namespace Samples.Denoise;

/// <summary>
/// An autoencoder: the way down leaves 24 numbers for 784 pixels. They can say what a digit looks like, but not what noise looks like, so
/// that the way up paints the digit without it.
/// </summary>
[Network, Input(1, 28, 28)]
[Conv2D(16, 3, Stride = 2, Padding = 1), ReLU]
[Conv2D(32, 3, Stride = 2, Padding = 1), ReLU]
[Flatten, Dense(24, Name = "code")]
[Dense(32 * 7 * 7), ReLU, Reshape(32, 7, 7)]
[ConvTranspose2D(16, 4, Stride = 2, Padding = 1), ReLU]
[ConvTranspose2D(1, 4, Stride = 2, Padding = 1), Sigmoid]
[BinaryCrossEntropy]                                         // a pixel is a share of ink, 0 to 1
public partial class Autoencoder;

public static class Program
{
    private const int Shown = 14;
    private const float NoiseDeviation = 0.5f;

    public static void Main() => Run(Console.Out, Sample.Folder);

    public static void Run(TextWriter output, string folder)
    {
        (LabeledData training, LabeledData test) = Sample.Digits();
        using var net = new Autoencoder(seed: 1);
        using RegressionTrainer trainer = net.CreateTrainer(batchSize: 64, new Adam(0.002));

        // The labels play no part: the target of a noisy digit is the clean one.
        var random = new Random(1);
        var options = new FitOptions { Epochs = 8, Schedule = Schedule.Cosine() };
        FitResult result = trainer.Fit(Noisy(training.Inputs.Span, random), training.Inputs, options);
        output.WriteLine(string.Join(Environment.NewLine, result.Epochs));

        float[] noisy = Noisy(test.Inputs.Span, random), cleaned = new float[noisy.Length];
        net.Forward(noisy, cleaned);
        output.WriteLine($"signal to noise before: {Decibels(noisy, test.Inputs.Span):F1} dB");
        output.WriteLine($"signal to noise after: {Decibels(cleaned, test.Inputs.Span):F1} dB");
        Sheet.Of(Shown, [.. Row(noisy, "noisy"), .. Row(cleaned, "cleaned"), .. Row(test.Inputs.Span, "true")])
            .Save(Path.Combine(folder, "denoise.png"));
    }

    private static float[] Noisy(ReadOnlySpan<float> images, Random random)
    {
        float[] noisy = images.ToArray();
        foreach (ref float pixel in noisy.AsSpan())
        {
            // The normal distribution, by Box and Muller.
            float normal = MathF.Sqrt(-2 * MathF.Log(1 - random.NextSingle())) * MathF.Cos(MathF.Tau * random.NextSingle());
            pixel = float.Clamp(pixel + (NoiseDeviation * normal), 0, 1);
        }

        return noisy;
    }

    /// <summary>The peak signal-to-noise ratio: 10 more means a tenth of the squared error.</summary>
    private static double Decibels(ReadOnlySpan<float> images, ReadOnlySpan<float> truth)
    {
        double sum = 0;
        for (int i = 0; i < truth.Length; i++)
        {
            sum += Math.Pow(images[i] - truth[i], 2);
        }

        return -10 * Math.Log10(sum / truth.Length);
    }

    private static List<(Picture, string)> Row(ReadOnlySpan<float> images, string name)
    {
        var row = new List<(Picture, string)>();
        for (int i = 0; i < Shown; i++)
        {
            row.Add((Sheet.Grey(images.Slice(i * 784, 784), 28).Enlarge(3), i == 0 ? name : ""));
        }

        return row;
    }
}
