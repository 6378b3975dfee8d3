using System;
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
    public const string Help = """
        Trains a network on one batch of random data, and prints the loss and the milliseconds of
        each step. The loss falls, since the network learns the batch by heart.

        Usage: Zoo train NAME [OPTIONS]

        Options:
          --steps N    steps of training (default: 10)
          --batch N    samples of the batch (default: 8)
          --rate R     learning rate of SGD with momentum 0.9 (default: 0.001)
          --threads N  0 for one per processor (default: 0)
          --seed N     of weights and data (default: 1)
          --save FILE  where to write the weights in the end, as safetensors with PyTorch's names

        Ctrl-C ends training after the current step, and saves as well.
        """;

    private const double Momentum = 0.9;
    private const int Failure = 1, Interrupted = 130;

    public static int Run(Arguments arguments, Terminal terminal)
    {
        int steps = arguments.Integer("--steps", 10, 1, 1_000_000);
        int batch = arguments.Integer("--batch", 8, 1, 65_536);
        int threads = arguments.Integer("--threads", 0, 0, 1024);
        int seed = arguments.Integer("--seed", 1, 0, int.MaxValue);
        string? save = arguments.Option("--save");
        double rate = Rate(arguments.Option("--rate") ?? "0.001");
        ZooNetwork zoo = ZooNetwork.Take(arguments, "train");
        arguments.End();

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
                return Failure;
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

        return interrupt.Token.IsCancellationRequested ? Interrupted : 0;
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

    private static double Rate(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double rate) && double.IsFinite(rate) && rate > 0
            ? rate
            : throw new UsageException($"--rate takes a number above 0, not '{text}'");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
