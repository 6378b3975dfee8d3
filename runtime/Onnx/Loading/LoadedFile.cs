using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Strata.Onnx.Layers;
using Strata.Onnx.Reading;

namespace Strata.Onnx.Loading;

/// <summary>
/// A file that is loaded as a network. For another size of its inputs it is read again, since a file may compute from the size what layers
/// say as numbers, such as the size to which a picture is resized.
/// </summary>
/// <param name="path">The file, from wherever this process is later.</param>
/// <param name="shown">The file as the caller has named it, for messages.</param>
/// <param name="name">The network's name.</param>
/// <param name="options">How the file is read.</param>
internal sealed class LoadedFile(string path, string shown, string name, OnnxImportOptions options)
{
    /// <summary>The file at the size that was loaded. It is read for the first other size.</summary>
    private readonly Lazy<OwnSize> _own = new(() =>
    {
        LoadedNetwork own = Read(path, shown, name, options);
        return new OwnSize(own.Inputs, DigestsOf(own.Parameters));
    });

    /// <summary>The file for the compiler.</summary>
    public NetworkSource Source => new(name, Identity, () => Read(path, shown, name, options).Content, At);

    /// <summary>The layers of a file.</summary>
    public static LoadedNetwork Read(string path, string shown, string name, OnnxImportOptions options) =>
        LoadedLayers.Read(GraphReader.Read(path, options, shown), name, options);

    /// <summary>All that the network depends on.</summary>
    public IReadOnlyList<string> Identity()
    {
        var parts = new List<string>
        {
            typeof(LoadedFile).Module.ModuleVersionId.ToString(), Convert.ToHexStringLower(Digest()), name,
            options.Loss ?? "", options.Until.Count.ToString(CultureInfo.InvariantCulture),
        };
        parts.AddRange(options.Until);
        foreach ((string input, IReadOnlyList<int> shape) in options.Inputs)
        {
            parts.Add(input);
            parts.Add(string.Join(',', shape));
        }

        return parts;
    }

    private byte[] Digest()
    {
        try
        {
            using FileStream stream = ModelFile.Open(path);
            return SHA256.HashData(stream);
        }
        catch (ReadingException exception)
        {
            throw new OnnxFormatException($"{shown}: {exception.Message}", exception);
        }
    }

    /// <summary>The network at a size.</summary>
    /// <param name="extents">The extents of all inputs without channels.</param>
    /// <exception cref="NotSupportedException">Parameters that the file computes depend on the size.</exception>
    private NetworkBuilder At(int[] extents)
    {
        Dictionary<string, IReadOnlyList<int>> shapes = new(options.Inputs.Where(pair => pair.Key.Length > 0));
        int next = 0;
        foreach (InputTensor input in _own.Value.Inputs)
        {
            int[] shape = new int[input.Shape.Count];
            for (int axis = 0; axis < shape.Length; axis++)
            {
                shape[input.FileAxes[axis]] = axis == 0 ? input.Shape[0] : extents[next++];
            }

            shapes[input.Name] = shape;
        }

        LoadedNetwork sized = Read(path, shown, name, options with { Inputs = shapes });
        Dictionary<string, byte[]> own = _own.Value.Digests, others = DigestsOf(sized.Parameters);
        if (own.Keys.Concat(others.Keys).FirstOrDefault(key => !own.TryGetValue(key, out byte[]? one)
            || !others.TryGetValue(key, out byte[]? other) || !one.AsSpan().SequenceEqual(other)) is { } different)
        {
            throw new NotSupportedException(
                $"{name} cannot be had at {string.Join('×', extents)}: the file computes the parameter '{different}' from the size of its "
                + "input. Load it once for each size.");
        }

        return sized.Builder;
    }

    private static Dictionary<string, byte[]> DigestsOf(IEnumerable<(string Key, LayerParameter Parameter)> parameters) =>
        parameters.ToDictionary(
            pair => pair.Key, pair => SHA256.HashData(MemoryMarshal.AsBytes<float>(pair.Parameter.Values())), StringComparer.Ordinal);

    /// <summary>The size that was loaded.</summary>
    /// <param name="Inputs">The network's inputs, in its order.</param>
    /// <param name="Digests">The parameters by their keys; digests, since the values would take much memory.</param>
    private sealed record OwnSize(IReadOnlyList<InputTensor> Inputs, Dictionary<string, byte[]> Digests);
}
