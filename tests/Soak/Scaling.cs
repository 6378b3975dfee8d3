using System;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Numerics;
using Strata.Distributed.Tests.Scaling;
using Strata.Training;
using Strata.Zoo;

namespace Strata.Soak;

/// <summary>ResNet-18 for ImageNet.</summary>
[Network, Input(3, 224, 224), ResNet18, CrossEntropy]
public partial class ScaledResNet18;

/// <summary>ResNet-20 for CIFAR-10.</summary>
[Network, Input(3, 32, 32), ResNet20, CrossEntropy]
public partial class ScaledResNet20;

/// <summary>
/// How fast training would be on more machines than there are: a formula with the measured times of a step. First it is compared with steps
/// in a world that takes the time of a network.
/// </summary>
internal static class Scaling
{
    private const int Steps = 7;

    /// <summary>Largest difference between a step in a delayed world and the formula.</summary>
    private const double Tolerance = 0.15;

    /// <summary>This machine, and one with 16 times its processors.</summary>
    private static readonly int[] Factors = [1, 16];

    private static readonly int[] Nodes = [2, 4, 8, 16, 32, 64, 128, 256];

    /// <summary>Ethernet by the kernel's TCP; 100 Gb/s as InfiniBand or RoCE. Nine tenths of the nominal bandwidth arrive.</summary>
    private static readonly ClusterNetwork[] Networks =
    [
        new("10 Gb/s, 30 µs", 30e-6, 0.9 * 10e9 / 8),
        new("25 Gb/s, 15 µs", 15e-6, 0.9 * 25e9 / 8),
        new("100 Gb/s, 2 µs", 2e-6, 0.9 * 100e9 / 8),
    ];

    public static bool Run()
    {
        double adding = MeasureAdding();
        Write($"Adding floats: {4e-9 / adding:F1} GB/s of each summand. A machine is this one: {Environment.ProcessorCount} threads.");
        return Run("ResNet-18", 16, adding, () => new ScaledResNet18(1), network => ((ScaledResNet18)network).CreateTrainer(16, Sgd()))
            & Run("ResNet-20", 128, adding, () => new ScaledResNet20(1), network => ((ScaledResNet20)network).CreateTrainer(128, Sgd()));
    }

    private static Sgd Sgd() => new(0.01) { Momentum = 0.9 };

    private static bool Run(
        string name, int batch, double adding, Func<CompiledNetwork> create, Func<CompiledNetwork, ClassificationTrainer> train)
    {
        using CompiledNetwork network = create();
        bool agrees = true;
        StepTimeline Measure(Func<long, int> milliseconds)
        {
            using ClassificationTrainer trainer = train(network);
            using var world = new DelayedWorld(2, milliseconds);
            trainer.Distribute(world);
            float[] inputs = [.. Enumerable.Range(0, batch * network.InputLength).Select(i => MathF.Sin(i))];
            int[] classes = [.. Enumerable.Range(0, batch).Select(i => i % 10)];
            return StepTimeline.Measure(world, () => trainer.Step(inputs, classes), Steps);
        }

        StepTimeline alone = Measure(_ => 0);
        Write($"\n{name}, batch {batch} on each machine: {1000 * alone.Seconds:F1} ms a step, {batch / alone.Seconds:F0} samples/s");
        Write($"  {alone.Bytes / 1e6:F2} MB in {alone.Operations} sums");
        foreach ((int latency, double bandwidth) in new[] { (2, 1e9), (5, 2e8), (20, 5e7) })
        {
            int Milliseconds(long bytes) => latency + (int)Math.Round(1000 * bytes / bandwidth);
            double expected = alone.SecondsWith(bytes => Milliseconds(bytes) / 1000.0), measured = Measure(Milliseconds).Seconds;
            agrees &= Math.Abs(measured / expected - 1) <= Tolerance;
            string line = $"  {latency,2} ms + {bandwidth / 1e6,4:F0} MB/s";
            Write($"{line}: {1000 * measured:F1} ms, formula {1000 * expected:F1} ms, ratio {measured / expected:F2}");
        }

        foreach (int factor in Factors)
        {
            Print(alone.On(factor), factor, adding);
        }

        return agrees;
    }

    /// <summary>The speed for each machine, as a share of that of one machine alone.</summary>
    private static void Print(StepTimeline alone, int factor, double adding)
    {
        string machines = factor == 1 ? "machines" : $"{factor} times as fast";
        Write($"  {machines,-18}{string.Concat(Nodes.Select(nodes => $"{nodes,7}"))}   90 % up to");
        foreach (ClusterNetwork cluster in Networks)
        {
            double Efficiency(int nodes) => alone.Seconds / alone.SecondsWith(bytes => cluster.AllReduce(nodes, bytes, adding));
            string cells = string.Concat(Nodes.Select(nodes => $"{(int)Math.Round(100 * Efficiency(nodes)),5} %"));
            int most = Enumerable.Range(1, 16).Select(power => 1 << power).TakeWhile(nodes => Efficiency(nodes) >= 0.9).LastOrDefault(1);
            Write($"  {cluster.Name,-18}{cells}   {most}");
        }
    }

    /// <summary>Seconds to add a byte's share of a float to another.</summary>
    private static double MeasureAdding()
    {
        float[] sum = new float[1 << 24], summand = new float[sum.Length];
        double best = double.MaxValue;
        for (int round = 0; round < 20; round++)
        {
            long start = Stopwatch.GetTimestamp();
            Add(sum, summand);
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return best / (sizeof(float) * sum.Length);
    }

    private static void Add(Span<float> sum, ReadOnlySpan<float> summand)
    {
        int width = Vector<float>.Count;
        for (int i = 0; i + width <= sum.Length; i += width)
        {
            (new Vector<float>(sum[i..]) + new Vector<float>(summand[i..])).CopyTo(sum[i..]);
        }
    }

    private static void Write(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
