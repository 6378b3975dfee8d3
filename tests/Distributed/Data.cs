using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Training;

namespace Strata.Distributed.Tests;

/// <summary>Samples and targets that depend only on a seed.</summary>
internal static class Data
{
    /// <summary>The tiers that run here.</summary>
    public static Isa[] Tiers { get; } = [.. Enum.GetValues<Isa>().Where(IsaSelection.IsSupported)];

    public static TheoryData<Isa> EachTier => [.. Tiers];

    public static TheoryData<Isa, int> EachTierAndSize => [.. Tiers.SelectMany(tier => new[] { 1, 2, 3, 4 }.Select(size => (tier, size)))];

    public static float[] Inputs(int samples, int length, int seed = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, samples * length).Select(_ => random.NextSingle())];
    }

    public static int[] Classes(int samples, int classes, int seed = 2, int? ignored = null)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, samples).Select(_ => ignored is { } index && random.Next(6) == 0 ? index : random.Next(classes))];
    }

    /// <summary>Samples that can be told apart: each class has a picture, to which noise is added.</summary>
    public static float[] Pictures(int[] classes, int length)
    {
        float[] noise = Inputs(classes.Length, length, seed: 3), pictures = Inputs(classes.Max() + 1, length, seed: 4);
        return [.. noise.Select((value, i) => value + (2 * pictures[(classes[i / length] * length) + (i % length)]) - 1.5f)];
    }

    /// <summary>All parameters and running statistics, one after the other.</summary>
    public static float[] ParametersOf<TNetwork>(TNetwork network)
        where TNetwork : CompiledNetwork => ValuesOf(network.Parameters);

    /// <summary>Some of a network's parameters, one after the other.</summary>
    public static float[] ValuesOf(IEnumerable<Parameter> parameters) => [.. parameters.SelectMany(parameter =>
    {
        float[] values = new float[parameter.Length];
        parameter.CopyTo(values);
        return values;
    })];

    /// <summary>The gradients of all parameters, one after the other.</summary>
    public static float[] GradientsOf(Trainer trainer) => [.. trainer.Network.Parameters.Where(p => p.IsTrainable).SelectMany(parameter =>
    {
        float[] values = new float[parameter.Length];
        trainer.CopyGradientTo(parameter, values);
        return values;
    })];

    /// <summary>A rank's part of some values, which are divided as equally as they can be.</summary>
    public static T[] Part<T>(T[] all, int samples, int rank, int size)
    {
        int length = all.Length / samples, first = samples * rank / size, end = samples * (rank + 1) / size;
        return all[(first * length)..(end * length)];
    }

    /// <summary>‖a − b‖/‖b‖.</summary>
    public static double Difference(float[] a, float[] b)
    {
        Assert.Equal(b.Length, a.Length);
        double squares = 0, norm = 0;
        for (int i = 0; i < a.Length; i++)
        {
            squares += Math.Pow((double)a[i] - b[i], 2);
            norm += Math.Pow(b[i], 2);
        }

        return norm == 0 && squares == 0 ? 0 : Math.Sqrt(squares / norm);
    }
}
