using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Strata.Benchmarks.Published;

namespace Strata.Benchmarks.Commands;

/// <summary>What the user asked for.</summary>
internal sealed record CommandLine
{
    public const string Usage = """
        usage: dotnet run -c Release --project tests/Benchmarks -- COMMAND [OPTIONS]

        commands:
          inference    forward passes against ONNX Runtime
          files        ONNX files that others published, imported, against ONNX Runtime
          training     training steps (SGD with momentum) against PyTorch
          layers       where the time of a forward pass goes, step by step
          algorithms   the algorithms for each shape of convolution, and what the cost model chooses among them
          machine      the CPU family, and the tiers that run here
          fma          only the machine's limits: multiply-adds, and reading memory
          start        process start to the first output, weights read from a file, against ONNX Runtime
          generator    time of the source generator in a warm compiler, and the size of its output
          own          operators and an optimizer of one's own against their built-in twins
          onnx         saves networks as ONNX files, and fails if ONNX Runtime's outputs differ by more than 1e-5 of their range
          build        a clean clone of this repository to the first prediction of samples/Digits (takes minutes)
          tables       writes the tables of the pages anew, from Results/*.json
          chart        writes the README's chart anew, from the same

        options; lists are separated by commas, and each combination gives a row:
          --net NAME       of samples/Zoo, or all         (lenet5; algorithms, files: all)
          --batch N        samples of a call              (1; training: 64)
          --threads N      threads of both sides          (1; start: one per processor)
          --weights TYPES  float32 or bf16, of dense layers (float32; bf16 in inference only, and on our side alone)
          --isa TIER       avx512, avx2 or vector128      (the best of the hardware, or STRATA_ISA)
          --seconds S      time of each row               (3; algorithms: 0.4)
          --host HOSTS     jit, readytorun, nativeaot     (jit; start: how the app is published)
          --recompute      networks with [Network(Recompute = true)], on our side alone (training)
          --peer ncnn      in place of ONNX Runtime       (inference, batch 1)
          --no-peer        measure Strata alone
          --write          the table from which the cost model corrects its formulas, for the next build (algorithms)
          --json           one object per line on standard output, nothing else
          --save           adds the rows to Results/CPU-FAMILY.json (inference, files, training, start)

        peers (optional):
          ONNX Runtime   comes with this project from NuGet; STRATA_ONNXRUNTIME=path of another libonnxruntime.so
          PyTorch        apt install python3-torch libopenblas0-pthread
                         or STRATA_PYTHON=path of a Python that has torch
          ncnn           STRATA_NCNN=folder of its sources, with benchncnn built in build/
        """;

    public required string Command { get; init; }

    public IReadOnlyList<string> Networks { get; private init; } = [];

    public IReadOnlyList<int> Batches { get; private init; } = [];

    public IReadOnlyList<int> Threads { get; private init; } = [];

    /// <summary>How our side keeps the weights of dense layers.</summary>
    public IReadOnlyList<WeightStorage> Weights { get; private init; } = [WeightStorage.Float32];

    public Isa Isa { get; private init; }

    public TimeSpan Duration { get; private init; }

    public Peer Peer { get; private init; } = Peer.Usual;

    /// <summary>How the app of a start is published.</summary>
    public IReadOnlyList<Host> Hosts { get; private init; } = [Host.Jit];

    public bool Json { get; private init; }

    /// <summary>Whether the rows are added to the results of this CPU family.</summary>
    public bool Save { get; private init; }

    /// <summary>Whether the table of measured cycles is written.</summary>
    public bool Write { get; private init; }

    /// <summary>Whether backward computes again what it can.</summary>
    public bool Recomputes { get; private init; }

    /// <exception cref="UsageException">Something is unknown, missing or not a number.</exception>
    public static CommandLine Parse(string[] arguments)
    {
        var line = new CommandLine { Command = arguments[0] };
        string? isa = null;
        for (int i = 1; i < arguments.Length; i++)
        {
            string option = arguments[i];
            line = option switch
            {
                "--net" => line with { Networks = Value().Split(',') },
                "--batch" => line with { Batches = Numbers(option, Value()) },
                "--threads" => line with { Threads = Numbers(option, Value()) },
                "--weights" => line with { Weights = Value().Split(',').Select(StorageOf).ToList() },
                "--seconds" => line with { Duration = TimeSpan.FromSeconds(Seconds(option, Value())) },
                "--peer" => line with { Peer = PeerOf(Value()) },
                "--host" => line with { Hosts = Value().Split(',').Select(HostOf).ToList() },
                "--no-peer" => line with { Peer = Peer.None },
                "--json" => line with { Json = true },
                "--save" => line with { Save = true },
                "--write" => line with { Write = true },
                "--recompute" => line with { Recomputes = true },
                "--isa" => line,
                _ => throw new UsageException($"Unknown option '{option}'."),
            };
            if (option == "--isa")
            {
                isa = Value();
            }

            string Value() => ++i < arguments.Length ? arguments[i] : throw new UsageException($"{option} needs a value.");
        }

        if (line.Peer == Peer.Ncnn && line.Command != "inference")
        {
            throw new UsageException($"ncnn is a peer of inference, not of {line.Command}.");
        }

        if (line.Weights.Contains(WeightStorage.BFloat16) && line.Command != "inference")
        {
            throw new UsageException($"Weights in bf16 serve inference, not {line.Command}.");
        }

        bool measuresAlgorithms = line.Command == "algorithms";
        if (line.Write && !measuresAlgorithms)
        {
            throw new UsageException($"--write is an option of algorithms, not of {line.Command}.");
        }

        if (line.Save && line.Command is not ("inference" or "files" or "training" or "start"))
        {
            throw new UsageException($"--save is an option of inference, files, training and start, not of {line.Command}.");
        }

        if (line.Hosts is not [Host.Jit] && line.Command != "start")
        {
            throw new UsageException($"--host is an option of start, not of {line.Command}.");
        }

        if (line.Recomputes && line.Command != "training")
        {
            throw new UsageException($"--recompute is an option of training, not of {line.Command}.");
        }

        return line with
        {
            Networks = line.Networks.Count > 0 ? line.Networks : [measuresAlgorithms || line.Command == "files" ? "all" : "lenet5"],
            Duration = line.Duration > TimeSpan.Zero ? line.Duration : TimeSpan.FromSeconds(measuresAlgorithms ? 0.4 : 3),
            Isa = Tier.Parse(isa),
            Threads = line.Threads.Count > 0 ? line.Threads : [line.Command == "start" ? Environment.ProcessorCount : 1],
            Batches = line.Batches.Count > 0 ? line.Batches : [line.Command == "training" ? 64 : 1],
        };
    }

    private static List<int> Numbers(string option, string text) => text.Split(',').Select(number =>
        int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value > 0
            ? value
            : throw new UsageException($"{option} takes positive whole numbers, not '{number}'.")).ToList();

    /// <summary>What <c>--weights</c> calls a storage of weights.</summary>
    public static string Name(WeightStorage weights) => weights == WeightStorage.BFloat16 ? "bf16" : "float32";

    /// <exception cref="UsageException">There is no storage of this name.</exception>
    public static WeightStorage StorageOf(string name) =>
        Enum.GetValues<WeightStorage>().Where(weights => Name(weights) == name).Select(weights => (WeightStorage?)weights).FirstOrDefault()
        ?? throw new UsageException($"--weights takes float32 and bf16, not '{name}'.");

    private static Host HostOf(string name) => name switch
    {
        "jit" => Host.Jit,
        "readytorun" => Host.ReadyToRun,
        "nativeaot" => Host.NativeAot,
        _ => throw new UsageException($"--host takes jit, readytorun and nativeaot, not '{name}'."),
    };

    private static Peer PeerOf(string name) =>
        name == "ncnn" ? Peer.Ncnn : throw new UsageException($"--peer takes ncnn, not '{name}': the others follow from the command.");

    private static double Seconds(string option, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value is > 0 and < 3600
            ? value
            : throw new UsageException($"{option} takes a number of seconds, not '{text}'.");
}
