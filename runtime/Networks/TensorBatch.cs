using System;
using System.Buffers;
using System.ComponentModel;
using System.Numerics;

namespace Strata.CompilerServices;

/// <summary>
/// Joins and splits the tensors of networks with several inputs or outputs. Kernels need all tensors of one sample side by side. Generated
/// code calls it.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class TensorBatch
{
    /// <summary>Number of samples in a tensor.</summary>
    /// <param name="floats">Floats in all.</param>
    /// <param name="length">Floats of one sample, at least 1.</param>
    /// <param name="name">What the caller calls the tensor.</param>
    /// <exception cref="ArgumentException">These are not whole samples.</exception>
    public static int Count(int floats, int length, string name)
    {
        (int samples, int rest) = Math.DivRem(floats, length);
        return rest == 0 ? samples : throw new ArgumentException(
            $"'{name}' takes {MessageText.Count(length, "float")} per sample, which does not divide {floats}.", name);
    }

    /// <summary>Checks that a tensor has the given number of samples.</summary>
    /// <param name="floats">Floats in all.</param>
    /// <param name="samples">Number of samples.</param>
    /// <param name="length">Floats of one sample.</param>
    /// <param name="name">What the caller calls the tensor.</param>
    /// <exception cref="ArgumentException">The tensor has another length.</exception>
    public static void Check(int floats, int samples, int length, string name)
    {
        if (floats != (long)samples * length)
        {
            throw new ArgumentException(
                $"'{name}' has {MessageText.Count(floats, "float")}, but {MessageText.Count(samples, "sample")} "
                + $"need{(samples == 1 ? "s" : "")} {(long)samples * length}.", name);
        }
    }

    /// <summary>Rents memory for samples. Give it back with <see cref="Return"/>.</summary>
    /// <param name="samples">Number of samples.</param>
    /// <param name="length">Floats of one sample.</param>
    /// <exception cref="ArgumentException">The samples do not fit into an array.</exception>
    public static float[] Rent(int samples, int length) => (long)samples * length <= Array.MaxLength
        ? ArrayPool<float>.Shared.Rent(samples * length)
        : throw new ArgumentException(
            $"{samples} samples of {length} floats are more than an array holds; take at most {Array.MaxLength / length}.",
            nameof(samples));

    /// <summary>Gives memory back.</summary>
    /// <param name="memory">From <see cref="Rent"/>.</param>
    public static void Return(float[] memory) => ArrayPool<float>.Shared.Return(memory);

    /// <summary>Computes the outputs of byte images: b/255, as torchvision's <c>ToTensor</c> scales them.</summary>
    /// <param name="network">The network.</param>
    /// <param name="images">The samples one after the other, in the order of the network's input.</param>
    /// <param name="outputs">Receives as many outputs, one after the other.</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    /// <exception cref="ObjectDisposedException">The network was disposed of.</exception>
    public static void Forward(CompiledNetwork network, ReadOnlySpan<byte> images, Span<float> outputs)
    {
        ArgumentNullException.ThrowIfNull(network);
        float[] inputs = Rent(1, images.Length);
        try
        {
            Span<float> values = inputs.AsSpan(0, images.Length);
            Scale(images, values);
            network.Forward(values, outputs);
        }
        finally
        {
            Return(inputs);
        }
    }

    /// <summary>Copies a tensor to its place in each sample.</summary>
    /// <param name="tensor">The tensor's samples one after the other.</param>
    /// <param name="length">Floats of one of them.</param>
    /// <param name="samples">All tensors, sample by sample.</param>
    /// <param name="offset">Where this one begins in a sample.</param>
    /// <param name="stride">Floats of a sample with all tensors.</param>
    public static void Gather(ReadOnlySpan<float> tensor, int length, Span<float> samples, int offset, int stride)
    {
        for (int i = 0; i * length < tensor.Length; i++)
        {
            tensor.Slice(i * length, length).CopyTo(samples[((i * stride) + offset)..]);
        }
    }

    /// <summary>Copies a tensor from its place in each sample.</summary>
    /// <param name="samples">All tensors, sample by sample.</param>
    /// <param name="offset">Where this one begins in a sample.</param>
    /// <param name="stride">Floats of a sample with all tensors.</param>
    /// <param name="tensor">Receives the tensor's samples one after the other.</param>
    /// <param name="length">Floats of one of them.</param>
    public static void Scatter(ReadOnlySpan<float> samples, int offset, int stride, Span<float> tensor, int length)
    {
        for (int i = 0; i * length < tensor.Length; i++)
        {
            samples.Slice((i * stride) + offset, length).CopyTo(tensor[(i * length)..]);
        }
    }

    private static void Scale(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        // Divide: multiplying by the reciprocal would give another last digit.
        var largest = new Vector<float>(255f);
        int i = 0;
        for (; i <= bytes.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            Vector.Widen(new Vector<byte>(bytes[i..]), out Vector<ushort> low, out Vector<ushort> high);
            Store(low, values[i..], largest);
            Store(high, values[(i + Vector<ushort>.Count)..], largest);
        }

        for (; i < bytes.Length; i++)
        {
            values[i] = bytes[i] / 255f;
        }
    }

    private static void Store(Vector<ushort> numbers, Span<float> values, Vector<float> largest)
    {
        Vector.Widen(numbers, out Vector<uint> low, out Vector<uint> high);
        (Vector.ConvertToSingle(Vector.AsVectorInt32(low)) / largest).CopyTo(values);
        (Vector.ConvertToSingle(Vector.AsVectorInt32(high)) / largest).CopyTo(values[Vector<float>.Count..]);
    }
}
