using System;
using System.Collections.Generic;
using System.Numerics.Tensors;

namespace Strata.Tensors;

/// <summary>The tensors of a network with several inputs or outputs. Kernels need those of one sample side by side.</summary>
internal static class TensorGroup
{
    /// <summary>Number of samples in all tensors.</summary>
    /// <param name="network">The network's name.</param>
    /// <param name="what">What the tensors are to the network, such as <c>input</c>.</param>
    /// <param name="expected">The network's tensors.</param>
    /// <param name="tensors">The caller's tensors.</param>
    /// <param name="argument">The caller's name of them.</param>
    /// <exception cref="ArgumentException">The tensors are too many or too few, or have other shapes.</exception>
    public static int CountSamples(
        string network, string what, IReadOnlyList<TensorInfo> expected, ReadOnlySpan<Tensor<float>> tensors, string argument)
    {
        CheckCount(network, what, expected, tensors.Length, argument);
        int samples = TensorShape.CountSamples(network, what, expected[0].Name, expected[0].Shape, tensors[0].Lengths, argument);
        Check(network, what, expected, tensors, samples, argument);
        return samples;
    }

    /// <summary>Throws if the tensors do not fit the network and the number of samples.</summary>
    /// <param name="network">The network's name.</param>
    /// <param name="what">What the tensors are to the network, such as <c>output</c>.</param>
    /// <param name="expected">The network's tensors.</param>
    /// <param name="tensors">The caller's tensors.</param>
    /// <param name="samples">Number of samples.</param>
    /// <param name="argument">The caller's name of them.</param>
    /// <exception cref="ArgumentException">The tensors are too many or too few, or have other shapes.</exception>
    public static void Check(
        string network, string what, IReadOnlyList<TensorInfo> expected, ReadOnlySpan<Tensor<float>> tensors, int samples, string argument)
    {
        CheckCount(network, what, expected, tensors.Length, argument);
        for (int i = 0; i < tensors.Length; i++)
        {
            TensorShape.Check(network, what, expected[i].Name, expected[i].Shape, tensors[i].Lengths, samples, argument);
        }
    }

    /// <summary>Throws if elements of a tensor share memory, before any of the tensors is written.</summary>
    /// <param name="tensors">The tensors.</param>
    /// <param name="argument">The caller's name of them.</param>
    /// <exception cref="ArgumentException">Elements of a tensor share memory.</exception>
    public static void CheckElementsAreApart(ReadOnlySpan<Tensor<float>> tensors, string argument)
    {
        foreach (Tensor<float> tensor in tensors)
        {
            if (!Layout.IsDense(tensor.Lengths, tensor.Strides))
            {
                Layout.CheckElementsAreApart(tensor.Lengths, tensor.Strides, argument);
            }
        }
    }

    /// <summary>Copies tensors to their places in each sample.</summary>
    /// <param name="tensors">The tensors.</param>
    /// <param name="samples">All tensors, sample by sample.</param>
    /// <param name="count">Number of samples.</param>
    public static void Gather(ReadOnlySpan<Tensor<float>> tensors, Span<float> samples, int count)
    {
        int offset = 0;
        foreach (Tensor<float> tensor in tensors)
        {
            using var values = new InputFloats(tensor);
            int length = values.Span.Length / int.Max(count, 1);
            for (int i = 0; i < count; i++)
            {
                values.Span.Slice(i * length, length).CopyTo(samples[((i * (samples.Length / count)) + offset)..]);
            }

            offset += length;
        }
    }

    /// <summary>Copies tensors from their places in each sample.</summary>
    /// <param name="samples">All tensors, sample by sample.</param>
    /// <param name="tensors">The tensors.</param>
    /// <param name="count">Number of samples.</param>
    public static void Scatter(ReadOnlySpan<float> samples, ReadOnlySpan<Tensor<float>> tensors, int count)
    {
        int offset = 0;
        foreach (Tensor<float> tensor in tensors)
        {
            using var values = new OutputFloats(tensor, nameof(tensors));
            int length = values.Span.Length / int.Max(count, 1);
            for (int i = 0; i < count; i++)
            {
                samples.Slice((i * (samples.Length / count)) + offset, length).CopyTo(values.Span[(i * length)..]);
            }

            values.Commit();
            offset += length;
        }
    }

    private static void CheckCount(string network, string what, IReadOnlyList<TensorInfo> expected, int found, string argument)
    {
        if (expected.Count != found)
        {
            throw new ArgumentException(
                $"{network} has {MessageText.Count(expected.Count, what)}, but {MessageText.Count(found, "tensor")} were given.", argument);
        }
    }
}
