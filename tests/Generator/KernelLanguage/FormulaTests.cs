using System.Linq;
using Strata.Compiler.Catalogue;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;
using Strata.Compiler.Operators;
using Xunit;

namespace Strata.Generator.Tests.KernelLanguage;

/// <summary>The formulas of activations and losses. If an operator gives its own derivative, it equals the derived one.</summary>
public sealed class FormulaTests
{
    /// <summary>Away from kinks, of which those of formulas are at round numbers.</summary>
    private static readonly double[] Points = [.. Enumerable.Range(-60, 121).Select(i => (i / 7.0) + 0.011)];

    /// <summary>Those that are functions of one number.</summary>
    public static TheoryData<string> Activations => [.. OperatorSet.BuiltIn.All.OfType<LayerOperator>()
        .Where(one => one.Family == OperatorFamily.Activation).SelectMany(one => one.Cases)
        .Where(attribute => Graphs.Layer("4", attribute).Operation is Activation)];

    public static TheoryData<string> Losses =>
        ["MeanSquaredError", "MeanAbsoluteError", "L1", "L2", "Huber", "Huber(Delta = 0.3)", "SmoothL1", "SmoothL1(Beta = 0)",
            "SmoothL1(Beta = 2)", "BinaryCrossEntropy"];

    [Theory]
    [MemberData(nameof(Activations))]
    public void The_gradient_of_an_activation_is_the_derived_one(string attribute)
    {
        Activation activation = ActivationOf(attribute);
        Expression derived = Differentiation.Gradient(activation.Value, Activation.X, Activation.G);
        foreach (double x in Points)
        {
            double y = Value(activation, x);
            double Of(Expression e) => Interpreter.InDouble(e, v => v == Activation.X ? x : v == Activation.Y ? y : 0.7);
            Assert.Equal(Of(derived), Of(activation.Gradient), 1e-6);
        }
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void An_activation_increases_where_it_says_so(string attribute)
    {
        Activation activation = ActivationOf(attribute);
        Assert.True(
            !activation.IsIncreasing
            || Points.Zip(Points.Skip(1)).All(pair => Value(activation, pair.First) <= Value(activation, pair.Second)));
    }

    [Fact]
    public void Each_case_of_an_operator_is_a_declaration_of_it() => Assert.All(
        OperatorSet.BuiltIn.All.Where(one => one.Family == OperatorFamily.Activation),
        one => Assert.All(one.Cases, declaration => Assert.Equal(one.Kind, Graphs.Layer("4", declaration).Kind)));

    [Theory]
    [MemberData(nameof(Losses))]
    public void The_gradient_of_a_loss_is_the_derived_one(string attribute)
    {
        var loss = (ElementLoss)Graphs.Of($"[Input(4), Dense(3), {attribute}]").Losses.Single().Loss;
        Expression derived = ElementLoss.Derive(loss.Value);
        foreach (double y in Points)
        {
            const double Target = 0.25;
            double Of(Expression e) => Interpreter.InDouble(e, v => v == ElementLoss.Y ? y : v == ElementLoss.T ? Target : y - Target);
            Assert.Equal(Of(derived), Of(loss.Gradient), 1e-6);
        }
    }

    private static Activation ActivationOf(string attribute) => (Activation)Graphs.Layer("4", attribute).Operation;

    private static double Value(Activation activation, double x) => Interpreter.InDouble(activation.Value, _ => x);
}
