using System;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;
using Strata.Generator.Printing;
using Xunit;
using static Strata.Compiler.KernelLanguage.Functions;

namespace Strata.Generator.Tests;

/// <summary>
/// Checks what the compiler may do with each activation: whether it is increasing, and whether its gradient needs the input. Both follow
/// from its formula and its arguments.
/// </summary>
public sealed class ActivationTests
{
    // fusable: its gradient is written in terms of the output. increasing: it may follow a maximum instead of preceding it, which a slope
    // of 0 must not, since it makes NaN of −∞.
    [Theory]
    [InlineData("ReLU", true, true)]
    [InlineData("Sigmoid", true, true)]
    [InlineData("Tanh", true, true)]
    [InlineData("LeakyReLU", true, true)]
    [InlineData("LeakyReLU(0)", true, false)]
    [InlineData("LeakyReLU(1.5)", true, true)]
    [InlineData("LeakyReLU(-0.1)", false, false)]
    [InlineData("ELU", true, true)]
    [InlineData("ELU(0)", true, true)]
    [InlineData("ELU(-1)", false, false)]
    [InlineData("Softplus", true, true)]
    [InlineData("Softplus(Beta = 2)", true, true)]
    [InlineData("Softplus(Threshold = 25)", true, true)]
    [InlineData("Softplus(Threshold = 19.5)", false, false)]
    [InlineData("ReLU6", true, true)]
    [InlineData("HardSigmoid", true, true)]
    [InlineData("Hardtanh", true, true)]
    [InlineData("SELU", true, true)]
    [InlineData("LogSigmoid", true, true)]
    [InlineData("HardSwish", false, false)]
    [InlineData("SiLU", false, false)]
    [InlineData("Mish", false, false)]
    [InlineData("GELU", false, false)]
    [InlineData("GELU(Approximate = true)", false, false)]
    public void Monotony_and_the_form_of_the_gradient_follow_from_the_arguments(string layer, bool fusable, bool increasing)
    {
        var activation = (Activation)Graphs.Layer("4", layer).Operation;
        Assert.Equal(fusable, !activation.NeedsInput);
        Assert.Equal(increasing, activation.IsIncreasing);

        // The argument may be a long expression, and is to be computed once.
        Expression longest = Max(new Variable("a"), new Variable("b"));
        string text = new ExpressionPrinter().Print(Formula.Apply(activation.Identifier, activation.Value, (Activation.X, longest)));
        Assert.Equal(2, text.Split("Simd.Max(a, b)").Length);
        Assert.NotEqual(activation.Gradient.Reads(Activation.X), activation.Gradient.Reads(Activation.Y));
    }

    [Fact]
    public void Different_arguments_give_different_names_of_helpers()
    {
        string[] layers =
        [
            "LeakyReLU", "LeakyReLU(0.2)", "LeakyReLU(0.02)", "LeakyReLU(2)", "LeakyReLU(-2)", "LeakyReLU(1e-20)", "LeakyReLU(1e20)",
            "ELU", "ELU(1.5)", "Softplus", "Softplus(Beta = 15)", "Softplus(Beta = 1.5)", "GELU", "GELU(Approximate = true)",
            "Hardtanh", "Hardtanh(Min = -2)", "Hardtanh(Max = 2)", "Hardtanh(Min = -2, Max = 2)",
        ];
        string[] names = [.. layers.Select(layer => ((Activation)Graphs.Layer("4", layer).Operation).Identifier)];
        Assert.Equal(names.Length, names.Distinct().Count());
        Assert.All(names, name => Assert.Matches("^[A-Za-z][A-Za-z0-9_]*$", name));
        Assert.Equal("LeakyReLU_0_2", names[1]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("The share of a loss")]
    [InlineData("2Threshold")]
    [InlineData("LeakyReLU_0.2")]
    public void Prose_is_no_identifier(string text)
    {
        ArgumentException refused = Assert.Throws<ArgumentException>(() => Activation.Create(text, isIncreasing: false, x => x));
        Assert.Contains($"'{text}' does not", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_names_of_ReLU_and_ReLU6_do_not_meet()
    {
        string stack = string.Join(", ", Enumerable.Repeat("ReLU", 70).Concat(Enumerable.Repeat("ReLU6", 12)));
        Assert.Equal("relu6_12", Graphs.Of($"[Input(4), {stack}]").Output.Name);
    }
}
