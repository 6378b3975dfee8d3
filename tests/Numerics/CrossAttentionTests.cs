using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Numerics.Tests.Oracle;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>
/// Attention to another tensor's tokens, against products and dot-product attention that are layers of their own, and against
/// self-attention where both tensors are the same. Both of these are compared with PyTorch in <see cref="TokenTests"/>.
/// </summary>
public sealed class CrossAttentionTests
{
    private const int Batch = 19, Length = 7, Keys = 11;
    private const float Tolerance = 2e-5f;

    /// <summary>A layer. One mask is added to the products of all heads, or each head has its own.</summary>
    private sealed record Case(int Features, int Heads, bool Bias = true, bool Causal = false, int Masks = 0);

    private static readonly Case[] Cases =
    [
        new(6, 2), new(16, 4, Bias: false, Causal: true), new(20, 5), new(48, 3), new(16, 2, Masks: 1), new(48, 3, Causal: true, Masks: 3),
    ];

    private static readonly TrainingLayout[] Layouts = [TrainingLayout.SampleLanes, TrainingLayout.Blocked];

    private static readonly Lazy<CompiledNetworks> Compiled = new(() => NetworkCompiler.Compile(
        [
            .. from c in Cases.Select((c, i) => (Case: c, Number: i))
               from layout in Layouts
               from kind in new[] { "Cross", "Apart", "Own", "Self" }
               select $"[Network(InputGradient = true, TrainingLayout = TrainingLayout.{layout})]\n[{Layers(kind, c.Case)}]\n"
                   + $"public partial class {kind}{layout}{c.Number};",
        ],
        "CrossAttention"));

    public static TheoryData<int, TrainingLayout, Isa> All =>
        [.. from c in Enumerable.Range(0, Cases.Length) from layout in Layouts from isa in Tiers.Supported select (c, layout, isa)];

    [Theory]
    [MemberData(nameof(All))]
    public void Queries_keys_and_values_have_slices_of_the_weights(int number, TrainingLayout layout, Isa isa)
    {
        using CompiledNetwork cross = Create("Cross", number, layout, isa), apart = Create("Apart", number, layout, isa);
        int features = Cases[number].Features;
        Assert.Equal([3 * features, features], cross.FindParameter("a.in_proj_weight")!.Shape);
        foreach (string suffix in Cases[number].Bias ? ["weight", "bias"] : new[] { "weight" })
        {
            float[] all = Values(cross.FindParameter($"a.in_proj_{suffix}")!);
            int slice = all.Length / 3;
            foreach ((string part, int i) in new[] { "q", "k", "v" }.Select((part, i) => (part, i)))
            {
                apart.FindParameter($"{part}.{suffix}")!.CopyFrom(all.AsSpan(i * slice, slice));
            }

            apart.FindParameter($"a.{suffix}")!.CopyFrom(Values(cross.FindParameter($"a.out_proj.{suffix}")!));
        }

        if (Cases[number].Masks > 0)
        {
            apart.FindParameter("m")!.CopyFrom(Values(cross.FindParameter("m")!));
        }

        Dictionary<string, float[]> found = Run(cross), expected = Run(apart);
        Same(expected["outputs"], found["outputs"], "outputs");
        Same(expected["inputs"], found["inputs"], "gradient of the inputs");
        foreach (string suffix in Cases[number].Bias ? ["weight", "bias"] : new[] { "weight" })
        {
            Same(
                [.. expected[$"q.{suffix}"], .. expected[$"k.{suffix}"], .. expected[$"v.{suffix}"]], found[$"a.in_proj_{suffix}"],
                $"gradient of in_proj_{suffix}");
            Same(expected[$"a.{suffix}"], found[$"a.out_proj.{suffix}"], $"gradient of out_proj.{suffix}");
        }

        if (Cases[number].Masks > 0)
        {
            Same(expected["m"], found["m"], "gradient of the mask");
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Attention_to_its_own_tokens_is_self_attention(int number, TrainingLayout layout, Isa isa)
    {
        using CompiledNetwork own = Create("Own", number, layout, isa), self = Create("Self", number, layout, isa);
        foreach (Parameter parameter in self.Parameters)
        {
            parameter.CopyFrom(Values(own.FindParameter(parameter.Key)!));
        }

        Dictionary<string, float[]> found = Run(own), expected = Run(self);
        Assert.Equal(expected.Keys.Order(), found.Keys.Order());
        Assert.All(expected, pair => Same(pair.Value, found[pair.Key], pair.Key));
    }

    private static string Layers(string kind, Case c)
    {
        (int features, int heads, bool bias, bool causal, int masks) = c;
        string options = $"{(bias ? "" : ", Bias = false")}{(causal ? ", Causal = true" : "")}{(masks > 0 ? ", Mask = \"m\"" : "")}";
        string own = bias ? "" : ", Bias = false", names = $"\"q\", \"k\", \"v\"{(masks > 0 ? ", \"m\"" : "")}";
        int keys = kind is "Cross" or "Apart" ? Keys : Length;
        string mask = masks == 0 ? "" : $", Param({(masks > 1 ? $"{masks}, " : "")}{Length}, {keys}, Deviation = 1, Name = \"m\")";
        string Dense(string name, string from) => $"Dense({features}, OverChannels = true{own}, Name = \"{name}\", From = \"{from}\")";
        string two = $"Input({features}, {Length}, Name = \"x\"), Input({features}, {Keys}, Name = \"c\"){mask}";
        string one = $"Input({features}, {Length}), Tanh(Name = \"x\"){mask}";
        string layers = kind switch
        {
            "Cross" => $"{two}, Attention({heads}{options}, Context = \"c\", Name = \"a\", From = \"x\")",
            "Apart" => $"{two}, {Dense("q", "x")}, {Dense("k", "c")}, {Dense("v", "c")}, ScaledDotProductAttention({names}, "
                + $"Heads = {heads}{(causal ? ", Causal = true" : "")}, Name = \"d\"), {Dense("a", "d")}",
            "Own" => $"{one}, Attention({heads}{options}, Context = \"x\", Name = \"a\", From = \"x\")",
            _ => $"{one}, Attention({heads}{options}, Name = \"a\", From = \"x\")",
        };
        return layers + ", MeanSquaredError";
    }

    private static CompiledNetwork Create(string kind, int number, TrainingLayout layout, Isa isa)
    {
        CompiledNetwork network = Compiled.Value[$"{kind}{layout}{number}"].Create(isa, threads: 2, seed: 5);
        foreach ((Parameter parameter, int i) in network.Parameters.Select((parameter, i) => (parameter, i)))
        {
            parameter.CopyFrom([.. Formula.Uniforms((ulong)(50 + i), parameter.Length).Select(w => 0.3f * w)]);
        }

        return network;
    }

    /// <summary>Outputs, and the gradients of the inputs and of all parameters.</summary>
    private static Dictionary<string, float[]> Run(CompiledNetwork network)
    {
        float[] x = Formula.Uniforms(1, Batch * network.InputLength), y = new float[Batch * network.OutputLength];
        float[] ofInput = new float[x.Length], values = Formula.Uniforms(2, Batch * network.Info.ValueTargetLength);
        network.Forward(x, y);
        var results = new Dictionary<string, float[]> { ["outputs"] = [.. y], ["inputs"] = ofInput };
        using Trainer trainer = Trainer.For(network, Batch, new Sgd(0.1));
        trainer.Forward(x, y);
        trainer.Backward(Formula.Uniforms(3, y.Length), ofInput);
        foreach (Parameter parameter in network.Parameters)
        {
            float[] gradient = new float[parameter.Length];
            trainer.CopyGradientTo(parameter, gradient);
            results.Add(parameter.Key, gradient);
        }

        return results;
    }

    private static float[] Values(Parameter parameter)
    {
        float[] values = new float[parameter.Length];
        parameter.CopyTo(values);
        return values;
    }

    private static void Same(float[] expected, float[] found, string what)
    {
        float largest = expected.Max(MathF.Abs);
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(
                MathF.Abs(expected[i] - found[i]) <= Tolerance * largest, $"{what} [{i}] is {found[i]:G9} instead of {expected[i]:G9}");
        }
    }
}
