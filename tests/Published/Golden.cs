using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text.Json;

namespace Strata.Weights.Tests;

/// <summary>What a golden file holds of a tensor.</summary>
/// <param name="Type">The type of safetensors: <c>F32</c>.</param>
/// <param name="Shape">The extents.</param>
/// <param name="Bytes">The numbers in row-major order.</param>
internal sealed record Golden(string Type, long[] Shape, byte[] Bytes)
{
    private const string Expected = "expected.json";

    /// <summary>Files of torch.save, by names such as <c>plain.zip</c> and <c>plain.legacy</c>.</summary>
    public static readonly IReadOnlyDictionary<string, byte[]> Files = Read();

    /// <summary>What a file holds, by names such as <c>plain</c>.</summary>
    public static readonly IReadOnlyDictionary<string, Dictionary<string, Golden>> Contents = Describe();

    private static Dictionary<string, byte[]> Read()
    {
        using Stream stream = typeof(Golden).Assembly.GetManifestResourceStream("Goldens.zip")!;
        using var archive = new ZipArchive(stream);
        return archive.Entries.ToDictionary(entry => entry.FullName, entry =>
        {
            using Stream content = entry.Open();
            using var copy = new MemoryStream();
            content.CopyTo(copy);
            return copy.ToArray();
        });
    }

    private static Dictionary<string, Dictionary<string, Golden>> Describe()
    {
        using JsonDocument document = JsonDocument.Parse(Files[Expected]);
        return document.RootElement.EnumerateObject().ToDictionary(file => file.Name, file => file.Value.EnumerateObject().ToDictionary(
            tensor => tensor.Name,
            tensor => new Golden(
                tensor.Value[0].GetString()!, [.. tensor.Value[1].EnumerateArray().Select(extent => extent.GetInt64())],
                Convert.FromHexString(tensor.Value[2].GetString()!))));
    }

    /// <summary>What is in the bytes of a safetensors file.</summary>
    public static Dictionary<string, Golden> OfSafetensors(byte[] file)
    {
        int length = 8 + (int)BitConverter.ToInt64(file);
        using JsonDocument header = JsonDocument.Parse(file.AsMemory(8, length - 8));
        return header.RootElement.EnumerateObject().ToDictionary(tensor => tensor.Name, tensor =>
        {
            int[] offsets = [.. tensor.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt32())];
            return new Golden(
                tensor.Value.GetProperty("dtype").GetString()!,
                [.. tensor.Value.GetProperty("shape").EnumerateArray().Select(extent => extent.GetInt64())],
                file[(length + offsets[0])..(length + offsets[1])]);
        });
    }

    /// <summary>The golden files without what they hold.</summary>
    public static IEnumerable<KeyValuePair<string, byte[]>> OfTorch => Files.Where(file => file.Key != Expected);
}
