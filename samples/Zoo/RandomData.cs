using System;
using Samples;

namespace Zoo;

/// <summary>Numbers for networks that nobody gave data to. The same seed gives the same numbers.</summary>
internal static class RandomData
{
    public static float[] Uniform(int seed, int samples, int length)
    {
        var random = new Random(seed);
        if ((long)samples * length > Array.MaxLength)
        {
            throw new UsageException(
                $"--batch is {samples}, but at most {Array.MaxLength / length} samples of {length} numbers fit into an array");
        }

        float[] values = new float[samples * length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (2 * random.NextSingle()) - 1;
        }

        return values;
    }

    public static int[] Classes(int seed, int count, int classes)
    {
        var random = new Random(seed);
        int[] values = new int[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = random.Next(classes);
        }

        return values;
    }
}
