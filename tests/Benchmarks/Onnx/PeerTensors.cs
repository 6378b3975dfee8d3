using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Strata.Benchmarks.Onnx;

/// <summary>
/// The inputs or the outputs of a network. Strata has those of a sample one behind the other; ONNX Runtime has each of them for all
/// samples.
/// </summary>
internal sealed class PeerTensors
{
    private readonly int _batch;

    public PeerTensors(IReadOnlyList<(string Name, int[] Shape)> tensors, int batch)
    {
        (Tensors, _batch) = (tensors, batch);
        Values = [.. tensors.Select(tensor => GC.AllocateArray<float>(batch * Length(tensor.Shape), pinned: true))];
    }

    public IReadOnlyList<(string Name, int[] Shape)> Tensors { get; }

    /// <summary>The values of each of them for all samples, in arrays that stay where they are.</summary>
    public IReadOnlyList<float[]> Values { get; }

    public int SampleLength => Tensors.Sum(tensor => Length(tensor.Shape));

    /// <summary>For a command line: <c>boxes:12,8,8;objects:3,8,8</c>.</summary>
    public static string Text(IEnumerable<TensorInfo> tensors) => string.Join(
        ';', tensors.Select(tensor => FormattableString.Invariant($"{tensor.Name}:{string.Join(',', tensor.Shape)}")));

    public static PeerTensors Parse(string text, int batch) => new(
        [.. text.Split(';').Select(tensor => (
            tensor[..tensor.LastIndexOf(':')],
            tensor[(tensor.LastIndexOf(':') + 1)..].Split(',').Select(extent =>
                int.Parse(extent, CultureInfo.InvariantCulture)).ToArray()))],
        batch);

    /// <summary>Takes samples one behind the other.</summary>
    public void Take(ReadOnlySpan<float> samples)
    {
        int at = 0;
        for (int sample = 0; sample < _batch; sample++)
        {
            for (int i = 0; i < Tensors.Count; i++)
            {
                int length = Length(Tensors[i].Shape);
                samples.Slice(at, length).CopyTo(Values[i].AsSpan(sample * length));
                at += length;
            }
        }
    }

    /// <summary>Gives samples one behind the other.</summary>
    public float[] Samples()
    {
        float[] samples = new float[_batch * SampleLength];
        int at = 0;
        for (int sample = 0; sample < _batch; sample++)
        {
            for (int i = 0; i < Tensors.Count; i++)
            {
                int length = Length(Tensors[i].Shape);
                Values[i].AsSpan(sample * length, length).CopyTo(samples.AsSpan(at));
                at += length;
            }
        }

        return samples;
    }

    private static int Length(int[] shape) => shape.Aggregate(1, (length, extent) => length * extent);
}
