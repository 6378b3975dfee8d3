using System;
using System.Collections.Concurrent;
using Strata.Numerics.Tests.Oracle;

namespace Strata.Numerics.Tests;

/// <summary>Results of the oracle that several tests compare with.</summary>
internal static class Reference
{
    private static readonly ConcurrentDictionary<(string, string), Lazy<(Golden, OracleNetwork, double[])>> Trained = new();

    /// <summary>The goldens' network after ten steps on ten batches, and the loss before each; not to be changed.</summary>
    public static (Golden Golden, OracleNetwork Network, double[] Losses) AfterTenSteps(string name, string optimizer) =>
        Trained.GetOrAdd((name, optimizer), key => new(() => Train(key.Item1, key.Item2))).Value;

    private static (Golden Golden, OracleNetwork Network, double[] Losses) Train(string name, string optimizer)
    {
        Golden golden = Golden.Read(name);
        OracleNetwork network = Golden.NetworkOf(name);
        OracleOptimizer rule = optimizer == "sgd" ? new OracleSgd(Golden.SgdRate, Golden.SgdMomentum) : new OracleAdam(Golden.AdamRate);
        double[] losses = new double[Golden.Steps];
        for (int step = 0; step < Golden.Steps; step++)
        {
            float[] inputs = golden.Inputs(step, network.Input.Length);
            int[] targets = golden.Targets(step);
            var gradients = new GradientSums(network);
            for (int n = 0; n < golden.Batch; n++)
            {
                Pass pass = network.Forward(inputs.AsSpan(n * network.Input.Length, network.Input.Length), training: true, n);
                var target = new Target(targets[n], []);
                losses[step] += network.Loss(pass, target, golden.Batch).Loss;
                network.Backward(pass, target, golden.Batch, gradients);
            }

            rule.Update(network.Weights, gradients.Result());
        }

        return (golden, network, losses);
    }
}
