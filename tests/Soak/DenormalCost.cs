using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;

namespace Strata.Soak;

/// <summary>
/// How much longer a network's inference takes where inputs, weights or activations are denormal. Two instances take turns, one with
/// ordinary numbers, and the shortest time of each counts: what else the machine does makes calls longer, never shorter.
/// </summary>
internal static class DenormalCost
{
    /// <summary>How many times longer than ordinary calls others may take.</summary>
    public const double Limit = 1.2;

    private const double LeastMilliseconds = 2;

    /// <summary>What is denormal, with inputs and weights for it.</summary>
    public static readonly IReadOnlyDictionary<string, (Func<float, int, float> Input, Func<float, int, float> Weight)> Cases =
        new Dictionary<string, (Func<float, int, float>, Func<float, int, float>)>
        {
            ["inputs"] = (Denormal, Same),
            ["weights"] = (Same, Denormal),
            ["both"] = (Denormal, Denormal),
            ["products"] = (Small, Small),
            ["some of all"] = (Mixed, Mixed),
            ["the least"] = (Least, Least),
        };

    /// <summary>Measures a network.</summary>
    /// <param name="create">Creates an instance.</param>
    /// <param name="samples">Of each call.</param>
    /// <param name="rounds">At most so many, as long as one is too slow; 3 at least.</param>
    /// <param name="limit">Beyond so many times an ordinary call, a call is too slow.</param>
    /// <returns>For each case the microseconds of an ordinary call, and of the other.</returns>
    public static IEnumerable<(string Case, double Ordinary, double Time)> Measure(
        Func<NetworkOptions, CompiledNetwork> create, int samples, int rounds, double limit = Limit)
    {
        using CompiledNetwork ordinary = create(new NetworkOptions { Threads = 1, Seed = 1 });
        using CompiledNetwork other = create(new NetworkOptions { Threads = 1, Seed = 1 });
        var random = new Random(7);
        float[] inputs = [.. Enumerable.Range(0, samples * ordinary.InputLength).Select(_ => (2 * random.NextSingle()) - 1)];
        float[] outputs = new float[samples * ordinary.OutputLength];
        Stretch usual = new(() => ordinary.Forward(inputs, outputs));
        foreach ((string name, (Func<float, int, float> input, Func<float, int, float> weight)) in Cases)
        {
            Fill(other, ordinary, weight);
            float[] changed = [.. inputs.Select(input)];
            Stretch unusual = new(() => other.Forward(changed, outputs));
            usual.Forget();
            for (int round = 0; round < 3 || (round < rounds && unusual.Shortest > limit * usual.Shortest); round++)
            {
                usual.Run();
                unusual.Run();
            }

            yield return (name, usual.Shortest, unusual.Shortest);
        }
    }

    private static void Fill(CompiledNetwork network, CompiledNetwork ordinary, Func<float, int, float> change)
    {
        for (int i = 0; i < network.Parameters.Count; i++)
        {
            float[] values = new float[network.Parameters[i].Length];
            ordinary.Parameters[i].CopyTo(values);
            network.Parameters[i].CopyFrom([.. values.Select(change)]);
        }
    }

    private static float Same(float value, int _) => value;

    // Never 0, with which kernels are as fast as with ordinary numbers. Variances stay positive.
    private static float Denormal(float value, int i) => (value < 0 ? -1 : 1) * (1 + (i % 97)) * 1e-40f;

    private static float Small(float value, int i) => (value < 0 ? -1 : 1) * (1 + (i % 97)) * 1e-21f;

    private static float Mixed(float value, int i) => (i % 3) switch { 0 => value, 1 => Denormal(value, i), _ => Small(value, i) };

    private static float Least(float value, int _) => value < 0 ? -float.Epsilon : float.Epsilon;

    /// <summary>Calls in a row, as many as the clock can measure.</summary>
    private sealed class Stretch(Action call)
    {
        private int _calls;

        /// <summary>Microseconds of a call, in the fastest stretch.</summary>
        public double Shortest { get; private set; } = double.MaxValue;

        public void Forget() => Shortest = double.MaxValue;

        public void Run()
        {
            if (_calls == 0)
            {
                // The JIT compiles, and weights are prepared.
                call();
                _calls = 1;
                for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start).TotalMilliseconds < LeastMilliseconds; _calls++)
                {
                    call();
                }
            }

            long begin = Stopwatch.GetTimestamp();
            for (int i = 0; i < _calls; i++)
            {
                call();
            }

            Shortest = double.Min(Shortest, Stopwatch.GetElapsedTime(begin).TotalMicroseconds / _calls);
        }
    }
}
