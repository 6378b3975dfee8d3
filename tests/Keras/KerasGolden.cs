using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Strata.Weights.Tests;

/// <summary>Files as Keras writes them, and what they hold in PyTorch's order.</summary>
internal static class KerasGolden
{
    private const string Expected = "expected.json", Outputs = "computed.json";

    /// <summary>Files by names such as <c>picture-2.h5</c>.</summary>
    public static readonly IReadOnlyDictionary<string, byte[]> Files = Read();

    /// <summary>The models: shapes and values by keys.</summary>
    public static readonly IReadOnlyDictionary<string, Dictionary<string, (int[] Shape, float[] Values)>> Models =
        Describe(Files[Expected]);

    /// <summary>An input and an output of some models.</summary>
    public static readonly IReadOnlyDictionary<string, Dictionary<string, (int[] Shape, float[] Values)>> Computed =
        Describe(Files[Outputs]);

    /// <summary>The endings of the files of each model.</summary>
    public static readonly string[] Endings = ["-2.h5", "-2-whole.h5", "-3.h5", ".weights.h5", ".keras"];

    /// <summary>The files without what they hold.</summary>
    public static IEnumerable<KeyValuePair<string, byte[]>> OfKeras => Files.Where(file => file.Key is not (Expected or Outputs));

    /// <summary>A network for a model.</summary>
    public static CompiledNetwork NetworkOf(string model) => model switch
    {
        "picture" or "numbered" => new Picture(seed: 1),
        "grids" => new Grids(seed: 1),
        "generator" => new Generator(seed: 1),
        "flat" => new Flat(seed: 1),
        "tokens" => new Tokens(seed: 1),
        "volume" => new Volume(seed: 1),
        _ => throw new ArgumentException(model, nameof(model)),
    };

    /// <summary>A parameter's numbers.</summary>
    public static float[] Values(Parameter parameter)
    {
        float[] values = new float[parameter.Length];
        parameter.CopyTo(values);
        return values;
    }

    /// <summary>Shapes and values as the scripts write them.</summary>
    public static Dictionary<string, Dictionary<string, (int[] Shape, float[] Values)>> Describe(byte[] json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return document.RootElement.EnumerateObject().ToDictionary(model => model.Name, model => model.Value.EnumerateObject().ToDictionary(
            tensor => tensor.Name,
            tensor => (tensor.Value[0].EnumerateArray().Select(extent => extent.GetInt32()).ToArray(),
                MemoryMarshal.Cast<byte, float>(Convert.FromHexString(tensor.Value[1].GetString()!)).ToArray())));
    }

    private static Dictionary<string, byte[]> Read()
    {
        using Stream stream = typeof(KerasGolden).Assembly.GetManifestResourceStream("KerasGoldens.zip")!;
        using var archive = new ZipArchive(stream);
        return archive.Entries.ToDictionary(entry => entry.FullName, entry =>
        {
            using Stream content = entry.Open();
            using var copy = new MemoryStream();
            content.CopyTo(copy);
            return copy.ToArray();
        });
    }
}
