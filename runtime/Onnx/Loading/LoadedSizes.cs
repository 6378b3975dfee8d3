using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Strata.Onnx.Layers;
using Strata.Onnx.Reading;

namespace Strata.Onnx.Loading;

/// <summary>
/// A file at other sizes of its inputs. It is read again for each, since a file may compute from the size what layers say as numbers, such
/// as the size to which a picture is resized.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="name">The network's name.</param>
/// <param name="options">How the file was read.</param>
/// <param name="inputs">The network's inputs at the size that was loaded, in its order.</param>
internal sealed class LoadedSizes(string path, string name, OnnxImportOptions options, IReadOnlyList<InputTensor> inputs)
{
    /// <summary>The parameters at the size that was loaded, by their keys; digests, since the values would take much memory.</summary>
    private readonly Lazy<Dictionary<string, byte[]>> _digests = new(() => DigestsOf(Read(path, name, options).Parameters));

    /// <summary>The layers of a file.</summary>
    public static LoadedNetwork Read(string path, string name, OnnxImportOptions options) =>
        LoadedLayers.Read(OnnxFile.LayersOf(GraphReader.Read(path, options), name, options), name);

    /// <summary>The network at a size.</summary>
    /// <param name="extents">The extents of all inputs without channels.</param>
    /// <exception cref="NotSupportedException">Parameters that the file computes depend on the size.</exception>
    public NetworkBuilder At(int[] extents)
    {
        Dictionary<string, IReadOnlyList<int>> shapes = new(options.Inputs.Where(pair => pair.Key.Length > 0));
        int next = 0;
        foreach (InputTensor input in inputs)
        {
            int[] shape = new int[input.Shape.Count];
            for (int axis = 0; axis < shape.Length; axis++)
            {
                shape[input.FileAxes[axis]] = axis == 0 ? input.Shape[0] : extents[next++];
            }

            shapes[input.Name] = shape;
        }

        LoadedNetwork sized = Read(path, name, options with { Inputs = shapes });
        Dictionary<string, byte[]> own = _digests.Value, others = DigestsOf(sized.Parameters);
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
}
