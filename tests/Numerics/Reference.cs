using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using Strata.Numerics.Tests.Oracle;

namespace Strata.Numerics.Tests;

/// <summary>Results of the oracle that several tests compare with.</summary>
internal static class Reference
{
    private static readonly ConcurrentDictionary<(string, TrainingLayout), Lazy<FirstBatch>> First = new();

    private static readonly ConcurrentDictionary<(string, string, TrainingLayout), Lazy<(Golden, OracleNetwork, double[])>> Trained = new();

    /// <summary>The goldens' network on their first batch.</summary>
    public static FirstBatch FirstBatchOf(string name, TrainingLayout? layout = null) =>
        First.GetOrAdd((name, LayoutOf(name, layout)), key => new(() => Compute(key.Item1, key.Item2))).Value;

    /// <summary>The goldens' network after ten steps on ten batches, and the loss before each; not to be changed.</summary>
    public static (Golden Golden, OracleNetwork Network, double[] Losses) AfterTenSteps(string name, string optimizer,
        TrainingLayout? layout = null) =>
        Trained.GetOrAdd((name, optimizer, LayoutOf(name, layout)), key => new(() => Train(key.Item1, key.Item2, key.Item3))).Value;

    /// <summary>A network that names no layout has one, too, and is not computed again for it.</summary>
    private static TrainingLayout LayoutOf(string name, TrainingLayout? layout) => layout ?? Golden.NetworkOf(name).Layout;

    private static FirstBatch Compute(string name, TrainingLayout layout)
    {
        Golden golden = Golden.Read(name);
        OracleNetwork network = Golden.NetworkOf(name, layout);
        float[] inputs = golden.Inputs(0, network.Input.Length);
        int[] targets = golden.Targets(0);
        var gradients = new GradientSums(network);
        var outputs = new Numbers[golden.Batch];
        var loss = new Sums(1);
        for (int n = 0; n < golden.Batch; n++)
        {
            Pass pass = network.Forward(inputs.AsSpan(n * network.Input.Length, network.Input.Length), training: true, n);
            var target = new Target(targets[n], []);
            outputs[n] = pass.Output;
            (double value, double variance) = network.Loss(pass, target, golden.Batch);
            loss.Add(0, value, variance);
            network.Backward(pass, target, golden.Batch, gradients);
        }

        var mean = new Numbers(1);
        loss.Store(mean);
        return new FirstBatch(golden, network, inputs, targets, outputs, mean, gradients.Result());
    }

    private static (Golden Golden, OracleNetwork Network, double[] Losses) Train(string name, string optimizer, TrainingLayout layout)
    {
        Golden golden = Golden.Read(name);
        OracleNetwork network = Golden.NetworkOf(name, layout);
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

/// <summary>Outputs by sample, mean loss and gradients of the first batch, as the oracle has them; not to be changed.</summary>
internal sealed record FirstBatch(
    Golden Golden, OracleNetwork Network, float[] Inputs, int[] Targets, Numbers[] Outputs, Numbers Loss, IReadOnlyList<Numbers> Gradients);
