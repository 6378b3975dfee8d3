using System;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using Samples;
using Strata;

namespace Zoo;

/// <summary>Runs inference and prints or saves the outputs.</summary>
internal static class RunCommand
{
    public const string Help = """
        Computes the outputs of a network.

        Usage: Zoo run NAME [OPTIONS]

        Options:
          --weights FILE  a safetensors file with PyTorch's names (default: seeded weights)
          --input FILE    a .png file of the input's size, whose values become 0 to 1; or an .npy
                          file: one sample, or several along a first axis, float32 or float64
                          (default: seeded random numbers from -1 to 1)
          --output FILE   where to write the outputs, as .npy of float32
          --batch N       samples, where there is no input file (default: 1)
          --threads N     0 for one per processor (default: 0)
          --seed N        of weights and inputs that no file gives (default: 1)
        """;

    private const int Shown = 5;

    public static int Run(Arguments arguments, Terminal terminal)
    {
        string? weights = arguments.Option("--weights"), input = arguments.Option("--input"), output = arguments.Option("--output");
        int threads = arguments.Integer("--threads", 0, 0, 1024);
        int seed = arguments.Integer("--seed", 1, 0, int.MaxValue);
        int batch = arguments.Integer("--batch", 0, 1, 65_536);
        ZooNetwork zoo = ZooNetwork.Take(arguments, "run");
        arguments.End();

        float[] inputs = input is null ? RandomData.Uniform(seed, Math.Max(batch, 1), zoo.InputLength) : zoo.ReadInputs(input);
        int samples = inputs.Length / zoo.InputLength;
        if (input is not null && batch > 0 && batch != samples)
        {
            throw new UsageException($"--batch is {batch}, but '{input}' holds {Plural.Of(samples, "sample")}");
        }

        using CompiledNetwork network = zoo.Create(new NetworkOptions { Seed = (ulong)seed, Threads = threads, Weights = weights });
        float[] outputs = new float[samples * zoo.OutputLength];
        long start = Stopwatch.GetTimestamp();
        network.Forward(inputs, outputs);
        double first = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        start = Stopwatch.GetTimestamp();
        network.Forward(inputs, outputs);
        double second = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        terminal.Out.WriteLine($"{zoo.Name}: {samples} × {Tables.Shape(zoo.Info.InputShape)} → {Tables.Shape(zoo.Info.OutputShape)}");
        terminal.Out.WriteLine(Text($"{network.Isa}: first call {first:F1} ms, second {second:F1} ms"));
        if (output is null)
        {
            for (int i = 0; i < samples; i++)
            {
                ShowGreatest(i, outputs.AsSpan(i * zoo.OutputLength, zoo.OutputLength), terminal);
            }
        }
        else
        {
            NpyFile.Write(output, [samples, .. zoo.Info.OutputShape], outputs);
            terminal.Out.WriteLine($"outputs written to {output}");
        }

        return 0;
    }

    private static void ShowGreatest(int sample, ReadOnlySpan<float> outputs, Terminal terminal)
    {
        int[] order = [.. Enumerable.Range(0, outputs.Length)];
        float[] keys = outputs.ToArray();
        Array.Sort(keys, order);
        Array.Reverse(order);
        string[] greatest = new string[Math.Min(Shown, order.Length)];
        for (int i = 0; i < greatest.Length; i++)
        {
            greatest[i] = Text($"[{order[i]}] {outputs[order[i]]:G6}");
        }

        terminal.Out.WriteLine(Text($"sample {sample}, greatest outputs: {string.Join(", ", greatest)}"));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
