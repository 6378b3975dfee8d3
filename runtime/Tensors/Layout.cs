using System;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Strata.Tensors;

/// <summary>How a tensor's elements lie in memory.</summary>
internal static class Layout
{
    /// <summary>Whether the elements stand one after the other in row-major order. Axes of one element have any stride.</summary>
    /// <param name="lengths">The tensor's extents.</param>
    /// <param name="strides">Its strides, in elements.</param>
    public static bool IsDense(scoped ReadOnlySpan<nint> lengths, scoped ReadOnlySpan<nint> strides)
    {
        nint stride = 1;
        for (int axis = lengths.Length - 1; axis >= 0; axis--)
        {
            if (lengths[axis] == 0)
            {
                return true;
            }

            if (lengths[axis] != 1 && strides[axis] != stride)
            {
                return false;
            }

            stride *= lengths[axis];
        }

        return true;
    }

    /// <summary>Throws if two elements are one place in memory: one result would overwrite the other.</summary>
    /// <param name="lengths">The tensor's extents.</param>
    /// <param name="strides">Its strides, in elements.</param>
    /// <param name="argument">The caller's name of the tensor.</param>
    /// <exception cref="ArgumentException">The tensor is broadcast, or its windows overlap.</exception>
    public static void CheckElementsAreApart(scoped ReadOnlySpan<nint> lengths, scoped ReadOnlySpan<nint> strides, string argument)
    {
        // From the smallest stride on, each axis has to step over all that the axes before it reach.
        Debug.Assert(lengths.Length == strides.Length);
        nint reach = 0, done = -1;
        for (int found = 0; found < lengths.Length;)
        {
            nint next = nint.MaxValue;
            for (int axis = 0; axis < strides.Length; axis++)
            {
                next = strides[axis] > done && strides[axis] < next ? strides[axis] : next;
            }

            for (int axis = 0; axis < strides.Length; axis++)
            {
                if (strides[axis] != next)
                {
                    continue;
                }

                found++;
                if (lengths[axis] > 1 && next <= reach)
                {
                    throw new ArgumentException(
                        $"The output's axis {axis} has {lengths[axis]} elements at a stride of {next}, so that some may share memory, and "
                        + "one result overwrite another. Give a tensor whose axes step over each other, such as a slice.", argument);
                }

                reach += (lengths[axis] - 1) * next;
            }

            done = next;
        }
    }

    /// <summary>
    /// Copies elements in row-major order. (.NET's own copy of strided tensors allocates.)
    /// </summary>
    /// <param name="source">The tensor's first element.</param>
    /// <param name="lengths">The tensor's extents.</param>
    /// <param name="strides">Its strides, in elements.</param>
    /// <param name="destination">Receives the elements: as many as the tensor has.</param>
    public static void Read(
        ref readonly float source, scoped ReadOnlySpan<nint> lengths, scoped ReadOnlySpan<nint> strides, Span<float> destination)
    {
        if (lengths.IsEmpty)
        {
            destination[0] = source;
            return;
        }

        int length = (int)lengths[0];
        if (lengths.Length == 1 && strides[0] == 1)
        {
            MemoryMarshal.CreateReadOnlySpan(in source, length).CopyTo(destination);
            return;
        }

        int part = length == 0 ? 0 : destination.Length / length;
        for (int i = 0; i < length; i++)
        {
            ref readonly float element = ref Unsafe.Add(ref Unsafe.AsRef(in source), i * strides[0]);
            if (lengths.Length == 1)
            {
                destination[i] = element;
            }
            else
            {
                Read(in element, lengths[1..], strides[1..], destination.Slice(i * part, part));
            }
        }
    }

    /// <summary>Copies elements, which are in row-major order, to their places in a tensor.</summary>
    /// <param name="source">The elements: as many as the tensor has.</param>
    /// <param name="destination">The tensor's first element.</param>
    /// <param name="lengths">The tensor's extents.</param>
    /// <param name="strides">Its strides, in elements.</param>
    public static void Write(
        ReadOnlySpan<float> source, ref float destination, scoped ReadOnlySpan<nint> lengths, scoped ReadOnlySpan<nint> strides)
    {
        if (lengths.IsEmpty)
        {
            destination = source[0];
            return;
        }

        int length = (int)lengths[0];
        if (lengths.Length == 1 && strides[0] == 1)
        {
            source.CopyTo(MemoryMarshal.CreateSpan(ref destination, length));
            return;
        }

        int part = length == 0 ? 0 : source.Length / length;
        for (int i = 0; i < length; i++)
        {
            ref float element = ref Unsafe.Add(ref destination, i * strides[0]);
            if (lengths.Length == 1)
            {
                element = source[i];
            }
            else
            {
                Write(source.Slice(i * part, part), ref element, lengths[1..], strides[1..]);
            }
        }
    }
}
