using System;
using System.Linq;
using System.Text.RegularExpressions;
using Strata.Compiler.Operators;
using Strata.Numerics.Tests.Oracle;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>Gradients of every operator and loss, of the oracle and of compiled networks, against finite differences.</summary>
public class FiniteDifferenceTests
{
    private const int Batch = 24;

    public static TheoryData<string> Cases => [.. DifferentiableCases.All.Keys];

    public static TheoryData<string, Isa> CasesAndTiers
    {
        get
        {
            var data = new TheoryData<string, Isa>();
            foreach (string name in DifferentiableCases.All.Keys)
            {
                foreach (Isa isa in Tiers.Supported)
                {
                    data.Add(name, isa);
                }
            }

            return data;
        }
    }

    public static TheoryData<Isa> AllTiers => Tiers.All;

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_oracle_agrees_with_finite_differences(string name)
    {
        DifferentiableCase of = DifferentiableCases.All[name];
        FiniteDifferences.Check(of.Network, of.Range);
    }

    [Theory]
    [MemberData(nameof(CasesAndTiers))]
    public void Every_tier_agrees_with_finite_differences(string name, Isa isa) =>
        FiniteDifferences.Check(DifferentiableCases.All[name], isa);

    [Fact]
    public void Every_layer_and_loss_has_a_case()
    {
        string[] declarations = [.. DifferentiableCases.All.Values.Select(c => c.Network.Declaration("Case"))];

        // Comparisons and indices have no gradient, and jump where there is one to see: ComparisonTests and AxesTests. Roundings have one
        // that is none of the function's: QuantizationTests.
        string[] jumping =
            ["And", "ArgMax", "ArgMin", "Equal", "FakeQuantize", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Or", "Xor"];
        Assert.Equal(jumping, OperatorSet.BuiltIn.All
            .Where(o => o is LayerOperator or LossOperator && !declarations.Any(d => Regex.IsMatch(d, $@"(?<=[\[ ]){o.Kind}(?=[\](,])")))
            .Select(o => o.Kind).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void The_gradient_of_each_parameter_predicts_the_change_of_the_loss(Isa isa)
    {
        // Smooth, since a kink in the way would show as an error. The parameter moves along the signs of its gradient, so far that the loss
        // changes by 2e-3 to either side; two step widths cancel the error of third order.
        OracleNetwork oracle = Models.SmoothLeNet();
        Models.Fill(oracle);
        using CompiledNetwork network = NetworkCompiler.Compile(oracle).Create(oracle, isa);
        using var trainer = (ClassificationTrainer)CompiledType.CreateTrainer(network, Batch, new Sgd(0.1));
        float[] inputs = Formula.Uniforms(1, Batch * oracle.Input.Length);
        int[] targets = [.. Enumerable.Range(0, Batch).Select(n => Formula.Class(2, n, 10))];
        foreach (Parameter parameter in network.Parameters)
        {
            float[] values = new float[parameter.Length], gradient = new float[parameter.Length];
            parameter.CopyTo(values);
            trainer.ComputeGradients(inputs, targets);
            trainer.CopyGradientTo(parameter, gradient);
            double slope = gradient.Sum(g => Math.Abs((double)g));
            double step = 2e-3 / slope;
            float[] moved = new float[values.Length];
            double Along(double distance)
            {
                for (int i = 0; i < values.Length; i++)
                {
                    moved[i] = (float)(values[i] + (distance * Math.Sign(gradient[i])));
                }

                parameter.CopyFrom(moved);
                return trainer.ComputeGradients(inputs, targets);
            }

            double Difference(double distance) => (Along(distance) - Along(-distance)) / (2 * distance);
            double difference = ((4 * Difference(step / 2)) - Difference(step)) / 3;
            parameter.CopyFrom(values);

            // A loss of 2.3 is rounded to 1.2e-7, which is 1.2e-4 of the smaller difference of 2e-3, and counts twice 4/3 times.
            Assert.True(
                Math.Abs(difference - slope) < 2e-3 * slope,
                $"{parameter.Key}: the loss changes by {difference:R}, the gradient says {slope:R}");
        }
    }
}
