using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata;

/// <summary>
/// The scales of a weight that a file has as integers: <c>fc.weight_scale</c> beside <c>fc.weight</c>. The weight is their product.
/// </summary>
/// <param name="entry">The file's tensor of scales.</param>
/// <param name="axis">The axis of the weight along which it has a scale for each index; null if it has one for all.</param>
/// <param name="length">The number of scales.</param>
internal sealed class WeightScales(SafetensorsEntry entry, int? axis, int length) : ISafetensorsTensor
{
    /// <summary>What the name of a weight's scales has behind that of the weight.</summary>
    public const string Suffix = "_scale";

    private const int ChunkFloats = 16_384;

    private readonly float[] _values = new float[length];

    public string Name => entry.Name;

    public IReadOnlyList<int> Shape => [.. entry.Shape.Select(extent => (int)extent)];

    public int Length => length;

    public int Group => 1;

    /// <summary>The scales of a weight; null if a tensor's type or shape is not that of its scales.</summary>
    /// <param name="entry">The tensor.</param>
    /// <param name="shape">
    /// The weight's shape. Scales have one element, or several along one axis: of the weight's rank, or along the first axis.
    /// </param>
    public static WeightScales? Of(SafetensorsEntry entry, IReadOnlyList<int> shape)
    {
        int[] axes = [.. Enumerable.Range(0, entry.Shape.Length).Where(i => entry.Shape[i] != 1)];
        return !entry.IsFloat ? null
            : axes.Length == 0 ? new WeightScales(entry, null, 1)
            : axes is [int axis] && (axis == 0 || entry.Shape.Length == shape.Count) && axis < shape.Count && entry.Shape[axis] == shape[axis]
                ? new WeightScales(entry, axis, shape[axis]) : null;
    }

    public void Gather(int start, Span<float> destination) => _values.AsSpan(start, destination.Length).CopyTo(destination);

    public void Scatter(ReadOnlySpan<float> source, int start) => source.CopyTo(_values.AsSpan(start));

    /// <summary>Multiplies a weight, which holds the file's integers.</summary>
    public void Multiply(ISafetensorsTensor weight)
    {
        int inner = axis is { } own ? CompiledNetwork.Product([.. weight.Shape.Skip(own + 1)]) : 1;
        float[] chunk = new float[int.Min(weight.Length, ChunkFloats)];
        for (int start = 0; start < weight.Length; start += ChunkFloats)
        {
            Span<float> values = chunk.AsSpan(0, int.Min(ChunkFloats, weight.Length - start));
            weight.Gather(start, values);
            for (int i = 0; i < values.Length; i++)
            {
                values[i] *= _values[(start + i) / inner % length];
            }

            weight.Scatter(values, start);
        }
    }
}
