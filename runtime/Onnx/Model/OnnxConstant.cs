using System;
using System.Collections.Generic;

namespace Strata.Onnx.Model;

/// <summary>A tensor whose values stand in the file, or follow from such tensors.</summary>
internal sealed class OnnxConstant
{
    private readonly Lazy<float[]>? _floats;
    private readonly long[]? _integers;

    /// <summary>Numbers with a point: float, double, float16, bfloat16.</summary>
    public OnnxConstant(IReadOnlyList<int> shape, Lazy<float[]> values, string key) => (Shape, _floats, Key) = (shape, values, key);

    /// <summary>Integers and truth values.</summary>
    public OnnxConstant(IReadOnlyList<int> shape, long[] values, string key) => (Shape, _integers, Key) = (shape, values, key);

    public IReadOnlyList<int> Shape { get; }

    /// <summary>The initializer's name, also of one that was reshaped or transposed; empty if several were computed into one.</summary>
    public string Key { get; }

    public bool IsFloat => _floats is not null;

    /// <summary>The values in row-major order. The array is shared: it must not be changed.</summary>
    public float[] Floats => _floats?.Value ?? Array.ConvertAll(_integers!, value => (float)value);

    public long[] Integers => _integers ?? throw new InvalidOperationException($"'{Key}' has no integers.");
}
