using System;
using System.Globalization;

namespace Strata.Training;

/// <summary>Checks whether samples suit the constants of a network's <see cref="NormalizeAttribute"/>.</summary>
internal static class InputRange
{
    private const int MostSamples = 32;

    /// <summary>
    /// Normalised values have a root mean square near 1. A larger one than this means that the samples have another scale.
    /// </summary>
    private const double MostMagnitude = 10;

    /// <summary>
    /// Normalised values have a standard deviation near 1. A smaller one than this also means that the samples have another scale.
    /// </summary>
    private const double LeastDeviation = 0.03;

    /// <summary>What is wrong with samples; null if nothing is, or if the network does not normalise its input.</summary>
    /// <param name="network">The network.</param>
    /// <param name="samples">Some samples. Only a few of them are checked.</param>
    /// <param name="what">What messages call them.</param>
    public static string? FindProblem(CompiledNetwork network, ReadOnlySpan<float> samples, string what)
    {
        if (network.Info.InputNormalization is not { } constants || samples.IsEmpty)
        {
            return null;
        }

        int count = samples.Length / network.InputLength, looked = int.Min(count, MostSamples),
            pixels = network.InputLength / constants.Means.Count;
        double sum = 0, squares = 0;
        float least = float.PositiveInfinity, most = float.NegativeInfinity;
        for (int i = 0; i < looked; i++)
        {
            ReadOnlySpan<float> sample = samples.Slice((int)((long)i * count / looked) * network.InputLength, network.InputLength);
            for (int k = 0; k < sample.Length; k++)
            {
                double value = (sample[k] - constants.Means[k / pixels]) / constants.Deviations[k / pixels];
                sum += value;
                squares += value * value;
                (least, most) = (float.Min(least, sample[k]), float.Max(most, sample[k]));
            }
        }

        double numbers = (double)looked * network.InputLength, mean = sum / numbers, square = squares / numbers;
        bool isLarge = Math.Sqrt(square) > MostMagnitude, isFlat = most > least && square - (mean * mean) < LeastDeviation * LeastDeviation;
        if (!isLarge && !isFlat)
        {
            return null;
        }

        string advice = isLarge && least >= 0 && most is > 1 and <= 255 ? " Divide them by 255, as Forward does with bytes." : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{what} go from {least} to {most}, but [Normalize] of {network.Info.Name} takes away {constants.Means[0]:G4} and divides by "
            + $"{constants.Deviations[0]:G4}, so that the network sees a mean of {mean:G3} and a root mean square of "
            + $"{Math.Sqrt(square):G3} where "
            + $"0 and 1 are usual.{advice}");
    }
}
