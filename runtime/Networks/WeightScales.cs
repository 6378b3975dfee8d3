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

    /// <summary>The same of what asymmetric integers have, which is not read.</summary>
    public const string ZeroPoint = "_zero_point";

    private const int ChunkFloats = 16_384;

    private readonly float[] _values = new float[length];

    public string Name => entry.Name;

    public IReadOnlyList<int> Shape => [.. entry.Shape.Select(extent => (int)extent)];

    public int Length => length;

    public int Group => 1;

    /// <summary>The scales of a weight that a file has as integers; null for other tensors, and where there are none that fit.</summary>
    /// <param name="weight">The file's weight.</param>
    /// <param name="parameter">
    /// The parameter. There is one scale; or several along one axis of the weight, and then they have as many axes as it, or a single one,
    /// which is its first. For a transposed convolution, whose outputs are the second, a single axis is refused.
    /// </param>
    /// <param name="tensors">All tensors of the file by their names.</param>
    public static WeightScales? Find(
        SafetensorsEntry weight, Parameter parameter, IReadOnlyDictionary<string, SafetensorsEntry> tensors)
    {
        IReadOnlyList<int> shape = parameter.Shape;
        if (!weight.IsScaled || tensors.ContainsKey(weight.Name + ZeroPoint)
            || !tensors.TryGetValue(weight.Name + Suffix, out SafetensorsEntry? entry) || !entry.IsFloat)
        {
            return null;
        }

        int[] axes = [.. Enumerable.Range(0, entry.Shape.Length).Where(i => entry.Shape[i] != 1)];
        bool isTransposed = parameter.Network.Info.Layers.Any(layer => layer.Name == parameter.Layer
            && layer.Kind.StartsWith("ConvTranspose", StringComparison.Ordinal));
        return axes.Length == 0 ? new WeightScales(entry, null, 1)
            : axes is [int axis] && axis < shape.Count && entry.Shape[axis] == shape[axis]
                && (entry.Shape.Length == shape.Count || (entry.Shape.Length == 1 && !isTransposed))
                ? new WeightScales(entry, axis, shape[axis]) : null;
    }

    /// <summary>The tensor of integers whose scales a tensor has; null if it has none.</summary>
    public static SafetensorsEntry? WeightOf(SafetensorsEntry entry, IReadOnlyDictionary<string, SafetensorsEntry> tensors) =>
        entry.Name.EndsWith(Suffix, StringComparison.Ordinal)
        && tensors.TryGetValue(entry.Name[..^Suffix.Length], out SafetensorsEntry? weight) && weight.IsScaled ? weight : null;

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
