using System;
using System.Globalization;
using System.Linq;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Threading;
using Strata.Distributed.Tests;
using Strata.Training;

namespace Strata.Distributed.App;

/// <summary>Trains with checkpoints, for tests that kill ranks meanwhile.</summary>
internal static class Training
{
    private const int Samples = 600, GlobalBatch = 12, StepsPerCheckpoint = 7, Classes = 10;

    /// <summary>
    /// Trains LeNet-5, goes on from the checkpoint if there is one, and prints each step and in the end a hash of the parameters.
    /// </summary>
    /// <param name="checkpoint">The file.</param>
    /// <param name="epochs">Passes over the samples.</param>
    public static int Run(string checkpoint, int epochs)
    {
        using MpiWorld world = MpiWorld.Start();
        Program.Print(world, $"process {Environment.ProcessId}");
        using var network = new LeNet5(new NetworkOptions { Seed = 1, Threads = 1 });
        using ClassificationTrainer trainer = network.CreateTrainer(GlobalBatch / world.Size, new Sgd(0.01) { Momentum = 0.9 });
        trainer.Distribute(world);
        int[] classes = [.. Enumerable.Range(0, Samples).Select(i => i * 7 % Classes)];
        float[] inputs = [.. Enumerable.Range(0, Samples * LeNet5.InputLength).Select(i => Pixel(classes[i / LeNet5.InputLength], i))];
        var options = new FitOptions
        {
            Epochs = epochs,
            Seed = 1,
            Checkpoint = new FitCheckpoint(checkpoint) { EverySteps = StepsPerCheckpoint, Resume = true },
        };
        trainer.Fit(inputs, classes, options, new Steps(world));
        Program.Print(world, $"steps {trainer.Steps}");
        byte[] parameters = [.. network.Parameters.SelectMany(parameter =>
        {
            float[] values = new float[parameter.Length];
            parameter.CopyTo(values);
            return MemoryMarshal.AsBytes<float>(values).ToArray();
        })];
        Program.Print(world, $"parameters {Convert.ToHexString(SHA256.HashData(parameters))}");
        return 0;
    }

    /// <summary>One rank does not distribute its trainer at all, or comes late to an operation.</summary>
    public static int Miss(string command, int missing)
    {
        using MpiWorld world = MpiWorld.Start();
        Program.Print(world, $"process {Environment.ProcessId}");
        bool isMissing = world.Rank == missing;
        if (command == "absent")
        {
            using var network = new LeNet5(new NetworkOptions { Seed = 1, Threads = 1 });
            using ClassificationTrainer trainer = network.CreateTrainer(1, new Sgd(0.01));
            if (!isMissing)
            {
                trainer.Distribute(world, new DistributedOptions { Timeout = TimeSpan.FromSeconds(2) });
            }

            // The others end this rank, too.
            Thread.Sleep(isMissing ? Timeout.Infinite : 0);
        }

        Thread.Sleep(isMissing ? 2_500 : 0);
        world.Barrier();
        Program.Print(world, "done");
        return 0;
    }

    /// <summary>A stripe for each class, and noise.</summary>
    private static float Pixel(int label, int i) =>
        (i / 28 % 28 / 2 == label ? 1 : 0) + (unchecked((uint)i * 2654435761u) >> 24) / 256f;

    private sealed class Steps(MpiWorld world) : IProgress<FitProgress>
    {
        public void Report(FitProgress value)
        {
            if (!value.EpochCompleted)
            {
                Program.Print(world, string.Create(CultureInfo.InvariantCulture, $"step {value.Updates}"));
            }
        }
    }
}
