using System;

namespace Zoo;

/// <summary>Numbers for networks that nobody gave data to. The same seed gives the same numbers.</summary>
internal static class RandomData
{
    public static float[] Uniform(int seed, int samples, int length)
    {
        var random = new Random(seed);
        float[] values = new float[checked(samples * length)];
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
