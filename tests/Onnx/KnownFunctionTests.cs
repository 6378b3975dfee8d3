using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace Strata.Onnx.Tests;

/// <summary>
/// Functions that exporters take apart, and those that only look like them, imported and compared with ONNX Runtime around their kinks and
/// at many magnitudes. The soak command <c>functions</c> compares all, and thousands of random ones.
/// </summary>
public sealed class KnownFunctionTests(ITestOutputHelper log)
{
    private const int InSlice = 60, RandomOnes = 20;

    /// <summary>Functions that were mistaken for layers when a function was recognised by sampling it.</summary>
    private static readonly string[] Mistaken =
    [
        "Where(Greater(x, 0.02), x, 0)", "Hardshrink(0.02)", "Greater(x, 0) as a number", "σ(300·x)", "x·σ(300·x)",
            "clip(2000·x + 0.5, 0, 1)",
        "1E-06·σ(x)", "LeakyReLU(0.999999) by Where", "x·σ(1.00001·x)", "clip(x, 0, 6.00001)", "SELU(1.6733, 1.05)",
        "x·clip(x + 3, 0, 6)·0.16666", "Threshold(0.02, 0.1)", "LeakyReLU(0.01) at 0.001", "clip(x, -1E-06, 1E-06)",
        "softplus of 1 with threshold 0.1", "ELU(1) with a jump",
    ];

    private static SampleCheck.Model ModelOf(FunctionCase one) =>
        new(one.Name, one.ToBytes(), one.Samples(), one.IsRounded, IsFunction: true);

    [Fact]
    public void No_function_is_taken_for_a_layer_that_it_only_resembles()
    {
        FunctionCase[] cases = [.. FunctionCases.All()];
        FunctionCase[] chosen = [.. Mistaken.Select(name => cases.Single(one => one.Name == name))];
        Check([.. chosen.Select(ModelOf)]);
    }

    [Fact]
    public void A_fixed_slice_of_functions_agrees_with_ONNX_Runtime()
    {
        var random = new Random(53);
        FunctionCase[] cases = [.. FunctionCases.All().Where(one => !Mistaken.Contains(one.Name)).OrderBy(_ =>
            random.Next()).Take(InSlice)];
        Check([.. cases.Concat(Enumerable.Range(1, RandomOnes).Select(FunctionCases.Random)).Select(ModelOf)]);
    }

    [Theory]
    [InlineData("HardSwish by Div", "[HardSwish]")]
    [InlineData("x·clip(x + 3, 0, 6)·0.16666667", "[HardSwish]")]
    [InlineData("x·(1 + erf(0.70710677·x))/2", "[GELU]")]
    [InlineData("x·(1 + erf(x/1.4142135))/2", "[GELU]")]
    [InlineData("GELU by tanh, 0.7978846, 0.044715", "[GELU(Approximate = true)]")]
    [InlineData("GELU by tanh and squares, 0.7978846, 0.044715", "[GELU(Approximate = true)]")]
    [InlineData("x/(1 + e⁻ˣ)", "[SiLU]")]
    [InlineData("Mish", "[Mish]")]
    [InlineData("ELU(0.1) by Where", "[ELU(0.1)]")]
    [InlineData("CELU(2) by Where", "[CELU(2)]")]
    [InlineData("LeakyReLU(0.2) by Where", "[LeakyReLU(0.2)]")]
    [InlineData("max(x, 0.2·x)", "[LeakyReLU(0.2)]")]
    [InlineData("Hardshrink(0.02) by Abs", "[Hardshrink(0.02)]")]
    [InlineData("Softshrink(0.02) by Relu", "[Softshrink(0.02)]")]
    [InlineData("Softshrink(0.5) by Clip", "[Softshrink]")]
    [InlineData("Threshold(0.02, 0.1)", "[Threshold(0.02, 0.1)]")]
    [InlineData("clip(2000·x + 0.5, 0, 1)", "[HardSigmoid(2000)]")]
    [InlineData("x/(1 + |x|)", "[Softsign]")]
    [InlineData("−softplus(−x)", "[LogSigmoid]")]
    [InlineData("x − tanh(x)", "[Tanhshrink]")]
    [InlineData("|x| by Max", "[Abs]")]
    [InlineData("Greater(x, 0) as a number", "(x > 0f) ? 1f : 0f")]
    [InlineData("Where(GreaterOrEqual(x, 0.02), x, 0)", "(x >= 0.02f) ? x : 0f")]
    public void What_is_proven_becomes_its_layer_and_what_is_not_its_formula(string name, string words)
    {
        FunctionCase one = FunctionCases.All().Single(one => one.Name == name);
        Assert.Contains(words, ImportCheck.Imported(one.ToBytes(), new OnnxImportOptions()).Source, StringComparison.Ordinal);
    }

    private void Check(SampleCheck.Model[] models)
    {
        IReadOnlyList<SampleCheck.Outcome> outcomes = SampleCheck.Run(models);
        log.WriteLine(string.Join('\n', outcomes.Where(one => one.Refusal is not null)));
        SampleCheck.Outcome[] failed = [.. outcomes.Where(one => one.Failure is not null)];
        Assert.True(failed.Length == 0, $"{failed.Length} of {models.Length} differ:\n{string.Join<SampleCheck.Outcome>('\n', failed)}");
        Assert.True(outcomes.Count(one => one.Refusal is null) > models.Length * 4 / 5, "Many functions are refused.");
    }
}
