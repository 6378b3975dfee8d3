using System;
using System.Linq;
using Xunit;

namespace Strata.Runtime.Tests;

public class InitializationTests
{
    [Fact]
    public void The_same_seed_gives_the_same_floats_in_every_tier()
    {
        using var reference = new LinearNetwork(new NetworkOptions { Isa = Isa.Vector128, Seed = 42 });
        foreach (Isa isa in Enum.GetValues<Isa>().Where(IsaSelection.IsSupported))
        {
            using var network = new LinearNetwork(new NetworkOptions { Isa = isa, Seed = 42 });
            Assert.Equal(reference.Values(0), network.Values(0));
            Assert.Equal(reference.Values(1), network.Values(1));
            network.Initialize(43);
            Assert.Equal(43UL, network.Seed);
            Assert.NotEqual(reference.Values(0), network.Values(0));
            network.Initialize(42);
            Assert.Equal(reference.Values(0), network.Values(0));
        }
    }

    // The bits that every machine must give, from the formulas written down once more in Python.
    [Theory]
    [InlineData(Initializer.HeNormal, new uint[] { 1028066908, 1049139731, 1032286579, 1028953489 })]
    [InlineData(Initializer.PyTorchUniform, new uint[] { 3184504384, 3188511700, 3183308293, 1033952155 })]
    public void The_floats_of_a_seed_never_change(Initializer initializer, uint[] bits)
    {
        float[] values = new float[bits.Length];
        ParameterInitializer.Draw(new ParameterInfo("w", [100], initializer, 50, 20), 0x123456789ABCDEF0, 3, 17, values);
        Assert.Equal(bits, values.Select(BitConverter.SingleToUInt32Bits));
    }

    [Theory]
    [InlineData(Initializer.PyTorchUniform, 1 / 3.0)]
    [InlineData(Initializer.HeNormal, 2)]
    [InlineData(Initializer.HeUniform, 2)]
    [InlineData(Initializer.GlorotNormal, 2 * 50 / 70.0)]
    [InlineData(Initializer.GlorotUniform, 2 * 50 / 70.0)]
    [InlineData(Initializer.LeCunNormal, 1)]
    [InlineData(Initializer.LeCunUniform, 1)]
    public void Distributions_have_their_variance_and_bounds(Initializer initializer, double varianceTimesFanIn)
    {
        const int Count = 200_000;
        float[] values = new float[Count];
        ParameterInitializer.Draw(new ParameterInfo("w", [Count], initializer, 50, 20), 7, 0, 0, values);
        double mean = values.Average(v => (double)v), variance = values.Average(v => ((double)v - mean) * (v - mean));
        double expected = varianceTimesFanIn / 50;
        Assert.InRange(mean, -5 * Math.Sqrt(expected / Count), 5 * Math.Sqrt(expected / Count));
        Assert.InRange(variance / expected, 0.985, 1.015);
        double largest = values.Max(Math.Abs);
        if (initializer.ToString().EndsWith("Uniform", StringComparison.Ordinal))
        {
            Assert.InRange(largest / Math.Sqrt(3 * expected), 0.999, 1.000001);
        }
        else
        {
            Assert.InRange(largest / Math.Sqrt(expected), 4, 7);
            Assert.InRange(values.Count(v => Math.Abs(v) < Math.Sqrt(expected)) / (double)Count, 0.677, 0.688);
        }
    }

    [Fact]
    public void Zeros_and_ones_are_what_they_say()
    {
        float[] values = [5, 5];
        ParameterInitializer.Draw(new ParameterInfo("w", [2], Initializer.Ones, 1, 1), 7, 0, 0, values);
        Assert.Equal([1f, 1f], values);
        ParameterInitializer.Draw(new ParameterInfo("w", [2], Initializer.Zeros, 1, 1), 7, 0, 0, values);
        Assert.Equal([0f, 0f], values);
    }

    [Fact]
    public void An_element_does_not_depend_on_how_many_are_drawn_at_once()
    {
        var info = new ParameterInfo("w", [100], Initializer.HeNormal, 50, 20);
        float[] whole = new float[100], part = new float[10];
        ParameterInitializer.Draw(info, 1, 2, 0, whole);
        ParameterInitializer.Draw(info, 1, 2, 60, part);
        Assert.Equal(whole[60..70], part);
    }

    [Fact]
    public void The_portable_logarithm_and_cosine_are_accurate()
    {
        var random = new Random(3);
        for (int i = 0; i < 100_000; i++)
        {
            double x = random.NextDouble() * Math.Pow(10, random.Next(-9, 2)) + 1e-12, t = random.NextDouble();
            double tolerance = 4e-15 * Math.Max(1, Math.Abs(Math.Log(x)) / 8);
            Assert.True(Math.Abs(ParameterInitializer.Log(x) - Math.Log(x)) <= tolerance, $"log {x:R}");
            Assert.True(Math.Abs(ParameterInitializer.CosTurns(t) - Math.Cos(2 * Math.PI * t)) <= 1e-15, $"cos {t:R}");
        }

        Assert.Equal(1, ParameterInitializer.CosTurns(0));
        Assert.Equal(0, ParameterInitializer.CosTurns(0.25));
        Assert.Equal(-1, ParameterInitializer.CosTurns(0.5));
    }
}
