using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;

namespace Strata.Distributed.Tests.Scaling;

/// <summary>Something that a trainer does with its world within a step.</summary>
/// <param name="Time">Seconds since the step began.</param>
/// <param name="Operation">The operation: 1, 2, 3, …</param>
/// <param name="Bytes">Its bytes, where it begins; null where it is waited for.</param>
internal readonly record struct CollectiveEvent(double Time, long Operation, long? Bytes);

/// <summary>
/// A training step as it is without a network: when it begins which sums, and when it waits for them. The formula tells from this how long
/// the step takes with a network.
/// </summary>
/// <param name="Seconds">The time of the whole step.</param>
/// <param name="Events">What happens in it, one after the other.</param>
internal sealed record StepTimeline(double Seconds, IReadOnlyList<CollectiveEvent> Events)
{
    /// <summary>The bytes that are summed in a step.</summary>
    public long Bytes => Events.Sum(one => one.Bytes ?? 0);

    /// <summary>The number of operations.</summary>
    public int Operations => Events.Count(one => one.Bytes is not null);

    /// <summary>Measures steps in a world whose operations take no time. Each time is the median.</summary>
    public static StepTimeline Measure(DelayedWorld world, Action step, int steps)
    {
        var seconds = new List<double>();
        var events = new List<CollectiveEvent[]>();
        for (int i = 0; i < steps + 3; i++)
        {
            world.Restart();
            long start = Stopwatch.GetTimestamp();
            step();
            if (i >= 3)
            {
                seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
                events.Add([.. world.Events]);
            }
        }

        if (events.Any(one => !one.Select(e => (e.Operation, e.Bytes)).SequenceEqual(events[0].Select(e => (e.Operation, e.Bytes)))))
        {
            throw new InvalidOperationException("The steps differ in their operations.");
        }

        return new(Median(seconds), [.. events[0].Select((one, i) => one with { Time = Median(events.Select(step => step[i].Time)) })]);
    }

    /// <summary>
    /// The time of the step where operations take time: they run one after the other beside the computation, which stands still where it
    /// waits for one that has not ended.
    /// </summary>
    /// <param name="cost">The seconds of an operation of so many bytes.</param>
    public double SecondsWith(Func<long, double> cost)
    {
        // "free" is when the last operation ends, "late" how far the computation is behind what it would be alone.
        double free = 0, late = 0;
        var ends = new Dictionary<long, double>();
        foreach (CollectiveEvent one in Events)
        {
            if (one.Bytes is { } bytes)
            {
                free = Math.Max(free, one.Time + late) + cost(bytes);
                ends[one.Operation] = free;
            }
            else
            {
                late = Math.Max(late, ends[one.Operation] - one.Time);
            }
        }

        return Seconds + late;
    }

    /// <summary>The same step on a machine that computes faster.</summary>
    public StepTimeline On(double factor) =>
        new(Seconds / factor, [.. Events.Select(one => one with { Time = one.Time / factor })]);

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}

/// <summary>A network between machines.</summary>
/// <param name="Name">How it is called in tables.</param>
/// <param name="Latency">Seconds of the shortest message, from program to program.</param>
/// <param name="Bandwidth">Bytes in a second, in each direction.</param>
internal sealed record ClusterNetwork(string Name, double Latency, double Bandwidth)
{
    /// <summary>
    /// Seconds of an all-reduce. The ring sends 2(N − 1)/N of the bytes in 2(N − 1) messages and adds (N − 1)/N of them; recursive doubling
    /// sends and adds all of them log₂ N times. MPI libraries take the one for long and the other for short messages; this is the shorter
    /// time of the two.
    /// </summary>
    /// <param name="nodes">The number of machines, N.</param>
    /// <param name="bytes">The bytes that each of them gives.</param>
    /// <param name="adding">Seconds in which a machine adds a byte's share of a number.</param>
    public double AllReduce(int nodes, long bytes, double adding)
    {
        double share = (nodes - 1.0) / nodes * bytes;
        double ring = (2 * (nodes - 1) * Latency) + (2 * share / Bandwidth) + (share * adding);
        double doubling = Math.Ceiling(Math.Log2(nodes)) * (Latency + (bytes / Bandwidth) + (bytes * adding));
        return Math.Min(ring, doubling);
    }
}
