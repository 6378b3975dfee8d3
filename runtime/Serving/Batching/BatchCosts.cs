using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;

namespace Strata.Serving.Batching;

/// <summary>
/// How long batches take, measured when a model is loaded, and which sizes are best: a network may be faster with 8 samples than with 9,
/// since vectors and threads get whole shares.
/// </summary>
internal sealed class BatchCosts
{
    /// <summary>A larger batch is taken for a sample's time that is longer by this: more samples go on sooner.</summary>
    private const double Slack = 1.03;

    /// <summary>How long sizes are measured together, in seconds.</summary>
    private const double Budget = 0.5;

    private const int MostRuns = 20;

    private readonly int[] _best;
    private readonly double[] _seconds;

    private BatchCosts(SortedDictionary<int, double> seconds)
    {
        Seconds = seconds;
        _best = new int[seconds.Keys.Last() + 1];
        _seconds = [.. _best.Select((_, size) => seconds.First(one => one.Key >= size).Value)];
        int best = 1;
        for (int waiting = 1; waiting < _best.Length; waiting++)
        {
            if (seconds.TryGetValue(waiting, out double time) && time / waiting <= Slack * seconds[best] / best)
            {
                best = waiting;
            }

            _best[waiting] = best;
        }
    }

    /// <summary>Seconds of a batch, by its size.</summary>
    public IReadOnlyDictionary<int, double> Seconds { get; }

    /// <summary>Seconds of a sample in the best batch.</summary>
    public double SecondsOfSample => Seconds[_best[^1]] / _best[^1];

    /// <summary>Costs that were measured elsewhere.</summary>
    public static BatchCosts From(params IEnumerable<(int Samples, double Seconds)> measured) =>
        new(new SortedDictionary<int, double>(measured.ToDictionary(one => one.Samples, one => one.Seconds)));

    /// <summary>Runs batches of zeros of all sizes that may be good. This also warms the network.</summary>
    public static BatchCosts Measure(CompiledNetwork network, int maxBatch)
    {
        float[] inputs = new float[maxBatch * network.InputLength], outputs = new float[maxBatch * network.OutputLength];
        int[] sizes = [.. Sizes(maxBatch)];
        var seconds = new SortedDictionary<int, double>();
        foreach (int size in sizes)
        {
            double Run()
            {
                long start = Stopwatch.GetTimestamp();
                network.Forward(inputs.AsSpan(0, size * network.InputLength), outputs.AsSpan(0, size * network.OutputLength));
                return Stopwatch.GetElapsedTime(start).TotalSeconds;
            }

            // The first run compiles and allocates.
            double best = double.PositiveInfinity, left = Budget / sizes.Length;
            Run();
            for (int i = 0; i < MostRuns && (i == 0 || left > 0); i++)
            {
                double time = Run();
                (best, left) = (Math.Min(best, time), left - time);
            }

            seconds[size] = best;
        }

        return new BatchCosts(seconds);
    }

    /// <summary>The costs of the same network at another size: all times are this many times as long.</summary>
    public BatchCosts Scaled(double factor) => From(Seconds.Select(one => (one.Key, one.Value * factor)));

    /// <summary>Seconds of some samples; of the next larger batch that was measured, if this size was not.</summary>
    public double SecondsOf(int samples) => samples < _seconds.Length ? _seconds[samples] : double.PositiveInfinity;

    /// <summary>How many of some samples that wait are best computed together.</summary>
    public int Best(int waiting) => _best[Math.Clamp(waiting, 0, _best.Length - 1)];

    /// <summary>
    /// How much time it saves to compute some samples together. To wait for others longer than that would not pay: the clients of a small
    /// network are answered sooner one by one.
    /// </summary>
    public TimeSpan Saved(int samples)
    {
        int together = Best(samples);
        return TimeSpan.FromSeconds(Math.Max(0, together == 0 ? 0 : (together * Seconds[1]) - Seconds[together]));
    }

    /// <summary>Powers of two, those and a half, and the largest.</summary>
    private static IEnumerable<int> Sizes(int maxBatch)
    {
        for (int size = 1; size < maxBatch; size *= 2)
        {
            yield return size;
            if (size >= 2 && size + (size / 2) < maxBatch)
            {
                yield return size + (size / 2);
            }
        }

        yield return maxBatch;
    }
}
