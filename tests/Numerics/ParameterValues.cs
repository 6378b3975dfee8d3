using System;
using System.Globalization;
using System.Linq;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>The values and gradients of parameters, and comparisons of networks that should compute the same.</summary>
internal static class ParameterValues
{
    public static float[] Values(Parameter parameter)
    {
        float[] values = new float[parameter.Length];
        parameter.CopyTo(values);
        return values;
    }

    public static float[] GradientOf(Trainer trainer, Parameter parameter)
    {
        float[] gradient = new float[parameter.Length];
        trainer.CopyGradientTo(parameter, gradient);
        return gradient;
    }

    /// <summary>Compares numbers, with a tolerance that is a share of the largest one.</summary>
    public static void Same(float[] expected, float[] found, string what, float tolerance)
    {
        float largest = expected.Max(MathF.Abs);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(
                MathF.Abs(expected[i] - found[i]) <= tolerance * largest, string.Create(
                    CultureInfo.InvariantCulture, $"{what} [{i}] is {found[i]:G9} instead of {expected[i]:G9}"));
        }
    }
}
