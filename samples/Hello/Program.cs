using Strata;
using Strata.Training;

namespace Samples.Hello;

// Two spirals that no straight line parts. The network's layers are attributes; the build writes its code.
[Network, Input(2), Dense(32), ReLU, Dense(32), ReLU, Dense(2), Softmax, CrossEntropy]
public partial class Spirals;

public static class Program
{
    public static void Main() => Run(Console.Out, Sample.Folder);

    public static void Run(TextWriter output, string folder)
    {
        float[] points = [.. Enumerable.Range(0, 160).SelectMany(i => Point(i % 2, MathF.Sqrt((i + 9) / 169f)))];
        int[] kinds = [.. Enumerable.Range(0, 160).Select(i => i % 2)];
        using var net = new Spirals(seed: 1);
        using ClassificationTrainer trainer = net.CreateTrainer(batchSize: 16, new Adam(0.01));
        FitResult result = trainer.Fit(points, kinds, new FitOptions { Epochs = 300, Schedule = Schedule.Cosine() });
        output.WriteLine(result.Epochs[^1]);
        output.WriteLine($"{trainer.Evaluate(points, kinds).Accuracy:P1} of the points are right");
        net.Draw(points, kinds).Save(Path.Combine(folder, "hello.png"));
    }

    private static float[] Point(int spiral, float along)
    {
        (float sin, float cos) = MathF.SinCos((10 * along) + (spiral * MathF.PI));
        return [5 * along * cos, 5 * along * sin];
    }
}
