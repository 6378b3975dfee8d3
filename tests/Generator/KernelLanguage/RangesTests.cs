using System.Collections.Generic;
using Strata.Compiler.KernelLanguage;
using Xunit;
using static Strata.Compiler.KernelLanguage.Expression;
using static Strata.Compiler.KernelLanguage.Functions;

namespace Strata.Generator.Tests.KernelLanguage;

/// <summary>Which formulas keep lanes without an element finite.</summary>
public sealed class RangesTests
{
    private static readonly Variable X = new("x"), Y = new("y");

    private static readonly Dictionary<string, Expression> Finite = new()
    {
        ["x·tanh(softplus(1.5·x))"] = X * Tanh(Softplus(1.5 * X)),
        ["x³"] = X * X * X,
        ["x·y"] = X * Y,
        ["x/(|x| + 1)"] = X / (Abs(X) + 1),
        ["x > 0 ? x : 3·x"] = Select(X > 0, X, 3 * X),
        ["min(max(x, −1), 1)"] = Min(Max(X, -1), 1),
        ["x + sin²x"] = X + (Sin(X) * Sin(X)),
        ["⌊x⌋·cos y"] = Floor(X) * Cos(Y),
    };

    private static readonly Dictionary<string, Expression> Other = new()
    {
        ["ln x"] = Log(X),
        ["1/x"] = 1 / X,
        ["x/y"] = X / Y,
        ["eˣ"] = Exp(X),
        ["√x"] = Sqrt(X),
        ["|x| to the power of −1.5"] = Pow(Abs(X), -1.5),
    };

    public static TheoryData<string> FiniteFormulas => [.. Finite.Keys];

    public static TheoryData<string> OtherFormulas => [.. Other.Keys];

    [Theory]
    [MemberData(nameof(FiniteFormulas))]
    public void A_formula_is_proven_to_be_finite_and_so_is_its_gradient(string name)
    {
        Assert.True(Ranges.IsProvenFinite(Finite[name]));
        Assert.True(Ranges.IsProvenFinite(Differentiation.Gradient(Finite[name], X, Y)));
    }

    [Theory]
    [MemberData(nameof(OtherFormulas))]
    public void A_formula_that_may_overflow_or_be_NaN_is_not_proven(string name) => Assert.False(Ranges.IsProvenFinite(Other[name]));

    [Fact]
    public void What_is_proven_of_random_formulas_is_so()
    {
        int proven = 0;
        for (int seed = 0; seed < 500; seed++)
        {
            Expression formula = new RandomExpressions(seed, X).Next(3);
            if (Ranges.IsProvenFinite(formula))
            {
                proven++;
                foreach (float x in new[] { 0, -0f, 1, -1, 1e-40f, 3.5f, -88, 1 << 30, -(1 << 30) })
                {
                    float value = Interpreter.InSingle(formula, _ => x);
                    Assert.True(float.IsFinite(value), $"seed {seed}: {value} at {x}");
                }
            }
        }

        Assert.InRange(proven, 300, 499);
    }
}
