using System;
using System.IO;
using System.Linq;
using Strata.Data;
using Strata.Training;
using Xunit;
using Zoo;

namespace Strata.Zoo.Tests;

/// <summary>
/// Networks learn images, as colour images of 32 by 32, better than with a wrong gradient: handwritten digits, or what the folder
/// holds that the environment variable <c>STRATA_IMAGES</c> names, four files as MNIST has them. For clothes (Xiao, Rasul and Vollgraf
/// 2017; on Debian after <c>apt install dataset-fashion-mnist</c>), which take half a minute on two cores:
/// <c>STRATA_IMAGES=/usr/share/datasets/fashion-mnist dotnet test tests/Zoo -c Release --filter LearningTests</c>.
/// </summary>
public class LearningTests(ITestOutputHelper log)
{
    private const int Side = 28, Margin = 2, Extent = Side + (2 * Margin), Channels = 3, Length = Channels * Extent * Extent;

    private static readonly string? Given = Environment.GetEnvironmentVariable("STRATA_IMAGES");

    /// <summary>Dense layers alone, behind convolutions that learn nothing, reach 0.77 with digits and 0.943 with clothes.</summary>
    [Fact]
    public void MakeModel_learns_to_tell_three_classes_apart()
    {
        using CompiledNetwork network = ZooNetwork.Find("makemodel")!.Create(new NetworkOptions { Seed = 1 });
        (int images, int epochs, double least) = Given is null ? (1500, 10, 0.97) : (9000, 4, 0.96);
        Assert.InRange(Train(network, classes: 3, images, epochs, rate: 0.05), least, 1);
    }

    /// <summary>
    /// The last layer alone reaches 0.31 with digits and 0.55 with clothes. With integers of 8 bits, whose ranges are those of 200 images,
    /// it loses 0.3 points at most.
    /// </summary>
    [Fact]
    public void ResNet20_learns_all_classes_and_knows_them_with_integers()
    {
        using CompiledNetwork network = ZooNetwork.Find("resnet20")!.Create(new NetworkOptions { Seed = 1 });
        (int images, int epochs, double least) = Given is null ? (2000, 4, 0.9) : (20_000, 2, 0.85);
        double accuracy = Train(network, classes: 10, images, epochs, rate: 0.1);
        Assert.InRange(accuracy, least, 1);
        using QuantizedNetwork quantized = network.Quantize(
            Images("train", 10, 200).Inputs, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(quantized.Network.Info.Int8);
        (float[] inputs, int[] targets) = Images("t10k", 10, int.MaxValue);
        using var trainer = (ClassificationTrainer)Trainer.For(quantized.Network, 64, new Sgd(0.1));
        double ofIntegers = trainer.Evaluate(inputs, targets).Accuracy;
        log.WriteLine($"{accuracy:P2}, with integers {ofIntegers:P2}; outputs {quantized.OutputNoise:F1} dB");
        Assert.InRange(ofIntegers, accuracy - 0.003, 1);
    }

    private static double Train(CompiledNetwork network, int classes, int images, int epochs, double rate)
    {
        (float[] inputs, int[] targets) = Images("train", classes, images);
        (float[] testInputs, int[] testTargets) = Images("t10k", classes, int.MaxValue);
        using var trainer = (ClassificationTrainer)Trainer.For(network, 64, new Sgd(rate) { Momentum = 0.9 });
        trainer.Fit(inputs, targets, new FitOptions { Epochs = epochs, Seed = 1, Schedule = Schedule.OneCycle(rate) }, cancellationToken: TestContext.Current.CancellationToken);
        return trainer.Evaluate(testInputs, testTargets).Accuracy;
    }

    /// <summary>Images of the first classes, the same in all channels, in the middle of a black square.</summary>
    private static (float[] Inputs, int[] Targets) Images(string name, int classes, int most)
    {
        string path = Path.Combine(Given ?? Path.Combine(AppContext.BaseDirectory, "Digits"), name);
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
