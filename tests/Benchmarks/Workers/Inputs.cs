using System;

namespace Strata.Benchmarks.Workers;

/// <summary>The same numbers for everyone, from the seed alone.</summary>
internal static class Inputs
{
    private const int Seed = 20251;

    /// <summary>Uniform in [−1, 1).</summary>
    public static float[] Values(int length)
    {
        var random = new Random(Seed);
        float[] values = GC.AllocateArray<float>(length, pinned: true);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (random.NextSingle() * 2) - 1;
        }

        return values;
    }

    /// <summary>Class indices.</summary>
    public static int[] Targets(int length, int classes)
    {
        var random = new Random(Seed + 1);
        int[] targets = new int[length];
        for (int i = 0; i < targets.Length; i++)
        {
            targets[i] = random.Next(classes);
        }

        return targets;
    }
}
