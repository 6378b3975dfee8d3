using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using Strata.Benchmarks.Measurement;
using Strata.Benchmarks.Networks;
using Strata.Benchmarks.Onnx;
using Strata.Benchmarks.Published;
using Strata.Benchmarks.Tables;
using Strata.Benchmarks.Workers;
using Zoo;

namespace Strata.Benchmarks.Commands;

/// <summary>
/// Process start to the first output of a network whose weights are in a file, and the memory that it takes, against ONNX Runtime.
/// </summary>
internal static class StartCommand
{
    /// <summary>Processes of a side, and the words that each of them prints.</summary>
    private const int Runs = 5, WordCount = 5;

    private const string Columns =
        "net            host       threads  tier       Strata ms   peer ms   ratio   empty ms   made ms   first ms   max error   peak MiB  of peer  cpu";

    public static int Run(CommandLine line)
    {
        if (!IsaSelection.IsSupported(line.Isa))
        {
            throw new UsageException($"This machine has no {Tier.Name(line.Isa)}.");
        }

        if (!line.Json)
        {
            Console.WriteLine($"{Files.StrataVersion}; peer: {(line.Peer == Peer.Usual ? "ONNX Runtime" : "none")}; medians of {Runs} processes");
            Console.WriteLine(Columns);
        }

        bool agreed = true;
        foreach (BenchmarkNetwork network in line.Networks is ["all"] ? BenchmarkNetwork.Declared
            : line.Networks.Select(name => BenchmarkNetwork.Find(name, BenchmarkNetwork.Declared)).ToList())
        {
            using var @case = new Case(network, batch: 1, line.Isa, training: false);
            foreach (Host host in line.Hosts)
            {
                using PublishedApp? app = host == Host.Jit ? null : new PublishedApp(network, host, line.Isa);
                foreach (int threads in line.Threads)
                {
                    agreed &= Measure(line, @case, threads, host, app);
                }
            }
        }

        return agreed ? 0 : 1;
    }

    private static bool Measure(CommandLine line, Case @case, int threads, Host host, PublishedApp? app)
    {
        string? missing = line.Peer == Peer.Usual ? @case.NoPeer : null;
        string? library = line.Peer == Peer.Usual && missing is null ? Peers.FindOnnxRuntime(out missing) : null;
        List<Start> empty = [], ours = [], theirs = [];

        // The first round brings the files into the cache.
        for (int run = -1; run < Runs; run++)
        {
            Add(empty, app, FirstOutput.ForNothing(app));
            Add(ours, app, FirstOutput.ForStrata(@case, threads, line.Isa, app));
            if (library is not null)
            {
                Add(theirs, null, FirstOutput.ForOnnxRuntime(@case, library, threads));
            }

            void Add(List<Start> starts, PublishedApp? app, string[] arguments)
            {
                Start start = Time(app, arguments);
                if (run >= 0)
                {
                    starts.Add(start);
                }
            }
        }

        double? error = library is null ? null : Agreement.MaxError(@case.Outputs(FirstOutput.StrataFile), @case.Outputs(FirstOutput.PeerFile));
        Result row = Report(line, @case, threads, host, empty, ours, library is null ? null : theirs, error, missing);
        if (error <= Agreement.Tolerance || error is null)
        {
            ResultSaving.Save(line, row);
            return true;
        }

        Console.Error.WriteLine($"{@case.Network.Name}, start: the results of Strata and of ONNX Runtime disagree.");
        return false;
    }

    private static Result Report(
        CommandLine line,
        Case @case,
        int threads,
        Host host,
        List<Start> empty,
        List<Start> ours,
        List<Start>? theirs,
        double? error,
        string? missing)
    {
        double Median(List<Start> starts, Func<Start, double> of) => Statistics.Median(starts.Select(of));
        double strata = Median(ours, start => start.Output), nothing = Median(empty, start => start.Output);
        double made = Median(ours, start => start.Made - start.Entered), first = Median(ours, start => start.Output - start.Made);
        double peak = Median(ours, start => start.PeakMegabytes);
        double? peer = theirs is null ? null : Median(theirs, start => start.Output);
        double? peerPeak = theirs is null ? null : Median(theirs, start => start.PeakMegabytes);
        var row = new Result
        {
            Net = @case.Network.Name,
            Mode = Result.Start,
            Batch = 1,
            Threads = threads,
            Tier = Tier.Name(line.Isa),
            Weights = CommandLine.Name(WeightStorage.Float32),
            StrataMs = strata,
            Peer = theirs is null ? null : Peers.KeyOf(theirs[0].Peer),
            PeerVersion = theirs?[0].Peer,
            PeerMs = peer,
            Ratio = peer / strata,
            Host = host == Host.Jit ? null : host.ToString().ToLowerInvariant(),
            EmptyMs = nothing,
            MadeMs = made,
            FirstMs = first,
            MaxError = error,
            PeakMb = peak,
            PeerPeakMb = peerPeak,
            Cpu = Processor.Family,
            Runtime = RuntimeInformation.FrameworkDescription,
            Date = DateOnly.FromDateTime(DateTime.UtcNow),
            NoPeer = missing,
        };
        Console.WriteLine(line.Json
            ? row.ToJson()
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{row.Net,-14} {row.Host ?? "jit",-10} {threads,7}  {row.Tier,-9} {strata,10:G4} {Cell(peer, "G4"),9} {Cell(row.Ratio, "F2"),7} {nothing,10:G4} {made,9:G4} {first,10:G4} "
                + $"{Cell(error, "0.0E-00"),11} {peak,10:F0} {Cell(peerPeak, "F0"),8}  {row.Cpu}{(missing is null ? "" : $"; no peer: {missing}")}"));
        return row;
    }

    private static string Cell(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "-";

    /// <summary>Runs a process to its first output.</summary>
    /// <param name="app">The published app; null for this program.</param>
    /// <param name="arguments">What it is told.</param>
    private static Start Time(PublishedApp? app, string[] arguments)
    {
        (string fileName, IReadOnlyList<string> prefix) = app is null ? WorkerProcess.Self() : (app.Program, []);
        var start = new ProcessStartInfo(fileName, [.. prefix, .. arguments]) { RedirectStandardOutput = true };
        long begin = Stopwatch.GetTimestamp();
        using Process process = Process.Start(start)!;
        string[] words = process.StandardOutput.ReadToEnd().Split(' ', WordCount);
        process.WaitForExit();
        if (process.ExitCode != 0 || words.Length != WordCount)
        {
            throw new WorkerException($"'{string.Join(' ', arguments)}' ended with {process.ExitCode}.");
        }

        // All processes of a machine read the same clock.
        double Milliseconds(int word) => Stopwatch.GetElapsedTime(begin, long.Parse(words[word], CultureInfo.InvariantCulture)).TotalMilliseconds;
        return new Start(Milliseconds(0), Milliseconds(1), Milliseconds(2), double.Parse(words[3], CultureInfo.InvariantCulture), words[4]);
    }

    /// <summary>
    /// One process: milliseconds from its start to its first line of C#, to the network with its weights, and to the first output.
    /// Where the peer ran, its name and version.
    /// </summary>
    private sealed record Start(double Entered, double Made, double Output, double PeakMegabytes, string Peer);
}

/// <summary>The processes of the start measurement: what a program does that reads its weights and predicts once.</summary>
internal static class FirstOutput
{
    public const string Name = "first-output", StrataFile = "strata.bin", PeerFile = "peer.bin";

    private const string Onnx = "onnxruntime";

    public static string[] ForNothing(PublishedApp? app) => app is null ? [Name] : [];

    public static string[] ForStrata(Case @case, int threads, Isa isa, PublishedApp? app) => app is null
        ? [Name, @case.Network.Name, @case.Folder, Case.InvariantText(threads), Tier.Name(isa)]
        : [@case.Folder, Case.InputFile, Case.WeightsFile, StrataFile, Case.InvariantText(threads)];

    public static string[] ForOnnxRuntime(Case @case, string library, int threads) =>
    [
        Name, Onnx, @case.Folder, Case.InvariantText(threads), library,
        PeerTensors.Text(@case.Info.Inputs), PeerTensors.Text(@case.Info.Outputs),
    ];

    /// <summary>
    /// Prints when it began, when the network was there and when its first output was, the most memory that the process has had, and
    /// the peer.
    /// </summary>
    public static int Run(string[] arguments)
    {
        long entered = Stopwatch.GetTimestamp();
        (long made, long done, string peer) = arguments switch
        {
            [_] => (entered, entered, ""),
            [_, Onnx, string folder, string threads, string library, string input, string output] =>
                Peer(folder, library, Number(threads), input, output),
            [_, string network, string folder, string threads, string isa] =>
                Strata(network, new NetworkOptions { Weights = Path.Combine(folder, Case.WeightsFile), Threads = Number(threads), Isa = Tier.Parse(isa) }, folder),
            _ => throw new UsageException("Unknown start."),
        };
        using Process process = Process.GetCurrentProcess();
        Console.Write(string.Create(CultureInfo.InvariantCulture,
            $"{entered} {made} {done} {process.PeakWorkingSet64 / 1048576.0:F1} {peer}"));
        return 0;
    }

    private static (long Made, long Output, string Peer) Strata(string name, NetworkOptions options, string folder)
    {
        float[] inputs = Files.Read<float>(folder, Case.InputFile);
        using CompiledNetwork network = Catalog.All.First(network => network.Name == name).Create(options);
        long made = Stopwatch.GetTimestamp();
        float[] outputs = new float[network.OutputLength];
        network.Forward(inputs, outputs);
        long output = Stopwatch.GetTimestamp();
        Write(folder, StrataFile, outputs);
        return (made, output, "");
    }

    private static (long Made, long Output, string Peer) Peer(string folder, string library, int threads, string input, string output)
    {
        PeerTensors inputs = PeerTensors.Parse(input, batch: 1), outputs = PeerTensors.Parse(output, batch: 1);
        inputs.Take(Files.Read<float>(folder, Case.InputFile));
        using var runtime = new OnnxRuntime(library, Path.Combine(folder, Case.ModelFile), threads, batch: 1, inputs, outputs);
        long made = Stopwatch.GetTimestamp();
        runtime.Run();
        long done = Stopwatch.GetTimestamp();
        Write(folder, PeerFile, outputs.Samples());
        return (made, done, OnnxRuntime.Name + runtime.Version);
    }

    private static void Write(string folder, string name, float[] values) =>
        File.WriteAllBytes(Path.Combine(folder, name), MemoryMarshal.AsBytes<float>(values));

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
