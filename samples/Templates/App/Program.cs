using Strata;
using Strata.Training;

// Tells discs, squares and diamonds apart. The layers are attributes; the build checks their shapes and writes their code.
[Network, Input(1, 16, 16)]                              // channels, height, width
[Conv2D(8, 3, Padding = 1), ReLU, MaxPool2D(2)]
[Conv2D(16, 3, Padding = 1), ReLU, MaxPool2D(2)]
[Flatten, Dense(3), Softmax, CrossEntropy]               // three classes; the loss makes the network trainable
public partial class Shapes;

internal static class Program
{
    private static readonly string[] Names = ["disc", "square", "diamond"];

    private static void Main()
    {
        var random = new Random(1);
        int[] labels = [.. Enumerable.Range(0, 3_000).Select(_ => random.Next(3))], newLabels = labels[..500];
        float[] images = [.. labels.SelectMany(label => Draw(label, random))];
        float[] newImages = [.. newLabels.SelectMany(label => Draw(label, random))];
        using var net = new Shapes(seed: 1);
        using ClassificationTrainer trainer = net.CreateTrainer(batchSize: 32, new Adam(0.005));
        Console.WriteLine(trainer.Fit(images, labels, new FitOptions { Epochs = 8, Schedule = Schedule.Cosine() }));
        Console.WriteLine($"{trainer.Evaluate(newImages, newLabels).Accuracy:P1} of new drawings are recognised.");
        net.Save("shapes.safetensors");

        // An app that only predicts begins here.
        using var loaded = new Shapes(new NetworkOptions { Weights = "shapes.safetensors" });
        (int shape, float probability) = loaded.Classify([.. Draw(1, random)]);
        Console.WriteLine($"A square is taken for a {Names[shape]}, with {probability:P1}.");
    }

    /// <summary>A shape of any size, anywhere, in noise. Each is a circle, but distances are those of the norms 2, ∞ and 1.</summary>
    private static IEnumerable<float> Draw(int label, Random random)
    {
        float radius = 3.5f + (2 * random.NextSingle()), left = 6 + (4 * random.NextSingle()), top = 6 + (4 * random.NextSingle());
        for (int pixel = 0; pixel < Shapes.InputLength; pixel++)
        {
            (float x, float y) = (MathF.Abs((pixel % 16) - left), MathF.Abs((pixel / 16) - top));
            float distance = label switch { 0 => MathF.Sqrt((x * x) + (y * y)), 1 => MathF.Max(x, y), _ => x + y };
            yield return (0.5f * random.NextSingle()) + (distance < radius ? 0.5f : 0);
        }
    }
}
