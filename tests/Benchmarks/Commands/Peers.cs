using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Runtime.Intrinsics.X86;
using Strata.Benchmarks.Onnx;
using Strata.Benchmarks.Workers;

namespace Strata.Benchmarks.Commands;

/// <summary>What Strata is compared with.</summary>
internal enum Peer
{
    None,

    /// <summary>ONNX Runtime for inference, PyTorch for training.</summary>
    Usual,

    Ncnn,

    /// <summary>For training: libtorch through TorchSharp.</summary>
    LibTorch,
}

/// <summary>Finds and starts the peers. A peer that is missing is said once, and the rows go without it.</summary>
internal static class Peers
{
    private const string PythonVariable = "STRATA_PYTHON", SystemPython = "/usr/bin/python3", NcnnVariable = "STRATA_NCNN";

    /// <summary>The types that PyTorch computes with: its own, and another that tells how far rounding takes the two sides.</summary>
    public const string Singles = "float32", Doubles = "float64";

    private static readonly HashSet<string> Reported = [];

    private static (string? OpenBlas, string? ATen) Kernels => KernelsOf(Avx512BW.IsSupported, Avx2.IsSupported);

    /// <summary>
    /// The kernels that PyTorch's libraries are told to take: the best of the processor. By themselves OpenBLAS 0.3.21 takes Zen 5 and
    /// Emerald Rapids for processors of 2004 on some hosts, and ATen keeps to AVX2. Null leaves the choice to them.
    /// </summary>
    public static (string? OpenBlas, string? ATen) KernelsOf(bool avx512, bool avx2) =>
        avx512 ? ("SkylakeX", "avx512") : avx2 ? ("Haswell", "avx2") : (null, null);

    public static WorkerProcess? StartOnnxRuntime(Case @case, int threads, out string? missing) =>
        FindOnnxRuntime(out missing) is { } library
            ? Start("ONNX Runtime", "", () => WorkerProcess.StartSelf(WorkerCommand.ForOnnxRuntime(@case, library, threads)), out missing)
            : null;

    /// <summary>What rows call a peer: its name without its version, as in <c>onnxruntime</c>.</summary>
    public static string KeyOf(string version) => string.Concat(version.Split(' ')[..^1]).ToLowerInvariant();

    /// <summary>Where ONNX Runtime is; null where it is missing.</summary>
    public static string? FindOnnxRuntime(out string? missing)
    {
        missing = null;
        string? library = OnnxRuntime.FindLibrary();
        if (library is null)
        {
            string variable = Environment.GetEnvironmentVariable(OnnxRuntime.LibraryVariable) is string path and not ""
                ? $"{OnnxRuntime.LibraryVariable} names '{path}', where it is not. "
                : "";
            missing = "ONNX Runtime is missing";
            Report($"no peer: ONNX Runtime is missing. {variable}"
                + $"Its NuGet package has none for this system: name a library in {OnnxRuntime.LibraryVariable}.");
        }

        return library;
    }

    /// <summary>
    /// Settings of glibc by which a process keeps freed memory. PyTorch allocates its activations anew in each step. Without these
    /// settings each page of them faults again, which takes 15 µs on some virtual machines and doubles the time of a step.
    /// </summary>
    private static Dictionary<string, string?> KeptMemory => new()
    {
        ["MALLOC_MMAP_MAX_"] = "0",
        ["MALLOC_TRIM_THRESHOLD_"] = (1L << 40).ToString(CultureInfo.InvariantCulture),
    };

    public static WorkerProcess? StartPyTorch(Case @case, int threads, out string? missing, string type = Singles)
    {
        string python = Environment.GetEnvironmentVariable(PythonVariable) is string path and not "" ? path
            : File.Exists(SystemPython) ? SystemPython
            : "python3";
        string threadsText = threads.ToString(CultureInfo.InvariantCulture);
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "peer_training.py"), @case.Folder, @case.Batch.ToString(CultureInfo.InvariantCulture),
            threadsText, string.Join(',', @case.InputShape), StrataTraining.LearningRate.ToString(CultureInfo.InvariantCulture),
            StrataTraining.Momentum.ToString(CultureInfo.InvariantCulture),
            @case.CheckSteps.ToString(CultureInfo.InvariantCulture),
            type,
        ];
        // The libraries read their variables when they are loaded, before the script can say a number.
        var variables = new Dictionary<string, string?>(KeptMemory)
        {
            ["OMP_NUM_THREADS"] = threadsText,
            ["OPENBLAS_NUM_THREADS"] = threadsText,
            ["OPENBLAS_L2_SIZE"] = null,
            ["OPENBLAS_CORETYPE"] = Kernels.OpenBlas,
            ["ATEN_CPU_CAPABILITY"] = Kernels.ATen,
        };
        return Start(
            "PyTorch",
            $" Get it with 'apt install python3-torch libopenblas0-pthread', or name a Python that has torch in {PythonVariable}.",
            () => WorkerProcess.Start(python, arguments, variables),
            out missing);
    }

    /// <summary>libtorch in a process of this program.</summary>
    public static WorkerProcess? StartLibTorch(Case @case, int threads, out string? missing, string type = Singles) => Start(
        "libtorch",
        " Run with '-p:LibTorch=true', which takes it from NuGet (600 MB). It needs the libstdc++ of GCC 13, as Ubuntu 24.04 has.",
        () => WorkerProcess.StartSelf(
            WorkerCommand.ForLibTorch(@case, threads, type),
            new Dictionary<string, string?>(KeptMemory)
            {
                ["OMP_NUM_THREADS"] = Case.InvariantText(threads),
                ["ATEN_CPU_CAPABILITY"] = Kernels.ATen,

                // Where NNPACK does not know the processor, each convolution would warn of it.
                ["TORCH_CPP_LOG_LEVEL"] = "ERROR",
            }),
        out missing);

    public static NcnnBenchmark? StartNcnn(Case @case, int threads, out string? missing)
    {
        string? folder = Environment.GetEnvironmentVariable(NcnnVariable);
        return Start(
            "ncnn",
            $" Get its sources, build benchncnn in their folder 'build' with CMake, and name the folder in {NcnnVariable}.",
            () => new NcnnBenchmark(string.IsNullOrEmpty(folder) ? throw new WorkerException($"{NcnnVariable} is not set") : folder, @case, threads),
            out missing);
    }

    private static T? Start<T>(string name, string help, Func<T> start, out string? missing)
        where T : class
    {
        missing = null;
        try
        {
            return start();
        }
        catch (WorkerException exception)
        {
            missing = $"{name}: {exception.Message.TrimEnd('.')}";
            Report($"no peer: {name} does not start: {exception.Message.TrimEnd('.')}.{help}");
            return null;
        }
    }

    private static void Report(string message)
    {
        if (Reported.Add(message))
        {
            Console.Error.WriteLine(message);
        }
    }
}
