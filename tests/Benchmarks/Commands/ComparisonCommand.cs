using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using Strata.Benchmarks.Layers;
using Strata.Benchmarks.Measurement;
using Strata.Benchmarks.Networks;
using Strata.Benchmarks.Tables;
using Strata.Benchmarks.Workers;

namespace Strata.Benchmarks.Commands;

/// <summary>Strata and its peer in turn, on the same work.</summary>
internal static class ComparisonCommand
{
    private const int MinimumRounds = 9;

    /// <summary>Where a call takes seconds, fewer rounds have to do: the least, and those for which there is time.</summary>
    private const int FewestRounds = 3, LongestShare = 4;

    /// <summary>Rounds of the warm-up; the pauses between them let the tiered JIT, which waits 100 ms for quiet, finish.</summary>
    private const int WarmRounds = 4;

    private static readonly TimeSpan LongestWarmUp = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan WarmPause = TimeSpan.FromMilliseconds(150);

    /// <summary>
    /// One slice of a side: so long that what the other side's slice has cost us, caches and clock rate, does not show. At 3 ms
    /// ONNX Runtime lost 5 % on LeNet-5.
    /// </summary>
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// Several threads, whose workers are parked at the beginning, and training, where PyTorch takes milliseconds for one step,
    /// want longer ones.
    /// </summary>
    private static readonly TimeSpan LongSlice = TimeSpan.FromMilliseconds(25);

    /// <summary>As long as a peer's workers may spin behind its last call, in which they would take our cores.</summary>
    private static readonly TimeSpan SpinPause = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan LimitSlice = TimeSpan.FromMilliseconds(2);

    public static int Run(CommandLine line)
    {
        if (!IsaSelection.IsSupported(line.Isa))
        {
            throw new UsageException($"This machine has no {Tier.Name(line.Isa)}.");
        }

        IEnumerable<BenchmarkNetwork> networks = line.Networks is ["all"]
            ? BenchmarkNetwork.All
            : line.Networks.Select(BenchmarkNetwork.Find).ToList();
        foreach (WeightStorage weights in line.Weights.Where(weights => weights != WeightStorage.Float32))
        {
            if (networks.FirstOrDefault(network => network.Weights != weights) is { } other)
            {
                IEnumerable<string> names = BenchmarkNetwork.All.Where(network => network.Weights == weights).Select(network => network.Name);
                throw new UsageException(
                    $"{other.Name} is not declared with [Network(WeightStorage = WeightStorage.{weights})]; {string.Join(", ", names)} are.");
            }
        }

        var report = new Report(line.Json);
        bool agreed = true;
        foreach (BenchmarkNetwork network in networks)
        {
            foreach (int batch in line.Batches)
            {
                using var @case = new Case(network, batch, line.Isa, line.Command == "training");
                if (line.Recomputes)
                {
                    RecomputingNetwork.Write(network, @case.Folder);
                }

                foreach ((int threads, WeightStorage weights) in line.Threads.SelectMany(threads => line.Weights.Select(weights => (threads, weights))))
                {
                    (Result row, bool agrees) = Measure(line, @case, threads, weights, report);
                    report.Add(row);
                    if (agrees)
                    {
                        ResultSaving.Save(line, row);
                    }

                    agreed &= agrees;
                }
            }
        }

        return agreed ? 0 : 1;
    }

    /// <summary>Measures a row.</summary>
    public static (Result Row, bool Agrees) Measure(CommandLine line, Case @case, int threads, WeightStorage weights, Report report)
    {
        bool training = line.Command == "training";
        string mode = training ? WorkerCommand.Training : WorkerCommand.Inference;
        using WorkerProcess strata = WorkerProcess.StartSelf(WorkerCommand.ForStrata(mode, @case, threads, line.Isa, weights));
        string? missing = line.Peer == Peer.Usual ? @case.NoPeer : null;
        using IMeasured? peer = line.Peer == Peer.None || missing is not null ? null
            : line.Peer == Peer.Ncnn ? Peers.StartNcnn(@case, threads, out missing)
            : line.Peer == Peer.LibTorch ? Peers.StartLibTorch(@case, threads, out missing)
            : training ? Peers.StartPyTorch(@case, threads, out missing)
            : Peers.StartOnnxRuntime(@case, threads, out missing);

        double? error = null;
        bool agrees = true;
        if (peer is not null && !@case.DrawsAtRandom)
        {
            float[] results = strata.Check(System.IO.Path.Combine(@case.Folder, "strata.bin"));
            float[]? expected = peer.Check(System.IO.Path.Combine(@case.Folder, "peer.bin"));
            error = expected is null ? null
                : training ? Agreement.OfTraining(results, expected, @case.CheckSteps) : Agreement.MaxError(results, expected);
            if (error > Agreement.ToleranceOf(weights))
            {
                agrees = training && IsRounding(line, @case, threads, results, expected!);
                if (!agrees)
                {
                    Console.Error.WriteLine($"{@case.Network.Name}, {mode}: the results of Strata and of {peer.Version} disagree.");
                }
            }
        }

        TimeSpan slice = threads > 1 || training ? LongSlice : Slice;
        var ours = new Side(strata, slice);
        Side? theirs = peer is null ? null : new Side(peer, slice);
        long warm = Environment.TickCount64 + (long)LongestWarmUp.TotalMilliseconds;
        for (int round = 0; round == 0 || (round < WarmRounds && Environment.TickCount64 < warm); round++)
        {
            ours.Warm();
            theirs?.Warm();
            Thread.Sleep(WarmPause);
        }

        var limit = new Limit(line.Isa, threads, LimitSlice);
        long end = Environment.TickCount64 + (long)line.Duration.TotalMilliseconds;
        long last = end + ((LongestShare - 1) * (long)line.Duration.TotalMilliseconds);
        for (int round = 0; Environment.TickCount64 < end || round < (Environment.TickCount64 < last ? MinimumRounds : FewestRounds); round++)
        {
            limit.MeasureSlice();
            ours.Measure();
            if (theirs is not null)
            {
                theirs.Measure();
                if (threads > 1)
                {
                    Thread.Sleep(SpinPause);
                }
            }
        }

        report.Begin(strata.Version, peer);
        report.Note(threads, line.Isa, limit, () => MachineLimits.MeasureReadBandwidth(threads), ours.Milliseconds, ours.Best, theirs?.Best);
        double gflops = (training ? @case.TrainingFlops : @case.ForwardFlops) / ours.Milliseconds / 1e6;
        var row = new Result
        {
            Net = @case.Network.Name,
            Mode = line.Recomputes ? Result.Recompute : mode,
            Batch = @case.Batch,
            Threads = threads,
            Tier = Tier.Name(line.Isa),
            Weights = CommandLine.Name(weights),
            StrataMs = ours.Milliseconds,
            Peer = peer is null ? null : Peers.KeyOf(peer.Version),
            PeerVersion = peer?.Version,
            PeerSettings = peer?.Settings,
            PeerMs = theirs?.Milliseconds,
            Ratio = theirs?.Milliseconds / ours.Milliseconds,
            Gflops = gflops,
            LimitShare = gflops / limit.Best,
            MaxError = error,
            PeakMb = strata.PeakMegabytes,
            PeerPeakMb = peer?.PeakMegabytes,
            Cpu = Processor.Family,
            Runtime = RuntimeInformation.FrameworkDescription,
            Date = DateOnly.FromDateTime(DateTime.UtcNow),
            NoPeer = missing,
        };
        return (row, agrees);
    }

    /// <summary>Whether training steps are no further from those in double precision than PyTorch's own in single precision may be.</summary>
    private static bool IsRounding(CommandLine line, Case @case, int threads, ReadOnlySpan<float> results, ReadOnlySpan<float> expected)
    {
        using WorkerProcess? doubles = line.Peer == Peer.LibTorch
            ? Peers.StartLibTorch(@case, threads, out _, Peers.Doubles) : Peers.StartPyTorch(@case, threads, out _, Peers.Doubles);
        if (doubles is null)
        {
            return false;
        }

        float[] exact = doubles.Check(System.IO.Path.Combine(@case.Folder, "exact.bin"));
        double ours = Agreement.OfTraining(results, exact, @case.CheckSteps), theirs = Agreement.OfTraining(expected, exact, @case.CheckSteps);
        Console.Error.WriteLine(FormattableString.Invariant(
            $"{@case.Network.Name}, training: off the same steps in double precision by {ours:0.0E+00}, {doubles.Version} in single by {theirs:0.0E+00}"));
        return ours <= Agreement.MostRounding * theirs;
    }

    /// <summary>One side's slices.</summary>
    private sealed class Side(IMeasured worker, TimeSpan slice)
    {
        /// <summary>Of one round of the warm-up, where calls are long.</summary>
        private const double MostWarmSeconds = 0.5;

        private readonly List<double> _milliseconds = [];
        private int _calls = 1;

        /// <summary>Median time of a call.</summary>
        public double Milliseconds => Statistics.Median(_milliseconds);

        /// <summary>The shortest, which on a busy machine says more than the median.</summary>
        public double Best => _milliseconds.Min();

        /// <summary>Runs for a few slices, and finds how many calls fill one.</summary>
        public void Warm()
        {
            double seconds = worker.Run(_calls);
            while (seconds < slice.TotalSeconds)
            {
                double factor = Math.Clamp(1.1 * slice.TotalSeconds / Math.Max(seconds, 1e-7), 1.1, 10);
                _calls = (int)Math.Ceiling(_calls * factor);
                seconds = worker.Run(_calls);
            }

            for (int i = 0; i < 5 && seconds < MostWarmSeconds; i++)
            {
                seconds += worker.Run(_calls);
            }
        }

        public void Measure() => _milliseconds.Add(worker.Run(_calls) * 1000 / _calls);
    }
}
