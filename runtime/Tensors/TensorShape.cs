using System;
using System.Collections.Generic;

namespace Strata.Tensors;

/// <summary>Compares tensors' shapes with those that a network has.</summary>
internal static class TensorShape
{
    /// <summary>Number of samples in a tensor: one if it has the shape of a sample, else the extent of the axis before it.</summary>
    /// <param name="network">The network's name.</param>
    /// <param name="what">What the tensor is to the network, such as <c>input</c>.</param>
    /// <param name="name">The tensor's name, if the network has several.</param>
    /// <param name="sample">The extents of one sample.</param>
    /// <param name="lengths">The tensor's extents.</param>
    /// <param name="argument">The caller's name of the tensor.</param>
    /// <exception cref="ArgumentException">The tensor has another shape, or more floats than a span holds.</exception>
    public static int CountSamples(
        string network, string what, string? name, IReadOnlyList<int> sample, scoped ReadOnlySpan<nint> lengths, string argument)
    {
        int axes = sample.Count;
        bool isOne = lengths.Length == axes;
        if ((!isOne && lengths.Length != axes + 1) || !HasShape(lengths[^axes..], sample))
        {
            throw new ArgumentException(
                $"The {Name(what, name)} of {network} is {Text(sample)} for a sample, and {Batch("N", sample)} for a batch, "
                + $"but the tensor is {Text(lengths.ToArray())}.", argument);
        }

        long samples = isOne ? 1 : lengths[0], length = Product(sample);
        return samples * length <= int.MaxValue ? (int)samples : throw new ArgumentException(
            $"The tensor is {Text(lengths.ToArray())}, and a call takes at most {int.MaxValue / length} samples of {network}.", argument);
    }

    /// <summary>Throws if a tensor has another number of samples than the first one of its call.</summary>
    /// <param name="network">The network's name.</param>
    /// <param name="what">What the tensor is to the network, such as <c>output</c>.</param>
    /// <param name="name">The tensor's name, if the network has several.</param>
    /// <param name="sample">The extents of one sample.</param>
    /// <param name="lengths">The tensor's extents.</param>
    /// <param name="samples">The number of samples of the call.</param>
    /// <param name="argument">The caller's name of the tensor.</param>
    /// <exception cref="ArgumentException">The tensor has another shape.</exception>
    public static void Check(
        string network, string what, string? name, IReadOnlyList<int> sample, scoped ReadOnlySpan<nint> lengths, int samples,
        string argument)
    {
        if (CountSamples(network, what, name, sample, lengths, argument) != samples)
        {
            throw new ArgumentException(
                $"The inputs of {network} are {MessageText.Count(samples, "sample")}, for which its {Name(what, name)} is "
                + $"{Batch($"{samples}", sample)}, but the tensor is {Text(lengths.ToArray())}.", argument);
        }
    }

    /// <summary>Throws if a tensor has not the shape of a parameter.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="lengths">The tensor's extents.</param>
    /// <param name="argument">The caller's name of the tensor.</param>
    /// <exception cref="ArgumentException">The tensor has another shape.</exception>
    public static void Check(Parameter parameter, scoped ReadOnlySpan<nint> lengths, string argument)
    {
        if (!HasShape(lengths, parameter.Shape))
        {
            throw new ArgumentException(
                $"Parameter '{parameter.Key}' is {Text(parameter.Shape)}, but the tensor is {Text(lengths.ToArray())}.", argument);
        }
    }

    private static string Name(string what, string? name) => name is null || name == what ? what : $"{what} '{name}'";

    private static bool HasShape(scoped ReadOnlySpan<nint> lengths, IReadOnlyList<int> shape)
    {
        if (lengths.Length != shape.Count)
        {
            return false;
        }

        for (int axis = 0; axis < lengths.Length; axis++)
        {
            if (lengths[axis] != shape[axis])
            {
                return false;
            }
        }

        return true;
    }

    private static long Product(IReadOnlyList<int> shape)
    {
        long product = 1;
        for (int axis = 0; axis < shape.Count; axis++)
        {
            product *= shape[axis];
        }

        return product;
    }

    private static string Text<T>(IReadOnlyList<T> shape) => MessageText.Shape(shape);

    private static string Batch(string samples, IReadOnlyList<int> sample) => MessageText.Shape<string>([samples, .. Strings(sample)]);

    private static IEnumerable<string> Strings(IReadOnlyList<int> shape)
    {
        foreach (int extent in shape)
        {
            yield return MessageText.Shape([extent])[1..^1];
        }
    }
}
