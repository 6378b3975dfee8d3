using System;
using System.Linq;
using Strata.Numerics.Tests.Oracle;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>Softmax and cross-entropy far outside the range of the exponential.</summary>
public class StabilityTests
{
    public static TheoryData<Isa, bool> TiersWithAndWithoutSoftmax
    {
        get
        {
            var data = new TheoryData<Isa, bool>();
            foreach (Isa isa in Tiers.Supported)
            {
                data.Add(isa, true);
                data.Add(isa, false);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(TiersWithAndWithoutSoftmax))]
    public void Logits_of_10000_give_the_right_loss_and_gradients(Isa isa, bool softmax)
    {
        // An identity in front, so that the inputs are the logits.
        const int Classes = 5;
        OracleNetwork oracle = new(
            Extents.Vector(Classes),
            [new Dense(Classes, Bias: false), .. softmax ? new Layer[] { new Softmax() } : []],
            Objective.CrossEntropy,
            inputGradient: true);
        for (int i = 0; i < Classes; i++)
        {
            oracle.Weights[0].Value[i * (Classes + 1)] = 1;
        }

        float[][] logits =
        [
            [1e4f, -1e4f, 0, 5, 1e4f],
            [-1e4f, -1e4f, -1e4f, -1e4f, -1e4f],
            [1e4f, 1e4f, 1e4f, 1e4f, 1e4f],
            [0, 1e4f, -1e4f, 0, 0],
            [-1e4f, 88, 89, -88, -104],
        ];
        int[] targets = [0, 2, 4, 2, 1];
        double[] losses = [Math.Log(2), Math.Log(5), Math.Log(5), 2e4, Math.Log(1 + Math.E)];
        using CompiledNetwork network = NetworkCompiler.Compile(oracle).Create(oracle, isa);
        using var trainer = (ClassificationTrainer)CompiledType.CreateTrainer(network, 32, new Sgd(0));
        for (int copies = 1; copies <= 5; copies += 4)
        {
            for (int n = 0; n < logits.Length; n++)
            {
                // Alone and five times over.
                float[] inputs = [.. Enumerable.Repeat(logits[n], copies).SelectMany(v => v)];
                int[] classes = [.. Enumerable.Repeat(targets[n], copies)];
                float loss = trainer.Step(inputs, classes);
                Assert.Equal(losses[n], loss, 1e-6 * Math.Max(losses[n], 1));

                float[] outputs = new float[inputs.Length];
                network.Forward(inputs, outputs);
                Pass pass = oracle.Forward(logits[n]);
                for (int i = 0; i < outputs.Length; i++)
                {
                    Assert.Equal(pass.Output.Value[i % Classes], outputs[i], 1e-6);
                }

                // The loss's own gradient of the weights, which are the identity: (p − 1) of each logit times the logits.
                var sums = new GradientSums(oracle);
                oracle.Backward(pass, new Target(targets[n], []), 1, sums);
                trainer.ComputeGradients(inputs, classes);
                float[] gradient = new float[Classes * Classes];
                trainer.CopyGradientTo(network.Parameters[0], gradient);
                Compare.Equal(sums.Result()[0], gradient, "gradient");
            }
        }

        // Mixed in one batch.
        float mean = trainer.ComputeGradients([.. logits.SelectMany(v => v)], targets);
        Assert.Equal(losses.Average(), mean, 1e-6 * losses.Average());
    }

    [Theory]
    [MemberData(nameof(TiersWithAndWithoutSoftmax))]
    public void Evaluation_of_logits_of_10000_is_finite(Isa isa, bool softmax)
    {
        OracleNetwork oracle = new(
            Extents.Vector(2), [new Dense(2, Bias: false), .. softmax ? new Layer[] { new Softmax() } : []], Objective.CrossEntropy);
        oracle.Weights[0].Value[0] = oracle.Weights[0].Value[3] = 1;
        using CompiledNetwork network = NetworkCompiler.Compile(oracle).Create(oracle, isa);
        using var trainer = (ClassificationTrainer)CompiledType.CreateTrainer(network, 4, new Sgd(0.1));
        ClassificationMetrics metrics = trainer.Evaluate(new float[] { 1e4f, -1e4f, -1e4f, 1e4f, 1e4f, 1e4f }, new[] { 0, 1, 1 });
        Assert.True(double.IsFinite(metrics.Loss));
        Assert.Equal(Math.Log(2) / 3, metrics.Loss, 1e-6);
        Assert.Equal(2.0 / 3, metrics.Accuracy, 1e-9);
    }

    [Theory]
    [MemberData(nameof(TiersWithAndWithoutSoftmax))]
    public void Smoothed_and_weighted_logits_of_10000_give_the_right_loss_and_gradients(Isa isa, bool softmax)
    {
        var objective = new CrossEntropyObjective(0.25, 0.5, 2, 1);
        OracleNetwork oracle = Identity(3, objective, softmax ? new Softmax() : null);
        using CompiledNetwork network = NetworkCompiler.Compile(oracle).Create(oracle, isa);
        using var trainer = (ClassificationTrainer)CompiledType.CreateTrainer(network, 4, new Sgd(0));
        float[] logits = [1e4f, -1e4f, 0];
        for (int t = 0; t < 3; t++)
        {
            Target[] targets = [new Target(t, [])];
            Pass pass = oracle.Forward(logits);
            double divisor = objective.Divisor(targets);
            (double value, _) = oracle.Loss(pass, targets[0], divisor);
            var sums = new GradientSums(oracle);
            oracle.Backward(pass, targets[0], divisor, sums);
            Assert.Equal(value, trainer.ComputeGradients(logits, [t]), 1e-6 * value);
            float[] gradient = new float[9];
            trainer.CopyGradientTo(network.Parameters[0], gradient);
            Compare.Equal(sums.Result()[0], gradient, "gradient");
        }
    }

    [Theory]
    [MemberData(nameof(TiersWithAndWithoutSoftmax))]
    public void Binary_cross_entropy_of_logits_of_10000_is_right(Isa isa, bool sigmoid)
    {
        OracleNetwork oracle = Identity(1, new BinaryCrossEntropyObjective(), sigmoid ? new Sigmoid() : null);
        using CompiledNetwork network = NetworkCompiler.Compile(oracle).Create(oracle, isa);
        using var trainer = (RegressionTrainer)CompiledType.CreateTrainer(network, 4, new Sgd(0));
        (float Logit, float Target, double Loss, double Slope)[] cases =
        [
            (1e4f, 1, 0, 0), (1e4f, 0, 1e4, 1), (-1e4f, 0, 0, 0), (-1e4f, 1, 1e4, -1), (1e4f, 0.25f, 7.5e3, 0.75),
            (0, 0.5f, Math.Log(2), 0), (20, 1, Math.Exp(-20), 0), (-20, 0, Math.Exp(-20), Math.Exp(-20)), (-80, 1, 80, -1),
        ];
        foreach ((float logit, float target, double expected, double slope) in cases)
        {
            Assert.Equal(expected, trainer.ComputeGradients([logit], [target]), 1e-6 * expected);
            float[] gradient = new float[1];
            trainer.CopyGradientTo(network.Parameters[0], gradient);
            Assert.Equal(slope * logit, gradient[0], 1e-5 * Math.Max(1e-3, Math.Abs(slope * logit)));

            // A probability of 0 or 1 hides its logit: PyTorch's BCELoss takes 100 then.
            double evaluated = trainer.Evaluate(new[] { logit }, new[] { target }).Loss;
            double visible = sigmoid && Math.Abs(logit) > 50 ? Math.Min(expected, 100 * Math.Abs(target - (logit > 0 ? 1 : 0))) : expected;
            Assert.Equal(visible, evaluated, Math.Max(1e-5, 1e-5 * visible));
        }
    }

    /// <summary>An identity in front, so that the inputs are the logits.</summary>
    private static OracleNetwork Identity(int outputs, Objective objective, Layer? behind)
    {
        OracleNetwork oracle = new(
            Extents.Vector(outputs), [new Dense(outputs, Bias: false), .. behind is null ? Array.Empty<Layer>() : [behind]], objective,
            inputGradient: true);
        for (int i = 0; i < outputs; i++)
        {
            oracle.Weights[0].Value[i * (outputs + 1)] = 1;
        }

        return oracle;
    }

    [Theory]
    [InlineData(10_000, 1)]
    [InlineData(1_003, 6)]
    public void Thousands_of_equal_logits_lose_nothing(int classes, int pixels)
    {
        Extents input = pixels == 1 ? Extents.Vector(classes) : Extents.Sequence(classes, pixels);
        var oracle = new OracleNetwork(input, [new Softmax()], Objective.CrossEntropy);
        foreach (Isa isa in Tiers.Supported)
        {
            using CompiledNetwork network = NetworkCompiler.Compile(oracle).Create(isa, threads: 1);
            using var trainer = (ClassificationTrainer)CompiledType.CreateTrainer(network, 3, new Sgd(0));
            float[] inputs = new float[3 * input.Length], outputs = new float[inputs.Length], alone = new float[input.Length];
            network.Forward(inputs, outputs);
            network.Forward(inputs.AsSpan(0, input.Length), alone);

            // One rounding of the quotient, one of the product.
            Assert.All(outputs.Concat(alone), p => Assert.Equal(1.0 / classes, p, 2.0 * Numbers.U / classes));
            Assert.Equal(Math.Log(classes), trainer.ComputeGradients(inputs, new int[3 * pixels]), 2e-6);
        }
    }
}
