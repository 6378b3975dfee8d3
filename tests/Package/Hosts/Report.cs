using System;
using System.Collections.Generic;
using System.Globalization;
using System.Runtime.InteropServices;
using Strata;
using Strata.Training;

namespace Hosts;

/// <summary>What networks compute on a host: the bits of their outputs, before and after training.</summary>
public static class Report
{
    private const int Batch = 8, Steps = 3;

    /// <summary>The lines of the report: <c>NETWORK TIER before|trained|sized BITS</c>.</summary>
    public static IEnumerable<string> Lines()
    {
        foreach (Func<IEnumerable<string>> network in new Func<IEnumerable<string>>[]
        {
            () => Of<LeNet5>(new Adam(0.001)), () => Of<Residual>(new Adam(0.001)), () => Of<Mobile>(new Adam(0.001), [16, 24]),
            () => Of<EncoderDecoder>(new Adam(0.001)), () => Of<Sequence>(new Lion(0.001)),
        })
        {
            foreach (string line in network())
            {
                yield return line;
            }
        }
    }

    /// <param name="optimizer">Trains the network.</param>
    /// <param name="size">Another size of the network.</param>
    private static IEnumerable<string> Of<TNetwork>(Optimizer optimizer, int[]? size = null)
        where TNetwork : CompiledNetwork, INetwork<TNetwork>
    {
        using TNetwork network = TNetwork.Create(new NetworkOptions { Seed = 1 });
        string name = $"{typeof(TNetwork).Name} {network.Isa}";
        float[] inputs = Inputs(network);
        yield return $"{name} before {Outputs(network, inputs)}";
        int[] labels = new int[Batch * network.Info.ClassTargetLength];
        for (int i = 0; i < labels.Length; i++)
        {
            labels[i] = i % network.Info.Losses[0].Classes;
        }

        using var trainer = (ClassificationTrainer)Trainer.For(network, Batch, optimizer);
        for (int i = 0; i < Steps; i++)
        {
            trainer.Step(inputs, labels);
        }

        yield return $"{name} trained {Outputs(network, inputs)}";
        if (size is not null)
        {
            CompiledNetwork sized = network.At(size);
            yield return $"{name} sized {Outputs(sized, Inputs(sized))}";
        }
    }

    /// <summary>The fractions of multiples of the golden ratio, by integers alone: the same on every host.</summary>
    private static float[] Inputs(CompiledNetwork network)
    {
        float[] inputs = new float[Batch * network.InputLength];
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = ((uint)i * 2654435769u >> 8) / 16777216f - 0.5f;
        }

        return inputs;
    }

    private static string Outputs(CompiledNetwork network, float[] inputs)
    {
        float[] outputs = new float[Batch * network.OutputLength];
        network.Forward(inputs, outputs);
        return Convert.ToHexString(MemoryMarshal.AsBytes<float>(outputs));
    }

    /// <summary>The median time of a call for one sample, in microseconds.</summary>
    public static string Time()
    {
        using var network = new Residual();
        float[] input = new float[Residual.InputLength], output = new float[Residual.OutputLength];
        double[] times = new double[301];
        for (int i = 0; i < times.Length; i++)
        {
            long start = System.Diagnostics.Stopwatch.GetTimestamp();
            network.Forward(input, output);
            times[i] = System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }

        Array.Sort(times);
        return string.Create(CultureInfo.InvariantCulture, $"{network.Isa}: {times[times.Length / 2]:F1} µs");
    }
}
