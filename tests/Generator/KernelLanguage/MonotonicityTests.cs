using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;
using Xunit;
using static Strata.Compiler.KernelLanguage.Expression;
using static Strata.Compiler.KernelLanguage.Functions;

namespace Strata.Generator.Tests.KernelLanguage;

/// <summary>
/// Which functions max pooling may be moved in front of: what activations declare, and what the compiler proves of a formula.
/// </summary>
public sealed class MonotonicityTests
{
    private static readonly Variable X = Activation.X;

    /// <summary>Floats of every size with both infinities, and the kinks of formulas with their neighbours, in order.</summary>
    internal static readonly float[] Grid =
    [
        .. Enumerable.Range(0, 601).Select(i => (int)(((2L * i) - 600) * FloatOrder.Infinity / 600))
            .Concat(new[] { 0, 0.1, 0.25, 0.3, 0.5, 1, 1.5, 2, 3, 6, 10, 12.5, 20, 25, 88.72284, 104 }
                .SelectMany(kink => new[] { -kink, kink })
                .SelectMany(kink => Enumerable.Range(FloatOrder.Position((float)kink) - 3, 7)))
            .Distinct().Order().Select(FloatOrder.At),
    ];

    public static TheoryData<string> Activations => FormulaTests.Activations;

    /// <summary>Formulas as users write them.</summary>
    private static readonly Dictionary<string, Func<Expression, Expression>> Increasing = new()
    {
        ["x"] = x => x,
        ["a cube, which overflows"] = x => x * x * x,
        ["a line"] = x => (0.3 * x) - 7,
        ["ELU by hand"] = x => Select(x > 0, x, Exp(Min(x, 0)) - 1),
        ["ELU by hand, without the minimum"] = x => Select(x > 0, x, Exp(x) - 1),
        ["leaky ReLU by hand"] = x => Select(x < 0, 0.1 * x, x),
        ["hard sigmoid by choices"] = x => Select(x < -3, 0, Select(x > 3, 1, (x / 6) + 0.5)),
        ["soft shrinking"] = x => Select(Abs(x) <= 0.5, 0, x - CopySign(0.5, x)),
        ["a step up"] = x => Select(x >= 1, x + 1, x),
        ["clipping"] = x => Min(Max(x, -1), 1),
        ["tanh of more"] = x => 1.7159 * Tanh(0.6667 * x),
        ["x − tanh"] = x => x - Tanh(x),
        ["x and a bit of SiLU"] = x => x + (0.5 * SiLU(x)),
        ["sigmoid by hand"] = x => 1 / (1 + Exp(-x)),
        ["a steeper upper half"] = x => x + Max(0, x),
        ["a root on both sides"] = x => Select(x < 0, -Sqrt(-x), Sqrt(x)),
    };

    /// <summary>Formulas that decrease somewhere, or that make NaN of numbers or numbers of NaN.</summary>
    private static readonly Dictionary<string, Func<Expression, Expression>> NotIncreasing = new()
    {
        ["−x"] = x => -x,
        ["a constant, which NaN becomes, too"] = x => 3,
        ["a square"] = x => x * x,
        ["a size"] = x => Abs(x),
        ["a slope that is just negative"] = x => x - (1.0001 * Max(0, x - 3)),
        ["SiLU"] = SiLU,
        ["SiLU by hand"] = x => x * Sigmoid(x),
        ["GELU"] = GELU,
        ["hard swish"] = HardSwish,
        ["Mish"] = Mish,
        ["Mish by hand"] = x => x * Tanh(Softplus(x)),
        ["a step down between rising halves"] = x => Select(x > 1, x - 0.5, x),
        ["a step down of one bit"] = x => Select(x > 1, x - 2.3841858E-07, x),
        ["−1/x, which jumps down"] = x => -1 / x,
        ["NaN becomes 0"] = x => Select(x > 0, x, 0),
        ["NaN becomes 1"] = x => MinNative(x, 1),
        ["infinity becomes NaN"] = x => x / (1 + Abs(x)),
        ["minus infinity and infinity are added"] = x => x + Abs(x),
        ["minus infinity becomes NaN"] = x => Select(x > 0, x, 0 * x),
        ["negative numbers become NaN"] = Sqrt,
        ["an overflow that falls to minus infinity"] = x => Min(x, 1e20) - (1e-25 * (Min(x, 1e20) * Max(0, Min(x, 1e20)))),
    };

    public static TheoryData<string> IncreasingFormulas => [.. Increasing.Keys];

    public static TheoryData<string> OtherFormulas => [.. NotIncreasing.Keys];

    [Theory]
    [MemberData(nameof(Activations))]
    public void An_activation_that_says_so_increases_also_at_infinities_and_keeps_NaN(string stack)
    {
        Activation activation = FormulaTests.ActivationOf(stack);
        string? objection = ObjectionTo(activation.Value);
        Assert.True(!activation.IsIncreasing || objection is null, objection);
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void What_an_activation_denies_is_not_proven(string stack)
    {
        Activation activation = FormulaTests.ActivationOf(stack);
        Assert.True(activation.IsIncreasing || !Monotonicity.IsProvenIncreasing(activation.Value, X));
    }

    [Theory]
    [InlineData("SiLU")]
    [InlineData("GELU")]
    [InlineData("GELU(Approximate = true)")]
    [InlineData("HardSwish")]
    [InlineData("Mish")]
    [InlineData("Softsign")]
    [InlineData("LeakyReLU(0)")]
    [InlineData("LeakyReLU(1e-50)")]
    [InlineData("LeakyReLU(-0.3)")]
    [InlineData("ELU(-0.5)")]
    [InlineData("Threshold(0.1, 20)")]
    public void Activations_that_do_not_increase_say_so(string attribute)
    {
        Activation activation = ActivationOf(attribute);
        Assert.False(activation.IsIncreasing);
        Assert.NotNull(ObjectionTo(activation.Value));
    }

    [Theory]
    [InlineData("ReLU")]
    [InlineData("ReLU6")]
    [InlineData("LeakyReLU(0.3)")]
    [InlineData("ELU(1.7)")]
    [InlineData("SELU")]
    [InlineData("CELU(0.5)")]
    [InlineData("Sigmoid")]
    [InlineData("Tanh")]
    [InlineData("Tanhshrink")]
    [InlineData("Softplus")]
    [InlineData("LogSigmoid")]
    [InlineData("HardSigmoid")]
    [InlineData("Hardtanh(Min = -2, Max = 0.5)")]
    [InlineData("Hardshrink")]
    [InlineData("Softshrink(1.5)")]
    [InlineData("Threshold(-1, -2)")]
    public void The_formulas_of_increasing_activations_are_proven(string attribute) =>
        Assert.True(Monotonicity.IsProvenIncreasing(ActivationOf(attribute).Value, X));

    [Theory]
    [MemberData(nameof(IncreasingFormulas))]
    public void An_increasing_formula_is_proven(string name)
    {
        Expression formula = Increasing[name](X);
        Assert.Null(ObjectionTo(formula));
        Assert.True(Monotonicity.IsProvenIncreasing(formula, X));
    }

    [Theory]
    [MemberData(nameof(OtherFormulas))]
    public void Another_formula_is_not_proven(string name) =>
        Assert.False(Monotonicity.IsProvenIncreasing(NotIncreasing[name](X), X));

    [Fact]
    public void What_is_proven_of_random_formulas_is_so()
    {
        int proven = 0;
        for (int seed = 0; seed < 500; seed++)
        {
            Expression formula = new RandomExpressions(seed, X).Next(3);
            if (formula.Reads(X) && Monotonicity.IsProvenIncreasing(formula, X))
            {
                proven++;
                Assert.True(ObjectionTo(formula) is null, $"seed {seed}: {ObjectionTo(formula)}");
            }
        }

        Assert.InRange(proven, 40, 250);
    }

    [Fact]
    public void The_range_of_a_random_formula_contains_its_values()
    {
        var random = new Random(1);
        for (int seed = 0; seed < 1000; seed++)
        {
            Expression formula = new RandomExpressions(seed, X).Next(4);
            float[] ends = [.. Enumerable.Range(0, 2).Select(_ => Grid[random.Next(Grid.Length)]).Order()];
            Interval range = Ranges.Evaluate(formula, X, new Interval(ends[0], ends[1]));
            for (int i = 0; i < 20; i++)
            {
                int first = FloatOrder.Position(ends[0]), last = FloatOrder.Position(ends[1]);
                float x = i == 0 ? ends[0] : i == 1 ? ends[1] : FloatOrder.At((int)random.NextInt64(first, last + 1L));
                float value = Interpreter.InSingle(formula, _ => x);
                Assert.True(range.Contains(value), $"seed {seed}: {value} at {x} is not in {range}");
            }
        }
    }

    private static Activation ActivationOf(string attribute) => (Activation)Graphs.Layer("4", attribute).Operation;

    /// <summary>Where max pooling behind a function is not the same as in front of it; null where it is.</summary>
    private static string? ObjectionTo(Expression value)
    {
        float At(float x) => Interpreter.InSingle(value, _ => x);
        if (!float.IsNaN(At(float.NaN)))
        {
            return $"NaN becomes {At(float.NaN)}";
        }

        float[] values = [.. Grid.Select(At)];
        for (int i = 0; i < Grid.Length; i++)
        {
            if (float.IsNaN(values[i]))
            {
                return $"{Grid[i]} becomes NaN";
            }

            // The errors of two functions of vectors, each a few units in the last place; among subnormals, anything may be 0.
            if (i > 0 && values[i] < values[i - 1]
                && !(Math.Abs(values[i] - (double)values[i - 1]) <= (1e-6 * Math.Abs(values[i])) + 1.2e-38))
            {
                return $"{values[i - 1]} at {Grid[i - 1]}, but {values[i]} at {Grid[i]}";
            }
        }

        return null;
    }
}
