using System;
using Strata.Numerics.Tests.Oracle;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>Single precision against the oracle, within the oracle's estimate of what single precision can do.</summary>
internal static class Compare
{
    /// <summary>What no estimate falls below: numbers so small that single precision flushes or denormalises them.</summary>
    private const double Tiny = 1e-30;

    /// <summary>null where all agree, otherwise the worst disagreement.</summary>
    /// <param name="expected">The oracle's values.</param>
    /// <param name="actual">What was computed.</param>
    /// <param name="what">For the message.</param>
    /// <param name="worst">The largest error so far in standard deviations of the estimate.</param>
    public static string? Difference(Numbers expected, ReadOnlySpan<float> actual, string what, ref double worst)
    {
        if (expected.Length != actual.Length)
        {
            return $"{what} has {actual.Length} elements instead of {expected.Length}";
        }

        int index = -1;
        double excess = 1;
        for (int i = 0; i < actual.Length; i++)
        {
            double error = Math.Abs(actual[i] - expected.Value[i]);
            double tolerance = expected.Tolerance(i) + (Numbers.U * Math.Abs(expected.Value[i])) + Tiny;
            double ratio = double.IsNaN(error) ? double.PositiveInfinity : error / tolerance;
            worst = Math.Max(worst, ratio);
            if (ratio > excess)
            {
                (index, excess) = (i, ratio);
            }
        }

        return index < 0
            ? null
            : $"{what}[{index}] is {actual[index]:R} instead of {expected.Value[index]:R}: {excess:G3} × the tolerance of "
                + $"{expected.Tolerance(index):E1}";
    }

    public static void Equal(Numbers expected, ReadOnlySpan<float> actual, string what)
    {
        double worst = 0;
        if (Difference(expected, actual, what, ref worst) is { } difference)
        {
            Assert.Fail(difference);
        }
    }

    public static void SameBits(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            if (BitConverter.SingleToInt32Bits(expected[i]) != BitConverter.SingleToInt32Bits(actual[i]))
            {
                Assert.Fail($"{what}[{i}] is {actual[i]:R} instead of {expected[i]:R}, to the bit");
            }
        }
    }

    /// <summary>A sample's result, on several numbers of threads, alone and in a batch of three.</summary>
    public static void SameBitsForASample(string name, CompiledType type, OracleNetwork oracle, Isa isa)
    {
        const int Samples = 3;
        Models.Fill(oracle);
        float[] inputs = Formula.Uniforms(5, Samples * oracle.InputLength);
        float[]? expected = null;
        foreach (int threads in new[] { 1, 2, 3, 8 })
        {
            using CompiledNetwork network = type.Create(oracle, isa, threads);
            float[] together = new float[Samples * oracle.OutputLength], alone = new float[together.Length];
            network.Forward(inputs, together);
            for (int n = 0; n < Samples; n++)
            {
                network.Forward(inputs.AsSpan(n * oracle.InputLength, oracle.InputLength),
                    alone.AsSpan(n * oracle.OutputLength, oracle.OutputLength));
            }

            SameBits(expected ??= together, together, $"{name}, a batch on {threads} threads: output");
            SameBits(expected, alone, $"{name}, alone on {threads} threads: output");
        }
    }
}
