using System;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using Strata.Benchmarks.Networks;
using Strata.Benchmarks.Workers;
using Strata.Distributed;
using Strata.Training;

namespace Strata.Benchmarks.Ranks;

/// <summary>A rank of a training, in a process of its own: this program under another command.</summary>
internal static class RankProcess
{
    public const string Name = "--rank";

    private const int WarmSteps = 3;

    /// <summary>Trains on some ranks, each with its share of this machine's processors.</summary>
    /// <param name="ranks">1 starts no launcher.</param>
    /// <param name="network">A network of the zoo.</param>
    /// <param name="batch">Samples of a step, of all ranks together.</param>
    /// <param name="shares">Whether batch norm takes its statistics over all ranks.</param>
    /// <param name="duration">How long the steps are timed.</param>
    /// <returns>Samples per second.</returns>
    public static double Measure(int ranks, string network, int batch, bool shares, TimeSpan duration)
    {
        string[] rank =
        [
            Environment.ProcessPath!, typeof(RankProcess).Assembly.Location, Name, network, $"{batch}", $"{shares}",
            duration.TotalSeconds.ToString(CultureInfo.InvariantCulture),
        ];
        string[] command = ranks == 1 ? rank : ["mpirun", "--allow-run-as-root", "--oversubscribe", "-n", $"{ranks}", .. rank];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true };

        // Open MPI gives its ranks a terminal. .NET would write its control sequences to it.
        start.Environment["TERM"] = "dumb";
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? double.Parse(output, CultureInfo.InvariantCulture)
            : throw new WorkerException($"{string.Join(' ', command)} failed: {output}");
    }

    /// <summary>Trains, and prints the samples per second of all ranks on rank 0.</summary>
    public static int Run(ReadOnlySpan<string> arguments)
    {
        using MpiWorld world = MpiWorld.Start();
        int batch = int.Parse(arguments[1], CultureInfo.InvariantCulture) / world.Size;
        double seconds = double.Parse(arguments[3], CultureInfo.InvariantCulture);
        using CompiledNetwork network = BenchmarkNetwork.Find(arguments[0]).Create(
            new NetworkOptions { Seed = 1, Threads = world.Threads });
        using var trainer = (ClassificationTrainer)Trainer.For(network, batch, new Sgd(1e-4) { Momentum = 0.9 });
        trainer.Distribute(world, new DistributedOptions { SyncBatchNorm = bool.Parse(arguments[2]) });
        var random = new Random(world.Rank);
        float[] inputs = [.. Enumerable.Range(0, batch * network.InputLength).Select(_ => random.NextSingle())];
        int[] classes = [.. Enumerable.Range(0, batch).Select(_ => random.Next(network.OutputLength))];
        double one = Time(trainer, inputs, classes, WarmSteps);

        // All ranks must do the same number of steps: rank 0 decides.
        double[] steps = [world.Rank == 0 ? Math.Max(3, seconds / one) : 0];
        world.Wait(world.BeginAllReduce(steps));
        double time = Time(trainer, inputs, classes, (int)steps[0]);
        if (world.Rank == 0)
        {
            Console.Write((batch * world.Size / time).ToString(CultureInfo.InvariantCulture));
        }

        return 0;
    }

    /// <summary>Seconds of a step.</summary>
    private static double Time(ClassificationTrainer trainer, float[] inputs, int[] classes, int steps)
    {
        trainer.Step(inputs, classes);
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < steps; i++)
        {
            trainer.Step(inputs, classes);
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds / steps;
    }
}
