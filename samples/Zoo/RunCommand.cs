using System;
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using Samples;
using Strata;

namespace Zoo;

/// <summary>Runs inference and prints or saves the outputs.</summary>
internal static class RunCommand
{
    private const int Shown = 5;

    private static readonly Option<string?> Input = Words.Text("--input", "FILE",
        "a .png file of the input's size, whose values become 0 to 1; or an .npy file: one sample, or several along a first axis, float32 "
        + "or float64; if not given, seeded random numbers from -1 to 1");

    private static readonly Option<string?> Output = Words.Text("--output", "FILE", "where to write the outputs, as .npy of float32");

    private static readonly Option<int> Batch =
        Words.Integer("--batch", "samples, where there is no input file; if not given, 1", null, 1, 65_536);

    private static readonly Option<int> Seed = Words.Seed("of weights and inputs that no file gives");

    public static Command Create() => new Command("run", "Computes the outputs of a network.")
    {
        ZooWords.Network, ZooWords.Weights, Input, Output, Batch, Words.Threads, Seed,
    }.Does(Run);

    private static int Run(ParseResult parsed, Terminal terminal)
    {
        string? weights = parsed.GetValue(ZooWords.Weights), input = parsed.GetValue(Input), output = parsed.GetValue(Output);
        (int threads, int seed) = (parsed.GetValue(Words.Threads), parsed.GetValue(Seed));
        int batch = parsed.GetValue(Batch);
        ZooNetwork zoo = parsed.GetRequiredValue(ZooWords.Network);

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

        return Shell.Success;
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
