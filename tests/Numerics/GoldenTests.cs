using System;
using System.Linq;
using Strata.Numerics.Tests.Oracle;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>
/// Compiled networks against PyTorch in double precision. How far single precision may be off is the oracle's estimate for
/// each element (<see cref="Numbers"/>), carried through all ten steps and both optimizers.
/// </summary>
public class GoldenTests
{
    private static readonly string[] Names = ["lenet5", "net", "residual", "inception"];

    public static TheoryData<string, Isa> NetworksAndTiers => [.. from name in Names from isa in Tiers.Supported select (name, isa)];

    public static TheoryData<string, TrainingLayout, Isa> NetworksAndLayouts =>
        [.. from name in Names from layout in new[] { TrainingLayout.SampleLanes, TrainingLayout.Blocked } from isa in Tiers.Supported
            select (name, layout, isa)];

    [Theory]
    [MemberData(nameof(NetworksAndTiers))]
    public void Outputs_are_those_of_PyTorch(string name, Isa isa)
    {
        FirstBatch first = Reference.FirstBatchOf(name);
        OracleNetwork oracle = first.Network;
        using CompiledNetwork network = NetworkCompiler.Compile(oracle).Create(oracle, isa);
        float[] outputs = new float[first.Golden.Batch * 10];
        network.Forward(first.Inputs, outputs);
        for (int n = 0; n < first.Golden.Batch; n++)
        {
            Numbers expected = first.Outputs[n].Clone();
            first.Golden.Outputs.AsSpan(n * 10, 10).CopyTo(expected.Value);
            Compare.Equal(expected, outputs.AsSpan(n * 10, 10), $"output of sample {n}");

            // And alone, which takes other kernels.
            float[] alone = new float[10];
            network.Forward(first.Inputs.AsSpan(n * oracle.Input.Length, oracle.Input.Length), alone);
            Compare.Equal(expected, alone, $"output of sample {n} alone");
        }
    }

    [Theory]
    [MemberData(nameof(NetworksAndLayouts))]
    public void Loss_and_gradients_are_those_of_PyTorch(string name, TrainingLayout layout, Isa isa)
    {
        FirstBatch first = Reference.FirstBatchOf(name, layout);
        OracleNetwork oracle = first.Network;
        Golden golden = first.Golden;
        using CompiledNetwork network = NetworkCompiler.Compile(oracle).Create(oracle, isa);
        using var trainer = (ClassificationTrainer)CompiledType.CreateTrainer(network, golden.Batch, new Sgd(Golden.SgdRate));
        float loss = trainer.ComputeGradients(first.Inputs, first.Targets);
        Assert.Equal(golden.Loss, loss, first.Loss.Tolerance(0) + (Numbers.U * golden.Loss));
        for (int k = 0; k < oracle.Parameters.Count; k++)
        {
            float[] gradient = new float[oracle.Parameters[k].Length];
            trainer.CopyGradientTo(network.Parameters[k], gradient);
            golden.Gradients[oracle.Parameters[k].Key].Check(
                [.. gradient.Select(g => (double)g)], first.Gradients[k].Tolerance, $"gradient of {oracle.Parameters[k].Key}");
        }
    }

    [Theory]
    [MemberData(nameof(NetworksAndLayouts))]
    public void Weights_after_ten_SGD_steps_are_those_of_PyTorch(string name, TrainingLayout layout, Isa isa) =>
        CheckTraining(name, layout, isa, "sgd", new Sgd(Golden.SgdRate) { Momentum = Golden.SgdMomentum });

    [Theory]
    [MemberData(nameof(NetworksAndLayouts))]
    public void Weights_after_ten_Adam_steps_are_those_of_PyTorch(string name, TrainingLayout layout, Isa isa) =>
        CheckTraining(name, layout, isa, "adam", new Adam(Golden.AdamRate));

    private static void CheckTraining(string name, TrainingLayout layout, Isa isa, string optimizer, Optimizer rule)
    {
        (Golden golden, OracleNetwork estimate, _) = Reference.AfterTenSteps(name, optimizer, layout);
        OracleNetwork start = Golden.NetworkOf(name, layout);
        GoldenTraining expected = optimizer == "sgd" ? golden.Sgd : golden.Adam;
        using CompiledNetwork network = NetworkCompiler.Compile(start).Create(start, isa, threads: 2);
        Assert.Equal(layout == TrainingLayout.Blocked, network.Program.TrainingSampleLength > 0);
        using var trainer = (ClassificationTrainer)CompiledType.CreateTrainer(network, golden.Batch, rule);
        for (int step = 0; step < Golden.Steps; step++)
        {
            float loss = trainer.Step(golden.Inputs(step, start.Input.Length), golden.Targets(step));

            // A loss is a sum of about a thousand roundings of numbers near 1, after weights that are off by less.
            Assert.Equal(expected.Losses[step], loss, 1e-5);
        }

        for (int k = 0; k < start.Parameters.Count; k++)
        {
            float[] weights = new float[start.Parameters[k].Length];
            network.Parameters[k].CopyTo(weights);
            Numbers estimated = estimate.Weights[k];
            expected.Weights[start.Parameters[k].Key].Check(
                [.. weights.Select(w => (double)w)], i => estimated.Tolerance(i), $"{start.Parameters[k].Key} after ten steps");
        }
    }
}
