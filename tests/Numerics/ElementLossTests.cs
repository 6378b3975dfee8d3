using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Foundation;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;
using Strata.Compiler.Operators;
using Strata.Training;
using Xunit;

using static Strata.Compiler.KernelLanguage.Functions;

using Expression = Strata.Compiler.KernelLanguage.Expression;

namespace Strata.Numerics.Tests;

/// <summary>Losses that are formulas of an output and its target: the gradient is derived, and each tier computes both.</summary>
public class ElementLossTests
{
    private const int Samples = 17, Outputs = 5;

    private static readonly Expression Y = ElementLoss.Y, T = ElementLoss.T;

    private static readonly Case[] Cases =
    [
        new("LogCosh", Compiler.Graph.Reduction.Mean, Y - T + Softplus(-2 * (Y - T)) - Math.Log(2),
            (y, t) => Math.Log(Math.Cosh(y - t)), (y, t) => Math.Tanh(y - t)),
        new("Quantile", Compiler.Graph.Reduction.Mean, Expression.Select(T > Y, 0.9 * (T - Y), 0.1 * (Y - T)),
            (y, t) => t > y ? 0.9 * (t - y) : 0.1 * (y - t), (y, t) => t > y ? -0.9 : 0.1),
        new("Poisson", Compiler.Graph.Reduction.Sum, Exp(Y) - (T * Y), (y, t) => Math.Exp(y) - (t * y), (y, t) => Math.Exp(y) - t),
    ];

    private static readonly Lazy<CompiledNetworks> Compiled = new(
        () => GraphCompiler.Compile(Cases.ToDictionary(c => c.Name, c => c.Graph()), "ElementLosses"));

    public static TheoryData<int, Isa> AllInAllTiers
    {
        get
        {
            var data = new TheoryData<int, Isa>();
            foreach (Isa isa in Tiers.Supported)
            {
                data.Add(0, isa);
                data.Add(1, isa);
                data.Add(2, isa);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(AllInAllTiers))]
    public void Loss_and_gradient_are_those_of_double_precision(int number, Isa isa)
    {
        Case c = Cases[number];
        using CompiledNetwork network = Compiled.Value[c.Name].Create(isa);
        using Trainer trainer = CompiledType.CreateTrainer(network, Samples, new Sgd(0.1));
        float[] inputs = Oracle.Formula.Uniforms(1, Samples * Outputs), targets = Oracle.Formula.Uniforms(2, Samples * Outputs);
        foreach (int batch in new[] { 1, 4, Samples })
        {
            double share = c.Reduction == Compiler.Graph.Reduction.Mean ? 1.0 / (batch * Outputs) : 1, loss = 0;
            double[] gradients = new double[Outputs];
            for (int i = 0; i < batch * Outputs; i++)
            {
                loss += share * c.Value(inputs[i], targets[i]);
                gradients[i % Outputs] += share * c.Slope(inputs[i], targets[i]);
            }

            float actual = trainer.ComputeGradients(inputs.AsSpan(0, batch * Outputs), [], targets.AsSpan(0, batch * Outputs));
            float[] shifts = new float[Outputs];
            trainer.CopyGradientTo(network.Parameters[0], shifts);

            // Of at most 85 terms below 4, each is off by a few units in the last place of 4.
            double tolerance = share * batch * Outputs * 4 * 8 * Oracle.Numbers.U;
            Assert.Equal(loss, actual, tolerance + (Math.Abs(loss) * Oracle.Numbers.U));
            for (int k = 0; k < Outputs; k++)
            {
                Assert.Equal(gradients[k], shifts[k], tolerance);
            }
        }
    }

    /// <summary>The exponential is in the loss and in its gradient.</summary>
    [Fact]
    public void What_loss_and_gradient_have_in_common_is_computed_once()
    {
        const string Call = "VectorMath.Exp(";
        string[] programs =
            [.. GraphCompiler.FilesOf("Net", Cases[2].Graph()).Where(text => text.Contains(Call, StringComparison.Ordinal))];
        Assert.Equal(3, programs.Length);
        Assert.All(programs, text => Assert.Equal(2, text.Split(Call).Length));
    }

    private sealed record Case(
        string Name, Compiler.Graph.Reduction Reduction, Expression Formula, Func<double, double, double> Value,
        Func<double, double, double> Slope)
    {
        /// <summary>The gradient of a shift of each output is the sum of the output's gradients.</summary>
        public NetworkGraph Graph()
        {
            List<Node> nodes = [];
            var shape = Shape.Vector(Outputs);
            Variable x = new("x"), shift = new("shift");
            Node input = nodes.Add("Input", Input.Operation, shape);
            nodes.Add(
                "Shift",
                new ElementFunction(
                    x + shift, EquatableArray.Of(new ElementInput(x, shape)), EquatableArray.Of(new ElementParameter(shift, "bias", 0, true))),
                shape, input);
            return new NetworkGraph(
                nodes.ToEquatableArray(), EquatableArray.Of(new NetworkOutput("", 1)),
                EquatableArray.Of(new NetworkLoss(new ElementLoss(Name, Formula, Reduction), 1, 1, 0)), new NetworkSettings());
        }
    }
}
