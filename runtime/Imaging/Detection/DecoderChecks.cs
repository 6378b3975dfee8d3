using System;
using System.Numerics;

namespace Strata.Imaging;

/// <summary>What decoders share.</summary>
internal static class DecoderChecks
{
    public static void Length(int found, int expected, string name)
    {
        if (found != expected)
        {
            throw new ArgumentException($"'{name}' must have {expected} floats for one sample, but has {found}.", name);
        }
    }

    /// <summary>The class of the largest score, where the scores of one class lie a stride after those of the class before.</summary>
    public static (int Class, float Score) Best(ReadOnlySpan<float> scores, int start, int stride, int classes)
    {
        (int best, float most) = (0, scores[start]);
        for (int c = 1; c < classes; c++)
        {
            if (scores[start + c * stride] > most)
            {
                (best, most) = (c, scores[start + c * stride]);
            }
        }

        return (best, most);
    }

    /// <summary>Points whose numbers x, y follow each other, in steps from an origin.</summary>
    public static KeyPoint[] Points(ReadOnlySpan<float> numbers, float x, float y, float step)
    {
        var points = new KeyPoint[numbers.Length / 2];
        for (int i = 0; i < points.Length; i++)
        {
            points[i] = new KeyPoint(new Vector2(x + step * numbers[2 * i], y + step * numbers[2 * i + 1]), 1);
        }

        return points;
    }
}
