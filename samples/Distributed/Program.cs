using System.Diagnostics;
using System.Globalization;
using Strata;
using Strata.Data;
using Strata.Distributed;
using Strata.Imaging;
using Strata.Training;

namespace Samples.Distributed;

/// <summary>
/// Trains ResNet-20 on Fashion-MNIST on several ranks. The batch of all ranks has 128 images, so that the result does not depend on their
/// number.
/// </summary>
internal static class Program
{
    private const int GlobalBatch = 128;
    private const double PeakRate = 0.2;
    private const string Fashion = "/usr/share/datasets/fashion-mnist", Launched = "STRATA_SAMPLE_LAUNCHED";

    private static int Main(string[] arguments)
    {
        int ranks = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 2;
        int epochs = arguments.Length > 1 ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : 3;
        using MpiWorld world = MpiWorld.Start();
        if (world.Library is null && Environment.GetEnvironmentVariable(Launched) is null)
        {
            // No launcher has started this process: it starts one, and itself again, several times.
            return Launch(ranks, epochs);
        }

        Train(world, epochs);
        return 0;
    }

    private static int Launch(int ranks, int epochs)
    {
        string[] command = ["mpirun", "-n", $"{ranks}", "dotnet", typeof(Program).Assembly.Location, $"{ranks}", $"{epochs}"];
        Console.WriteLine(string.Join(' ', command));
        var start = new ProcessStartInfo(command[0], command[1..]);

        // The ranks do not start others. Open MPI allows more ranks than processors only where this is set.
        start.Environment[Launched] = "1";
        start.Environment["OMPI_MCA_rmaps_base_oversubscribe"] = "1";
        using Process launcher = Process.Start(start)!;
        launcher.WaitForExit();
        return launcher.ExitCode;
    }

    private static void Train(MpiWorld world, int epochs)
    {
        if (GlobalBatch % world.Size != 0)
        {
            throw new ArgumentException($"The number of ranks must divide {GlobalBatch}.");
        }

        bool isFashion = Directory.Exists(Fashion);
        (LabeledData training, LabeledData test) = isFashion ? MnistData.Read(Fashion) : Sample.Digits();
        if (world.Rank == 0)
        {
            string data = isFashion ? "Fashion-MNIST" : "samples/Digits' digits (Fashion-MNIST: apt install dataset-fashion-mnist)";
            Console.WriteLine($"{data}; {world.Library ?? "one process"}, ranks: {world.Size}, threads of each: {world.Threads}");
        }

        using var network = new FashionResNet20(new NetworkOptions { Seed = 1, Threads = world.Threads });
        var optimizer = new Sgd(PeakRate) { Momentum = 0.9, Nesterov = true, WeightDecay = 5e-4 };
        using ClassificationTrainer trainer = network.CreateTrainer(GlobalBatch / world.Size, optimizer);
        trainer.Distribute(world, new DistributedOptions { SyncBatchNorm = true });
        var options = new FitOptions
        {
            Epochs = epochs,
            Seed = 1,
            Schedule = Schedule.OneCycle(PeakRate, cycleMomentum: false),
            Augmentation = new Augmentation(new RandomCrop(4), new RandomHorizontalFlip()),
            ValidationInputs = test.Inputs,
            ValidationTargets = test.Targets,
        };

        // Rank 0 alone reports.
        trainer.Fit(training.Inputs, training.Targets, options, new Lines());
        if (world.Rank == 0)
        {
            network.Save("fashion-resnet20.safetensors");
        }
    }

    private sealed class Lines : IProgress<FitProgress>
    {
        public void Report(FitProgress value)
        {
            if (value.EpochCompleted)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"epoch {value.Epoch}: loss {value.Loss:F4}, accuracy {100 * value.ValidationAccuracy:F2} %, "
                    + $"{value.SamplesPerSecond:F0} images/s"));
            }
        }
    }
}
