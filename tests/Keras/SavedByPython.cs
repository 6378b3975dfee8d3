using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Strata.Weights.Tests;

/// <summary>A network's weights in the files that h5py and PyTorch write of them.</summary>
internal static class SavedByPython
{
    /// <summary>The Python of Debian's packages.</summary>
    public const string Python = "/usr/bin/python3";

    /// <summary>The files that h5py writes.</summary>
    public static readonly string[] OfKeras = ["network.h5", "network.weights.h5"];

    /// <summary>The files that PyTorch writes, if there is one.</summary>
    public static readonly string[] OfTorch = ["network.pth", "legacy.pth", "compiled.pth"];

    /// <summary>Gives a network random numbers, and writes the files of it.</summary>
    /// <param name="network">The network.</param>
    /// <param name="script">The path of <c>save_network.py</c>.</param>
    /// <param name="folder">Where they go.</param>
    public static void Write(CompiledNetwork network, string script, string folder)
    {
        // Initial numbers of normalisations are 1 and 0: exchanged, nobody would notice.
        var random = new Random(1);
        foreach (Parameter parameter in network.Parameters)
        {
            float[] values = new float[parameter.Length];
            random.NextBytes(MemoryMarshal.AsBytes(values.AsSpan()));
            parameter.CopyFrom(values);
        }

        network.Save(Path.Combine(folder, "network.safetensors"));
        File.WriteAllText(Path.Combine(folder, "layers.json"), JsonSerializer.Serialize(KerasExport.Layers(network).Select(one => new
        {
            name = one.Layer.Name,
            kind = one.Layer.Kind,
            groups = one.Layer.Values.Any(argument => argument.Name == "Groups") ? one.Layer.Argument<int>("Groups") : 1,
            flattened = one.Flattened,
            weights = one.Parameters.ToDictionary(KerasExport.SuffixOf, parameter => parameter.Key),
        })));
        (int code, string error) = Run(script, folder);
        if (code != 0)
        {
            throw new InvalidOperationException(error);
        }
    }

    /// <summary>The keys of parameters that are not equal bit by bit.</summary>
    public static string[] Different(CompiledNetwork expected, CompiledNetwork found) =>
    [
        .. expected.Parameters.Zip(found.Parameters)
            .Where(pair => !BitsOf(pair.First).SequenceEqual(BitsOf(pair.Second)))
            .Select(pair => pair.First.Key),
    ];

    private static ReadOnlySpan<int> BitsOf(Parameter parameter) => MemoryMarshal.Cast<float, int>(KerasGolden.Values(parameter).AsSpan());

    /// <summary>Runs Python.</summary>
    /// <returns>Its exit code, and what it says of its errors.</returns>
    public static (int Code, string Error) Run(params string[] arguments)
    {
        using Process process = Process.Start(
            new ProcessStartInfo(Python, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, error);
    }
}
