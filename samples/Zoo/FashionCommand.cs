using System;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using Samples;
using Strata;
using Strata.Data;
using Strata.Training;
using Zoo.Networks;

namespace Zoo;

/// <summary>Trains ResNet-20 on Fashion-MNIST, and tests it.</summary>
internal static class FashionCommand
{
    // tests/Benchmarks/peer_fashion.py has the same recipe in PyTorch.
    private const double PeakRate = 0.2, Momentum = 0.9, WeightDecay = 5e-4;
    private const int CropPadding = 4;
    private const int Side = 28;

    private static readonly Option<string?> Data = Words.Text("--data", "DIRECTORY",
        "the folder of Fashion-MNIST's four IDX files, plain or as .gz; Debian's dataset-fashion-mnist has them in "
        + "/usr/share/datasets/fashion-mnist", required: true);

    private static readonly Option<int> Epochs = Words.Integer("--epochs", "passes over the training images", 10, 1, 10_000);

    private static readonly Option<int> Batch = Words.Integer("--batch", "images per step", 128, 1, 10_000);

    private static readonly Option<int> Seed = Words.Seed("of the first weights, and of the order and changes of the images");

    public static Command Create() => new Command("fashion",
        "Trains ResNet-20 on Fashion-MNIST (Xiao, Rasul and Vollgraf 2017), to 93 % and more, and prints the loss, the accuracy on the "
        + "test images and the seconds of each epoch. Nothing is chosen by the accuracy. Ctrl-C ends training after the current step, and "
        + "saves as well.")
    {
        Data, Epochs, Batch, Words.Threads, Seed, ZooWords.Save,
    }.Does(Run);

    private static int Run(ParseResult parsed, Terminal terminal)
    {
        (int epochs, int batch) = (parsed.GetValue(Epochs), parsed.GetValue(Batch));
        (int threads, int seed) = (parsed.GetValue(Words.Threads), parsed.GetValue(Seed));
        string? save = parsed.GetValue(ZooWords.Save);
        string directory = parsed.GetRequiredValue(Data)!;
        (float[] images, int[] labels) = Read(directory, "train");
        (float[] testImages, int[] testLabels) = Read(directory, "t10k");
        using var network = new FashionResNet20(new NetworkOptions { Seed = (ulong)seed, Threads = threads });
        var optimizer = new Sgd(PeakRate) { Momentum = Momentum, Nesterov = true, WeightDecay = WeightDecay };
        using ClassificationTrainer trainer = network.CreateTrainer(batch, optimizer);
        var options = new FitOptions
        {
            Epochs = epochs,
            Seed = (ulong)seed,
            Schedule = Schedule.OneCycle(PeakRate, cycleMomentum: false),
            Augmentation = new Augmentation(new RandomCrop(CropPadding), new RandomHorizontalFlip()),
            ValidationInputs = testImages,
            ValidationTargets = testLabels,
        };
        string count = Plural.Of(labels.Length, "image");
        terminal.Out.WriteLine(
            Text($"ResNet-20: {count} to train on, {testLabels.Length:N0} to test, batches of {batch}, {network.Isa}"));
        using var interrupt = new Interrupt();
        FitResult result = trainer.Fit(images, labels, options, new Lines(terminal, labels.Length), interrupt.Token);
        if (result.Cancelled)
        {
            terminal.Out.WriteLine($"interrupted after {Plural.Of(trainer.Steps, "step")}");
        }
        else
        {
            terminal.Out.WriteLine(Text($"test accuracy: {100 * result.Epochs[^1].ValidationAccuracy:F2} %"));
        }

        if (save is not null)
        {
            network.Save(save);
            terminal.Out.WriteLine($"weights saved to {save}");
        }

        return result.Cancelled ? Shell.Interrupted : Shell.Success;
    }

    /// <summary>Images, 1×28×28 floats from 0 to 1 each, and their classes.</summary>
    /// <exception cref="IOException">A file is missing, or cannot be read.</exception>
    /// <exception cref="InvalidDataException">The files are damaged, or hold something else.</exception>
    private static (float[] Images, int[] Labels) Read(string directory, string name)
    {
        IdxFile images = IdxFile.ReadImages(Find($"{name}-images-idx3-ubyte"));
        int[] labels = IdxFile.ReadLabels(Find($"{name}-labels-idx1-ubyte"));
        int greatest = labels.DefaultIfEmpty(-1).Max();
        return images.Dimensions is [> 0, Side, Side] && images.Count == labels.Length && greatest < FashionResNet20.OutputLength
            ? (Array.ConvertAll(images.Data, pixel => pixel / 255f), labels)
            : throw new InvalidDataException(
                $"{directory}: '{name}' holds {string.Join('×', images.Dimensions)} pixels and "
                + $"{Plural.Of(labels.Length, "label")} up to {greatest}; "
                + $"as many images of {Side}×{Side} pixels as labels below {FashionResNet20.OutputLength} were expected");

        string Find(string file)
        {
            string path = Path.Combine(directory, file);
            return File.Exists(path + ".gz") ? path + ".gz" : File.Exists(path) ? path : throw new FileNotFoundException(
                $"{directory}: {(Directory.Exists(directory) ? $"there is no file {file} or {file}.gz" : "there is no such folder")}");
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>A line for each epoch, and on a terminal one for the step that is being done.</summary>
    private sealed class Lines(Terminal terminal, int images) : IProgress<FitProgress>
    {
        private const int StepsPerLine = 10;

        public void Report(FitProgress value)
        {
            if (value.EpochCompleted)
            {
                string loss = Text($"epoch {value.Epoch} of {value.Epochs}: loss {value.Loss:F4}, ");
                string accuracy = Text($"test accuracy {100 * value.ValidationAccuracy:F2} %, {images / value.SamplesPerSecond:F1} s");
                terminal.Out.WriteLine(Start + loss + accuracy);
            }
            else if (terminal.Interactive && value.Step % StepsPerLine == 0)
            {
                terminal.Out.Write(
                    Start + Text(
                        $"epoch {value.Epoch} of {value.Epochs}, step {value.Step} of {value.StepsPerEpoch}: loss {value.Loss:F4}"));
            }
        }

        private string Start => terminal.Interactive ? "\r" : "";
    }
}
