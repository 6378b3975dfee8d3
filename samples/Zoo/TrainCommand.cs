using System;
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using Samples;
using Strata;
using Strata.Training;

namespace Zoo;

/// <summary>Trains on random data: a check that training works, and how fast.</summary>
internal static class TrainCommand
{
    private const double Momentum = 0.9;

    private static readonly Option<int> Steps = Words.Integer("--steps", "steps of training", 10, 1, 1_000_000);

    private static readonly Option<int> Batch = Words.Integer("--batch", "samples of the batch", 8, 1, 65_536);

    private static readonly Option<double> Rate = Words.Value<double>("--rate", "R", "learning rate of SGD with momentum 0.9", 0.001,
        "a number above 0", text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double rate)
            && double.IsFinite(rate) && rate > 0 ? rate : null);

    private static readonly Option<int> Seed = Words.Seed("of weights and data");

    public static Command Create() => new Command("train",
        "Trains a network on one batch of random data, and prints the loss and the milliseconds of each step. The loss falls, since the "
        + "network learns the batch by heart. Ctrl-C ends training after the current step, and saves as well.")
    {
        ZooWords.Network, Steps, Batch, Rate, Words.Threads, Seed, ZooWords.Save,
    }.Does(Run);

    private static int Run(ParseResult parsed, Terminal terminal)
    {
        (int steps, int batch) = (parsed.GetValue(Steps), parsed.GetValue(Batch));
        (int threads, int seed) = (parsed.GetValue(Words.Threads), parsed.GetValue(Seed));
        string? save = parsed.GetValue(ZooWords.Save);
        double rate = parsed.GetValue(Rate);
        ZooNetwork zoo = parsed.GetRequiredValue(ZooWords.Network);
        using CompiledNetwork network = zoo.Create(new NetworkOptions { Seed = (ulong)seed, Threads = threads });
        using Trainer trainer = CreateTrainer(zoo, network, batch, seed, new Sgd(rate) { Momentum = Momentum }, out Func<float> step);
        terminal.Out.WriteLine(Text($"{zoo.Name}: batches of {batch}, {network.Isa}"));
        using var interrupt = new Interrupt();
        for (int i = 1; i <= steps && !interrupt.Token.IsCancellationRequested; i++)
        {
            long start = Stopwatch.GetTimestamp();
            float loss;
            try
            {
                loss = step();
            }
            catch (TrainingException e)
            {
                terminal.Error.WriteLine($"error: step {i}: {e.Message}");
                terminal.Error.WriteLine(Text($"A lower --rate than {rate} may help. Nothing was saved."));
                return Shell.Failure;
            }

            terminal.Out.WriteLine(Text($"step {i}: loss {loss:F6}, {Stopwatch.GetElapsedTime(start).TotalMilliseconds:F1} ms"));
        }

        if (interrupt.Token.IsCancellationRequested)
        {
            terminal.Out.WriteLine($"interrupted after {Plural.Of(trainer.Steps, "step")}");
        }

        if (save is not null)
        {
            network.Save(save);
            terminal.Out.WriteLine($"weights saved to {save}");
        }

        return interrupt.Token.IsCancellationRequested ? Shell.Interrupted : Shell.Success;
    }

    private static Trainer CreateTrainer(ZooNetwork zoo, CompiledNetwork network, int batch, int seed, Optimizer optimizer,
        out Func<float> step)
    {
        NetworkInfo info = zoo.Info;
        float[] inputs = RandomData.Uniform(seed, batch, zoo.InputLength);
        int[] classes = RandomData.Classes(
            seed, checked(batch * info.ClassTargetLength),
            info.Losses.Where(loss => loss.TakesClasses).Select(loss => loss.Classes).DefaultIfEmpty(1).Min());
        float[] values = Array.ConvertAll(RandomData.Classes(seed, checked(batch * info.ValueTargetLength), 2), value => (float)value);
        Trainer trainer = Trainer.For(network, batch, optimizer);
        step = trainer switch
        {
            ClassificationTrainer classification => () => classification.Step(inputs, classes),
            RegressionTrainer regression => () => regression.Step(inputs, values),
            MultiTaskTrainer both => () => both.Step(inputs, classes, values),
            _ => throw new UsageException($"{zoo.Name} has no loss"),
        };
        return trainer;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
