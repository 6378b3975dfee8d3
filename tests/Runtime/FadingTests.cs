using System;
using System.Linq;
using Strata.CompilerServices;
using Strata.Training;
using Xunit;

namespace Strata.Runtime.Tests;

/// <summary>
/// Values that shrink by a factor at each step never become denormal numbers, with which processors are many times slower.
/// </summary>
public class FadingTests
{
    public static TheoryData<string> Optimizers =>
    [
        "sgd", "sgd momentum", "sgd nesterov", "sgd decay", "adam", "adam beta", "adam large", "adam decay", "adamw", "rmsprop",
        "rmsprop momentum", "rmsprop centred",
    ];

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Neither_parameters_nor_what_is_remembered_of_them_becomes_a_denormal_number(string name)
    {
        using var network = new LinearNetwork();
        using var trainer = new RegressionTrainer(network, 1, Make(name));
        float[] outputs = new float[LinearNetwork.Outputs], inputs = LinearNetwork.Noise(LinearNetwork.Inputs, 1);
        float scale = name == "adam large" ? 1e10f : 1;
        for (int step = 0; step < 2000; step++)
        {
            // Some gradients, then smaller and smaller ones, then none.
            float gradient = step < 10 ? scale : step < 400 ? scale * MathF.Pow(0.6f, step) : 0;
            trainer.Forward(inputs, outputs);
            trainer.Backward([.. outputs.Select((_, i) => gradient * (1 + i))]);
            trainer.Update();
            AssertNoneIsDenormal([.. network.Values(0), .. network.Values(1)], $"parameter at step {step}");
            AssertNoneIsDenormal(StateOf(trainer), $"remembered value at step {step}");
        }
    }

    [Fact]
    public void What_fades_is_zero_in_the_end()
    {
        float[] parameters = new float[16], gradients = new float[16], state = new float[32];
        parameters.AsSpan().Fill(1);
        gradients.AsSpan().Fill(1);
        var adam = new Adam();
        adam.Run(new UpdateContext(adam.Describe(), parameters, gradients, ref state[0], 16, new OptimizerStep(1, 0.001, 0)));
        gradients.AsSpan().Clear();
        for (int step = 2; step < 1201; step++)
        {
            adam.Run(new UpdateContext(adam.Describe(), parameters, gradients, ref state[0], 16, new OptimizerStep(step, 0.001, 0)));
        }

        Assert.All(state[..16], value => Assert.Equal(0f, value));
        Assert.All(state[16..], value => Assert.True(value > 1e-5f));
    }

    [Fact]
    public void What_is_no_number_stays_so()
    {
        float[] parameters = [.. Enumerable.Repeat(float.NaN, 16)];
        var sgd = new Sgd(0.1);
        sgd.Run(new UpdateContext(sgd.Describe(), parameters, new float[16], ref parameters[0], 0, new OptimizerStep(1, 0.1, 0)));
        Assert.All(parameters, value => Assert.True(float.IsNaN(value)));
        Assert.True(float.IsNaN(Fading.Flush(double.NaN)));
        Assert.Equal([0f, 0f, Fading.Least, -1f], ((double[])[1e-40, -1e-38, Fading.Least, -1]).Select(Fading.Flush));
    }

    [Fact]
    public void Averages_of_parameters_that_became_zero_fade_to_zero()
    {
        using var network = new LinearNetwork();
        using var average = new ExponentialMovingAverage(network, 0.9);
        network.Weight.CopyFrom(new float[network.Weight.Length]);
        network.Bias.CopyFrom(new float[network.Bias.Length]);
        for (int update = 0; update < 1200; update++)
        {
            average.Update();
            AssertNoneIsDenormal(Floats(average.Memory), $"average at update {update}");
        }

        Assert.All(Floats(average.Memory), value => Assert.Equal(0f, value));
    }

    [Fact]
    public void Running_statistics_of_a_channel_that_fell_silent_fade_to_zero()
    {
        float mean = 1, variance = 1;
        float[] part = new float[48], unused = new float[16], rest = new float[16], other = new float[16];
        var step = new StepContext(0, 0, 0, 2);
        for (int i = 0; i < 1200; i++)
        {
            BatchStatistics.Combine(
                ref part[0], 48, in step, 4, 1, 4, 16, 0.1f, 1e-5f, ref unused[0], ref rest[0], ref other[0], ref mean, ref variance);
            AssertNoneIsDenormal([mean, variance], $"statistic at step {i}");
        }

        Assert.Equal((0f, 0f), (mean, variance));
    }

    private static void AssertNoneIsDenormal(float[] values, string what) =>
        Assert.True(!values.Any(float.IsSubnormal), $"{what}: {values.FirstOrDefault(float.IsSubnormal)} is a denormal number");

    private static float[] StateOf(Trainer trainer) => Floats(trainer.State.Optimizer);

    private static unsafe float[] Floats(AlignedMemory memory) =>
        memory.Length == 0 ? [] : new ReadOnlySpan<float>(memory.Pointer, (int)memory.Length).ToArray();

    private static Optimizer Make(string name) => name switch
    {
        "sgd" => new Sgd(0.1),
        "sgd momentum" => new Sgd(0.1) { Momentum = 0.9 },
        "sgd nesterov" => new Sgd(0.1) { Momentum = 0.9, Nesterov = true },
        "sgd decay" => new Sgd(0.5) { Momentum = 0.5, WeightDecay = 0.5 },
        "adam" => new Adam(),
        "adam beta" => new Adam { Beta1 = 0.5, Beta2 = 0.9 },
        "adam large" => new Adam { Beta1 = 0.9, Beta2 = 0.9999 },
        "adam decay" => new Adam { WeightDecay = 0.1 },
        "adamw" => new AdamW(0.5) { WeightDecay = 1, Beta2 = 0.9 },
        "rmsprop" => new RMSProp { Alpha = 0.9 },
        "rmsprop momentum" => new RMSProp { Momentum = 0.9, Alpha = 0.9 },
        "rmsprop centred" => new RMSProp { Centered = true, Alpha = 0.9 },
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };
}
