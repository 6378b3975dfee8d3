using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Strata.Onnx;

namespace Strata.Serving.Models;

/// <summary>An ONNX file as the weights of a model: the file is the network, too.</summary>
internal static class OnnxModel
{
    /// <summary>What a file takes and gives.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or no network of Strata computes it.</exception>
    public static NetworkInfo ReadInfo(string path, OnnxImportOptions import) => Read(path, () => OnnxFile.ReadInfo(path, import));

    /// <summary>Loads the file that the options name as weights.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, no network computes it, or it has other inputs or outputs.</exception>
    public static CompiledNetwork Load(NetworkOptions options, OnnxImportOptions import, CompileOptions compile, NetworkInfo served)
    {
        string path = options.Weights!;
        CompiledNetwork network = Read(path, () => OnnxFile.Load(path, import, options with { Weights = null }, compile));
        (string old, string now) = (Describe(served), Describe(network.Info));
        if (old == now)
        {
            return network;
        }

        network.Dispose();
        throw new InvalidDataException($"'{path}' has {now}, but the model serves {old}.");
    }

    /// <summary>
    /// The options with which a file is served. Without a word about sizes it has one: a size that a request brings up costs the time of
    /// compiling it.
    /// </summary>
    public static CompileOptions OptionsOf(CompileOptions compile)
    {
        IReadOnlyList<int[]>? sizes = compile.Sizes ?? (compile.SizeMultiple > 1 ? null : []);
        return compile with { Trains = false, Sizes = sizes, MaxSizes = int.Max(compile.MaxSizes, sizes?.Count ?? 0) };
    }

    private static string Describe(NetworkInfo info) => $"{Names(info.Inputs)} → {Names(info.Outputs)}";

    private static string Names(IReadOnlyList<TensorInfo> tensors) =>
        string.Join(", ", tensors.Select(tensor => $"{tensor.Name} {string.Join('×', tensor.Shape)}"));

    private static T Read<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is OnnxFormatException or UnsupportedOnnxException or NetworkException)
        {
            throw new InvalidDataException($"'{path}': {e.Message}", e);
        }
    }
}
