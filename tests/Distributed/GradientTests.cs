using System;
using System.Linq;
using Strata.Training;

namespace Strata.Distributed.Tests;

/// <summary>Gradients can be read and written between their computation and the update.</summary>
public sealed class GradientTests
{
    private const int Samples = 21;

    public static TheoryData<Isa> EachTier => Data.EachTier;

    [Theory]
    [MemberData(nameof(EachTier))]
    public void An_update_uses_the_gradients_that_were_written_back(Isa tier)
    {
        using var network = new Regression(new NetworkOptions { Seed = 1, Isa = tier, Threads = 2 });
        using var twin = new Regression(new NetworkOptions { Seed = 1, Isa = tier, Threads = 2 });
        float[] inputs = Data.Inputs(Samples, Regression.InputLength), targets = Data.Inputs(Samples, Regression.OutputLength);

        // Half the rate times twice the gradient has the bits of the rate times the gradient.
        using RegressionTrainer half = network.CreateTrainer(Samples, new Sgd(0.25)), whole = twin.CreateTrainer(Samples, new Sgd(0.5));
        for (int step = 0; step < 3; step++)
        {
            whole.Step(inputs, targets);
            half.ComputeGradients(inputs, targets);
            foreach (Parameter parameter in network.Parameters.Where(parameter => parameter.IsTrainable))
            {
                float[] gradient = new float[parameter.Length];
                half.CopyGradientTo(parameter, gradient);
                half.CopyGradientFrom(parameter, Array.ConvertAll(gradient, value => 2 * value));
            }

            half.Update();
            Assert.Equal(Data.ParametersOf(twin), Data.ParametersOf(network));
        }
    }

    [Fact]
    public void Gradients_that_are_written_back_are_clipped_and_read_again()
    {
        using var network = new Regression(new NetworkOptions { Seed = 1, Threads = 1 });
        using RegressionTrainer trainer = network.CreateTrainer(Samples, new Sgd(1) { ClipValue = 0.5 });
        trainer.ComputeGradients(Data.Inputs(Samples, Regression.InputLength), Data.Inputs(Samples, Regression.OutputLength));
        Parameter bias = network.FindParameter("dense2.bias")!;
        float[] before = new float[3], after = new float[3], read = new float[3];
        bias.CopyTo(before);
        trainer.CopyGradientFrom(bias, [0.25f, -4, 8]);
        trainer.CopyGradientTo(bias, read);
        Assert.Equal([0.25f, -4, 8], read);
        trainer.Update();
        bias.CopyTo(after);
        Assert.Equal([before[0] - 0.25f, before[1] + 0.5f, before[2] - 0.5f], after);
    }

    [Fact]
    public void Gradients_that_do_not_fit_or_that_nobody_waits_for_are_refused()
    {
        using var network = new Residual(1);
        using var other = new Residual(1);
        using ClassificationTrainer trainer = network.CreateTrainer(Samples, new Sgd(0.1));
        Parameter bias = network.FindParameter("dense1.bias")!, mean = network.Parameters.First(parameter => !parameter.IsTrainable);
        Assert.Contains(
            "no gradients that were not yet used",
            Assert.Throws<InvalidOperationException>(() => trainer.CopyGradientFrom(bias, new float[5])).Message, StringComparison.Ordinal);
        trainer.ComputeGradients(Data.Inputs(Samples, Residual.InputLength), Data.Classes(Samples, 5, ignored: 9));
        Assert.Contains(
            "The gradient of 'dense1.bias' has 5 elements, but 6 were given.",
            Assert.Throws<ArgumentException>(() => trainer.CopyGradientFrom(bias, new float[6])).Message, StringComparison.Ordinal);
        Assert.Contains(
            "has no gradient",
            Assert.Throws<ArgumentException>(() => trainer.CopyGradientFrom(mean, new float[mean.Length])).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "is a parameter of another network",
            Assert.Throws<ArgumentException>(() => trainer.CopyGradientFrom(other.Parameters[0], [])).Message, StringComparison.Ordinal);
    }
}
