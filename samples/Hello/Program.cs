using Strata;
using Strata.Training;

namespace Samples.Hello;

// Parts two spirals. The layers are attributes; the build writes the code that computes them.
[Network, Input(2), Dense(32), ReLU, Dense(32), ReLU, Dense(2), Softmax, CrossEntropy]
public partial class Spirals;

public static class Program
{
    public static void Main() => Run(Console.Out, Sample.Folder);

    public static void Run(TextWriter output, string folder)
    {
        int[] kinds = [.. Enumerable.Range(0, 160).Select(i => i % 2)];
        float[] points = [.. kinds.SelectMany((kind, i) => Point(kind, MathF.Sqrt((i + 9) / 169f)))];
        using var net = new Spirals(seed: 1);
        using ClassificationTrainer trainer = net.CreateTrainer(batchSize: 16, new Adam(0.01));
        output.WriteLine(trainer.Fit(points, kinds, new FitOptions { Epochs = 300, Schedule = Schedule.Cosine() }).Epochs[^1]);
        output.WriteLine($"{trainer.Evaluate(points, kinds).Accuracy:P1} of the points are right");
        net.Draw(points, kinds).Save(Path.Combine(folder, "hello.png"));
    }

    private static float[] Point(int spiral, float along)
    {
        float angle = (10 * along) + (spiral * MathF.PI);
        return [5 * along * MathF.Cos(angle), 5 * along * MathF.Sin(angle)];
    }
}
