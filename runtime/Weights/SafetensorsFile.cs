using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Strata;

/// <summary>Writes weights files from any source. <see cref="CompiledNetwork.Save(string)"/> writes those of a network.</summary>
/// <example>
/// <code>
/// SafetensorsFile.Write("scaled.safetensors", [new SafetensorsTensor("fc.weight", [10, 64], () => Scaled(weights))]);
/// </code>
/// </example>
public static class SafetensorsFile
{
    /// <summary>
    /// Writes a file of 32-bit floats, or of integers (<see cref="SafetensorsTensor.Int8"/>), which appears complete or not at all.
    /// </summary>
    /// <param name="path">The file, which is replaced if it exists.</param>
    /// <param name="tensors">The tensors, in the order of the file.</param>
    /// <param name="metadata">Free text for the file's <c>__metadata__</c>; null for none.</param>
    /// <exception cref="ArgumentException">Two tensors have the same key.</exception>
    /// <exception cref="InvalidOperationException">
    /// A tensor's values are not as many as its shape says, or no integers of 8 bits where these are wanted.
    /// </exception>
    /// <exception cref="IOException">The file cannot be written. An existing file is unchanged.</exception>
    public static void Write(
        string path, IEnumerable<SafetensorsTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null) =>
        SafetensorsWriter.Write(path, Checked(tensors), metadata);

    /// <summary>Writes at a stream's position. The stream stays open.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="tensors">The tensors, in the order of the file.</param>
    /// <param name="metadata">Free text for the file's <c>__metadata__</c>; null for none.</param>
    /// <exception cref="ArgumentException">Two tensors have the same key.</exception>
    /// <exception cref="InvalidOperationException">
    /// A tensor's values are not as many as its shape says, or no integers of 8 bits where these are wanted.
    /// </exception>
    public static void Write(
        Stream stream, IEnumerable<SafetensorsTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null) =>
        SafetensorsWriter.Write(stream, Checked(tensors), metadata);

    private static List<ISafetensorsTensor> Checked(IEnumerable<SafetensorsTensor> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        var keys = new HashSet<string>(StringComparer.Ordinal);
        return
        [
            .. tensors.Select(tensor => keys.Add(tensor.Key) ? new Source(tensor)
                : throw new ArgumentException($"Two tensors have the key '{tensor.Key}'.", nameof(tensors))),
        ];
    }

    /// <summary>A tensor whose values are computed when its first elements are written, and given up after the last.</summary>
    private sealed class Source(SafetensorsTensor tensor) : ISafetensorsTensor
    {
        private ReadOnlyMemory<float> _values;

        public string Name => tensor.Key;

        public IReadOnlyList<int> Shape => tensor.Shape;

        public int Length => tensor.Length;

        public int Group => 1;

        public bool IsInt8 => tensor.Int8;

        public void Gather(int start, Span<float> destination)
        {
            if (start == 0)
            {
                _values = tensor.Values();
                if (_values.Length != Length)
                {
                    throw new InvalidOperationException(
                        $"'{Name}' has {MessageText.Count(_values.Length, "value")}; its shape {MessageText.Shape([.. Shape])} holds "
                        + $"{Length}.");
                }
            }

            _values.Span.Slice(start, destination.Length).CopyTo(destination);
            _values = start + destination.Length == Length ? default : _values;
        }

        public void Scatter(ReadOnlySpan<float> source, int start) => throw new NotSupportedException();
    }
}

/// <summary>A tensor that <see cref="SafetensorsFile"/> writes.</summary>
public sealed class SafetensorsTensor
{
    /// <summary>A tensor whose values are computed when they are written, so that only one tensor at a time is in memory.</summary>
    /// <param name="key">Its key, such as <c>conv1.weight</c>.</param>
    /// <param name="shape">The extent of each axis; none for a single number.</param>
    /// <param name="values">Computes the values in row-major order. It may be called again.</param>
    public SafetensorsTensor(string key, IReadOnlyList<int> shape, Func<ReadOnlyMemory<float>> values)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(values);
        foreach (int extent in shape)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(extent, nameof(shape));
        }

        long length = ElementCount.Of<int>([.. shape], int.MaxValue);
        Length = length < 0 ? throw new ArgumentOutOfRangeException(nameof(shape), "A tensor has at most 2³¹ − 1 elements.") : (int)length;
        (Key, Shape, Values) = (key, shape, values);
    }

    /// <summary>A tensor in memory.</summary>
    /// <param name="key">Its key, such as <c>conv1.weight</c>.</param>
    /// <param name="shape">The extent of each axis; none for a single number.</param>
    /// <param name="values">The values in row-major order.</param>
    public SafetensorsTensor(string key, IReadOnlyList<int> shape, ReadOnlyMemory<float> values)
        : this(key, shape, () => values)
    {
    }

    /// <summary>Its key.</summary>
    public string Key { get; }

    /// <summary>The extent of each axis.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>Computes the values in row-major order.</summary>
    public Func<ReadOnlyMemory<float>> Values { get; }

    /// <summary>
    /// Whether the file has the values as I8, a byte each. They must be whole numbers from −128 to 127. False by default: F32.
    /// </summary>
    public bool Int8 { get; init; }

    internal int Length { get; }
}
