using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;
using Xunit;

namespace Strata.Generator.Tests.KernelLanguage;

/// <summary>The formulas of activations and losses. If an operator gives its own derivative, it equals the derived one.</summary>
public sealed class FormulaTests
{
    /// <summary>Away from kinks, of which those of formulas are at round numbers.</summary>
    private static readonly double[] Points = [.. Enumerable.Range(-60, 121).Select(i => (i / 7.0) + 0.011)];

    public static TheoryData<string> Activations =>
    [
        "ReLU", "ReLU6", "LeakyReLU", "LeakyReLU(0.3)", "LeakyReLU(-0.3)", "ELU", "ELU(1.7)", "ELU(-0.5)", "SELU", "Sigmoid",
        "Tanh", "SiLU", "GELU",
        "GELU(Approximate = true)", "Softplus", "Softplus(Beta = 2)", "Softplus(Beta = 2, Threshold = 3)", "LogSigmoid",
        "HardSigmoid", "HardSwish",
        "Hardtanh", "Hardtanh(Min = -2, Max = 0.5)", "Mish", "Softsign", "Tanhshrink", "CELU", "CELU(0.3)", "CELU(-1.5)",
        "Hardshrink", "Softshrink(1.5)",
        "Threshold(0.1, 20)", "Threshold(-1, -2)",
        "Exp", "Log", "Sqrt", "Abs", "Pow(2)", "Pow(3)", "Pow(-1)", "Pow(0.5)", "Pow(-0.5)", "Pow(1.7)", "Pow(10)", "Affine(2, -1)",
        "Affine(-0.5, 0)", "Affine(1, 3)", "Clip(Min = -1)", "Clip(Max = 0.5)", "Clip(Min = -1, Max = 2)", "HardSigmoid(0.2, 0.5)",
        "HardSigmoid(-0.5, 1)",
    ];

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
    public void Every_activation_is_tested()
    {
        HashSet<string> tested = [.. Activations.Select(row => row.Data.Split('(')[0])];
        IEnumerable<string> kinds = Compiler.Operators.OperatorSet.BuiltIn.All.OfType<Compiler.Operators.LayerOperator>()
            .Select(layer => layer.Kind)
            .Where(kind => Direct.Operation(Shape.Vector(4), kind, kind switch
            {
                "Clip" => [("Min", 0.0)],
                "Pow" => [("exponent", 2.0)],
                _ => [],
            }) is Activation);
        Assert.Equal(kinds.Order(StringComparer.Ordinal), tested.Order(StringComparer.Ordinal));
    }

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
