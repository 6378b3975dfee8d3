using System;
using System.Linq;
using System.Threading;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>Averages of the parameters of compiled networks, which are packed, and so many that threads share them.</summary>
public class MovingAverageTests
{
    private const int Batch = 6;

    private const double Decay = 0.7;

    private static readonly CompiledType Network = NetworkCompiler.Compile(
        ["[Network, Input(2, 9, 7), Conv2D(24, 3, Padding = 1, Bias = false), BatchNorm, ReLU, Flatten, Dense(60), ReLU, Dense(5), "
            + "CrossEntropy] public partial class Averaged;"],
        "MovingAverages")["Averaged"];

    public static TheoryData<Isa> AllTiers => Tiers.All;

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void All_parameters_and_running_statistics_follow_the_formula(Isa isa)
    {
        using CompiledNetwork network = Network.Create(isa, seed: 4);
        using var trainer = (ClassificationTrainer)Trainer.For(network, Batch, new Sgd(0.05));
        using var average = new ExponentialMovingAverage(network, Decay);
        (float[] x, int[] y) = Data(network, Batch);
        double[] expected = [.. All(network).Select(v => (double)v)];
        Assert.True(expected.Length > 1 << 16, "too few for threads to share");
        for (int t = 1; t <= 5; t++)
        {
            trainer.Step(x, y);
            average.Update();
            double d = Math.Min(Decay, (1 + t) / (10.0 + t));
            float[] now = All(network);
            expected = [.. expected.Select((a, i) => (d * a) + ((1 - d) * now[i]))];
        }

        float[] last = All(network);
        average.Swap();
        Assert.All(expected.Zip(All(network)), v => Assert.Equal(v.First, v.Second, 2e-6 * Math.Max(1, Math.Abs(v.First))));
        Assert.NotEqual(Statistics(last), Statistics(All(network)));
        average.Swap();
        Assert.Equal(last, All(network));

        // The running mean and variance of 24 channels.
        float[] Statistics(float[] all)
        {
            int first = network.Parameters.TakeWhile(p => !p.Key.EndsWith("running_mean", StringComparison.Ordinal)).Sum(p => p.Length);
            return all[first..(first + 48)];
        }
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Threads_share_them_to_the_same_bits(Isa isa)
    {
        float[] one = Train(1);
        foreach (int threads in new[] { 2, 3 })
        {
            Compare.SameBits(one, Train(threads), $"{threads} threads");
        }

        float[] Train(int threads)
        {
            using CompiledNetwork network = Network.Create(isa, threads, seed: 4);
            using var trainer = (ClassificationTrainer)Trainer.For(network, Batch, new Sgd(0.05));
            (float[] x, int[] y) = Data(network, 3 * Batch);
            trainer.Fit(x, y, new FitOptions { Epochs = 2, AverageDecay = Decay });
            return All(network);
        }
    }

    [Fact]
    public void Training_that_is_cancelled_ends_with_them()
    {
        using CompiledNetwork network = Network.Create(threads: 1, seed: 4), byHand = Network.Create(threads: 1, seed: 4);
        using var trainer = (ClassificationTrainer)Trainer.For(network, Batch, new Sgd(0.05));
        using var ownTrainer = (ClassificationTrainer)Trainer.For(byHand, Batch, new Sgd(0.05));
        using var average = new ExponentialMovingAverage(byHand, Decay);
        using var cancellation = new CancellationTokenSource();
        (float[] x, int[] y) = Data(network, 3 * Batch);
        FitResult result = trainer.Fit(x, y, new FitOptions { Epochs = 2, Shuffle = false, AverageDecay = Decay },
            new After(2, cancellation), cancellation.Token);
        for (int first = 0; first < 2 * Batch; first += Batch)
        {
            ownTrainer.Step(x.AsSpan(first * network.InputLength, Batch * network.InputLength), y.AsSpan(first, Batch));
            average.Update();
        }

        average.Swap();
        Assert.True(result.Cancelled);
        Assert.Equal(2, trainer.Steps);
        Assert.Equal(All(byHand), All(network));
    }

    private static float[] All(CompiledNetwork network) => [.. network.Parameters.SelectMany(parameter =>
    {
        float[] values = new float[parameter.Length];
        parameter.CopyTo(values);
        return values;
    })];

    private static (float[] Inputs, int[] Classes) Data(CompiledNetwork network, int samples) =>
        (Oracle.Formula.Uniforms(7, samples * network.InputLength),
            [.. Enumerable.Range(0, samples).Select(n => Oracle.Formula.Class(8, n, 5))]);

    /// <summary>Cancels when some steps are done.</summary>
    private sealed class After(int steps, CancellationTokenSource cancellation) : IProgress<FitProgress>
    {
        public void Report(FitProgress value)
        {
            if (value.Updates == steps)
            {
                cancellation.Cancel();
            }
        }
    }
}
