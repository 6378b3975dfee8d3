using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Strata.Compiler.KernelLanguage;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;
using Strata.Generator.Printing;
using Xunit;
using Storage = Strata.Compiler.Graph.WeightStorage;

namespace Strata.Generator.Tests.Lowering;

/// <summary>Programs whose dense layers read weights in bfloat16.</summary>
public sealed class BFloat16Tests
{
    private const string Stack = "[Input(16, 7, 7), Conv2D(64, 3, Padding = 1), ReLU, Flatten, Dense(300), Tanh, Dense(100), CrossEntropy]";

    [Fact]
    public void They_stand_beside_the_other_programs_whose_text_stays_as_it_is()
    {
        const string Pointer = "    public override NetworkProgram With(";
        Dictionary<string, string> usual = Generate(""), both = Generate("(WeightStorage = WeightStorage.BFloat16)");
        Assert.Equal(
            ["Net.Avx2.BFloat16.g.cs", "Net.Avx512.BFloat16.g.cs", "Net.Vector128.BFloat16.g.cs"],
            both.Keys.Except(usual.Keys).Where(name => !name.Contains("Kernels", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        foreach ((string name, string text) in usual)
        {
            // An empty line stands before each property.
            string[] lines = both[name].Split('\n');
            int pointer = Array.FindIndex(lines, line => line.StartsWith(Pointer, StringComparison.Ordinal));
            Assert.Equal(name is "Net.Avx2.g.cs" or "Net.Avx512.g.cs" or "Net.Vector128.g.cs", pointer >= 0);
            Assert.Equal(text, string.Join('\n', pointer < 0 ? lines : [.. lines[..(pointer - 1)], .. lines[(pointer + 1)..]]));
        }

        Assert.All(both.Where(file => file.Key.Contains("BFloat16", StringComparison.Ordinal)),
            file => Assert.DoesNotContain("Backward", file.Value, StringComparison.Ordinal));
    }

    [Fact]
    public void A_dense_layer_reads_half_as_much()
    {
        foreach (Tier tier in Tier.All)
        {
            Step[] whole = Lower(tier, Storage.Float32), half = Lower(tier, Storage.BFloat16);
            Assert.Equal(whole.Select(step => step.Name), half.Select(step => step.Name));
            foreach ((Step one, Step other) in whole.Zip(half))
            {
                ParameterOperand? weight = other.Operands.OfType<ParameterOperand>()
                    .FirstOrDefault(parameter => parameter.Element == ElementType.BFloat16);
                Assert.Equal(one.Name.StartsWith("Dense", StringComparison.Ordinal), weight is not null);
                if (weight is not null)
                {
                    Assert.Equal(one.WeightFloats - weight.Length, other.WeightFloats);
                    Assert.InRange(other.Cycles[0], 0.25 * one.Cycles[0], one.Cycles[0]);
                    Assert.InRange(other.BatchItems, one.BatchItems, int.MaxValue);
                }
            }
        }
    }

    [Theory]
    [InlineData(false, 16)]
    [InlineData(true, 32)]
    public void Weights_are_asked_for_a_cache_line_at_a_time(bool inBFloat16, int elements)
    {
        var k = new KernelBuilder(16);
        Pointer weights = k.Parameter(new Pointer("weights", inBFloat16 ? ElementType.BFloat16 : ElementType.Float));
        new WeightsAhead(k, weights[0], [0], floats: 64).Record();
        string text = NestPrinter.Print(k.Nest(), depth: 0).Body;
        Assert.Equal(64 / elements, text.Split("PrefetchL2(").Length - 1);
        Assert.Contains($"{(inBFloat16 ? "Unsafe.Add" : "At")}(ref ahead, {elements})", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_loaded_is_a_float_in_vectors_and_alone()
    {
        var k = new KernelBuilder(4);
        Pointer x = k.Parameter("x"), w = k.Parameter(new Pointer("w", ElementType.BFloat16)), y = k.Parameter("y");
        Pointer[] moved = k.PointTo(("input", x[4]), ("weight", w[8]));
        k.Store(y[0], moved[0][0].Vector * moved[1][0].Vector);
        k.Store(y[4], w[3].Broadcast);
        Nest nest = k.Nest();
        Assert.Equal("ref float x, ref ushort w, ref float y", NestPrinter.Parameters(nest));
        Assert.Equal(
            ["ref float input = ref At(ref x, 4);", "ref ushort weight = ref Unsafe.Add(ref w, 8);",
                "Store(Load(ref input) * BFloat16.LoadUnsafe(ref weight), ref y);",
                "Store(Broadcast(BitConverter.UInt32BitsToSingle((uint)Unsafe.Add(ref w, 3) << 16)), ref y, 4);"],
            Lines(nest));
        Assert.Equal("y = input * BitConverter.UInt32BitsToSingle((uint)weight << 16);", Lines(Narrowing.Narrow(nest))[2]);
    }

    private static string[] Lines(Nest nest) =>
        NestPrinter.Print(nest, depth: 0).Body.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static Step[] Lower(Tier tier, Storage weights)
    {
        TierPrograms programs = TierPrograms.Lower(Graphs.Of(Stack) with { Settings = new() { WeightStorage = Storage.BFloat16 } }, tier,
            TestContext.Current.CancellationToken, weights);
        Assert.Equal(weights != Storage.Float32, programs.Training is null);
        return [.. programs.Sample.Steps];
    }

    private static Dictionary<string, string> Generate(string options) =>
        new Harness().Generate($"using Strata;\n[Network{options}]\n{Stack}\npublic partial class Net;")
        .Results.Single().GeneratedSources.ToDictionary(source => source.HintName, source => source.SourceText.ToString());
}
