using System;
using System.Linq;
using Strata.Training;
using Xunit;

namespace Strata.Runtime.Tests;

/// <summary>Updates at the ends of the range of floats. They are right, or they are refused and change nothing.</summary>
public class OverflowTests
{
    public static TheoryData<string> Refused => [.. Cases.Where(c => c.State is not null).Select(c => c.Name)];

    public static TheoryData<string> Right => [.. Cases.Where(c => c.State is null).Select(c => c.Name)];

    // The state is what the message names; null where the update is right.
    private static readonly Case[] Cases =
    [
        new("RMSProp 2e20", () => new RMSProp(), 2e20f, "square_avg"),
        new("RMSProp 1e20", () => new RMSProp(), 1e20f, null),
        new("centred RMSProp 2e20", () => new RMSProp { Centered = true }, 2e20f, "square_avg"),
        new("RMSProp with momentum 3e37", () => new RMSProp { Momentum = 0.9 }, 3e37f, "square_avg"),
        new("RMSProp with a tiny epsilon", () => new RMSProp { Epsilon = 1e-37 }, 1f, null),
        new("Adam 2e36", () => new Adam(), 2e36f, "exp_avg_sq"),
        new("Adam 6e20", () => new Adam(), 6e20f, "exp_avg_sq"),
        new("Adam 3e20", () => new Adam(), 3e20f, null),
        new("AdamW 2e36", () => new AdamW(), 2e36f, "exp_avg_sq"),
        new("Adam with a rate beyond floats", () => new Adam(1e39), 1f, ""),
        new("AdamW that shrinks beyond floats", () => new AdamW(1e20) { WeightDecay = 1e20 }, 1f, ""),
        new("Adam with a penalty beyond floats", () => new Adam { WeightDecay = 1e38 }, 1f, "exp_avg_sq"),
        new("SGD 2e38 with rate 10", () => new Sgd(10), 2e38f, ""),
        new("SGD 2e38 with rate 0.1", () => new Sgd(0.1), 2e38f, null),
        new("SGD with a rate beyond floats", () => new Sgd(1e39), 1f, ""),
        new("SGD with a penalty beyond floats", () => new Sgd(0.1) { WeightDecay = 3e38 }, 1f, "", Step: 1),
        new("SGD with momentum", () => new Sgd(1e-3) { Momentum = 0.9 }, 3e38f, "momentum_buffer", Step: 1),
        new("SGD with Nesterov's momentum", () => new Sgd(1e-3) { Momentum = 0.9, Nesterov = true }, 2e38f, ""),
        new("clipped by the norm", () => new RMSProp { ClipNorm = 1 }, 2e38f, null),
        new("clipped by a tiny norm", () => new Sgd(1e30) { ClipNorm = 1e-30 }, 2e38f, null),
        new("clipped by value", () => new Adam { ClipValue = 0.5 }, 2e38f, null),
        new("a rate of a group beyond floats", () => new Sgd(1) { Groups = [new ParameterGroup("*") { RateMultiplier = 1e39 }] }, 1f, ""),
    ];

    [Theory]
    [MemberData(nameof(Refused))]
    public void An_update_that_would_overflow_is_refused_and_changes_nothing(string name)
    {
        Case @case = Cases.Single(c => c.Name == name);
        using var network = new LinearNetwork();
        using var trainer = new RegressionTrainer(network, 1, @case.Optimizer());
        int good = 0;
        for (; good < @case.Step; good++)
        {
            Step(trainer, @case.Gradient);
        }

        float[] before = [.. network.Values(0), .. network.Values(1)], state = StateOf(trainer);
        for (int i = 0; i < 2; i++)
        {
            var e = Assert.Throws<TrainingException>(() => Step(trainer, @case.Gradient));
            string what = @case.State!.Length > 0 ? $"'{@case.State}' of parameter 'dense1.bias'" : "parameter 'dense1.bias'";
            Assert.StartsWith(
                $"Training of Linear stopped after {good} update{(good == 1 ? "" : "s")}: "
                + $"the next one would make {what} of layer 'dense1' ", e.Message,
                StringComparison.Ordinal);
            Assert.Equal(("dense1", (long)good), (e.Layer, e.Step));
            Assert.Equal(before, (float[])[.. network.Values(0), .. network.Values(1)]);
            Assert.Equal(state, StateOf(trainer));
            Assert.Equal(good, trainer.Steps);
            Assert.Throws<InvalidOperationException>(trainer.Update);
        }
    }

    [Theory]
    [MemberData(nameof(Right))]
    public void A_large_update_that_fits_is_done(string name)
    {
        Case @case = Cases.Single(c => c.Name == name);
        using var network = new LinearNetwork();
        using var trainer = new RegressionTrainer(network, 1, @case.Optimizer());
        float[] before = network.Values(1);
        for (int i = 0; i < 3; i++)
        {
            Step(trainer, @case.Gradient);
            float[] after = network.Values(1);
            Assert.All(after, value => Assert.True(float.IsFinite(value)));
            Assert.All(StateOf(trainer), value => Assert.True(float.IsFinite(value)));
            Assert.NotEqual(before, after);
            before = after;
        }
    }

    [Fact]
    public void What_was_refused_may_be_clipped_and_trained_further()
    {
        using var network = new LinearNetwork();
        using var trainer = new RegressionTrainer(network, 1, new Adam(0.5));
        Step(trainer, 1);
        Assert.Throws<TrainingException>(() => Step(trainer, 1e30f));
        using var same = new LinearNetwork();
        using var undisturbed = new RegressionTrainer(same, 1, new Adam(0.5));
        Step(undisturbed, 1);
        Step(undisturbed, 1);
        Step(trainer, 1);
        Assert.Equal(same.Values(1), network.Values(1));
    }

    [Fact]
    public void A_parameter_at_the_edge_is_seen_after_it_was_set_from_outside()
    {
        using var network = new LinearNetwork();
        using var trainer = new RegressionTrainer(network, 1, new Sgd(0.1));
        Step(trainer, 1);
        network.Bias.CopyFrom([3.4e38f, 0, 0, 0, 0]);
        Assert.Throws<TrainingException>(() => Step(trainer, -1e37f));
        Assert.Equal(3.4e38f, network.Values(1)[0]);
        Step(trainer, 1e37f);
        Assert.True(network.Values(1)[0] < 3.4e38f);
    }

    [Fact]
    public void An_optimizer_remembers_nothing_negative_where_squares_are()
    {
        using var network = new LinearNetwork();
        using var trainer = new RegressionTrainer(network, 1, new Adam());
        Step(trainer, 1);

        // As a damaged checkpoint might.
        Span<float> state = StateSpan(trainer);
        state[(state.Length / 2) + network.Bias.Layout.Offset] = -1;
        network.Bias.CopyFrom(network.Values(1));
        var e = Assert.Throws<TrainingException>(() => Step(trainer, 1e-6f));
        Assert.Contains("parameter 'dense1.bias' of layer 'dense1' NaN", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Averages_of_large_numbers_are_right()
    {
        using var network = new LinearNetwork();
        network.Bias.CopyFrom([3e38f, -3e38f, 1, 0, -0.5f]);
        using var average = new ExponentialMovingAverage(network, 0.5);
        network.Bias.CopyFrom([-3e38f, 3e38f, 1, 0, 0.5f]);
        average.Update();
        average.Swap();

        // d = min(0.5, 2/11): 3e38·2/11 − 3e38·9/11.
        float[] expected = [-3e38f * 7 / 11, 3e38f * 7 / 11, 1, 0, 0.5f * 7 / 11];
        Assert.All(network.Values(1), (value, i) => Assert.Equal(expected[i], value, Math.Abs(expected[i]) * 1e-6));
    }

    [Fact]
    public void A_limit_that_no_float_holds_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>("ClipValue", () => new Sgd(1) { ClipValue = 1e-50 });
        _ = new Sgd(1) { ClipValue = 1e300 };
    }

    [Fact]
    public void Gradients_are_scaled_as_the_limit_of_their_norm_says()
    {
        foreach ((double limit, float gradient) in ((double, float)[])[(1, 3), (1e-7, 5e-8f), (1e-30, 1e30f)])
        {
            using var network = new LinearNetwork();
            network.Bias.CopyFrom(new float[LinearNetwork.Outputs]);
            using var trainer = new RegressionTrainer(network, 1, new Sgd(1) { ClipNorm = limit });
            Step(trainer, gradient);
            double norm = gradient * Math.Sqrt(LinearNetwork.Outputs), scale = double.Min(1, limit / (norm + 1e-6));
            Assert.All(network.Values(1), value => Assert.Equal(-gradient * scale, value, gradient * scale * 1e-6));
        }
    }

    /// <summary>A step whose gradients are those of the biases alone.</summary>
    private static void Step(Trainer trainer, float gradient)
    {
        float[] outputs = new float[LinearNetwork.Outputs];
        trainer.Forward(new float[LinearNetwork.Inputs], outputs);
        trainer.Backward([.. outputs.Select(_ => gradient)]);
        trainer.Update();
    }

    private static float[] StateOf(Trainer trainer) => [.. StateSpan(trainer)];

    private static unsafe Span<float> StateSpan(Trainer trainer)
    {
        AlignedMemory state = trainer.State.Optimizer;
        return state.Length == 0 ? [] : new Span<float>(state.Pointer, (int)state.Length);
    }

    private sealed record Case(string Name, Func<Optimizer> Optimizer, float Gradient, string? State, int Step = 0);
}
