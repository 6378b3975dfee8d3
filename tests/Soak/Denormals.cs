using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Threading;
using Strata.Training;

namespace Strata.Soak;

/// <summary>A small network with most kinds of kernels, in inference and in training.</summary>
[Network(Observable = true), Input(3, 12, 12), Conv2D(16, 3, Padding = 1, Bias = false), BatchNorm, ReLU, Conv2D(16, 3), SiLU, MaxPool2D(2)]
[Flatten, Dropout(0.1), Dense(10), Softmax, CrossEntropy]
public partial class Varied;

/// <summary>Samples in lanes.</summary>
[Network, Input(6), Dense(12), Tanh, Dense(3), MeanSquaredError]
public partial class Lanes;

/// <summary>
/// Denormal numbers must not make a call slow. The runtime lets the processor take them for 0 during a call. Nothing of
/// that may stay behind.
/// </summary>
internal static class Denormals
{
    // The JIT takes a static field that was set for a constant.
    private static readonly float Tiny = 1e-40f;

    /// <summary>Prints a row for each network; false where one breaks the limit.</summary>
    /// <param name="assemblies">The files with the networks; by default those of the samples.</param>
    public static bool Run(string[] assemblies)
    {
        if (SampleNetworks.Find(assemblies.Length > 0 ? assemblies : [SampleNetworks.Digits, SampleNetworks.Zoo]) is not { } types)
        {
            return false;
        }

        Console.WriteLine($"{"microseconds of a call",-28}{"samples",8}{"ordinary",12}{"denormal",12}{"ratio",8}   slowest with");
        bool isWithin = true;
        foreach (Type type in types)
        {
            CompiledNetwork Create(NetworkOptions options) => (CompiledNetwork)Activator.CreateInstance(type, options)!;
            long cost;
            using (CompiledNetwork network = Create(new NetworkOptions()))
            {
                cost = network.Info.Layers.Sum(layer => layer.MultiplyAdds);
            }

            foreach (int count in cost < 100_000_000 ? (int[])[1, 16] : [1])
            {
                (string what, double ordinary, double time) =
                    DenormalCost.Measure(Create, count, rounds: 30).MaxBy(m => m.Time / m.Ordinary);
                bool isFast = time <= DenormalCost.Limit * ordinary;
                Console.WriteLine(
                    $"{type.Name,-28}{count,8}{ordinary,12:F1}{time,12:F1}{time / ordinary,8:F2}   {what}{(isFast ? "" : ": too slow")}");
                isWithin &= isFast;
            }
        }

        return isWithin;
    }

    /// <summary>
    /// Whether the JIT computes constants as before, after first and repeated calls of each kind. Its thread must not have started while
    /// denormal numbers were 0. The process wants DOTNET_TC_BackgroundWorkerTimeoutMs=64 (hexadecimal), so that this thread ends soon.
    /// </summary>
    public static bool CheckConstants()
    {
        bool isRight = true;
        int probes = 0;
        foreach ((string what, Action<int> call) in Calls())
        {
            foreach (int times in (int[])[1, 1, 40])
            {
                // The JIT's thread has ended: the next call may start it.
                Thread.Sleep(300);
                call(times);
                float constant = Probe(probes++);
                bool isSame = constant == Twice(Tiny);
                Console.WriteLine($"{what}, {times} times: {(isSame ? "constants are right" : $"a constant became {constant}")}");
                isRight &= isSame;
            }
        }

        return isRight;
    }

    private static IEnumerable<(string What, Action<int> Call)> Calls()
    {
        foreach (int threads in (int[])[1, 2])
        {
            CompiledNetwork varied = Create<Varied>(new NetworkOptions { Threads = threads });
            CompiledNetwork observed = Create<Varied>(new NetworkOptions { Threads = threads, Observe = ["conv1"] });
            CompiledNetwork lanes = Create<Lanes>(new NetworkOptions { Threads = threads });
            var classes = (ClassificationTrainer)Trainer.For(varied, 40, new Adam());
            var values = (RegressionTrainer)Trainer.For(lanes, 40, new Sgd(0.1) { Momentum = 0.9, ClipNorm = 1 });
            float[] images = new float[40 * varied.InputLength], scores = new float[40 * varied.OutputLength], points = new float[40 * 6],
                results = new float[40 * 3];
            int[] labels = new int[40];
            yield return ($"one sample, {threads} threads", Repeat(
                () => varied.Forward(images.AsSpan(0, varied.InputLength), scores.AsSpan(0, 10))));
            yield return ($"a batch, {threads} threads", Repeat(() => varied.Forward(images, scores)));
            yield return ($"a block, {threads} threads", Repeat(() => lanes.Forward(points, results)));
            yield return ($"observed, {threads} threads", Repeat(() => observed.Forward(images, scores)));
            yield return ($"a step, {threads} threads", Repeat(() => classes.Step(images, labels)));
            yield return ($"a small step, {threads} threads", Repeat(() => values.Step(points, results)));
        }
    }

    private static CompiledNetwork Create<T>(NetworkOptions options) => (CompiledNetwork)Activator.CreateInstance(typeof(T), options)!;

    private static Action<int> Repeat(Action call) => times =>
    {
        for (int i = 0; i < times; i++)
        {
            call();
        }
    };

    /// <summary>What the JIT computes in optimised code, by a method of its own for each number.</summary>
    private static float Probe(int number)
    {
        // Type arguments of value types, of which each number has its own: a byte in as many tuples.
        Type type = typeof(byte);
        for (int i = 0; i < number; i++)
        {
            type = typeof(ValueTuple<>).MakeGenericType(type);
        }

        Func<float> probe = typeof(Denormals).GetMethod(nameof(TwiceTiny), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(type).CreateDelegate<Func<float>>();
        float result = 0;
        for (int i = 0; i < 60; i++)
        {
            result = probe();
            Thread.Sleep(5);
        }

        for (int i = 0; i < 40; i++)
        {
            result = probe();
        }

        Thread.Sleep(50);
        return probe();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float TwiceTiny<T>() where T : struct => Tiny + Tiny;

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.NoOptimization)]
    private static float Twice(float x) => x + x;
}
