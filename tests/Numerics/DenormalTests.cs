using System;
using System.Linq;
using Strata.Numerics.Tests.Oracle;
using Strata.Soak;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>
/// Denormal numbers cost no time, and count as 0: with the same bits on any number of threads, in any batch, by any way. The command
/// <c>denormals</c> of tests/Soak measures the whole zoo.
/// </summary>
public class DenormalTests
{
    private static readonly string[] Layers =
    [
        "[Input(1, 28, 28), Conv2D(6, 5, Padding = 2), ReLU, MaxPool2D(2), Conv2D(16, 5), ReLU, MaxPool2D(2), Flatten, Dense(84), ReLU, "
            + "Dense(10), Softmax, CrossEntropy]",
        "[Input(16, 14, 14), Conv2D(32, 3, Padding = 1), BatchNorm, ReLU, Conv2D(32, 3, Padding = 1, Groups = 32), SiLU, Conv2D(8, 1), "
            + "GELU, GlobalAveragePool2D, Flatten, Dense(5), CrossEntropy]",
        "[Input(40), Dense(64), Tanh, LayerNorm, Dense(8), Sigmoid, MeanSquaredError]",
    ];

    private static readonly Lazy<CompiledNetworks> Types = new(() => NetworkCompiler.Compile(
        [.. Layers.Select((text, i) => $"[Network(Observable = true)]\n{text}\npublic partial class Net{i};")], "Denormals"));

    public static TheoryData<int> All => [.. Enumerable.Range(0, Layers.Length)];

    public static TheoryData<int, Isa> AllInTiers => new(All.SelectMany(row => Tiers.Supported.Select(isa => (row.Data, isa))));

    // The processor's penalty is 20 to 40 times. The command measures the limit of a fifth, on a machine that does nothing else.
    [Theory]
    [MemberData(nameof(All))]
    public void Inference_with_denormal_numbers_does_not_take_several_times_as_long(int layers)
    {
        const double Limit = 3;
        foreach (int samples in (int[])[1, 16])
        {
            foreach ((string what, double ordinary, double time) in DenormalCost.Measure(Create, samples, rounds: 200, Limit))
            {
                Assert.True(
                    time <= Limit * ordinary,
                    $"{samples} samples, {what}: {time:F1} instead of {ordinary:F1} µs, with {Layers[layers]}");
            }
        }

        CompiledNetwork Create(NetworkOptions options) => Types.Value[$"Net{layers}"].Create(options);
    }

    [Theory]
    [MemberData(nameof(AllInTiers))]
    public void Denormal_inputs_and_weights_count_as_zero_whoever_computes(int layers, Isa isa)
    {
        const int Samples = 35;
        using CompiledNetwork zeros = Create(1), other = Create(1), two = Create(2), three = Create(3), observed = Create(3, "");
        float[] inputs = Formula.Uniforms(3, Samples * zeros.InputLength), flushed = [.. inputs];
        for (int i = 0; i < inputs.Length; i += 3)
        {
            (inputs[i], flushed[i]) = (1e-39f * inputs[i], 0 * inputs[i]);
        }

        foreach (Parameter parameter in zeros.Parameters.Where(p => p.Key.EndsWith(".weight", StringComparison.Ordinal)))
        {
            float[] values = new float[parameter.Length], none = new float[parameter.Length];
            parameter.CopyTo(values);
            for (int i = 0; i < values.Length; i++)
            {
                none[i] = i % 4 == 0 ? 0 * values[i] : values[i];
                values[i] = i % 4 == 0 ? 1e-39f * values[i] : values[i];
            }

            parameter.CopyFrom(none);
            foreach (CompiledNetwork network in (CompiledNetwork[])[other, two, three, observed])
            {
                network.FindParameter(parameter.Key)!.CopyFrom(values);
                float[] kept = new float[values.Length];
                network.FindParameter(parameter.Key)!.CopyTo(kept);
                Compare.SameBits(values, kept, "Parameters keep denormal numbers");
            }
        }

        float[] expected = Outputs(zeros, flushed);
        foreach (CompiledNetwork network in (CompiledNetwork[])[other, two, three])
        {
            Compare.SameBits(expected, Outputs(network, inputs), $"{network.Threads} threads");
            float[] apart = new float[expected.Length];
            for (int i = 0; i < Samples; i++)
            {
                network.Forward(
                    inputs.AsSpan(i * zeros.InputLength, zeros.InputLength), apart.AsSpan(i * zeros.OutputLength, zeros.OutputLength));
            }

            Compare.SameBits(expected, apart, $"{network.Threads} threads, one by one");
        }

        using CompiledNetwork observedZeros = Create(1, "");
        observedZeros.CopyParametersFrom(zeros);
        Compare.SameBits(Outputs(observedZeros, flushed), Outputs(observed, inputs), "observed");
        float[] trained = Trained(zeros, flushed);
        foreach (CompiledNetwork network in (CompiledNetwork[])[other, two, three])
        {
            Compare.SameBits(trained, Trained(network, inputs), $"trained on {network.Threads} threads");
        }

        CompiledNetwork Create(int threads, string? observe = null) => Types.Value[$"Net{layers}"].Create(new NetworkOptions
        {
            Isa = isa,
            Threads = threads,
            Seed = 2,
            Observe = observe is null ? [] : [Types.Value[$"Net{layers}"].Create(new NetworkOptions()).Info.Layers[0].Name],
        });

        static float[] Outputs(CompiledNetwork network, float[] inputs)
        {
            float[] outputs = new float[Samples * network.OutputLength];
            network.Forward(inputs, outputs);
            return outputs;
        }
    }

    /// <summary>The parameters after two steps.</summary>
    private static float[] Trained(CompiledNetwork network, float[] inputs)
    {
        using var trainer = Trainer.For(network, inputs.Length / network.InputLength, new Adam(0.01));
        for (int step = 0; step < 2; step++)
        {
            if (trainer is ClassificationTrainer classes)
            {
                classes.Step(inputs, [.. Enumerable.Range(0, trainer.BatchSize).Select(i => i % 5)]);
            }
            else
            {
                ((RegressionTrainer)trainer).Step(inputs, new float[trainer.BatchSize * network.OutputLength]);
            }
        }

        return [.. network.Parameters.SelectMany(parameter =>
        {
            float[] values = new float[parameter.Length];
            parameter.CopyTo(values);
            return values;
        })];
    }
}
