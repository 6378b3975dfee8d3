using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>
/// Functions that are not finite at 0, which is what lanes without a sample or a channel hold. A batch of any size has the gradients of its
/// samples, each of which is computed in all lanes of whole blocks.
/// </summary>
public class EmptyLaneTests
{
    private const string Operators = """
        public sealed class LnAttribute : ElementwiseAttribute { public static float Value(float x) => System.MathF.Log(x * x); }

        public sealed class InverseAttribute : ElementwiseAttribute { public static float Value(float x) => 1 / x; }

        public sealed class QuotientAttribute : ElementwiseAttribute { public static float Value(float a, float b) => a / b; }

        public sealed class PowersAttribute : ElementwiseAttribute
        {
            [Trained] private const double Power = 0.5;
            public static float Value(float x) => System.MathF.Exp((float)Power * System.MathF.Log(System.MathF.Abs(x)));
        }

        public sealed class ShiftedAttribute : ElementwiseAttribute
        {
            [Trained(PerChannel = true)] private const double Shift = 0;
            public static float Value(float x) => System.MathF.Log(System.MathF.Abs(x)) / (x + (float)Shift);
        }
        """;

    private static readonly string[] Layers =
    [
        "[Input(6), Inverse, Dense(5), SiLU, Dense(3)]",
        "[Input(6), Dense(5, Bias = false), Ln, Dense(4), SiLU, Dense(3)]",
        "[Input(6), Powers, Dense(5), Powers]",
        .. new[] { 3, 16 }.SelectMany(channels => new[]
        {
            $"[Input({channels}, 6, 6), Ln, Conv2D(4, 3), SiLU, Conv2D(2, 3)]",
            $"[Input({channels}, 6, 6), Conv2D({channels}, 3, Bias = false), Inverse, Conv2D(2, 3)]",
            $"[Input({channels}, 6, 6), Shifted, Conv2D({channels}, 3), Powers]",
            $"[Input({channels}, 6, 6)]\n[Branch]\n[Branch, Conv2D(1, 3, Padding = 1, Bias = false)]\n[Quotient, Conv2D(2, 3)]",
        }),
    ];

    private static readonly string[] Layouts = ["SampleLanes", "Blocked"];

    private static readonly Lazy<CompiledNetworks> Compiled = new(() => NetworkCompiler.Compile(
        [
            Operators,
            .. Layers.SelectMany((layers, i) => Layouts.Select(layout =>
                $"[Network(InputGradient = true, TrainingLayout = TrainingLayout.{layout})]\n{layers}\n[ExternalLoss]\n"
                + $"public partial class Case{i}{layout};")),
        ],
        "EmptyLanes"));

    public static TheoryData<Isa> AllTiers => Tiers.All;

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void A_batch_that_does_not_fill_the_lanes_has_the_gradients_of_its_samples(Isa isa)
    {
        foreach ((int number, string layout) in Enumerable.Range(0, Layers.Length).SelectMany(i => Layouts.Select(layout => (i, layout))))
        {
            using CompiledNetwork network = Create($"Case{number}{layout}", isa), inWholeBlocks = Create($"Case{number}SampleLanes", isa);
            foreach (int samples in new[] { 1, 5, 17 })
            {
                float[] x = [.. Oracle.Formula.Uniforms(1, samples * network.InputLength).Select(value => Math.Abs(value) + 0.5f)];
                float[] dy = Oracle.Formula.Uniforms(2, samples * network.OutputLength);
                List<float[]> found = Gradients(network, x, dy, samples);
                float[][] expected = [.. found.Select((gradient, i) => new float[gradient.Length])];
                for (int sample = 0; sample < samples; sample++)
                {
                    Add(sample, OfWholeBlocks(x.AsSpan(sample * network.InputLength, network.InputLength),
                        dy.AsSpan(sample * network.OutputLength, network.OutputLength)));
                }

                for (int i = 0; i < found.Count; i++)
                {
                    float largest = expected[i].Max(Math.Abs), most = expected[i].Zip(found[i], (e, f) => Math.Abs(e - f)).Max();
                    Assert.True(
                        most <= 1e-4 * largest, $"{Layers[number]}, {layout}, {samples} samples: {i} differs by {most} of {largest}");
                }

                void Add(int sample, List<float[]> ofSample)
                {
                    // The input's gradient comes first.
                    ofSample[0].CopyTo(expected[0], sample * network.InputLength);
                    foreach ((float[] sum, float[] part) in expected.Zip(ofSample).Skip(1))
                    {
                        for (int i = 0; i < sum.Length; i++)
                        {
                            sum[i] += part[i];
                        }
                    }
                }
            }

            // As many copies of a sample as the widest vectors have lanes.
            List<float[]> OfWholeBlocks(ReadOnlySpan<float> x, ReadOnlySpan<float> dy)
            {
                const int Copies = 16;
                float[] all = [.. Enumerable.Repeat(x.ToArray(), Copies).SelectMany(copy => copy)],
                    ofAll = [.. Enumerable.Repeat(dy.ToArray(), Copies).SelectMany(copy => copy)];
                List<float[]> sums = Gradients(inWholeBlocks, all, ofAll, Copies);
                return [sums[0][..x.Length], .. sums.Skip(1).Select(sum => sum.Select(value => value / Copies).ToArray())];
            }
        }
    }

    /// <summary>A network with positive parameters, so that no element comes near to 0.</summary>
    private static CompiledNetwork Create(string name, Isa isa)
    {
        CompiledNetwork network = Compiled.Value[name].Create(isa);
        for (int i = 0; i < network.Parameters.Count; i++)
        {
            Parameter parameter = network.Parameters[i];
            parameter.CopyFrom([.. Oracle.Formula.Uniforms((ulong)i, parameter.Length).Select(value => Math.Abs(value) + 0.1f)]);
        }

        return network;
    }

    private static List<float[]> Gradients(CompiledNetwork network, float[] x, float[] dy, int samples)
    {
        using Trainer trainer = CompiledType.CreateTrainer(network, samples, new Sgd(0.1));
        float[] dx = new float[x.Length];
        trainer.Forward(x, new float[dy.Length]);
        trainer.Backward(dy, dx);
        return
        [
            dx,
            .. network.Parameters.Select(parameter =>
            {
                float[] gradient = new float[parameter.Length];
                trainer.CopyGradientTo(parameter, gradient);
                return gradient;
            }),
        ];
    }
}
