using System;
using System.Collections.Generic;

namespace Strata.Onnx.Model;

/// <summary>A tensor whose values stand in the file, or follow from such tensors.</summary>
internal sealed class OnnxConstant
{
    private readonly Lazy<float[]>? _floats;
    private readonly Lazy<long[]>? _integers;
    private readonly Lazy<string> _origin = new("");

    /// <summary>Floating-point numbers: float, double, float16, bfloat16.</summary>
    public OnnxConstant(IReadOnlyList<int> shape, Lazy<float[]> values, string key, Lazy<string>? origin = null) =>
        (Shape, _floats, Key, _origin) = (shape, values, key, origin ?? _origin);

    /// <summary>Integers and truth values.</summary>
    public OnnxConstant(IReadOnlyList<int> shape, Lazy<long[]> values, string key) => (Shape, _integers, Key) = (shape, values, key);

    /// <summary>Integers and truth values that are known already.</summary>
    public OnnxConstant(IReadOnlyList<int> shape, long[] values, string key) : this(shape, new Lazy<long[]>(values), key) { }

    private OnnxConstant(OnnxConstant other, IReadOnlyList<int> shape, string key) =>
        (Shape, _floats, _integers, Key, Depth, _origin, Range) =
            (shape, other._floats, other._integers, key, other.Depth, other._origin, other.Range);

    public IReadOnlyList<int> Shape { get; }

    /// <summary>The number of its elements.</summary>
    public int Count => Extents.Product(Shape);

    /// <summary>The initializer's name, also of one that was reshaped or transposed; empty if several were computed into one.</summary>
    public string Key { get; }

    /// <summary>
    /// What tells from which initializers the values come, and how: the key, or a digest of the computation. Two constants with one origin
    /// are the same. Empty if no initializer with a name is among them.
    /// </summary>
    public string Origin => Key.Length > 0 ? Key : _origin.Value;

    /// <summary>How many computations stand between the values and the file.</summary>
    public int Depth { get; init; }

    /// <summary>The range of the file's type, if that is one of 8 or 16 bits.</summary>
    public (int Least, int Most)? Range { get; init; }

    public bool IsFloat => _floats is not null;

    /// <summary>The values in row-major order. The array is shared: it must not be changed.</summary>
    public float[] Floats => _floats?.Value ?? Array.ConvertAll(Integers, value => (float)value);

    /// <summary>Integers, or 0 and 1 for truth values. The array is shared: it must not be changed.</summary>
    public long[] Integers => _integers?.Value ?? throw new InvalidOperationException($"'{Key}' has no integers.");

    /// <summary>The same values in another shape of as many elements.</summary>
    public OnnxConstant Reshape(IReadOnlyList<int> shape) => new(this, shape, Key);

    /// <summary>The same values in a type of this range.</summary>
    public OnnxConstant In((int Least, int Most) range) => new(this, Shape, Key) { Range = range };

    /// <summary>The same values under another name.</summary>
    public OnnxConstant WithKey(string key) => new(this, Shape, key);
}
