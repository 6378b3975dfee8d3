using System;
using System.Buffers.Binary;
using System.Globalization;
using System.IO;
using System.Linq;
using Samples;
using Strata.Training;
using Xunit;
using Zoo;
using Zoo.Networks;

namespace Strata.Zoo.Tests;

/// <summary>The command that trains on Fashion-MNIST, on small files of the same form, where the distance of bright rows tells the class.</summary>
public sealed class FashionTests : IDisposable
{
    private const int Side = 28, Images = 320, TestImages = 100;

    private readonly string _directory = Directory.CreateTempSubdirectory("fashion").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void The_loss_falls_and_the_saved_weights_have_the_accuracy_that_was_printed()
    {
        Write("train", Images);
        (float[] inputs, int[] labels) = Write("t10k", TestImages);
        string save = Path.Combine(_directory, "fashion.safetensors");
        (int code, string output, string error) = Run("--data", _directory, "--epochs", "10", "--batch", "32", "--save", save);
        Assert.Equal((0, ""), (code, error));
        string[] lines = output.Split('\n');
        Assert.StartsWith("ResNet-20: 320 images to train on, 100 to test, batches of 32, ", lines[0], StringComparison.Ordinal);
        string[][] epochs = [.. lines.Where(line => line.StartsWith("epoch ", StringComparison.Ordinal)).Select(line => line.Split(' '))];
        Assert.Equal(Enumerable.Range(1, 10).Select(epoch => $"{epoch}"), epochs.Select(words => words[1]));
        double[] losses = [.. epochs.Select(words => double.Parse(words[5].TrimEnd(','), CultureInfo.InvariantCulture))];
        Assert.InRange(losses[^1], 0, losses[0] / 2);

        using var network = new FashionResNet20(new NetworkOptions { Weights = save });
        using ClassificationTrainer trainer = network.CreateTrainer(32, new Sgd(0));
        double accuracy = trainer.Evaluate(inputs, labels).Accuracy;
        Assert.InRange(accuracy, 0.5, 1);
        Assert.Equal([string.Create(CultureInfo.InvariantCulture, $"test accuracy: {100 * accuracy:F2} %"), $"weights saved to {save}", ""], lines[^3..]);
    }

    [Fact]
    public void The_same_seed_gives_the_same_losses()
    {
        Write("train", 64);
        Write("t10k", 10);
        string[] losses = [.. new[] { "1", "1", "2" }.Select(seed =>
            Run("--data", _directory, "--epochs", "1", "--batch", "32", "--seed", seed).Output.Split("loss ")[1].Split(',')[0])];
        Assert.Equal(losses[0], losses[1]);
        Assert.NotEqual(losses[0], losses[2]);
    }

    [Theory]
    [InlineData("Option '--data' is required.")]
    [InlineData("--epochs takes a whole number from 1 to 10000, not '0'", "--data", ".", "--epochs", "0")]
    [InlineData("--batch takes a whole number from 1 to 10000, not 'all'", "--data", ".", "--batch", "all")]
    [InlineData("Unrecognized command or argument '--rate'.", "--data", ".", "--rate", "1")]
    [InlineData("Unrecognized command or argument 'resnet18'.", "resnet18", "--data", ".")]
    public void Wrong_usage_is_code_2_and_says_what_is_wrong(string message, params string[] args) =>
        Assert.Equal((2, "", $"error: {message}\nTry --help.\n"), Run(args));

    [Fact]
    public void A_missing_folder_or_file_is_named()
    {
        string missing = Path.Combine(_directory, "missing");
        Assert.Equal((1, "", $"error: {missing}: there is no such folder\n"), Run("--data", missing));
        Write("train", Images);
        Assert.Equal(
            (1, "", $"error: {_directory}: there is no file t10k-images-idx3-ubyte or t10k-images-idx3-ubyte.gz\n"), Run("--data", _directory));
    }

    [Fact]
    public void Files_that_do_not_fit_are_refused()
    {
        Write("train", 20);
        WriteIdx("train-labels-idx1-ubyte", [19], new byte[19]);
        const string Expected = "as many images of 28×28 pixels as labels below 10 were expected";
        Assert.Equal((1, "", $"error: {_directory}: 'train' holds 20×28×28 pixels and 19 labels up to 0; {Expected}\n"), Run("--data", _directory));
        WriteIdx("train-labels-idx1-ubyte", [20], [.. new byte[19], 10]);
        Assert.Equal((1, "", $"error: {_directory}: 'train' holds 20×28×28 pixels and 20 labels up to 10; {Expected}\n"), Run("--data", _directory));
        WriteIdx("train-images-idx3-ubyte", [20, Side, 1], new byte[20 * Side]);
        Assert.Equal((1, "", $"error: {_directory}: 'train' holds 20×28×1 pixels and 20 labels up to 10; {Expected}\n"), Run("--data", _directory));
    }

    private (float[] Inputs, int[] Labels) Write(string name, int count)
    {
        var random = new Random(count);
        byte[] pixels = new byte[count * Side * Side], labels = new byte[count];
        random.NextBytes(pixels);
        for (int i = 0; i < count; i++)
        {
            // Noise, and rows at a distance that crops and mirrors leave as it is.
            labels[i] = (byte)random.Next(10);
            for (int y = 0; y < Side; y++)
            {
                Span<byte> row = pixels.AsSpan(((i * Side) + y) * Side, Side);
                for (int x = 0; x < Side; x++)
                {
                    row[x] = (byte)((row[x] / 4) + (y % (labels[i] + 2) == 0 ? 190 : 0));
                }
            }
        }

        WriteIdx($"{name}-images-idx3-ubyte", [count, Side, Side], pixels);
        WriteIdx($"{name}-labels-idx1-ubyte", [count], labels);
        return (Array.ConvertAll(pixels, pixel => pixel / 255f), Array.ConvertAll(labels, label => (int)label));
    }

    private void WriteIdx(string name, int[] dimensions, byte[] data)
    {
        using FileStream file = File.Create(Path.Combine(_directory, name));
        file.Write([0, 0, 8, (byte)dimensions.Length]);
        Span<byte> extent = stackalloc byte[4];
        foreach (int dimension in dimensions)
        {
            BinaryPrimitives.WriteInt32BigEndian(extent, dimension);
            file.Write(extent);
        }

        file.Write(data);
    }

    private static (int Code, string Output, string Error) Run(params string[] args)
    {
        using StringWriter output = new() { NewLine = "\n" }, error = new() { NewLine = "\n" };
        int code = Program.Run(["fashion", .. args], new Terminal(output, error, interactive: false));
        return (code, output.ToString().ReplaceLineEndings("\n"), error.ToString());
    }
}
