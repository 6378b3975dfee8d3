using System;
using System.Linq;

namespace Strata.Weights;

/// <summary>Which numbers of a storage are a tensor's, as in PyTorch.</summary>
/// <param name="Offset">The first number.</param>
/// <param name="Shape">The extent of each axis.</param>
/// <param name="Strides">How many numbers further the next one along each axis is.</param>
internal sealed record TensorLayout(long Offset, long[] Shape, long[] Strides)
{
    // As many as safetensors files may have, and PyTorch.
    private const int MostAxes = 64;

    /// <summary>How many numbers the tensor has.</summary>
    public long Count { get; } = ElementCount.Of<long>(Shape, long.MaxValue / 16);

    /// <summary>How many numbers of the storage lie between its first and its last one, inclusive.</summary>
    public long Span { get; private init; }

    /// <summary>Whether the numbers lie one after the other.</summary>
    public bool IsContiguous { get; private init; }

    /// <summary>A layout, if all of its numbers are in the storage.</summary>
    /// <param name="offset">The first number.</param>
    /// <param name="shape">The extents.</param>
    /// <param name="strides">The strides.</param>
    /// <param name="stored">How many numbers the storage has.</param>
    public static TensorLayout Checked(long offset, long[] shape, long[] strides, long stored)
    {
        if (shape.Length != strides.Length || shape.Length > MostAxes || offset < 0 || offset > stored
            || shape.Any(extent => extent < 0) || strides.Any(stride => stride < 0))
        {
            throw new DamagedFileException($"a tensor {MessageText.Shape(shape)} with the strides {MessageText.Shape(strides)} from number "
                + $"{offset} of {stored} on cannot be.");
        }

        var layout = new TensorLayout(offset, shape, strides);
        Int128 last = 0, next = 1;
        bool isContiguous = true;
        for (int axis = shape.Length - 1; axis >= 0; axis--)
        {
            if (shape[axis] != 1)
            {
                isContiguous &= strides[axis] == next;
                last += (Int128)(shape[axis] - 1) * strides[axis];
                next *= shape[axis];
            }

            // The sum is at most 2⁶³ then, so that it does not overflow.
            if (layout.Count < 0 || (layout.Count > 0 && last > stored))
            {
                break;
            }
        }

        return layout.Count == 0 ? layout with { Span = 0, IsContiguous = true }
            : layout.Count > 0 && offset + last < stored ? layout with { Span = (long)last + 1, IsContiguous = isContiguous }
            : throw new DamagedFileException($"a tensor {MessageText.Shape(shape)} with the strides {MessageText.Shape(strides)} from "
                + $"number {offset} on goes beyond its storage of {MessageText.Count(stored, "number")}.");
    }

    /// <summary>Copies the numbers in row-major order.</summary>
    /// <param name="source">The storage's bytes from the tensor's first number on.</param>
    /// <param name="size">Bytes of a number.</param>
    /// <param name="target">Receives the numbers.</param>
    public void Gather(ReadOnlySpan<byte> source, int size, Span<byte> target)
    {
        long[] index = new long[Shape.Length];
        long place = 0;
        while (!target.IsEmpty)
        {
            source.Slice((int)place * size, size).CopyTo(target);
            target = target[size..];
            for (int axis = Shape.Length - 1; axis >= 0; axis--)
            {
                place += Strides[axis];
                if (++index[axis] < Shape[axis])
                {
                    break;
                }

                place -= Strides[axis] * Shape[axis];
                index[axis] = 0;
            }
        }
    }
}
