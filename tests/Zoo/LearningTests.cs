using System;
using System.IO;
using System.Linq;
using Xunit;
using Zoo;

namespace Strata.Zoo.Tests;

/// <summary>Networks learn handwritten digits, as colour images of 32 by 32, better than they could with a wrong gradient.</summary>
public class LearningTests
{
    private const int Side = 28, Margin = 2, Extent = Side + (2 * Margin), Channels = 3, Length = Channels * Extent * Extent;

    [Fact]
    public void MakeModel_learns_to_tell_three_digits_apart()
    {
        using CompiledNetwork network = ZooNetwork.Find("makemodel")!.Create(new NetworkOptions { Seed = 1 });
        Assert.InRange(Train(network, classes: 3, images: 1500, epochs: 10, rate: 0.05), 0.97, 1);
    }

    [Fact]
    public void ResNet20_learns_all_digits()
    {
        using CompiledNetwork network = ZooNetwork.Find("resnet20")!.Create(new NetworkOptions { Seed = 1 });
        Assert.InRange(Train(network, classes: 10, images: 2000, epochs: 4, rate: 0.1), 0.9, 1);
    }

    private static double Train(CompiledNetwork network, int classes, int images, int epochs, double rate)
    {
        (float[] inputs, int[] targets) = Digits("train", classes, images);
        (float[] testInputs, int[] testTargets) = Digits("t10k", classes, int.MaxValue);
        using var trainer = new ClassificationTrainer(network, 64, new Sgd(rate) { Momentum = 0.9 });
        trainer.Fit(inputs, targets, new FitOptions { Epochs = epochs, Seed = 1, Schedule = Schedule.OneCycle(rate) }, cancellationToken: TestContext.Current.CancellationToken);
        return trainer.Evaluate(testInputs, testTargets).Accuracy;
    }

    /// <summary>Images of the first classes, the same in all channels, in the middle of a black square.</summary>
    private static (float[] Inputs, int[] Targets) Digits(string name, int classes, int most)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Digits", name);
        IdxFile images = IdxFile.ReadImages(path + "-images-idx3-ubyte.gz");
        int[] labels = IdxFile.ReadLabels(path + "-labels-idx1-ubyte.gz");
        int[] chosen = [.. Enumerable.Range(0, labels.Length).Where(i => labels[i] < classes).Take(most)];
        float[] inputs = new float[chosen.Length * Length];
        for (int n = 0; n < chosen.Length; n++)
        {
            for (int i = 0; i < Length; i++)
            {
                int y = (i / Extent % Extent) - Margin, x = (i % Extent) - Margin;
                byte pixel = x is >= 0 and < Side && y is >= 0 and < Side ? images.Data[(((chosen[n] * Side) + y) * Side) + x] : (byte)0;
                inputs[(n * Length) + i] = (pixel / 127.5f) - 1;
            }
        }

        return (inputs, Array.ConvertAll(chosen, i => labels[i]));
    }
}
