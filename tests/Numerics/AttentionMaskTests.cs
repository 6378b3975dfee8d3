using System;
using System.Linq;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>Numbers in a mask that are none: they count for the pair of tokens that they stand at, and for no other.</summary>
public sealed class AttentionMaskTests
{
    private const int Features = 4, Length = 61, Heads = 2, Last = Length - 1, Hidden = 20;

    public static TheoryData<Isa> AllTiers => Tiers.All;

    /// <summary>The mask of the last token is copied to memory that later vectors of tokens use again, for fewer keys.</summary>
    [Theory]
    [MemberData(nameof(AllTiers))]
    public void A_NaN_in_the_mask_of_the_last_token_stays_there(Isa isa)
    {
        using CompiledNetwork net = Network(isa);
        float[] input = Input(), output = new float[net.OutputLength];
        input[(Features * Length) + (Last * Length) + Hidden] = float.NaN;
        for (int call = 0; call < 2; call++)
        {
            net.Forward(input, output);
            AssertNaN(output, Last);
        }
    }

    /// <summary>As in PyTorch before 2.5, whose goldens these are; a later one gives 0.</summary>
    [Theory]
    [MemberData(nameof(AllTiers))]
    public void A_token_that_sees_no_key_is_NaN(Isa isa)
    {
        const int Blind = 30;
        using CompiledNetwork net = Network(isa);
        float[] input = Input(), output = new float[net.OutputLength];
        input.AsSpan((Features * Length) + (Blind * Length), Length).Fill(float.NegativeInfinity);
        net.Forward(input, output);
        AssertNaN(output, Blind);
    }

    /// <summary>Kernels of tiles read a mask without a gradient; with samples in lanes, loops over pairs compute the same.</summary>
    [Theory]
    [InlineData("Input(1, 37, Name = \"mask\")")]
    [InlineData("Input(1, 1, 37, Name = \"mask\")")]
    [InlineData("Input(3, 1, 37, Name = \"mask\")")]
    [InlineData("Input(29, 37, Name = \"mask\")")]
    [InlineData("Buffer(1, 37, Initial = -0.5, Name = \"mask\")")]
    public void Gradients_with_a_fixed_mask_are_those_of_loops_over_pairs(string mask)
    {
        string Declare(string layout) => $$"""
            [Network(TrainingLayout = TrainingLayout.{{layout}})]
            [Input(6, 29, Name = "x"), Input(6, 37, Name = "c"), {{mask}}]
            [Attention(3, Context = "c", Mask = "mask", From = "x", Name = "a"), Tanh, Dense(2, OverChannels = true), MeanSquaredError]
            public partial class {{layout}};
            """;
        CompiledNetworks compiled = NetworkCompiler.Compile([Declare("Blocked"), Declare("SampleLanes")], "FixedMasks");
        foreach (Isa isa in Tiers.Supported)
        {
            using CompiledNetwork tiles = compiled["Blocked"].Create(isa, 2, seed: 5);
            using CompiledNetwork loops = compiled["SampleLanes"].Create(isa, 1, seed: 5);
            const int Batch = 21;
            float[] x = Oracle.Formula.Uniforms(1, Batch * tiles.InputLength);
            float[] y = Oracle.Formula.Uniforms(2, Batch * tiles.Info.ValueTargetLength);
            using Trainer one = Trainer.For(tiles, Batch, new Sgd(0.1)), other = Trainer.For(loops, Batch, new Sgd(0.1));
            Assert.Equal(other.ComputeGradients(x, [], y), one.ComputeGradients(x, [], y), 1e-5);
            foreach ((Parameter parameter, Parameter same) in tiles.Parameters.Zip(loops.Parameters).Where(pair => pair.First.IsTrainable))
            {
                ParameterValues.Same(
                    ParameterValues.GradientOf(other, same), ParameterValues.GradientOf(one, parameter), parameter.Key, 2e-5f);
            }
        }
    }

    /// <summary>All features of one token are NaN, and nothing else.</summary>
    private static void AssertNaN(float[] output, int token) =>
        Assert.All(output.Index(), one => Assert.Equal(one.Index % Length == token, float.IsNaN(one.Item)));

    private static CompiledNetwork Network(Isa isa) => new NetworkBuilder()
        .Input([Features, Length], "tokens").Tanh(name: "keys").Input([Length, Length], "mask")
        .ScaledDotProductAttention(["tokens", "keys", "tokens", "mask"], heads: Heads, causal: true)
        .Compile(new NetworkOptions { Isa = isa, Threads = 1 });

    private static float[] Input() =>
        [.. Enumerable.Range(0, (Features + Length) * Length).Select(i => ((i * 37 % 101) - 50) / 50f)];
}
