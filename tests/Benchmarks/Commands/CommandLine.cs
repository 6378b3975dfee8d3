using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using Samples;
using Strata.Benchmarks.Published;

namespace Strata.Benchmarks.Commands;

/// <summary>What the user asked for.</summary>
internal sealed record CommandLine
{
    private const string Description = """
        Measures Strata in turn with what one would use instead. Options take lists, separated by commas; each combination gives a row.

        Peers are optional:
          ONNX Runtime  comes with this project from NuGet
                        or STRATA_ONNXRUNTIME=path of another libonnxruntime.so
          PyTorch       apt install python3-torch libopenblas0-pthread
                        or STRATA_PYTHON=path of a Python that has torch
          libtorch      run with -p:LibTorch=true, which takes it from NuGet
          ncnn          STRATA_NCNN=folder of its sources, with benchncnn built in build/
        """;

    private static readonly Option<string?>
        NetOption = Words.Text("--net", "NAMES", "networks of samples/Zoo and of its package, or all; if not given, lenet5"),
        BuiltNetOption = Words.Text("--net", "NAMES", "where the compiler's time goes for these networks; if not given, for the clone"),
        OpenNetOption = Words.Text("--net", "NAMES", "those in the project; if not given, the first 20 of samples/Zoo"),
        AnyNetOption = Words.Text("--net", "NAMES", "those to measure; if not given, all"),
        IsaOption = Words.Text("--isa", "TIER", IsaSelection.Choices + "; if not given, the best of the hardware, or STRATA_ISA");

    private static readonly Option<ImmutableArray<int>>
        BatchOption = List("--batch", "N", "samples of a call; if not given, 1, and 64 in training", "positive whole numbers", Positive),
        ThreadsOption = List("--threads", "N", "threads of both sides; if not given, 1, and for start one per processor",
            "positive whole numbers", Positive),
        ConnectionsOption = List("--connections", "N", "of the load generator; if not given, 1, 8 and 32", "positive whole numbers",
            Positive);

    private static readonly Option<ImmutableArray<WeightStorage>> WeightsOption = List("--weights", "TYPES",
        "float32 or bf16, of dense layers, on our side alone; if not given, float32", "float32 and bf16", FindStorage);

    private static readonly Option<ImmutableArray<Host>> HostOption = List("--host", "HOSTS",
        "jit, readytorun or nativeaot: how the app is published; if not given, jit", "jit, readytorun and nativeaot", FindHost);

    private static readonly Option<int> EditsOption = Words.Integer(
        "--edits", "keystrokes of each kind; if not given, 200, and 10,000 for memory", null, 1, 1_000_000);

    private static readonly Option<double> SecondsOption = Words.Value("--seconds", "S",
        "time of each row; if not given, 3, and 0.4 for algorithms and activations", null, "a number of seconds",
        text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) && seconds is > 0 and < 3600
            ? seconds : (double?)null);

    private static readonly Option<Peer>
        PeerOption = OtherPeer("ncnn", Peer.Ncnn, "ncnn, in place of ONNX Runtime (batch 1)"),
        TrainingPeerOption = OtherPeer("libtorch", Peer.LibTorch, "libtorch, in place of the system's PyTorch");

    private static readonly Option<bool>
        NoPeerOption = Words.Flag("--no-peer", "measure Strata alone"),
        RecomputeOption = Words.Flag("--recompute", "networks with [Network(Recompute = true)], on our side alone"),
        WriteOption = Words.Flag("--write", "writes the table from which the cost model corrects its formulas, for the next build"),
        JsonOption = Words.Flag("--json", "one object per line on standard output, nothing else"),
        SaveOption = Words.Flag("--save", "adds the rows to Results/CPU-FAMILY.json");

    /// <summary>The commands. <see cref="Benchmarks.Program"/> runs them.</summary>
    public static Command Program { get; } = Shell.Program("Benchmarks", Description,
        Of("inference", "forward passes against ONNX Runtime",
            NetOption, BatchOption, ThreadsOption, WeightsOption, IsaOption, SecondsOption, PeerOption, NoPeerOption, JsonOption,
            SaveOption),
        Of("files", "ONNX files that others published, imported, against ONNX Runtime",
            AnyNetOption, ThreadsOption, IsaOption, SecondsOption, NoPeerOption, JsonOption, SaveOption),
        Of("loaded", "ONNX files loaded at run time, at their own size and at ten others, against ONNX Runtime",
            AnyNetOption, ThreadsOption),
        Of("integers", "networks that multiply 8-bit integers beside the same ones in floats", AnyNetOption, ThreadsOption, IsaOption),
        Of("training", "training steps (SGD with momentum) against PyTorch",
            NetOption, BatchOption, ThreadsOption, IsaOption, SecondsOption, RecomputeOption, TrainingPeerOption, NoPeerOption, JsonOption,
            SaveOption),
        Of("layers", "where the time of a forward pass goes, step by step",
            NetOption, BatchOption, ThreadsOption, IsaOption, SecondsOption, JsonOption),
        Of("algorithms", "the algorithms for each shape of convolution, and what the cost model chooses among them",
            AnyNetOption, IsaOption, SecondsOption, WriteOption, JsonOption),
        Of("activations", "each activation behind convolutions with tiles of several sizes", IsaOption, SecondsOption, JsonOption),
        Of("machine", "the CPU family, and the tiers that run here"),
        Of("fma", "only the machine's limits: multiply-adds, and reading memory", ThreadsOption, IsaOption, JsonOption),
        Of("start", "process start to the first output of one sample, weights read from a file, against ONNX Runtime",
            NetOption, ThreadsOption, HostOption, IsaOption, NoPeerOption, JsonOption, SaveOption),
        Of("generator", "time of the source generator in a warm compiler, and the size of its output", NetOption, JsonOption),
        Of("editor", "keystrokes in Roslyn's workspace, with one network and with all: time, cancellation, memory",
            OpenNetOption, EditsOption, JsonOption),
        Of("serving", "requests over HTTP: Strata.Serving against ONNX Runtime behind ASP.NET Core; lenet5, resnet18, mobilenet_v2",
            AnyNetOption, ConnectionsOption, SecondsOption),
        Of("ranks", "training on several processes of Open MPI against one process with as many threads; resnet18, resnet20",
            AnyNetOption, SecondsOption),
        Of("own", "operators and an optimizer of one's own against their built-in twins"),
        Of("onnx", "saves networks as ONNX files, and fails if ONNX Runtime's outputs differ by more than 1e-5 of their range", NetOption),
        Of("build", "a clean clone of this repository to the first prediction of samples/Digits (takes minutes), or where the time of "
            + "the C# compiler goes for some networks", BuiltNetOption, JsonOption),
        Of("tables", "writes the tables of the pages anew, from Results/*.json"),
        Of("chart", "writes the README's chart anew, from the same"));

    public required string Command { get; init; }

    public IReadOnlyList<string> Networks { get; private init; } = [];

    public IReadOnlyList<int> Batches { get; private init; } = [];

    public IReadOnlyList<int> Threads { get; private init; } = [];

    /// <summary>How many clients a service has at once.</summary>
    public IReadOnlyList<int> Connections { get; private init; } = [];

    /// <summary>How our side keeps the weights of dense layers.</summary>
    public IReadOnlyList<WeightStorage> Weights { get; private init; } = [];

    /// <summary>Keystrokes of each kind in an editor; 0 if not given.</summary>
    public int Edits { get; private init; }

    public Isa Isa { get; private init; }

    public TimeSpan Duration { get; private init; }

    public Peer Peer { get; private init; }

    /// <summary>How the app of a start is published.</summary>
    public IReadOnlyList<Host> Hosts { get; private init; } = [];

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
        ParseResult parsed = Program.Parse(arguments);
        if (Shell.FindError(parsed) is { } error)
        {
            throw new UsageException(error);
        }

        string command = parsed.CommandResult.Command.Name;
        string? networks = parsed.GetValue(NetOption) ?? parsed.GetValue(AnyNetOption) ?? parsed.GetValue(BuiltNetOption)
            ?? parsed.GetValue(OpenNetOption);
        double seconds = parsed.GetValue(SecondsOption);
        return new CommandLine
        {
            Command = command,
            Networks = networks?.Split(',')
                ?? (command is "build" or "editor" ? []
                    : [command is "algorithms" or "files" or "integers" or "loaded" or "serving" or "ranks" ? "all" : "lenet5"]),
            Batches = Given(BatchOption, command == "training" ? 64 : 1),
            Threads = Given(ThreadsOption, command == "start" ? Environment.ProcessorCount : 1),
            Connections = parsed.GetValue(ConnectionsOption) is { IsDefault: false } connections ? connections : [1, 8, 32],
            Weights = Given(WeightsOption, WeightStorage.Float32),
            Hosts = Given(HostOption, Host.Jit),
            Edits = parsed.GetValue(EditsOption),
            Isa = Tier.Parse(parsed.GetValue(IsaOption)),
            Duration = TimeSpan.FromSeconds(seconds > 0 ? seconds : command is "algorithms" or "activations" ? 0.4 : 3),
            Peer = parsed.GetValue(NoPeerOption) ? Peer.None
                : parsed.GetResult(PeerOption) is not null ? parsed.GetValue(PeerOption)
                : parsed.GetResult(TrainingPeerOption) is not null ? parsed.GetValue(TrainingPeerOption)
                : Peer.Usual,
            Json = parsed.GetValue(JsonOption),
            Save = parsed.GetValue(SaveOption),
            Write = parsed.GetValue(WriteOption),
            Recomputes = parsed.GetValue(RecomputeOption),
        };

        IReadOnlyList<T> Given<T>(Option<ImmutableArray<T>> option, T usual) =>
            parsed.GetValue(option) is { IsDefault: false } values ? values : [usual];
    }

    /// <summary>What <c>--weights</c> calls a storage of weights.</summary>
    public static string Name(WeightStorage weights) => weights == WeightStorage.BFloat16 ? "bf16" : "float32";

    /// <exception cref="UsageException">There is no storage of this name.</exception>
    public static WeightStorage StorageOf(string name) => FindStorage(name) ?? throw new UsageException($"Unknown weights '{name}'.");

    private static Command Of(string name, string description, params Option[] options)
    {
        var command = new Command(name, description);
        foreach (Option option in options)
        {
            command.Add(option);
        }

        return command;
    }

    private static Option<ImmutableArray<T>> List<T>(string name, string value, string description, string range, Func<string, T?> read)
        where T : struct => Words.Value<ImmutableArray<T>>(name, value, description, null, range, text =>
        {
            T?[] values = [.. text.Split(',').Select(read)];
            return values.Contains(null) ? null : [.. values.Select(one => one!.Value)];
        });

    private static Option<Peer> OtherPeer(string name, Peer peer, string description) =>
        Words.Value("--peer", "NAME", description, null, name, text => text == name ? peer : (Peer?)null);

    private static int? Positive(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 ? number : null;

    private static WeightStorage? FindStorage(string name) => name switch
    {
        "float32" => WeightStorage.Float32,
        "bf16" => WeightStorage.BFloat16,
        _ => null,
    };

    private static Host? FindHost(string name) => name switch
    {
        "jit" => Host.Jit,
        "readytorun" => Host.ReadyToRun,
        "nativeaot" => Host.NativeAot,
        _ => null,
    };
}
