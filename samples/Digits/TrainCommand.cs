using System;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using Samples;
using Spectre.Console;
using Strata;
using Strata.Training;

namespace Digits;

/// <summary>Trains the network, tests it, and saves its weights.</summary>
internal static class TrainCommand
{
    public const string Name = "train";

    // Chosen by the accuracy on the validation images. With rates of 0.02 to 0.1 and batches of 32 to 128, it changes less than with
    // another seed.
    private const double PeakRate = 0.05;

    /// <summary>Share of the steps in which the rate climbs.</summary>
    private const double Climb = 0.15;

    /// <summary>Every twentieth training image is kept for validation: the network is not trained on it.</summary>
    private const int ValidateEvery = 20;

    private const int WrongShown = 6, WrongPerRow = 3, WrongMargin = 2;

    private static readonly Option<string?> Data = Words.Text("--data", "DIRECTORY",
        "the full MNIST set: its four IDX files, plain or as .gz; if not given, the 10,000 + 2,000 images that come with the program");

    private static readonly Option<string?> Weights =
        Words.Text("--weights", "FILE", "where to save the weights, if not to lenet5.safetensors beside the project");

    private static readonly Option<int> Epochs = Words.Integer("--epochs", "passes over the training images", 10, 1, 10_000);

    private static readonly Option<int> Batch = Words.Integer("--batch", "images per step", 64, 1, 10_000);

    private static readonly Option<int> Seed = Words.Seed("of the first weights and of the order of the images");

    public static Command Create() => new Command(Name,
        "Trains LeNet-5 on handwritten digits, tests it, and saves its weights. Five epochs of the full MNIST set reach 99.2 % of its "
        + "test images; README.md has the time.")
    {
        Data, Weights, Epochs, Batch, Seed, Words.Threads,
    }.Does(Run);

    private static int Run(ParseResult parsed, Terminal terminal)
    {
        (int epochs, int batch) = (parsed.GetValue(Epochs), parsed.GetValue(Batch));
        (int seed, int threads) = (parsed.GetValue(Seed), parsed.GetValue(Words.Threads));
        string? directory = parsed.GetValue(Data);
        string weights = Path.GetFullPath(parsed.GetValue(Weights) ?? Place.Weights);
        Directory.CreateDirectory(Path.GetDirectoryName(weights)!);
        (DigitSet training, DigitSet validation) = DigitSet.Training(directory).Split(ValidateEvery);
        DigitSet test = DigitSet.Test(directory);
        terminal.Out.WriteLine(
            Text($"{Plural.Of(training.Count, "image")} to train on, {validation.Count:N0} to validate, {test.Count:N0} to test"));

        using var network = new LeNet5(new NetworkOptions { Seed = (ulong)seed, Threads = threads });
        var optimizer = new Sgd(PeakRate) { Momentum = 0.9, Nesterov = true, WeightDecay = 5e-4 };
        using ClassificationTrainer trainer = network.CreateTrainer(batch, optimizer);
        var options = new FitOptions
        {
            Epochs = epochs,
            Seed = (ulong)seed,
            Schedule = OneCycle(epochs * ((training.Count + batch - 1) / batch)),
            ValidationInputs = validation.Inputs(),
            ValidationTargets = validation.Labels,
        };
        using var interrupt = new Interrupt();
        TrainingDisplay.Show(terminal, display =>
            trainer.Fit(training.Inputs(), training.Labels, options, display, interrupt.Token));

        if (trainer.Steps > 0)
        {
            network.Save(weights);
        }

        if (interrupt.Token.IsCancellationRequested)
        {
            terminal.Out.WriteLine(trainer.Steps > 0
                ? $"interrupted after {Plural.Of(trainer.Steps, "step")}; weights saved to {weights}"
                : "interrupted before the first step; nothing to save");
            return Shell.Interrupted;
        }

        float[] inputs = test.Inputs();
        ShowResult(trainer.Evaluate(inputs, test.Labels), terminal);
        ShowWrong(network, test, inputs, terminal);
        terminal.Out.WriteLine($"weights saved to {weights}");
        return Shell.Success;
    }

    /// <summary>
    /// The one-cycle schedule (Smith and Topin 2018): the rate climbs in a straight line from a tenth of its peak to the peak, and then
    /// falls in a straight line to zero. Training reaches a given accuracy in fewer epochs than with a constant rate.
    /// </summary>
    private static Schedule OneCycle(int steps)
    {
        int climb = Math.Max(1, (int)(steps * Climb));
        Schedule fall = Schedule.Linear(Math.Max(1, steps - climb), start: 1, end: 0);
        return fall.AfterWarmup(climb, start: 0.1) with { Unit = ScheduleUnit.Step };
    }

    private static void ShowResult(ClassificationMetrics metrics, Terminal terminal)
    {
        terminal.Out.WriteLine();
        terminal.Out.WriteLine(Text($"test accuracy: {100 * metrics.Accuracy:F2} %"));
        terminal.Out.WriteLine();

        Table table = new Table().Border(TableBorder.Minimal).Title("labelled (rows), read as (columns)").AddColumn("");
        for (int read = 0; read < LeNet5.OutputLength; read++)
        {
            table.AddColumn(new TableColumn(Text($"{read}")).RightAligned());
        }

        for (int label = 0; label < LeNet5.OutputLength; label++)
        {
            var cells = Enumerable.Range(0, LeNet5.OutputLength).Select(read => metrics.ConfusionMatrix[label, read] switch
            {
                0 => "[dim]·[/]",
                long count when read == label => Text($"[green]{count}[/]"),
                long count => Text($"[red]{count}[/]"),
            });
            table.AddRow([Text($"{label}"), .. cells]);
        }

        terminal.Rich.Write(table);
    }

    /// <summary>Draws the test images that the network reads wrongly with the greatest confidence.</summary>
    private static void ShowWrong(LeNet5 network, DigitSet test, float[] inputs, Terminal terminal)
    {
        float[] outputs = new float[test.Count * LeNet5.OutputLength];
        network.Forward(inputs, outputs);
        var wrong = Enumerable.Range(0, test.Count)
            .Select(index => (Index: index, Read: Digit.Read(outputs.AsSpan(index * LeNet5.OutputLength, LeNet5.OutputLength))))
            .Where(item => item.Read != test.Labels[item.Index])
            .OrderByDescending(item => outputs[item.Index * LeNet5.OutputLength + item.Read])
            .Take(WrongShown);

        const int Width = Digit.Size - 2 * WrongMargin;
        foreach (var row in wrong.Chunk(WrongPerRow))
        {
            terminal.Out.WriteLine();
            terminal.Out.WriteLine(string.Join("  ", row.Select(item =>
                Text($"{item.Index}: {test.Labels[item.Index]} read as {item.Read}").PadRight(Width))).TrimEnd());
            string[][] drawings = [.. row.Select(item => Drawing.Digit(test[item.Index], terminal.Interactive, WrongMargin))];
            for (int line = 0; line < Width / 2; line++)
            {
                terminal.Out.WriteLine(string.Join("  ", drawings.Select(drawing => drawing[line])).TrimEnd());
            }
        }

        terminal.Out.WriteLine();
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
