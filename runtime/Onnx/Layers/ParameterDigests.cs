using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Strata.Onnx.Layers;

/// <summary>What tells whether a file has the same parameters at two sizes of its input. The values would take much memory.</summary>
/// <param name="parameters">The parameters with their keys.</param>
internal sealed class ParameterDigests(IEnumerable<(string Key, LayerParameter Parameter)> parameters)
{
    private readonly Dictionary<string, byte[]> _digests = parameters.ToDictionary(
        pair => pair.Key, pair => SHA256.HashData(MemoryMarshal.AsBytes<float>(pair.Parameter.Values())), StringComparer.Ordinal);

    /// <summary>The key of a parameter that differs; null if all are the same.</summary>
    public string? FirstDifference(ParameterDigests other) => _digests.Keys.Concat(other._digests.Keys).FirstOrDefault(
        key => !_digests.TryGetValue(key, out byte[]? one) || !other._digests.TryGetValue(key, out byte[]? two)
            || !one.AsSpan().SequenceEqual(two));
}
