using System;
using System.Collections.Generic;
using Strata.Numerics.Tests.Oracle;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>The oracle's gradients against finite differences of its own loss.</summary>
internal static class FiniteDifferences
{
    public static void Check(OracleNetwork network)
    {
        Models.Fill(network, stream: 500);
        Numbers input = Numbers.Exact(Formula.Uniforms(600, network.Input.Length));
        Target target = network.Objective.Suit(
            new Target(Formula.Class(601, 0, network.Output.Length), Formula.Uniforms(602, network.Output.Length)),
            network.Output);
        static bool Mask(int layer, int sample, int element) => (Formula.Bits((ulong)(700 + layer), (ulong)element) & 1) == 0;
        double LossOf() => network.Loss(network.Forward(input, training: true, 0, Mask), target, 1).Loss;

        var gradients = new GradientSums(network);
        network.Backward(network.Forward(input, training: true, 0, Mask), target, 1, gradients);
        IReadOnlyList<Numbers> results = gradients.Result();
        for (int k = 0; k < network.Parameters.Count; k++)
        {
            Check(network.Weights[k].Value, results[k].Value, network.Parameters[k].Key);
        }

        Check(input.Value, gradients.Input!.Value, "input");

        void Check(double[] values, double[] gradient, string what)
        {
            // Central differences: the truncation error is h²/6 of a third derivative of order 1, the rounding 1e-16/h.
            const double Step = 1e-5;
            for (int i = 0; i < values.Length; i++)
            {
                double value = values[i];
                values[i] = value + Step;
                double above = LossOf();
                values[i] = value - Step;
                double below = LossOf();
                values[i] = value;
                double difference = (above - below) / (2 * Step);
                Assert.True(
                    Math.Abs(difference - gradient[i]) < 1e-8,
                    $"{what}[{i}]: {gradient[i]:R} against {difference:R}\n{network.Declaration("Checked")}");
            }
        }
    }
}
