using System;
using Strata.Benchmarks.Workers;

namespace Strata.Benchmarks.Commands;

/// <summary>Whether both sides computed the same.</summary>
internal static class Agreement
{
    /// <summary>
    /// Both sides sum in single precision and in orders of their own: errors of 1e-6 are usual, and training steps let them grow.
    /// A wrong kernel is off by far more.
    /// </summary>
    public const double Tolerance = 1e-3;

    /// <summary>The same where our side rounds weights to eight bits: each is off by up to 2⁻⁸ of itself.</summary>
    private const double RoundedTolerance = 1e-2;

    /// <summary>
    /// Batch norm over a few samples that look alike divides by small deviations, so that errors of rounding grow by orders of magnitude in each step. Then nothing tells a
    /// wrong kernel from rounding but the same steps in double precision: our side may be so many times as far from them as the peer. Winograd's transforms round more than sums
    /// of products do.
    /// </summary>
    public const double MostRounding = 4;

    public static double ToleranceOf(WeightStorage weights) => weights == WeightStorage.BFloat16 ? RoundedTolerance : Tolerance;

    /// <summary>The largest difference, relative to the range of what is expected.</summary>
    public static double MaxError(ReadOnlySpan<float> results, ReadOnlySpan<float> expected)
    {
        if (results.Length != expected.Length)
        {
            throw new WorkerException($"The peer has {expected.Length} results, not {results.Length}.");
        }

        double error = 0, least = double.PositiveInfinity, most = double.NegativeInfinity;
        for (int i = 0; i < expected.Length; i++)
        {
            double difference = Math.Abs((double)results[i] - expected[i]);
            error = double.IsNaN(difference) ? double.PositiveInfinity : Math.Max(error, difference);
            least = Math.Min(least, expected[i]);
            most = Math.Max(most, expected[i]);
        }

        return error / Math.Max(most - least, float.Epsilon);
    }

    /// <summary>The larger error of the first losses, relative to the first of them, and of the parameters after those steps.</summary>
    public static double OfTraining(ReadOnlySpan<float> results, ReadOnlySpan<float> expected, int steps)
    {
        double error = 0;
        for (int i = 0; i < steps; i++)
        {
            error = Math.Max(error, Math.Abs((double)results[i] - expected[i]) / Math.Abs(expected[0]));
        }

        return Math.Max(error, MaxError(results[steps..], expected[steps..]));
    }
}
