using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;
using Xunit;
using static Strata.Compiler.KernelLanguage.Expression;
using static Strata.Compiler.KernelLanguage.Functions;

namespace Strata.Generator.Tests.KernelLanguage;

/// <summary>Gradients in terms of the output: where there are such, and that they are those in terms of the input.</summary>
public sealed class OutputFormTests
{
    private static readonly Variable X = Activation.X, Y = Activation.Y, G = Activation.G;

    private static readonly Dictionary<string, Func<Expression, Expression>> OfOutput = new()
    {
        ["ReLU"] = x => Max(x, 0),
        ["ReLU by a choice"] = x => Select(x <= 0, 0, x),
        ["ReLU6"] = x => Min(Max(x, 0), 6),
        ["ReLU6, the other way round"] = x => Max(0, Min(x, 6)),
        ["clamping"] = x => Min(Max(x, -1.5), 0.1),
        ["hard sigmoid"] = x => Min(Max((x / 6) + 0.5, 0), 1),
        ["leaky ReLU"] = x => Select(x > 0, x, 0.1 * x),
        ["leaky ReLU, the other way round"] = x => Select(x < 0, 0.1 * x, x),
        ["leaky ReLU, whose 0 is positive"] = x => Select(x >= 0, x, 0.1 * x),
        ["a comparison with the constant in front"] = x => Select(0.25 < x, 2 * x, x),
        ["a comparison of a line"] = x => Select((2 * x) - 1 > 0, x, 0.5 * x),
        ["three slopes"] = x => Select(x < -1, (2 * x) + 1, Select(x > 1, (3 * x) - 2, x)),
        ["a step"] = x => Select(x >= 1, x + 1, x),
        ["sigmoid"] = Sigmoid,
    };

    private static readonly Dictionary<string, Func<Expression, Expression>> OfInput = new()
    {
        ["a root behind a line"] = x => Select(x > 4, Sqrt(x), 0.5 * x),
        ["a function that falls"] = x => -Max(x, 0),
        ["a function that falls somewhere"] = x => Select(x > 0, x, -0.1 * x),
        ["a slope that depends on the input"] = x => Select(x > 0, x * x * x, x),
        ["a kink in a flat piece"] = x => Max(Min(x, -1), Min(x - 3, -1)),
        ["a kink whose output is that of the flat piece"] = x => Select(x < -3, 0, Select(x > 3, 1, (x / 6) + 0.5)),
        ["a comparison with a function that falls"] = x => Select(x * x > 4, 2 * x, x),
        ["SiLU"] = SiLU,
    };

    public static TheoryData<string> GradientsOfOutputs => [.. OfOutput.Keys];

    public static TheoryData<string> GradientsOfInputs => [.. OfInput.Keys];

    /// <summary>Inputs below the least normal number count as 0.</summary>
    [Theory]
    [MemberData(nameof(GradientsOfOutputs))]
    public void A_gradient_of_the_output_is_that_of_the_input(string name)
    {
        Expression value = OfOutput[name](X), ofInput = Differentiation.Gradient(value, X, G);
        Expression? ofOutput = OutputForm.Find(value, ofInput, X, Y);
        Assert.NotNull(ofOutput);
        Assert.False(ofOutput.Reads(X));
        foreach (float x in MonotonicityTests.Grid.Where(x => x == 0 || MathF.Abs(x) >= 1.1754944e-38f).Append(-0f).Append(float.NaN))
        {
            float y = Interpreter.InSingle(value, _ => x);
            Assert.Equal(
                Interpreter.InSingle(ofInput, variable => variable.Equals(G) ? 0.7f : x),
                Interpreter.InSingle(ofOutput, variable => variable.Equals(G) ? 0.7f : y));
        }
    }

    [Theory]
    [MemberData(nameof(GradientsOfInputs))]
    public void Other_gradients_need_the_input(string name)
    {
        Expression value = OfInput[name](X);
        Assert.Null(OutputForm.Find(value, Differentiation.Gradient(value, X, G), X, Y));
    }
}
