using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using Strata.Benchmarks.Imported;
using Strata.Benchmarks.Measurement;
using Strata.Benchmarks.Networks;
using Strata.Benchmarks.Onnx;
using Strata.Benchmarks.Workers;
using Strata.Onnx;
using Strata.Onnx.Model;
using Strata.Onnx.Reading;
using Strata.Onnx.Tests;

namespace Strata.Benchmarks.Commands;

/// <summary>
/// ONNX files that are loaded at run time. At their own size, beside the imported class; at ten sizes, beside a network that was loaded at
/// that size. ONNX Runtime reads the same file. All sides take turns in this process.
/// </summary>
internal static class LoadedCommand
{
    private const int Rounds = 15, ClassIndex = 2;

    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(10);

    /// <summary>Heights and widths of the detector of text: pages and pictures of any shape, in its steps of 32.</summary>
    private static readonly int[][] Pages =
    [
        [160, 160], [192, 320], [224, 640], [256, 256], [320, 320], [352, 480], [416, 416], [480, 640], [544, 736], [640, 640],
    ];

    private static readonly int[][] Squares =
        [.. new[] { 160, 176, 192, 208, 224, 240, 256, 272, 288, 320 }.Select(extent => new[] { extent, extent })];

    private static readonly int[][] Masks =
        [.. new[] { 64, 96, 128, 144, 160, 176, 192, 208, 224, 256 }.Select(extent => new[] { extent, extent })];

    public static int Run(CommandLine line)
    {
        string library = Peers.FindOnnxRuntime(out string? missing) ?? throw new UsageException(missing!);
        Console.WriteLine($"{Processor.Family}, medians of {Rounds} turns, milliseconds; ratios are ÷ Strata");
        Console.WriteLine(
            "file                          size       threads    Strata  ONNX Runtime  ratio    class or declared  ratio  error    "
            + "compiled in");
        bool agreed = true;
        foreach (int threads in line.Threads)
        {
            foreach (RealFile file in RealFile.All.Where(file => IsAsked(line, file.Name)))
            {
                string path = file.Find(out string reason) ?? throw new WorkerException(reason);
                var imported = ImportedFile.Find(file.Name)!;
                using CompiledNetwork loaded = Load(path, file.Options, threads);
                using CompiledNetwork @class = imported.Network.Create(new NetworkOptions { Threads = threads });
                agreed &= Measure(file.Name, path, library, threads, loaded, @class, imported.Picture(), null);
            }

            agreed &= Sizes(line, "ch_PP-OCRv4_det_infer", Pages, threads, library);
            agreed &= Sizes(line, "mobilenet_v2", Squares, threads, library);
            agreed &= Sizes(line, "unet", Masks, threads, library);
        }

        return agreed ? 0 : 1;
    }

    private static bool IsAsked(CommandLine line, string name) => line.Networks is ["all"] || line.Networks.Contains(name);

    private static CompiledNetwork Load(string path, OnnxImportOptions options, int threads) => OnnxFile.Load(
        path, options, new NetworkOptions { Threads = threads }, new CompileOptions { Trains = false });

    private static Dictionary<string, IReadOnlyList<int>> Inputs(IReadOnlyList<int> shape) => new() { [""] = shape };

    private static bool Sizes(CommandLine line, string name, int[][] sizes, int threads, string library)
    {
        if (!IsAsked(line, name))
        {
            return true;
        }

        string folder = Directory.CreateTempSubdirectory("strata-sizes-").FullName;
        try
        {
            return Sizes(name, sizes, threads, library, folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool Sizes(string name, int[][] sizes, int threads, string library, string folder)
    {
        RealFile? file = RealFile.All.FirstOrDefault(one => one.Name == name);
        string path = file?.Find(out _) ?? Saved(name, folder, "own", null);
        OnnxImportOptions options = file?.Options ?? new OnnxImportOptions();
        using CompiledNetwork first = Load(path, options, threads);
        bool agreed = true;
        foreach (int[] size in sizes)
        {
            var watch = Stopwatch.StartNew();
            CompiledNetwork sized = first.At(size);
            TimeSpan compiled = watch.Elapsed;
            int[] shape = [sized.Info.InputShape[0], .. size];
            using CompiledNetwork own = Load(path, options with { Inputs = Inputs(shape) }, threads);
            string peerPath = file is null ? Saved(name, folder, string.Join('x', size), sized) : path;
            agreed &= Measure(
                name, peerPath, library, threads, sized, own, file?.Picture?.Invoke([1, .. shape]), compiled);
        }

        return agreed;
    }

    /// <summary>A network of the zoo as an ONNX file; at another size, ONNX Runtime gets a file of that size.</summary>
    private static string Saved(string name, string folder, string size, CompiledNetwork? sized)
    {
        string path = Path.Combine(folder, $"{name}-{size}.onnx");
        if (sized is not null)
        {
            OnnxFile.Save(sized, path);
            return path;
        }

        using CompiledNetwork network = BenchmarkNetwork.Find(name).Create(new NetworkOptions { Seed = 1 });
        OnnxFile.Save(network, path);
        return path;
    }

    private static bool Measure(
        string name, string path, string library, int threads, CompiledNetwork strata, CompiledNetwork other, float[]? picture,
        TimeSpan? compiled)
    {
        float[] input = picture ?? Workers.Inputs.Values(strata.InputLength);
        float[] output = new float[strata.OutputLength], twin = new float[other.OutputLength];
        OnnxGraph graph = GraphReader.Read(path, new OnnxImportOptions { Inputs = Inputs(strata.Info.InputShape) });
        var inputs = new PeerTensors([.. graph.Inputs.Select(one => (one.Name, one.Shape.Skip(1).ToArray()))], batch: 1);
        var outputs = new PeerTensors([.. graph.Outputs.Select((one, i) => (graph.OutputNames[i], one.Shape.Skip(1).ToArray()))], batch: 1);
        inputs.Take(input);
        using var peer = new OnnxRuntime(library, path, threads, batch: 1, inputs, outputs);
        double[] medians = Turns(
            () => strata.Forward(input, output), peer.Run, () => other.Forward(input, twin));
        double error = Agreement.MaxError(output, outputs.Samples());
        bool agrees = error <= Agreement.Tolerance && output.AsSpan().SequenceEqual(twin);
        string size = string.Join('×', strata.Info.InputShape.Skip(1));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-29} {size,-10} {threads,7} {medians[0],9:G4} {medians[1],13:G4} {medians[1] / medians[0],6:F2} "
            + $"{medians[ClassIndex],20:G4} {medians[ClassIndex] / medians[0],6:F3}  {error:0.0E-00}  "
            + $"{compiled?.TotalMilliseconds:F0}{(agrees ? "" : "  DISAGREES")}"));
        return agrees;
    }

    /// <summary>Median milliseconds of a call of each side.</summary>
    private static double[] Turns(params Action[] sides)
    {
        var times = sides.Select(_ => new List<double>()).ToArray();
        for (int round = -3; round < Rounds; round++)
        {
            for (int side = 0; side < sides.Length; side++)
            {
                long begin = Stopwatch.GetTimestamp();
                int calls = 0;
                do
                {
                    sides[side]();
                    calls++;
                }
                while (Stopwatch.GetElapsedTime(begin) < Slice);

                if (round >= 0)
                {
                    times[side].Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds / calls);
                }
            }
        }

        return [.. times.Select(Statistics.Median)];
    }
}
