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
    public static TheoryData<string> Activations { get; } = [.. OperatorSet.BuiltIn.All.OfType<LayerOperator>()
        .Where(one => one.Family == OperatorFamily.Activations).SelectMany(one => one.Cases)
        .DistinctBy(one => one.Layers).Select(one => one.Stack).Where(stack => Graphs.Of($"[{stack}]").Output.Operation is Activation)];

    public static TheoryData<string> Losses { get; } = [.. OperatorSet.BuiltIn.All.OfType<LossOperator>().SelectMany(one => one.Cases)
        .Select(one => one.Stack).Where(stack => Graphs.Of($"[{stack}]").Losses.Single().Loss is ElementLoss)];

    [Theory]
    [MemberData(nameof(Activations))]
    public void The_gradient_of_an_activation_is_the_derived_one(string stack)
    {
        Activation activation = ActivationOf(stack);
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
    public void An_activation_increases_where_it_says_so(string stack)
    {
        Activation activation = ActivationOf(stack);
        Assert.True(
            !activation.IsIncreasing
            || Points.Zip(Points.Skip(1)).All(pair => Value(activation, pair.First) <= Value(activation, pair.Second)));
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void The_gradient_of_a_loss_is_the_derived_one(string stack)
    {
        var loss = (ElementLoss)Graphs.Of($"[{stack}]").Losses.Single().Loss;
        Expression derived = ElementLoss.Derive(loss.Value);
        foreach (double y in Points)
        {
            const double Target = 0.25;
            double Of(Expression e) => Interpreter.InDouble(e, v => v == ElementLoss.Y ? y : v == ElementLoss.T ? Target : y - Target);
            Assert.Equal(Of(derived), Of(loss.Gradient), 1e-6);
        }
    }

    /// <summary>The activation at the end of a stack.</summary>
    internal static Activation ActivationOf(string stack) => (Activation)Graphs.Of($"[{stack}]").Output.Operation;

    private static double Value(Activation activation, double x) => Interpreter.InDouble(activation.Value, _ => x);
}
