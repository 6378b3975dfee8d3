using System;
using System.Linq;
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
