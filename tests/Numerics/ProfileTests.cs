using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using Strata.CompilerServices;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>What <c>Trainer.Profile</c> tells of networks in both layouts of training.</summary>
public class ProfileTests
{
    private const string Layers = """
        [Input(3, 24, 16), Conv2D(32, 3, Padding = 1, Bias = false), BatchNorm, ReLU, MaxPool2D(2)]
        [Conv2D(32, 3, Padding = 1), ReLU, Flatten, Dense(10), CrossEntropy]
        """;

    private static readonly string[] Variants = ["Lanes", "Blocks", "Tiny"];

    private static readonly CompiledNetworks Types = NetworkCompiler.Compile(
        [
            .. from profile in new[] { true, false }
               from declaration in new[]
               {
                   $"[Network(TrainingLayout = TrainingLayout.SampleLanes, PROFILE)] {Layers} public partial class Lanes",
                   $"[Network(TrainingLayout = TrainingLayout.Blocked, PROFILE)] {Layers} public partial class Blocks",
                   "[Network(PROFILE), Input(3), Dense(10), ReLU, Dense(10), CrossEntropy] public partial class Tiny",
                   "[Network(Winograd = false, TrainingLayout = TrainingLayout.Blocked, PROFILE), Input(32, 6, 5), Conv2D(32, 1), Tanh, "
                   + "Conv2D(48, 3, Padding = 1), BatchNorm, Flatten, Dense(10), CrossEntropy] public partial class Counted",
               }
               select declaration.Replace("PROFILE", $"Profile = {(profile ? "true" : "false")}", StringComparison.Ordinal)
                   + (profile ? "Profiled;" : ";"),
        ],
        "Profiles");

    public static TheoryData<Isa, string> TiersAndVariants =>
        [.. from isa in Tiers.Supported from variant in Variants select (isa, variant)];

    [Theory]
    [MemberData(nameof(TiersAndVariants))]
    public void Each_step_has_a_layer_and_the_times_add_up(Isa isa, string variant)
    {
        using CompiledNetwork network = Types[variant + "Profiled"].Create(isa, threads: 1);
        using var trainer = (ClassificationTrainer)Trainer.For(network, 24, new Sgd(0.01));
        (float[] x, int[] y) = Data(network, 24);
        trainer.Step(x, y);
        TrainingProfile profile;
        double elapsed;
        int attempts = 0;
        do
        {
            trainer.ResetProfile();
            Assert.Equal((0, 0.0), (trainer.Profile().Batches, trainer.Profile().Total));
            var clock = Stopwatch.StartNew();
            for (int i = 0; i < 5; i++)
            {
                trainer.Step(x, y);
            }

            elapsed = clock.Elapsed.TotalMilliseconds / 5;
            profile = trainer.Profile();
            Assert.Equal(5, profile.Batches);
            Assert.InRange(profile.Total, 0, elapsed);
            attempts++;
        }
        while (variant != "Tiny" && profile.Total < elapsed / 3 && attempts < 50);

        // Of a tiny network most is the call itself. Of others most are steps, but where the machine gave others the processor in
        // between: not each time.
        Assert.InRange(profile.Total, variant == "Tiny" ? 0 : elapsed / 3, elapsed);
        string[] layers = variant == "Tiny" ? ["dense1 + relu1", "dense2"] : ["conv1", "bn1 + relu1", "pool1", "conv2 + relu2", "dense1"];
        foreach (string layer in layers)
        {
            LayerProfile row = Assert.Single(profile.Layers, l => l.Layer.Contains(layer.Split(' ')[0], StringComparison.Ordinal));
            Assert.True(row.Forward > 0, $"{row}: no forward");
            Assert.True(row.Bytes > 0, $"{row}: no bytes");
            bool hasWeights = !row.Layer.StartsWith("pool", StringComparison.Ordinal);
            Assert.True(row.Total > row.Forward, $"{row}: no backward");
            Assert.True(hasWeights || row.BackwardWeights == 0, $"{row}: weights");
        }

        // A convolution's gradients of weights are a step of their own; the first layer has no gradient of its input.
        if (variant != "Tiny")
        {
            LayerProfile second = profile.Layers.Single(l => l.Layer.StartsWith("conv2", StringComparison.Ordinal));
            Assert.True(second is { BackwardData: > 0, BackwardWeights: > 0 }, second.ToString());
        }

        Assert.True(profile is { Loss: > 0, Update: > 0 }, profile.ToString());
        string text = profile.ToString();
        Assert.Equal(3 + profile.Layers.Count + 3, text.Split('\n').Length);
        Assert.Single(text.Split('\n').Skip(1).Select(line => line.Length).Distinct());
        Assert.All(profile.Layers.Where(l => l.Layer.Length > 0), l => Assert.Contains($"\n{l.Layer}", text, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void Bytes_are_those_of_tensors_and_parameters(Isa isa)
    {
        int lanes = isa.Lanes(), weights = (10 + lanes - 1) / lanes * lanes;
        foreach (int samples in new[] { 3, lanes + 1 })
        {
            int blocks = samples > lanes ? 2 : 1;

            // Lanes: forward, the gradient of the bias, the result's gradient sample by sample (cleared, then moved), and the product of it
            // and the input.
            long ofDense = blocks * ((3 * lanes) + (4 * weights) + (10 * lanes)
                + (10 * lanes) + weights
                + (weights * lanes) + (10 * lanes) + (weights * lanes)
                + (3 * lanes) + (weights * lanes));
            Assert.Equal(sizeof(float) * (ofDense + (3 * weights)), BytesOf("Tiny", "dense1 + relu1", samples));

            // Blocks: input and gradient with zeros around them, result, filters.
            const long X = 8 * 7 * 32, Y = 6 * 5 * 48, G = 8 * 7 * 48, W = 9 * 32 * 48;
            long ofSample = (X + Y + W + 48) + (G + Y + G) + G + (X + G) + (G + W + (6 * 5 * 32) + X), ofBlock = 48 + W + (2 * W);
            Assert.Equal(sizeof(float) * ((samples * ofSample) + (blocks * ofBlock)), BytesOf("Counted", "conv2", samples));
        }

        double BytesOf(string variant, string layer, int samples)
        {
            using CompiledNetwork network = Types[variant + "Profiled"].Create(isa, threads: 1);
            using var trainer = (ClassificationTrainer)Trainer.For(network, samples, new Sgd(0.01));
            (float[] x, int[] y) = Data(network, samples);
            trainer.Step(x, y);
            trainer.Step(x, y);
            return trainer.Profile().Layers.Single(row => row.Layer == layer).Bytes;
        }
    }

    [Theory]
    [MemberData(nameof(TiersAndVariants))]
    public void Measuring_changes_no_bit(Isa isa, string variant)
    {
        float[] plain = Train(Types[variant], isa, threads: 1);
        foreach (int threads in new[] { 1, 2, 3 })
        {
            Compare.SameBits(plain, Train(Types[variant + "Profiled"], isa, threads), $"{threads} threads");
        }
    }

    [Theory]
    [MemberData(nameof(TiersAndVariants))]
    public void Programs_say_what_each_of_their_steps_computes(Isa isa, string variant)
    {
        NetworkProgram program = Types[variant + "Profiled"].Program(isa);
        IReadOnlyList<ProfiledStep> steps = program.ProfiledSteps;
        int parts = program.TrainingSteps.Length;
        Assert.Equal(program.DenseGradients.Count, steps.Count - parts);
        Assert.All(steps.Take(parts), step => Assert.False(step.IsOfBatch));
        Assert.All(steps.Skip(parts), step => Assert.Equal((true, ProfiledPhase.BackwardWeights), (step.IsOfBatch, step.Phase)));
        Assert.All(steps.Take(parts).Select((step, i) => (step, i)),
            s => Assert.Equal(s.i < program.ForwardSteps, s.step.Phase == ProfiledPhase.Forward));
        Assert.Empty(Types[variant].Program(isa).ProfiledSteps);
    }

    [Fact]
    public void A_network_that_is_not_profiled_says_how()
    {
        using CompiledNetwork network = Types["Tiny"].Create();
        using Trainer trainer = Trainer.For(network, 1, new Sgd(0.01));
        Assert.Contains("[Network(Profile = true)]", Assert.Throws<InvalidOperationException>(trainer.Profile).Message,
            StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(trainer.ResetProfile);
    }

    private static float[] Train(CompiledType type, Isa isa, int threads)
    {
        using CompiledNetwork network = type.Create(isa, threads, seed: 3);
        using var trainer = (ClassificationTrainer)Trainer.For(network, 19, new Sgd(0.05));
        (float[] x, int[] y) = Data(network, 19);
        trainer.Step(x, y);
        trainer.Step(x, y);
        return [.. network.Parameters.SelectMany(parameter =>
        {
            float[] values = new float[parameter.Length];
            parameter.CopyTo(values);
            return values;
        })];
    }

    private static (float[] Inputs, int[] Classes) Data(CompiledNetwork network, int samples) =>
        (Oracle.Formula.Uniforms(5, samples * network.InputLength),
            [.. Enumerable.Range(0, samples).Select(n => Oracle.Formula.Class(6, n, 10))]);
}
